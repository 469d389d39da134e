//! Where the cells of a division have their seeds: many in towns, few in the hills.

use crate::model::{Geometry, Side};

use super::dice::Dice;
use super::plane::{Plane, Spot};

/// A place where cells are denser than in the open country.
#[derive(Clone, Copy, Debug)]
pub(super) struct Town {
    pub(super) at: Spot,
    /// How many times denser than the open country.
    pub(super) peak: f64,
    /// Distance at which the extra density has fallen to a quarter, metres.
    pub(super) radius: f64,
}

/// Densest that a town may be, so that its cells keep room for buildings.
const DENSEST: f64 = 120.0;

impl Town {
    /// The town that holds `cells` cells beside the open country, where `open` cells are on a square metre: the extra density
    /// over the whole plane is peak × π × radius².
    pub(super) fn of(at: Spot, radius: f64, cells: f64, open: f64) -> Self {
        let peak = cells / (std::f64::consts::PI * radius * radius * open);
        Self {
            at,
            peak: peak.min(DENSEST),
            radius,
        }
    }
}

/// How dense the cells lie, relative to the open country, which has 1.
#[derive(Clone, Debug, Default)]
pub(super) struct Density {
    pub(super) towns: Vec<Town>,
}

impl Density {
    pub(super) fn at(&self, spot: Spot) -> f64 {
        let extra: f64 = self
            .towns
            .iter()
            .map(|town| {
                let far = 1.0 + spot.apart(town.at) / (town.radius * town.radius);
                town.peak / (far * far)
            })
            .sum();
        1.0 + extra
    }

    fn top(&self) -> f64 {
        self.towns
            .iter()
            .map(|town| self.at(town.at))
            .fold(1.0, f64::max)
    }
}

/// Candidates for each seed: the one farthest from the others wins, so that no two cells are needles.
const CANDIDATES: usize = 6;

/// Scatters seeds over a region by density. Fewer than asked only where the region is too thin to be hit.
pub(super) fn scatter(
    region: &Geometry,
    plane: &Plane,
    density: &Density,
    count: usize,
    dice: &mut Dice,
) -> Vec<Spot> {
    let mut seeds: Vec<Spot> = Vec::with_capacity(count);
    let top = density.top();
    while seeds.len() < count {
        let mut best: Option<(f64, Spot)> = None;
        for _ in 0..CANDIDATES {
            let Some(spot) = throw(region, plane, (density, top), dice) else {
                return seeds;
            };
            let near = seeds
                .iter()
                .map(|seed| seed.apart(spot))
                .fold(f64::INFINITY, f64::min);
            let room = near * density.at(spot);
            if best.is_none_or(|(most, _)| room > most) {
                best = Some((room, spot));
            }
        }
        seeds.extend(best.map(|(_, spot)| spot));
    }
    seeds
}

/// Throws until one lands inside; bounded, so that a region without inside ends.
const THROWS: usize = 1_000_000;

fn throw(
    region: &Geometry,
    plane: &Plane,
    (density, top): (&Density, f64),
    dice: &mut Dice,
) -> Option<Spot> {
    let bounds = region.bounds();
    let (low, high) = (plane.spot(bounds.min), plane.spot(bounds.max));
    for _ in 0..THROWS {
        let spot = Spot::new(dice.between(low.x, high.x), dice.between(low.y, high.y));
        let kept = dice.unit() * top < density.at(spot);
        if kept && region.side(plane.coord(spot)) == Side::Inside {
            return Some(spot);
        }
    }
    None
}

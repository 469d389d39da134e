//! What each street asks of the ground, and how dense its towns must be for that.

use super::DemoError;
use super::dice::Dice;
use super::place::{Community, Place, Street};
use super::plane::{Plane, float, mean};
use super::seeds::{Density, Town, scatter};
use super::shares::{Share, sketch};
use super::written::WrittenPlace;

/// What a street asks of the ground: grids for each of its communities, or only cells.
pub(super) struct Claim<'a> {
    pub(super) street: &'a Street,
    pub(super) communities: Vec<(&'a Community, usize)>,
    pub(super) cells: usize,
    /// Those of them that lie in the town.
    town_cells: usize,
    /// Whether the number of cells is exact.
    exact: bool,
    urban: bool,
}

impl<'a> Claim<'a> {
    fn outlined(street: &'a Street, cells: usize) -> Self {
        Self {
            street,
            communities: Vec::new(),
            cells,
            town_cells: 0,
            exact: false,
            urban: false,
        }
    }

    /// Cells by grids.
    fn divided(
        street: &'a Street,
        communities: Vec<(&'a Community, usize)>,
        written: &WrittenPlace,
    ) -> Self {
        let all = written.town_grids + written.village_grids;
        let cells = |town: bool| -> usize {
            let those = communities.iter().filter(|(of, _)| of.town == town);
            let grids: usize = those.map(|(_, grids)| grids).sum();
            (written.micro_grids * grids).div_ceil(all.max(1))
        };
        let town_cells = cells(true);
        Self {
            street,
            cells: town_cells + cells(false),
            town_cells,
            exact: false,
            urban: is_urban(street) || written.seat.contains(&street.code),
            communities,
        }
    }

    pub(super) fn share(&self) -> Share {
        let grids: usize = self.communities.iter().map(|(_, grids)| grids).sum();
        Share {
            weight: self.cells,
            least: if self.exact { self.cells } else { grids.max(1) },
            most: self.exact.then_some(self.cells),
            urban: self.urban,
        }
    }

    /// The share in the open country, where towns are but dots.
    fn open_share(&self) -> Share {
        Share {
            weight: self.cells - self.town_cells + 1,
            least: 1,
            most: None,
            urban: self.urban,
        }
    }
}

/// A total dealt to some takers in turn, as evenly as whole numbers allow.
struct Deal {
    total: usize,
    takers: usize,
    taken: usize,
}

impl Deal {
    fn next(&mut self) -> usize {
        let upto = |taken: usize| taken * self.total / self.takers.max(1);
        let share = upto(self.taken + 1) - upto(self.taken);
        self.taken += 1;
        share
    }
}

/// What each street of a place's county asks.
pub(super) fn claims(place: &Place) -> Vec<Claim<'_>> {
    let written = &place.written;
    let divided = || place.streets.iter().filter(|street| place.divides(street));
    let deal = |town: bool, total: usize| {
        let all = divided().flat_map(|street| &street.communities);
        let takers = all.filter(|community| community.town == town).count();
        Deal {
            total,
            takers,
            taken: 0,
        }
    };
    let mut towns = deal(true, written.town_grids);
    let mut villages = deal(false, written.village_grids);
    let alone = divided().count() == 1;
    let mut claims = Vec::new();
    for street in &place.streets {
        if !place.divides(street) {
            claims.push(Claim::outlined(street, written.outlined_cells));
            continue;
        }
        let communities = street.communities.iter().map(|community| {
            let deal = if community.town {
                &mut towns
            } else {
                &mut villages
            };
            (community, deal.next())
        });
        let claim = Claim::divided(street, communities.collect(), written);
        claims.push(Claim {
            exact: alone,
            urban: alone || claim.urban,
            ..claim
        });
    }
    claims
}

/// The street part of a code: 100 to 399 are towns and townships (FIELD.md).
pub(super) fn is_urban(street: &Street) -> bool {
    let part = street
        .code
        .get(6..)
        .and_then(|part| part.parse::<u16>().ok());
    !part.is_some_and(|part| (100..400).contains(&part))
}

/// Seeds of the first sketch of the streets, enough to find their middles.
const SKETCH: usize = 500;

/// A town in the centre and one in each outer street, as dense as their communities' cells ask; the open country between them.
pub(super) fn density(
    place: &Place,
    plane: &Plane,
    claims: &[Claim],
) -> Result<Density, DemoError> {
    let centre = plane.spot(place.centre);
    let all: usize = claims
        .iter()
        .map(|claim| claim.cells - claim.town_cells)
        .sum();
    let open = float(all.max(1)) / plane.area(&place.boundary);
    let urban = claims.iter().filter(|claim| claim.urban);
    let cells = float(urban.map(|claim| claim.town_cells).sum());
    let mut towns = vec![Town::of(centre, place.written.radius, cells, open)];
    let mut dice = Dice::named(&format!("{}/towns", place.code));
    let flat = Density::default();
    let seeds = scatter(&place.boundary, plane, &flat, SKETCH, &mut dice);
    let shares: Vec<Share> = claims.iter().map(Claim::open_share).collect();
    let cells: Vec<u32> = (0..).take(seeds.len()).collect();
    for (claim, part) in claims.iter().zip(sketch(&seeds, &cells, &shares, centre)?) {
        if claim.urban || claim.town_cells == 0 {
            continue;
        }
        let spots = || part.iter().map(|&cell| seeds[cell as usize]);
        let middle = mean(spots());
        let nearest = spots().min_by(|a, b| a.apart(middle).total_cmp(&b.apart(middle)));
        towns.extend(nearest.map(|at| {
            let cells = float(claim.town_cells);
            Town::of(at, place.written.town_radius, cells, open)
        }));
    }
    Ok(Density { towns })
}

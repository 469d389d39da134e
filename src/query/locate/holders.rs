//! Which grids of a level hold a point: the only place where an index is asked for that.

use std::cell::OnceCell;

use crate::index::{self, Doubt, Face, FaceIndex, fetch};
use crate::model::{Coord, Feature, FeatureId, GeometryKind, Side, Time};
use crate::snapshot::{Coverage, LayerSnapshot, Snapshot};

use super::lines;

/// A grid that holds a point, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holder<'a> {
    pub(super) grid: &'a Feature,
    /// Where the grid is in its layer; `None` for a line.
    pub(super) position: Option<u32>,
    pub(super) side: Side,
    /// To the line, where the grid is one; 0 for a polygon.
    pub(super) distance_m: f64,
}

/// Most grids near a point of which a pair is looked for.
const MOST_NEAR: usize = 24;

impl<'a> Holder<'a> {
    /// A grid of a layer, inside of which the point lies.
    pub(super) fn sole(layer: &'a LayerSnapshot, grid: u32) -> Option<Self> {
        Some(Self {
            grid: layer.features().get(grid as usize)?,
            position: Some(grid),
            side: Side::Inside,
            distance_m: 0.0,
        })
    }

    pub(super) fn is_line(&self) -> bool {
        // Where its shape lies is not looked at: that waits for the memory.
        self.position.is_none()
    }
}

/// Whose turn it is among grids that are equal otherwise: the lowest code, then the lowest id; one without code goes last,
/// since nobody could name it as the owner.
pub(super) fn rank(grid: &Feature) -> (bool, Option<&str>, FeatureId) {
    (grid.code.is_none(), grid.code.as_deref(), grid.id)
}

/// The grids that hold a point at which the index of their level tells no face.
#[derive(Debug)]
pub(super) enum Tested<'a> {
    /// The position of the one grid that holds it, inside of which it lies.
    Sole(u32),
    /// All in the order in which they would own it.
    All(Vec<Holder<'a>>),
}

/// The grids of a level that hold the point at a time, in the order in which they would own it: by the level's coverage where
/// it tells, else grid by grid. `is_empty_below`: the level below has nothing there.
pub(super) fn holders<'a>(
    snapshot: &'a Snapshot,
    layer: &'a LayerSnapshot,
    at: Coord,
    time: Time,
    is_empty_below: bool,
) -> Vec<Holder<'a>> {
    if layer.layer().geometry == GeometryKind::Line {
        return lines::holders(&snapshot.rules, layer, at, time);
    }
    let coverage = snapshot.coverage(&layer.layer().name, time);
    let face = coverage.map_or(Face::ASK, |coverage| coverage.find(at, is_empty_below));
    if face == Face::NONE {
        return Vec::new();
    }
    if let Some(sole) = face.grid().and_then(|grid| Holder::sole(layer, grid)) {
        return vec![sole];
    }
    match test(coverage, layer, at, time) {
        Tested::Sole(grid) => Holder::sole(layer, grid).into_iter().collect(),
        Tested::All(holders) => holders,
    }
}

/// The polygons of a level that hold a point at a time, by exact tests: of as few as the coverage of the level leaves open.
pub(super) fn test<'a>(
    coverage: Option<&Coverage>,
    layer: &'a LayerSnapshot,
    at: Coord,
    time: Time,
) -> Tested<'a> {
    let test = Test {
        layer,
        at,
        time,
        known: coverage
            .and_then(Coverage::index)
            .map(|index| Known::of(index, at)),
    };
    let short = test.known.as_ref().and_then(|known| test.few(known));
    short.unwrap_or_else(|| test.all())
}

/// A point that is tested.
struct Test<'a, 'i> {
    layer: &'a LayerSnapshot,
    at: Coord,
    time: Time,
    known: Option<Known<'i>>,
}

/// What the index of the level knows of it.
struct Known<'i> {
    index: &'i FaceIndex,
    doubt: Doubt,
    /// A place beside the point, and its face: looked for where it is first needed.
    beside: OnceCell<Option<(Coord, Face)>>,
}

impl<'i> Known<'i> {
    fn of(index: &'i FaceIndex, at: Coord) -> Self {
        Self {
            index,
            doubt: index.doubt(at),
            beside: OnceCell::new(),
        }
    }

    fn beside(&self, at: Coord) -> Option<(Coord, Face)> {
        *self
            .beside
            .get_or_init(|| self.index.beside(at, &self.doubt))
    }
}

impl<'a> Test<'a, '_> {
    /// The holders where the index tells how many there are and these are soon found.
    fn few(&self, known: &Known<'_>) -> Option<Tested<'a>> {
        match known.doubt.holders {
            index::Holders::One(likely) => self.first(&likely),
            index::Holders::Two(sum) => self.pair(sum),
            index::Holders::Any => None,
        }
    }

    /// The first of some grids that holds the point, if it does not lie on their borders.
    fn first(&self, likely: &[Option<u32>]) -> Option<Tested<'a>> {
        let grids = likely.iter().flatten().filter_map(|&grid| {
            let feature = self.layer.features().get(grid as usize)?;
            // A number that comes out by chance may be that of a grid of another time.
            let holds = feature.validity.holds_at(self.time);
            holds.then_some((grid, feature))
        });
        // The memory is waited for once for all of them.
        grids
            .clone()
            .for_each(|(_, feature)| fetch(std::slice::from_ref(&feature.geometry), 0));
        grids
            .clone()
            .for_each(|(_, feature)| feature.geometry.fetch());
        grids
            .clone()
            .for_each(|(_, feature)| feature.geometry.fetch_vertices());
        for (grid, feature) in grids {
            match self.side(grid as usize, feature) {
                Side::Inside => return Some(Tested::Sole(grid)),
                Side::Border => return None,
                Side::Outside => {}
            }
        }
        None
    }

    /// The two grids whose numbers have a sum, where no others near the point have it.
    fn pair(&self, sum: u32) -> Option<Tested<'a>> {
        let mut near = [0; MOST_NEAR];
        let mut count = 0;
        for position in self.layer.tree().holding(self.at) {
            *near.get_mut(count)? = u32::try_from(position).ok()?;
            count += 1;
        }
        let grid = |position: u32| {
            let grid = self.layer.features().get(position as usize);
            grid.filter(|grid| grid.validity.holds_at(self.time))
        };
        let near = &near[..count];
        // It may wind twice around the point, which is held by no other then.
        let mut halves = near.iter().filter(|position| 2 * **position == sum);
        if halves.any(|&half| grid(half).is_some_and(|half| half.geometry.is_crooked())) {
            return None;
        }
        let pairs = near.iter().enumerate().flat_map(|(number, &one)| {
            let others = near[number + 1..].iter();
            others.map(move |&other| (one, other))
        });
        let mut pairs = pairs.filter(|&(one, other)| {
            one + other == sum && grid(one).is_some() && grid(other).is_some()
        });
        let (one, other) = pairs.next().filter(|_| pairs.next().is_none())?;
        let both = [one, other].map(|grid| Holder::sole(self.layer, grid));
        let mut both: Vec<Holder> = both.into_iter().collect::<Option<_>>()?;
        both.sort_by(|a, b| rank(a.grid).cmp(&rank(b.grid)));
        Some(Tested::All(both))
    }

    /// The holders of all grids near the point.
    fn all(&self) -> Tested<'a> {
        let holder = |(position, grid): (usize, &'a Feature)| Holder {
            grid,
            position: u32::try_from(position).ok(),
            side: self.side(position, grid),
            distance_m: 0.0,
        };
        let all = self.near().map(holder);
        let mut found: Vec<Holder> = all.filter(|holder| holder.side != Side::Outside).collect();
        if let [
            Holder {
                side: Side::Inside,
                position: Some(grid),
                ..
            },
        ] = found[..]
        {
            return Tested::Sole(grid);
        }
        found.sort_by(|a, b| rank(a.grid).cmp(&rank(b.grid)));
        Tested::All(found)
    }

    /// The grids at the time whose bounds hold the point, and their positions.
    fn near(&self) -> impl Iterator<Item = (usize, &'a Feature)> {
        let (layer, time) = (self.layer, self.time);
        let near = layer.tree().holding(self.at);
        let grids = near.map(|position| (position, &layer.features()[position]));
        grids.filter(move |(_, grid)| grid.validity.holds_at(time))
    }

    /// Where the point lies relative to a grid.
    fn side(&self, position: usize, grid: &Feature) -> Side {
        let shape = &grid.geometry;
        let known = self.known.as_ref().filter(|_| shape.is_long());
        match known.and_then(|known| known.beside(self.at)) {
            Some((beside, face)) => {
                let is_inside = face.grid().is_some_and(|grid| grid as usize == position);
                shape.side_by(self.at, beside, is_inside)
            }
            None => shape.side(self.at),
        }
    }
}

//! Numbers by grid: what of a layer lies in each grid of a level, counted, summed or set against the ground.
//!
//! A feature counts once, at one [`place`] of it, in the grid of the level that holds that place and that locate names as its
//! owner: also on a border and in an overlap. In a gap, and where several units share the footprint, no grid of the level is
//! the owner: such a feature is outside of all, so that the numbers of all grids and that of outside come to the number of the
//! layer.

mod area;
mod classes;
mod error;
mod measure;
mod place;
mod question;
mod tally;

use crate::model::{Coord, Feature, Time};
use crate::snapshot::{LayerSnapshot, Snapshot};

use super::locate::{Batch, NO_GRID};
use area::square_km;
use classes::classes;
use place::place;
use tally::{Counted, Tally};

pub use classes::Class;
pub use error::StatsError;
pub use measure::Measure;
pub use question::{StatsOptions, StatsQuestion};

/// Places that are looked for together: their rows stay in the cache, and a nation's points are never held at once.
const AT_ONCE: usize = 4096;

/// What a level's grids have.
#[derive(Clone, Debug, PartialEq)]
pub struct Stats<'a> {
    /// All grids of the level at the time, by code.
    pub values: Vec<GridValue<'a>>,
    /// The same measure of all that was counted; a density is of what lies in grids.
    pub total: Share,
    /// The same measure of what lies in no grid of the level.
    pub outside: Share,
    /// Grids whose values are about equally large, the smallest first.
    pub classes: Vec<Class>,
}

/// What one grid has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridValue<'a> {
    pub grid: &'a Feature,
    pub share: Share,
}

/// A value and the features behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    /// `None` for a mean or a share of nothing, for what has no ground, and for a sum beyond all doubles.
    pub value: Option<f64>,
    /// Features that were counted: of a share those that pass its filter, of a sum or a mean those that have a number.
    pub part: u32,
    /// Features among which they were.
    pub whole: u32,
}

/// Measures a level at a time.
#[must_use]
pub fn stats<'a>(snapshot: &'a Snapshot, options: &StatsOptions<'a>, at: Time) -> Stats<'a> {
    let measure = options.measure;
    let needs_area = measure.needs_area();
    let tallies = Tallies::of(snapshot, options, at);
    let mut ground = 0.0;
    let own = snapshot.layers.get(&options.level().layer);
    let grids = own.into_iter().flat_map(|layer| layer.features());
    let mut values = Vec::new();
    for (grid, tally) in grids.zip(&tallies.by_grid) {
        if !grid.validity.holds_at(at) {
            continue;
        }
        let area = needs_area.then(|| square_km(&grid.geometry));
        ground += area.unwrap_or_default();
        let share = tally.share(measure, area);
        values.push(GridValue { grid, share });
    }
    values.sort_by(|a, b| (&a.grid.code, a.grid.id).cmp(&(&b.grid.code, b.grid.id)));
    let all = match measure {
        Measure::Density => tallies.inside,
        _ => tallies.inside.and(tallies.outside),
    };
    Stats {
        classes: classes(values.iter().filter_map(|value| value.share.value)),
        total: all.share(measure, needs_area.then_some(ground)),
        outside: tallies.outside.share(measure, None),
        values,
    }
}

/// What was counted where.
struct Tallies {
    /// By the position of the grid in its layer.
    by_grid: Vec<Tally>,
    inside: Tally,
    outside: Tally,
}

impl Tallies {
    fn of(snapshot: &Snapshot, options: &StatsOptions<'_>, at: Time) -> Self {
        let batch = Batch::new(snapshot, &[options.scheme], at).of_holders_only();
        let mut tallies = Self {
            by_grid: vec![Tally::default(); batch.count(options.depth)],
            inside: Tally::default(),
            outside: Tally::default(),
        };
        let mut all = counted(options, at);
        let (mut found, mut grids) = (Vec::new(), Vec::new());
        loop {
            let (places, counted): (Vec<Coord>, Vec<Counted>) = all.by_ref().take(AT_ONCE).unzip();
            if places.is_empty() {
                return tallies;
            }
            found.clear();
            grids.clear();
            batch.locate(&places, &mut found, &mut grids);
            let rows = grids.chunks_exact(batch.width());
            for (row, counted) in rows.zip(counted) {
                tallies.add(row[options.depth], counted);
            }
        }
    }

    fn add(&mut self, grid: u32, counted: Counted) {
        let place = (grid != NO_GRID).then_some(grid as usize);
        if let Some(tally) = place.and_then(|place| self.by_grid.get_mut(place)) {
            tally.add(counted);
            self.inside.add(counted);
        } else {
            self.outside.add(counted);
        }
    }
}

/// The features that are counted at a time, each at its place.
fn counted<'a>(
    options: &'a StatsOptions<'_>,
    at: Time,
) -> impl Iterator<Item = (Coord, Counted)> + use<'a> {
    let features = options.layer.into_iter().flat_map(LayerSnapshot::features);
    let present = features.filter(move |feature| feature.validity.holds_at(at));
    present.filter_map(|feature| {
        let counted = Counted::of(feature, options)?;
        Some((place(&feature.geometry)?, counted))
    })
}

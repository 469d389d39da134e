//! Who is responsible for many points: the question is prepared once, the answers are numbers in flat rows.

use crate::model::{Coord, Scheme, Time};
use crate::snapshot::{LayerSnapshot, Snapshot};

use super::{Outcome, locate_in};

/// Stands in a row of [`Batch::locate`] where a level has no grid.
pub const NO_GRID: u32 = u32::MAX;

/// How one of many points lies in the first scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub outcome: Outcome,
    pub certain: bool,
}

/// One question to several schemes at one time, for many points.
#[derive(Debug)]
pub struct Batch<'a> {
    snapshot: &'a Snapshot,
    schemes: Vec<&'a Scheme>,
    /// The grids of each level of each scheme, top first; `None` where a level has no layer.
    levels: Vec<Option<&'a LayerSnapshot>>,
    time: Time,
}

impl<'a> Batch<'a> {
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, schemes: &[&'a Scheme], time: Time) -> Self {
        let levels = schemes.iter().flat_map(|scheme| scheme.levels());
        let layer = |name| snapshot.layers.get(name).map(AsRef::as_ref);
        Self {
            snapshot,
            schemes: schemes.to_vec(),
            levels: levels.map(|level| layer(&level.layer)).collect(),
            time,
        }
    }

    /// How many levels all schemes have: the length of a row, in the order of [`super::level_names`].
    #[must_use]
    pub fn width(&self) -> usize {
        self.levels.len()
    }

    /// Appends for each point how it lies in the first scheme, and a row with the position of each level's grid in its layer.
    pub fn locate(&self, points: &[Coord], found: &mut Vec<Found>, grids: &mut Vec<u32>) {
        for &at in points {
            let row = grids.len();
            grids.resize(row + self.width(), NO_GRID);
            let mut place = row;
            for (index, scheme) in self.schemes.iter().enumerate() {
                let answer = locate_in(self.snapshot, scheme, at, self.time);
                for owner in &answer.levels {
                    if let (Some(owner), Some(layer)) = (owner, self.levels[place - row]) {
                        grids[place] = layer.position(owner.grid);
                    }
                    place += 1;
                }
                if index == 0 {
                    found.push(Found {
                        outcome: answer.outcome,
                        certain: answer.is_certain(),
                    });
                }
            }
            if self.schemes.is_empty() {
                found.push(Found {
                    outcome: Outcome::Outside,
                    certain: false,
                });
            }
        }
    }

    /// The code of the grid at a position of the `level`-th level of all schemes; `None` where the grid has none, or for
    /// [`NO_GRID`].
    #[must_use]
    pub fn code(&self, level: usize, position: u32) -> Option<&'a str> {
        let layer = (*self.levels.get(level)?)?;
        layer.features().get(position as usize)?.code.as_deref()
    }
}

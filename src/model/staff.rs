//! Who is responsible for a grid, and since when.

use super::{LayerName, Validity};

/// A person's duty for one grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The grid's level, as its layer.
    pub layer: LayerName,
    /// The grid's code.
    pub code: Box<str>,
    /// The duty, in the deployment's own words: `grid_member`, `grid_leader`, `lane_leader`…
    pub role: Box<str>,
    pub name: Box<str>,
    /// Restricted: never part of a tile or of a locate answer.
    pub phone: Option<Box<str>>,
    pub validity: Validity,
}

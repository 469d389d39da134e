//! One thing on the map: a grid, a station, a camera, a building.

use super::{Geometry, Time, Validity};

/// A feature's stable number within its layer: the `fid` of its row in the store, the feature id in tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeatureId(pub i64);

/// The value of one field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Text(Box<str>),
    Integer(i64),
    Real(f64),
    Boolean(bool),
    Time(Time),
}

/// A feature of a layer; `values` are in the order of the layer's fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    pub id: FeatureId,
    /// The key that planners know it by, unique at any one time in a grid level; opaque text, also where the source had numbers.
    pub code: Option<Box<str>>,
    pub name: Option<Box<str>>,
    /// The code of the grid above, in the scheme's next higher level.
    pub parent: Option<Box<str>>,
    pub validity: Validity,
    pub geometry: Geometry,
    pub values: Box<[Value]>,
}

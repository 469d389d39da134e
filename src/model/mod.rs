//! The nouns of the service. Nothing here does I/O, is async or reads a clock.
//!
//! Coordinates are lattice integers ([`Coord`], 1e-7 degree on WGS 84); degrees ([`LonLat`]) exist only at the edge.

mod access;
mod backward;
mod bounds;
mod clustering;
mod coord;
mod datum;
mod digits;
mod each;
mod feature;
mod fetch;
mod geometry;
mod grid;
mod layer;
mod listed;
mod look;
mod metres;
mod monotone;
mod parted;
mod ring;
mod rules;
mod shape;
mod staff;
mod strips;
mod sweep;
mod tile_format;
mod time;
mod winding;

pub use access::{Access, Sensitivity};
pub use backward::Backward;
pub use bounds::{Bounds, BoundsError};
pub use clustering::{CellError, ClusterCell, Clustering, Clusters};
pub use coord::{Coord, CoordError, LonLat, STEPS_PER_DEGREE};
pub use datum::{Crs, CrsError};
pub use digits::Digits;
pub use each::each;
pub use feature::{Feature, FeatureId, Value};
pub(crate) use fetch::fetch;
pub use geometry::{
    ArcChunks, ArcRecord, ArcRecords, ArcStep, Arcs, ArcsBuilder, Edges, EdgesNear, FirstZooms,
    Geometry, GeometryError, GeometryKind, Parts, PolygonsBuilder, Run, Runs,
};
pub use grid::{Level, LevelName, Scheme, SchemeError};
pub use layer::{
    DEEPEST_ZOOM, Field, FieldKind, Layer, LayerName, NameError, OWN_FIELDS, Title, Zooms,
};
pub use listed::LIST_SEPARATORS;
pub use look::{ICONS, Look, Role};
pub use metres::{Metres, MetresError};
pub(crate) use parted::parted;
pub use ring::{Side, doubled_area, turn};
pub use rules::LocateRules;
pub use shape::ShapeError;
pub use staff::Staff;
pub use tile_format::TileFormat;
pub use time::{Time, TimeError, Validity};

//! The demo places: real boundaries, names and codes; everything below and every person made up, the same each time.
//!
//! A row of verbs: [`places`] reads `data/`, seeds are scattered, Voronoi borders drawn between them, the county cut along all
//! of them at once, cells dealt to streets, communities and grids, and points, buildings and staff put on the ground so made.
//! No I/O but what is compiled in, and no clock.

mod blocks;
mod borders;
mod claims;
mod dice;
mod ground;
mod lanes;
mod mesh;
mod overlays;
mod place;
mod plane;
mod plots;
mod points;
mod rings;
mod seeds;
mod shares;
mod sheets;
mod staff;
mod written;

use crate::config::{ConfigError, Configuration};
use crate::model::{Coord, CoordError, Feature, GeometryError, Layer, Scheme, Staff, TimeError};

use ground::Ground;
use sheets::Sheets;

pub use place::{Place, places};

const LAYERS: &str = include_str!("../../data/layers.toml");

/// What the demo store holds; feature ids are 0, since the store numbers them.
#[derive(Debug)]
pub struct DemoLayers {
    /// The base scheme first.
    pub schemes: Vec<Scheme>,
    /// Grid levels first, top down; then the other layers.
    pub layers: Vec<(Layer, Vec<Feature>)>,
    pub staff: Vec<Staff>,
}

/// Why the demo cannot be made: a file of `data/` is not as its README says, or asks for more than the ground holds.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("data/places.toml: {0}")]
    Places(#[from] toml::de::Error),
    #[error("data/communities.csv: {0}")]
    Communities(#[from] csv::Error),
    #[error("data/boundaries.geojson: {0}")]
    Boundaries(#[from] Box<geojson::Error>),
    #[error("data/boundaries.geojson has a position with fewer than two numbers")]
    ShortPosition,
    #[error("data/layers.toml: {0}")]
    Layers(#[from] ConfigError),
    #[error(
        "place {code} has no boundary or no streets in data/; add it to boundaries.geojson and communities.csv"
    )]
    UnknownPlace { code: String },
    #[error(transparent)]
    Coord(#[from] CoordError),
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    #[error(transparent)]
    Time(#[from] TimeError),
    #[error(
        "{cells} cells cannot be dealt to parts that need {needed}; raise micro_grids in data/places.toml"
    )]
    TooFewCells { cells: usize, needed: usize },
    #[error("the cut of a boundary has an edge twice at {at:?}")]
    Tangled { at: Coord },
    #[error("no cell holds the seed at {at:?} alone")]
    LostSeed { at: Coord },
    #[error("data/places.toml names layer {layer}, which data/layers.toml does not declare")]
    NoLayer { layer: String },
    #[error("data/places.toml sets field {field} of layer {layer}, which has no such field")]
    NoField { layer: String, field: String },
    #[error("data/places.toml: {value} is no value for field {field} of layer {layer}")]
    Value {
        layer: String,
        field: String,
        value: String,
    },
    #[error("data/places.toml: no community is left for {what} of place {place}")]
    Nowhere { place: String, what: String },
    #[error(
        "place {place} has room for {found} of {wanted} blocks of {what}; lower the count in data/places.toml"
    )]
    NoRoom {
        place: String,
        what: String,
        found: usize,
        wanted: usize,
    },
}

/// Makes the layers, grids and staff of some places, merged.
///
/// # Errors
/// Where `data/` is not as its README says or asks for more than the ground holds.
pub fn generate(places: &[Place]) -> Result<DemoLayers, DemoError> {
    let configuration = Configuration::parse(LAYERS)?;
    let mut sheets = Sheets::new(configuration.layers);
    let mut staff = Vec::new();
    for place in places {
        let ground = Ground::of(place)?;
        ground.write(&mut sheets)?;
        overlays::write(&ground, &mut sheets)?;
        blocks::write(&ground, &mut sheets)?;
        lanes::write(&ground, &mut sheets)?;
        points::write(&ground, &mut sheets)?;
        staff::write(&ground, &sheets, &mut staff)?;
    }
    Ok(DemoLayers {
        schemes: configuration.schemes,
        layers: sheets.finish(),
        staff,
    })
}

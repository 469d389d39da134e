//! What of a layer is nearest to a point: by geodesic distance, nearest first, ties by id.
//!
//! The layer's R-tree is walked in the order of a distance that is never too great ([`sphere`]); only what may be among the
//! nearest gets its exact distance ([`distance`]), and the walk ends when nothing left can be nearer.

mod cover;
mod distance;
mod error;
mod options;
mod own;
mod search;
mod sphere;
mod warning;

use crate::model::{Access, Coord, Feature, Time};
use crate::snapshot::{LayerSnapshot, Snapshot};

use cover::Cover;
use distance::Origin;
use own::OwnGrid;
use search::{Search, Share};

pub use error::NearbyError;
pub use options::{MOST_NEARBY, NearbyOptions};
pub use warning::NearbyWarning;

/// A feature and the way to it.
#[derive(Clone, Copy, Debug)]
pub struct Near<'a> {
    pub feature: &'a Feature,
    /// Metres to the nearest place on it along a geodesic, to the millimetre; 0 inside a polygon.
    pub distance_m: f64,
    /// The direction to that place, degrees clockwise from north; `None` where the distance is 0.
    pub bearing: Option<f64>,
    /// Whether it lies in the point's own grid of the preferred level; `false` where none is preferred.
    pub is_own: bool,
}

/// The features nearby, and what to know about them.
#[derive(Clone, Debug, Default)]
pub struct NearbyAnswer<'a> {
    pub features: Vec<Near<'a>>,
    pub warnings: Vec<NearbyWarning>,
}

/// The features of a layer that are nearest to a point at a time, nearest first, equal distances by id. The reader's access
/// decides whether the layer's fields may say what a feature covers.
///
/// # Errors
/// Where an option cannot be, or the layer does not know what it is asked for.
pub fn nearby<'a>(
    snapshot: &'a Snapshot,
    layer: &'a LayerSnapshot,
    at: Coord,
    time: Time,
    options: &NearbyOptions,
    access: Access,
) -> Result<NearbyAnswer<'a>, NearbyError> {
    options.check()?;
    let mut warnings = Vec::new();
    let mut own_grid = |field, level: &Option<String>| -> Result<_, NearbyError> {
        let Some(level) = level.clone() else {
            return Ok(None);
        };
        let own = OwnGrid::find(snapshot, field, &level, at, time)?;
        if own.is_none() {
            warnings.push(NearbyWarning::NoOwnGrid { field, level });
        }
        Ok(own)
    };
    let within = own_grid("within", &options.within)?;
    let prefer = own_grid("prefer", &options.prefer)?;
    let mut limit = options.max_m.unwrap_or(f64::INFINITY);
    let cover = || Cover::new(snapshot, layer.layer(), at, time, access);
    let cover = options.covers.then(cover).transpose()?;
    if let Some(cover) = &cover {
        let (farthest, silent) = cover.survey(layer, time);
        limit = limit.min(farthest);
        if silent > 0 {
            warnings.push(NearbyWarning::Silent { count: silent });
        }
    }
    let mut features = Vec::new();
    if options.within.is_none() || within.is_some() {
        let search = Search {
            layer,
            origin: Origin::new(at),
            time,
            filter: options.filter.as_ref(),
            within,
            cover,
            limit,
        };
        features = match &prefer {
            None => search.nearest(options.k, Share::All),
            Some(own) => search.own_first(options.k, own),
        };
    }
    Ok(NearbyAnswer { features, warnings })
}

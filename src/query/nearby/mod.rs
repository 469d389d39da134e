//! What of a layer is nearest to a point: by geodesic distance, nearest first, ties by id.
//!
//! The layer's R-tree is walked in the order of a distance that is never too great ([`sphere`]); only what may be among the
//! nearest gets its exact distance ([`distance`]), and the walk ends when nothing left can be nearer.

mod cover;
mod distance;
mod own;
mod sphere;

use std::collections::BinaryHeap;

use crate::model::{Access, Bounds, Coord, Feature, FeatureId, LayerName, Time};
use crate::query::filter::Filter;
use crate::snapshot::{LayerSnapshot, Snapshot};

use cover::Cover;
use distance::{Origin, Reach, millimetres};
use own::OwnGrid;

/// How many features are answered at most.
pub const MOST_NEARBY: usize = 1_000;
/// Distances count to the millimetre: a lattice step has eleven.
const PER_METRE: f64 = 1e3;
/// What rounding to the millimetre can hide, metres.
const SLACK: f64 = 1.0 / PER_METRE;

/// What is wanted of the features nearby.
#[derive(Clone, Debug)]
pub struct NearbyOptions {
    /// How many at most, 1 to [`MOST_NEARBY`]; 5, what a screen lists without scrolling.
    pub k: usize,
    /// Metres, none farther; no limit where `None`.
    pub max_m: Option<f64>,
    /// Only features that meet it; made for the same layer.
    pub filter: Option<Filter>,
    /// Only features in the grid of this level (`LEVEL` or `SCHEME.LEVEL`) in which the point lies.
    pub within: Option<String>,
    /// Features in the point's own grid of this level come before all others.
    pub prefer: Option<String>,
    /// Only features that reach the point: by their sector, their radius or their service area.
    pub covers: bool,
}

impl Default for NearbyOptions {
    fn default() -> Self {
        Self {
            k: 5,
            max_m: None,
            filter: None,
            within: None,
            prefer: None,
            covers: false,
        }
    }
}

/// Why the question cannot be answered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NearbyError {
    #[error("k is {given}; ask for 1 to {MOST_NEARBY} features")]
    Count { given: usize },
    #[error("max_m is {given}; give metres, 0 or more")]
    Distance { given: f64 },
    #[error("{field} is {given:?}, which is no level of a grid scheme; there are: {known}")]
    Level {
        field: &'static str,
        given: String,
        known: String,
    },
    #[error(
        "layer {layer} does not say what its features cover; it needs the number fields bearing, angle and range_m (of points), or radius_m, or the field service_area with codes of grids"
    )]
    NoReach { layer: LayerName },
}

impl NearbyError {
    /// The name and the value of the field that is wrong.
    #[must_use]
    pub fn field(&self) -> (&'static str, String) {
        match self {
            Self::Count { given } => ("k", given.to_string()),
            Self::Distance { given } => ("max_m", given.to_string()),
            Self::Level { field, given, .. } => (field, given.clone()),
            Self::NoReach { .. } => ("covers", "true".to_owned()),
        }
    }
}

/// Something that the asker should know about the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NearbyWarning {
    /// The point lies in no grid of the level that `within` or `prefer` names.
    NoOwnGrid { field: &'static str, level: String },
    /// Features that do not say what they cover.
    Silent { count: usize },
}

impl NearbyWarning {
    /// A word for programs, which stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoOwnGrid { .. } => "no_own_grid",
            Self::Silent { .. } => "no_reach",
        }
    }
}

/// As the API says it, the code first.
impl std::fmt::Display for NearbyWarning {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: ", self.code())?;
        match self {
            Self::NoOwnGrid { field, level } => write!(
                out,
                "the point lies in no grid of level {level}, which {field} names"
            ),
            Self::Silent { count } => write!(
                out,
                "left out, since they do not say what they cover: {count} of the layer's features"
            ),
        }
    }
}

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
    check(options)?;
    let own_grid = |field, level: &Option<String>| match level {
        Some(level) => OwnGrid::find(snapshot, field, level, at, time),
        None => Ok(None),
    };
    let within = own_grid("within", &options.within)?;
    let prefer = own_grid("prefer", &options.prefer)?;
    let mut answer = NearbyAnswer::default();
    for (field, level, grid) in [
        ("within", &options.within, &within),
        ("prefer", &options.prefer, &prefer),
    ] {
        if let (Some(level), None) = (level, grid) {
            let level = level.clone();
            let warning = NearbyWarning::NoOwnGrid { field, level };
            answer.warnings.push(warning);
        }
    }
    let mut limit = options.max_m.unwrap_or(f64::INFINITY);
    let cover = if options.covers {
        let cover = Cover::new(snapshot, layer.layer(), at, time, access)?;
        let (farthest, silent) = cover.survey(layer, time);
        limit = limit.min(farthest);
        if silent > 0 {
            let warning = NearbyWarning::Silent { count: silent };
            answer.warnings.push(warning);
        }
        Some(cover)
    } else {
        None
    };
    if options.within.is_some() && within.is_none() {
        return Ok(answer);
    }
    let search = Search {
        layer,
        origin: Origin::new(at),
        time,
        filter: options.filter.as_ref(),
        within,
        cover,
        limit,
    };
    answer.features = match &prefer {
        None => search.nearest(options.k, Share::All),
        Some(own) => search.own_first(options.k, own),
    };
    Ok(answer)
}

fn check(options: &NearbyOptions) -> Result<(), NearbyError> {
    if !(1..=MOST_NEARBY).contains(&options.k) {
        return Err(NearbyError::Count { given: options.k });
    }
    match options.max_m {
        Some(given) if given.is_nan() || given < 0.0 => Err(NearbyError::Distance { given }),
        _ => Ok(()),
    }
}

/// Which part of the layer is searched.
#[derive(Clone, Copy)]
enum Share<'a> {
    All,
    In(&'a OwnGrid<'a>),
    NotIn(&'a OwnGrid<'a>),
}

impl Share<'_> {
    fn may_hold(self, bounds: Bounds) -> bool {
        match self {
            Self::In(grid) => grid.may_hold(bounds),
            Self::All | Self::NotIn(_) => true,
        }
    }

    fn holds(self, feature: &Feature) -> bool {
        match self {
            Self::All => true,
            Self::In(grid) => grid.holds(feature),
            Self::NotIn(grid) => !grid.holds(feature),
        }
    }
}

/// One question, ready to be asked.
struct Search<'a, 'q> {
    layer: &'a LayerSnapshot,
    origin: Origin,
    time: Time,
    filter: Option<&'q Filter>,
    within: Option<OwnGrid<'a>>,
    cover: Option<Cover<'a>>,
    /// Metres.
    limit: f64,
}

/// Rank of a feature in the answer, and its position in the layer.
type Rank = (u64, FeatureId, usize);

impl<'a> Search<'a, '_> {
    /// The nearest of the point's own grid, then the nearest of the others.
    fn own_first(&self, k: usize, own: &OwnGrid<'_>) -> Vec<Near<'a>> {
        let mut found = self.nearest(k, Share::In(own));
        for near in &mut found {
            near.is_own = true;
        }
        if found.len() < k {
            found.extend(self.nearest(k - found.len(), Share::NotIn(own)));
        }
        found
    }

    fn nearest(&self, k: usize, share: Share<'_>) -> Vec<Near<'a>> {
        let may_hold = |bounds| {
            share.may_hold(bounds) && self.within.as_ref().is_none_or(|own| own.may_hold(bounds))
        };
        let bound = |bounds| may_hold(bounds).then(|| self.origin.lower(bounds));
        let mut best: BinaryHeap<Rank> = BinaryHeap::with_capacity(k + 1);
        let mut ways = Vec::new();
        let mut limit = self.limit;
        for (lower, position) in self.layer.tree().nearest_first(bound) {
            if lower > limit + SLACK {
                break;
            }
            let Some((feature, reach)) = self.weigh(position, limit + SLACK, share) else {
                continue;
            };
            best.push((millimetres(reach.metres), feature.id, ways.len()));
            ways.push((feature, reach));
            if best.len() > k {
                best.pop();
            }
            if let Some((farthest, _, _)) = best.peek().filter(|_| best.len() == k) {
                limit = metres(*farthest).min(self.limit);
            }
        }
        let ranks = best.into_sorted_vec();
        let near = ranks.into_iter().filter_map(|(distance, _, place)| {
            let (feature, reach) = ways.get(place)?;
            Some(Near {
                feature,
                distance_m: metres(distance),
                bearing: reach.bearing.filter(|_| distance > 0),
                is_own: false,
            })
        });
        near.collect()
    }

    /// A feature with the way to it, where it is wanted; the cheap questions come first.
    fn weigh(&self, position: usize, limit: f64, share: Share<'_>) -> Option<(&'a Feature, Reach)> {
        let feature = self.layer.features().get(position)?;
        let is_wanted = feature.validity.holds_at(self.time)
            && self.filter.is_none_or(|filter| filter.matches(feature));
        if !is_wanted {
            return None;
        }
        let reach = self.origin.reach(&feature.geometry, limit)?;
        let is_in = millimetres(reach.metres) <= millimetres(self.limit)
            && self
                .cover
                .as_ref()
                .is_none_or(|cover| cover.covers(feature, &self.origin, reach))
            && self.within.as_ref().is_none_or(|own| own.holds(feature))
            && share.holds(feature);
        is_in.then_some((feature, reach))
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no two places are 2^53 millimetres apart"
)]
fn metres(millimetres: u64) -> f64 {
    millimetres as f64 / PER_METRE
}

//! The time zones of the Earth as `tzf-rs` has them, as a scheme of ours.

use std::fmt;
use std::sync::Arc;

use tzf_rs::{BoundaryFile, DefaultFinder};
use wangge::model::{
    Clustering, Coord, Feature, FeatureId, Geometry, GeometryKind, Layer, Look, Scheme, Title,
    Validity, Zooms, doubled_area,
};
use wangge::snapshot::{Changes, LayerSnapshot, Snapshot};

use super::NONE;
use super::ours::NOW;
use crate::national::Dice;

/// Lattice steps of tzf's 1e-5 degree.
const COARSE: f64 = 1e5;
const STEPS: i32 = 100;

/// Points everywhere on the Earth, as many in a degree of longitude and latitude as in any other.
pub(crate) fn anywhere(count: usize, seed: u64) -> Vec<Coord> {
    let mut dice = Dice::new(seed);
    let mut place = |low: i32| low.saturating_add_unsigned(dice.below(2 * low.unsigned_abs() + 1));
    let point = |_| Coord {
        lon: place(-1_800_000_000),
        lat: place(-900_000_000),
    };
    (0..count).map(point).collect()
}

/// tzf exports what it holds, 1e-5 degree, through `f32`; rounding brings the whole number back but for a metre in the far
/// east and west.
fn coord([lon, lat]: [f64; 2]) -> Coord {
    #[expect(clippy::cast_possible_truncation, reason = "degrees on Earth")]
    let steps = |degrees: f64| (degrees * COARSE).round() as i32 * STEPS;
    Coord {
        lon: steps(lon),
        lat: steps(lat),
    }
}

/// The zones as a scheme of one level, in tzf's order.
pub(crate) fn snapshot(finder: &DefaultFinder) -> Snapshot {
    let BoundaryFile { features, .. } = finder.to_geojson();
    let ring = |ring: Vec<[f64; 2]>| ring.into_iter().map(coord).collect::<Vec<Coord>>();
    let zone = |(id, zone): (i64, tzf_rs::FeatureItem)| {
        let polygons = zone.geometry.coordinates.into_iter().map(|rings| {
            let rings = rings.into_iter().map(ring);
            // A ring of a metre may have lost its area on the way.
            rings.filter(|ring| doubled_area(ring) != 0).collect()
        });
        let polygons = polygons.filter(|rings: &Vec<Vec<Coord>>| !rings.is_empty());
        Feature {
            id: FeatureId(id),
            code: Some(zone.properties.tzid.into()),
            name: None,
            parent: None,
            validity: Validity::ALWAYS,
            geometry: Geometry::polygons(polygons).expect("a zone has an area"),
            values: Box::default(),
        }
    };
    let features = (1..).zip(features).map(zone);
    let scheme = Scheme::new("zones", ["zone"], false, 0).expect("plain names");
    let name = scheme.levels()[0].layer.clone();
    let layer = Layer {
        name: name.clone(),
        title: Title::default(),
        geometry: GeometryKind::Polygon,
        fields: Vec::new(),
        zooms: Zooms::default(),
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: false,
    };
    let layer = Arc::new(LayerSnapshot::build(layer, 1, features));
    let mut snapshot = Snapshot {
        version: 1,
        schemes: [scheme].into(),
        layers: [(name, layer)].into(),
        ..Snapshot::default()
    };
    snapshot.cover(&Snapshot::default(), &Changes::new(), NOW, 2);
    snapshot
}

/// The zone that tzf names.
pub(crate) fn owner(finder: &DefaultFinder, at: Coord) -> u32 {
    let at = at.degrees();
    let found = finder.get_tz_index(at.lon, at.lat);
    found.map_or(NONE, |position| u32::try_from(position).unwrap_or(NONE))
}

/// Why tzf answers otherwise, and how often.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Differences {
    pub asked: usize,
    pub all: usize,
    /// tzf's own polygons agree with us; its tiles, which it asks first, do not.
    pub by_tiles: usize,
    /// Within 2 m of a border, which was rounded on the way.
    pub by_rounding: usize,
}

impl fmt::Display for Differences {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            asked,
            all,
            by_tiles,
            by_rounding,
        } = self;
        let rest = all - by_tiles - by_rounding;
        write!(
            out,
            "{all} of {asked} answers differ: {by_tiles} where tzf's tiles say other than its own polygons, \
             {by_rounding} within 2 m of a border (its export rounds), {rest} not explained"
        )
    }
}

/// Explains each point that is answered otherwise; `ours` answers a point by the position of its zone.
pub(crate) fn explain(
    finder: &DefaultFinder,
    points: &[Coord],
    (mine, theirs): (&[u32], &[u32]),
    ours: impl Fn(Coord) -> u32,
) -> Differences {
    let names = finder.timezonenames();
    let mut differences = Differences {
        asked: points.len(),
        ..Differences::default()
    };
    for (&at, (&mine, &their)) in points.iter().zip(mine.iter().zip(theirs)) {
        if mine == their {
            continue;
        }
        differences.all += 1;
        let degrees = at.degrees();
        let exact = finder.get_tz_names(degrees.lon, degrees.lat);
        let agrees = match names.get(mine as usize) {
            Some(name) => exact.contains(name),
            None => exact.is_empty(),
        };
        let near = [(-200, 0), (200, 0), (0, -200), (0, 200)].map(|(east, north)| Coord {
            lon: at.lon.saturating_add(east),
            lat: at.lat.saturating_add(north),
        });
        if agrees {
            differences.by_tiles += 1;
        } else if near.into_iter().any(|at| ours(at) == their) {
            differences.by_rounding += 1;
        }
    }
    differences
}

//! All tiles of real coverages and of the demo, at zooms 0 to 14, to the end: minutes, so only when asked for (`make tiles`).

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use fast_mvt::{MvtFeature, MvtGeometry, MvtValue};
use wangge::app::{App, fill_demo, now};
use wangge::model::{Coord, Feature, GeometryKind, Scheme, Zooms};
use wangge::snapshot::LayerSnapshot;
use wangge::store::Store;
use wangge::tile::{Pyramid, TileAddress, TileOptions};

use super::readers::Readers;
use super::rim::Rim;
use super::support::exact;
use super::{adjacent, nested, real};
use crate::support::program::{Desk, shared};

/// Beyond this many faults, only their number is told.
const TOLD: usize = 40;
/// A pixel of a tile that is shown at 256 pixels, a sixteenth more, and what the lattice may take away, tile units.
const PIXEL: f64 = 17.2;

/// What was looked at, and what was wrong.
#[derive(Default)]
struct Told {
    tiles: usize,
    edges: usize,
    parents: usize,
    /// Distinct tiles, read by other programs.
    read: usize,
    /// Polygons and lines that must be drawn, zoom by zoom.
    large: usize,
    faults: Vec<String>,
}

impl Told {
    fn end(self, place: &str) {
        #[expect(clippy::print_stdout, reason = "what a run of minutes saw")]
        {
            println!(
                "{place}: {} tiles, {} edges, {} grids against those they hold, {} shapes above a pixel, {} distinct tiles read by \
                 @mapbox/vector-tile and GDAL, {} faults",
                self.tiles,
                self.edges,
                self.parents,
                self.large,
                self.read,
                self.faults.len()
            );
            for fault in self.faults.iter().take(TOLD) {
                println!("  {fault}");
            }
        }
        assert!(self.faults.is_empty(), "{place}: {}", self.faults.len());
    }
}

/// All tiles of a zoom that can show something of a layer.
fn all(layer: &LayerSnapshot, zoom: u8) -> Vec<TileAddress> {
    let zooms = Zooms {
        min: zoom,
        max: zoom,
    };
    Pyramid::new(&[layer], zooms, None, now(), &TileOptions::default()).collect()
}

/// What is seen of a layer in all tiles of a zoom.
#[derive(Default)]
struct Seen {
    /// Of what is drawn by itself.
    ids: HashSet<u64>,
    /// Of what is drawn as a polygon or a line.
    shapes: HashSet<u64>,
    /// Features that are gathered in points.
    gathered: u64,
}

impl Seen {
    fn add(&mut self, feature: &MvtFeature) {
        let id = feature.id.unwrap();
        let count = feature
            .properties
            .iter()
            .find(|(key, _)| key == "point_count");
        match (&feature.geometry, count) {
            (MvtGeometry::Point(at), Some((_, count))) => {
                let is_own = (0..4096).contains(&at.x()) && (0..4096).contains(&at.y());
                let count = match count {
                    MvtValue::UInt(count) => *count,
                    MvtValue::Int(count) | MvtValue::SInt(count) => count.cast_unsigned(),
                    other => panic!("{other:?}"),
                };
                self.gathered += if is_own { count } else { 0 };
            }
            (MvtGeometry::Point(_) | MvtGeometry::MultiPoint(_), None) => {
                self.ids.insert(id);
            }
            _ => {
                self.ids.insert(id);
                self.shapes.insert(id);
            }
        }
    }
}

/// Whether a feature must be drawn as what it is: its longest part is longer than a pixel.
fn is_large(feature: &Feature, zoom: u8) -> bool {
    let world = TileAddress::new(zoom, 0, 0).unwrap();
    let long = |run: &mut dyn Iterator<Item = Coord>| {
        let at: Vec<_> = run.map(|at| exact(world, at)).collect();
        let span = |value: fn(&geo::Coord<f64>) -> f64| {
            let low = at.iter().map(value).fold(f64::MAX, f64::min);
            at.iter().map(value).fold(f64::MIN, f64::max) - low
        };
        span(|at| at.x).max(span(|at| at.y)) > PIXEL
    };
    let mut parts = feature.geometry.parts();
    parts.any(|mut part| part.next().is_some_and(|mut run| long(&mut run)))
}

fn is_drawn(layer: &LayerSnapshot, zoom: u8) -> bool {
    let zooms = layer.layer().zooms;
    (zooms.min..=zooms.max).contains(&zoom)
}

/// Looks at all tiles of a layer at a zoom.
fn look(layer: &LayerSnapshot, rim: Option<&Rim>, zoom: u8, told: &mut Told) {
    let mut readers = Readers::default();
    let mut seen = Seen::default();
    let name = &layer.layer().name;
    for address in all(layer, zoom) {
        let features = adjacent::unbounded(layer, address);
        for feature in &features {
            seen.add(feature);
        }
        if let Some(rim) = rim {
            let (edges, clashes) = adjacent::compare(&features);
            told.edges += edges;
            let clashes = clashes.into_iter();
            told.faults
                .extend(clashes.map(|two| format!("{name} {address:?}: {two:?} clash")));
            let cracks = rim.cracks(layer, address, &features).into_iter();
            told.faults.extend(
                cracks.map(|edge| format!("{name} {address:?}: {edge:?} has no other side")),
            );
        }
        readers.add(layer, address);
        told.tiles += 1;
    }
    told.read += readers.check();
    compare(layer, zoom, &seen, told);
}

/// Compares what was seen with what is there.
fn compare(layer: &LayerSnapshot, zoom: u8, seen: &Seen, told: &mut Told) {
    let definition = layer.layer();
    if !is_drawn(layer, zoom) {
        return;
    }
    let at = now();
    let there = layer.features().iter();
    let there: Vec<&Feature> = there.filter(|one| one.validity.holds_at(at)).collect();
    let counted = seen.ids.len() as u64 + seen.gathered;
    if counted != there.len() as u64 {
        let told_count = format!(
            "{} at zoom {zoom}: {counted} of {} are shown",
            definition.name,
            there.len()
        );
        told.faults.push(told_count);
    }
    if definition.geometry == GeometryKind::Point {
        return;
    }
    for feature in there.into_iter().filter(|one| is_large(one, zoom)) {
        told.large += 1;
        if !seen.shapes.contains(&feature.id.0.cast_unsigned()) {
            told.faults.push(format!(
                "{} at zoom {zoom}: {:?} is not drawn",
                definition.name, feature.code
            ));
        }
    }
}

/// Looks at all tiles of a store: each layer by itself, and the levels of schemes in pairs.
fn check(place: &str, store: &Path) {
    let app = App::open(store).unwrap();
    let snapshot = app.snapshot();
    let pairs = real::pairs(&snapshot);
    let filled: Vec<_> = pairs
        .iter()
        .map(|(above, below)| nested::filled(above, below))
        .collect();
    let levels = snapshot.schemes.iter().flat_map(Scheme::levels);
    let levels: HashSet<_> = levels.map(|level| &level.layer).collect();
    let layers = snapshot.layers.values();
    let rims: BTreeMap<_, _> = layers
        .filter(|layer| {
            levels.contains(&layer.layer().name) && layer.layer().geometry == GeometryKind::Polygon
        })
        .map(|layer| (&layer.layer().name, Rim::of(layer)))
        .collect();
    let mut told = Told::default();
    for zoom in 0..=14 {
        for layer in snapshot.layers.values() {
            look(layer, rims.get(&layer.layer().name), zoom, &mut told);
        }
        for ((above, below), filled) in pairs.iter().zip(&filled) {
            for address in all(above, zoom) {
                let (parents, wrong) = nested::compare(above, below, filled, address);
                told.parents += parents;
                told.faults.extend(wrong);
            }
        }
    }
    told.end(place);
}

#[test]
#[ignore = "all tiles take minutes: make tiles"]
fn all_tiles_of_london() {
    let Some(london) = shared("uk_london") else {
        return;
    };
    let desk = Desk::new();
    real::import_london(&desk, &london);
    check("London", &desk.path("wangge.gpkg"));
}

#[test]
#[ignore = "all tiles take minutes: make tiles"]
fn all_tiles_of_four_provinces_of_china() {
    let Some(file) = shared("cn/cn_admin_sc_ln_js_zj.fgb.zst") else {
        return;
    };
    let desk = Desk::new();
    real::import_china(&desk, &file);
    check("four provinces of China", &desk.path("wangge.gpkg"));
}

#[test]
#[ignore = "all tiles take minutes: make tiles"]
fn all_tiles_of_the_demo() {
    let desk = Desk::new();
    let path = desk.path("wangge.gpkg");
    fill_demo(&mut Store::open_or_create(&path).unwrap(), None).unwrap();
    check("demo", &path);
}

//! Real coverages and a made-up one, tile by tile at all zooms: neighbours meet, levels fill each other, and other programs read
//! what we write.

use std::path::Path;

use wangge::app::{App, fill_demo};
use wangge::model::{Bounds, LonLat};
use wangge::snapshot::{LayerSnapshot, Snapshot};
use wangge::store::Store;
use wangge::tile::TileAddress;

use super::readers::Readers;
use super::{adjacent, nested};
use crate::national_coverage::National;
use crate::support::program::{Desk, shared};

/// The tiles of a zoom that a box touches.
fn addresses(bounds: Bounds, zoom: u8) -> impl Iterator<Item = TileAddress> {
    let count = 2f64.powi(zoom.into());
    let column = |lon: f64| {
        (((lon + 180.0) / 360.0) * count)
            .floor()
            .clamp(0.0, count - 1.0) as u32
    };
    let row = |lat: f64| {
        let south = 0.5 - lat.to_radians().tan().asinh() / (2.0 * std::f64::consts::PI);
        (south * count).floor().clamp(0.0, count - 1.0) as u32
    };
    let (
        LonLat {
            lon: west,
            lat: south,
        },
        LonLat {
            lon: east,
            lat: north,
        },
    ) = (bounds.min.degrees(), bounds.max.degrees());
    let columns = column(west)..=column(east);
    (row(north)..=row(south)).flat_map(move |y| {
        columns
            .clone()
            .map(move |x| TileAddress::new(zoom, x, y).unwrap())
    })
}

/// Tiles of a zoom at most that are looked at of one layer.
const MOST: usize = 500;
/// One in so many of them is read by other programs too.
const READ: usize = 12;

/// The levels of all schemes, each with the one below.
pub(super) fn pairs(snapshot: &Snapshot) -> Vec<(&LayerSnapshot, &LayerSnapshot)> {
    let layer = |level: &wangge::model::Level| &*snapshot.layers[&level.layer];
    let schemes = snapshot.schemes.iter();
    let pairs = schemes.flat_map(|scheme| {
        scheme
            .levels()
            .windows(2)
            .map(|two| (layer(&two[0]), layer(&two[1])))
    });
    pairs.collect()
}

/// Checks all tiles of all layers, or as many as are enough, at all zooms.
fn check(store: &Path) {
    let app = App::open(store).unwrap();
    let snapshot = app.snapshot();
    let mut readers = Readers::default();
    let (mut drawn, mut filled) = (0, 0);
    let pairs = pairs(&snapshot);
    let whole = pairs
        .iter()
        .map(|(above, below)| nested::filled(above, below));
    let whole: Vec<_> = whole.collect();
    for zoom in 0..=14 {
        for layer in snapshot.layers.values() {
            for address in some(layer, zoom) {
                drawn += adjacent::check(layer, address);
            }
            let few = some(layer, zoom).into_iter().step_by(READ);
            few.for_each(|address| readers.add(layer, address));
        }
        for ((above, below), whole) in pairs.iter().zip(&whole) {
            for address in some(above, zoom) {
                filled += nested::check(above, below, whole, address);
            }
        }
    }
    assert!(drawn > 1000 && filled > 100, "{drawn} {filled}");
    readers.check();
}

/// Checks that in no tile of a layer, or of as many as are enough, borders clash; answers how many edges they have.
pub(crate) fn check_layer(layer: &LayerSnapshot) -> usize {
    let addresses = (0..=14).flat_map(|zoom| some(layer, zoom));
    addresses
        .map(|address| adjacent::check(layer, address))
        .sum()
}

/// The tiles of a layer at a zoom, or as many as are enough.
fn some(layer: &LayerSnapshot, zoom: u8) -> Vec<TileAddress> {
    let all: Vec<TileAddress> = addresses(layer.bounds().unwrap(), zoom).collect();
    let step = all.len().div_ceil(MOST);
    all.into_iter().step_by(step).collect()
}

#[test]
fn a_made_up_coverage_has_no_cracks_in_any_tile() {
    let desk = Desk::new();
    let path = desk.path("wangge.gpkg");
    National::of_lattice(96, 64).write(&path).unwrap();
    check(&path);
}

#[test]
fn londons_areas_have_no_cracks_in_any_tile() {
    let Some(london) = shared("uk_london") else {
        return;
    };
    let desk = Desk::new();
    import_london(&desk, &london);
    check(&desk.path("wangge.gpkg"));
}

/// Makes a store of London's areas, three levels of them.
pub(crate) fn import_london(desk: &Desk, london: &Path) {
    desk.must(&["scheme", "add", "census", "--levels", "msoa,lsoa,oa"]);
    for (level, code) in [("msoa", "MSOA11CD"), ("lsoa", "LSOA11CD"), ("oa", "OA11CD")] {
        let file = london.join(format!("london_{level}.geojson.zst"));
        let fields = format!("code={code},parent=parent");
        let layer = format!("census.{level}");
        desk.must(&[
            "import",
            file.to_str().unwrap(),
            "--layer",
            &layer,
            "--fields",
            &fields,
        ]);
    }
}

#[test]
fn chinas_counties_have_no_cracks_in_any_tile() {
    let Some(file) = shared("cn/cn_admin_sc_ln_js_zj.fgb.zst") else {
        return;
    };
    let desk = Desk::new();
    import_china(&desk, &file);
    check(&desk.path("wangge.gpkg"));
}

/// Makes a store of the provinces, cities and counties of a file.
pub(super) fn import_china(desk: &Desk, file: &Path) {
    desk.must(&["scheme", "add", "cn", "--levels", "province,city,county"]);
    for (level, word) in [("province", "省"), ("city", "市"), ("county", "区县")] {
        let (layer, only) = (format!("cn.{level}"), format!("level={word}"));
        desk.must(&[
            "import",
            file.to_str().unwrap(),
            "--layer",
            &layer,
            "--where",
            &only,
        ]);
    }
}

#[test]
fn the_demo_has_no_cracks_in_any_tile() {
    let desk = Desk::new();
    let path = desk.path("wangge.gpkg");
    fill_demo(&mut Store::open_or_create(&path).unwrap(), None).unwrap();
    check(&path);
}

//! Real coverages, tile by tile: no border of a polygon goes through another's vertex or across another's border.

use std::collections::HashSet;
use std::path::Path;

use fast_mvt::MvtGeometry;
use geo::LineString;
use wangge::app::App;
use wangge::model::{Access, Bounds, LonLat};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileAddress, TileOptions, tile};

use super::support::{polygons, read};
use crate::national_coverage::National;
use crate::support::program::{Desk, shared};

type Place = (i64, i64);
type Edge = (Place, Place);

fn turn(a: Place, b: Place, p: Place) -> i64 {
    (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)
}

/// Whether two edges share more than an end.
fn clash((a, b): Edge, (c, d): Edge) -> bool {
    let within = |a: Place, b: Place, at: Place| {
        (a.0.min(b.0)..=a.0.max(b.0)).contains(&at.0)
            && (a.1.min(b.1)..=a.1.max(b.1)).contains(&at.1)
    };
    let on = |a, b, at| at != a && at != b && turn(a, b, at) == 0 && within(a, b, at);
    if on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b) {
        return true;
    }
    let side = |a, b, at| turn(a, b, at).signum();
    side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

/// The edges of all polygons of a tile that reach into it, each once, from west to east.
fn edges(layer: &LayerSnapshot, address: TileAddress) -> Vec<Edge> {
    let options = TileOptions::default();
    let at = wangge::app::now();
    let bytes = tile(&[layer], address, at, Access::LOCAL, &options).unwrap();
    let features = bytes.map_or_else(Vec::new, |bytes| read(&bytes).remove(0).features);
    let mut edges: HashSet<Edge> = HashSet::new();
    for feature in features {
        if !matches!(
            feature.geometry,
            MvtGeometry::Polygon(_) | MvtGeometry::MultiPolygon(_)
        ) {
            continue;
        }
        let shape = polygons(&feature.geometry);
        let rings = shape
            .iter()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        let ends = rings.flat_map(LineString::lines).map(|line| {
            let place = |at: geo::Coord<f64>| (at.x as i64, at.y as i64);
            let (a, b) = (place(line.start), place(line.end));
            (a.min(b), a.max(b))
        });
        let inside = |at: Place| (0..=4096).contains(&at.0) && (0..=4096).contains(&at.1);
        edges.extend(ends.filter(|&(a, b)| inside(a) || inside(b)));
    }
    let mut edges: Vec<Edge> = edges.into_iter().collect();
    edges.sort_unstable();
    edges
}

/// Pairs of edges that share more than an end.
fn clashes(edges: &[Edge]) -> Vec<(Edge, Edge)> {
    let mut found = Vec::new();
    for (n, &one) in edges.iter().enumerate() {
        let beyond = edges[n + 1..]
            .iter()
            .take_while(|other| other.0.0 <= one.1.0);
        found.extend(
            beyond
                .filter(|other| clash(one, **other))
                .map(|other| (one, *other)),
        );
    }
    found
}

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

/// Checks all tiles of all layers, or as many as are enough, at all zooms.
fn check(store: &Path) {
    let app = App::open(store).unwrap();
    let snapshot = app.snapshot();
    for layer in snapshot.layers.values() {
        let drawn = check_layer(layer);
        assert!(drawn > 1000, "{}: {drawn}", layer.layer().name);
    }
}

/// Checks all tiles of a layer, or as many as are enough, at all zooms; answers how many edges they have.
pub(crate) fn check_layer(layer: &LayerSnapshot) -> usize {
    let mut drawn = 0;
    for zoom in 0..=14 {
        let all: Vec<TileAddress> = addresses(layer.bounds().unwrap(), zoom).collect();
        for &address in all.iter().step_by(all.len().div_ceil(MOST)) {
            let edges = edges(layer, address);
            let clashes = clashes(&edges);
            drawn += edges.len();
            assert!(clashes.is_empty(), "{address:?}: {clashes:?}");
        }
    }
    drawn
}

#[test]
fn borders_of_a_made_up_coverage_meet_exactly_in_every_tile() {
    let desk = Desk::new();
    let path = desk.path("wangge.gpkg");
    National::of_lattice(96, 64).write(&path).unwrap();
    check(&path);
}

#[test]
fn borders_of_londons_areas_meet_exactly_in_every_tile() {
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
fn borders_of_chinas_counties_meet_exactly_in_every_tile() {
    let Some(file) = shared("cn/cn_admin_sc_ln_js_zj.fgb.zst") else {
        return;
    };
    let desk = Desk::new();
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
    check(&desk.path("wangge.gpkg"));
}

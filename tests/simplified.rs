//! Borders as they are drawn at each zoom: simplified once for all who share them.

mod edited;
mod memory;
mod rough;
mod town;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use wangge::app::App;
use wangge::model::{
    Bounds, Clustering, Coord, Feature, FeatureId, Geometry, GeometryKind, Layer, Look, Title,
    Validity, Zooms, turn,
};
use wangge::snapshot::{LayerSnapshot, Snapshot};
use wangge::store::{Mode, Store};

use crate::national_coverage::{LEVELS, National};
use crate::support::{county_store, name, put};

/// Tile units of a lattice step of longitude.
fn units_per_step(zoom: u8) -> f64 {
    4096.0 * f64::from(zoom).exp2() / 3.6e9
}

/// How much longer a step of latitude is drawn.
fn stretch(bounds: Bounds) -> f64 {
    let lat = f64::midpoint(f64::from(bounds.min.lat), f64::from(bounds.max.lat));
    1.0 / (lat / 1e7).to_radians().cos()
}

/// The longer side of a box in tile units.
fn side(bounds: Bounds, zoom: u8) -> f64 {
    let width = f64::from(bounds.max.lon.abs_diff(bounds.min.lon));
    let height = f64::from(bounds.max.lat.abs_diff(bounds.min.lat)) * stretch(bounds);
    width.max(height) * units_per_step(zoom)
}

/// Levels with the borders that they share, each with the zoom that it is drawn from.
fn shared(levels: impl IntoIterator<Item = (u8, Vec<Geometry>)>) -> Vec<LayerSnapshot> {
    let level = |(number, (from, shapes)): (usize, (u8, Vec<Geometry>))| {
        let layer = Layer {
            name: format!("base.level{number}").parse().unwrap(),
            title: Title::default(),
            geometry: GeometryKind::Polygon,
            fields: Vec::new(),
            zooms: Zooms { min: from, max: 14 },
            color: None,
            is_configured: true,
            clustering: Clustering::default(),
            look: Look::default(),
        };
        let features = (1..).zip(shapes).map(|(id, geometry)| Feature {
            id: FeatureId(id),
            code: None,
            name: None,
            parent: None,
            validity: Validity::ALWAYS,
            geometry,
            values: Box::default(),
        });
        LayerSnapshot::build(layer, 1, features)
    };
    let mut layers: Vec<LayerSnapshot> = levels.into_iter().enumerate().map(level).collect();
    LayerSnapshot::share(&mut layers, 2);
    simplified(layers, 2)
}

/// The layers, of which it is said from which zoom on their vertices are drawn.
fn simplified(layers: Vec<LayerSnapshot>, threads: usize) -> Vec<LayerSnapshot> {
    let named = |layer| {
        let layer: Arc<LayerSnapshot> = Arc::new(layer);
        (layer.layer().name.clone(), layer)
    };
    let snapshot = Snapshot {
        layers: layers.into_iter().map(named).collect(),
        ..Snapshot::default()
    };
    assert!(snapshot.simplify(threads) && !snapshot.simplify(threads));
    let layers = snapshot.layers.into_values();
    layers
        .map(|layer| Arc::into_inner(layer).unwrap())
        .collect()
}

/// The levels of a coverage with the borders that they share, each drawn from its zoom on.
fn levels(national: National, from: [u8; 5]) -> Vec<LayerSnapshot> {
    let shapes = |level| national.geometries(level).collect();
    shared((0..LEVELS.len()).map(|level| (from[level], shapes(level))))
}

/// The polygons of a level that a zoom draws: those that are there by then and larger than a pixel.
fn drawn(layer: &LayerSnapshot, zoom: u8) -> impl Iterator<Item = &Geometry> {
    let is_there = layer.layer().zooms.min <= zoom;
    let present = |feature: &&Feature| feature.validity != Validity::NEVER;
    let all = layer.features().iter().filter(present);
    let all = all.map(|feature| &feature.geometry);
    all.filter(move |shape| is_there && side(shape.bounds(), zoom) >= 16.0)
}

fn rings(shape: &Geometry, zoom: u8) -> Vec<Vec<Coord>> {
    let ring = |run: wangge::model::Run<'_>| {
        let mut ring = Vec::new();
        run.for_each_drawn(shape.first_zooms(), zoom, |at| ring.push(at));
        ring
    };
    shape.runs().map(ring).collect()
}

/// Whether a ring winds around a place.
fn holds(ring: &[Coord], at: Coord) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crossed = ring.iter().zip(next).filter(|&(&a, &b)| {
        (a.lat <= at.lat) != (b.lat <= at.lat) && (turn(a, b, at) > 0) == (a.lat <= at.lat)
    });
    crossed.count() % 2 == 1
}

type Edge = (Coord, Coord);

fn edges(rings: &[Vec<Coord>]) -> impl Iterator<Item = Edge> {
    rings.iter().flat_map(|ring| {
        let next = ring.iter().cycle().skip(1);
        ring.iter().copied().zip(next.copied())
    })
}

/// Whether two edges share more than an end.
fn clash((a, b): Edge, (c, d): Edge) -> bool {
    let box_of = |a, b| Bounds::of(a).union(Bounds::of(b));
    if !box_of(a, b).meets(box_of(c, d)) {
        return false;
    }
    let on = |a: Coord, b: Coord, at: Coord| {
        at != a && at != b && turn(a, b, at) == 0 && box_of(a, b).holds(at)
    };
    if on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b) {
        return true;
    }
    let side = |a, b, at| turn(a, b, at).signum();
    side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

/// All edges, each once, whichever way it is walked.
fn apart(all: impl Iterator<Item = Edge>) -> Vec<Edge> {
    let once: HashSet<Edge> = all.map(|(a, b)| (a.min(b), a.max(b))).collect();
    let mut once: Vec<Edge> = once.into_iter().collect();
    once.sort_unstable_by_key(|(a, b)| (a.lon.min(b.lon), *a, *b));
    once
}

/// Pairs of edges that share more than an end.
fn clashes(edges: &[Edge]) -> Vec<[Edge; 2]> {
    let mut found = Vec::new();
    for (n, &one) in edges.iter().enumerate() {
        let east = one.0.lon.max(one.1.lon);
        let near = edges[n + 1..]
            .iter()
            .take_while(|(a, b)| a.lon.min(b.lon) <= east);
        let crossed = near.filter(|other| clash(one, **other));
        found.extend(crossed.map(|&other| [one, other]));
    }
    found
}

/// Checks that no two edges share more than an end.
fn check_apart(edges: &[Edge], zoom: u8) {
    let clashes = clashes(edges);
    assert!(clashes.is_empty(), "zoom {zoom}: {clashes:?}");
}

/// The directed edges that are left of some polygons when those that run both ways are taken away.
fn outline<'a>(shapes: impl Iterator<Item = &'a Geometry>, zoom: u8) -> HashSet<Edge> {
    let mut counts: HashMap<Edge, i32> = HashMap::new();
    for (a, b) in shapes.flat_map(|shape| edges(&rings(shape, zoom)).collect::<Vec<_>>()) {
        let way = if a < b { 1 } else { -1 };
        *counts.entry((a.min(b), a.max(b))).or_default() += way;
    }
    let left = counts.into_iter().filter(|(_, count)| *count != 0);
    left.map(|((a, b), count)| if count > 0 { (a, b) } else { (b, a) })
        .collect()
}

/// How far the ring's own vertices lie from what is drawn of it, tile units.
fn farthest(shape: &Geometry, drawn: &[Vec<Coord>], zoom: u8) -> f64 {
    let stretch = stretch(shape.bounds());
    let place = |at: Coord| (f64::from(at.lon), f64::from(at.lat) * stretch);
    let aside = |at: Coord, (a, b): Edge| {
        let (p, a, b) = (place(at), place(a), place(b));
        let (edge, way) = ((b.0 - a.0, b.1 - a.1), (p.0 - a.0, p.1 - a.1));
        let length = edge.0 * edge.0 + edge.1 * edge.1;
        let along = ((way.0 * edge.0 + way.1 * edge.1) / length.max(1.0)).clamp(0.0, 1.0);
        (way.0 - along * edge.0).hypot(way.1 - along * edge.1)
    };
    let near = |at| {
        let all = edges(drawn).map(|edge| aside(at, edge));
        all.fold(f64::INFINITY, f64::min)
    };
    shape.coords().map(near).fold(0.0, f64::max) * units_per_step(zoom)
}

/// Everything that is asked of what a zoom draws.
fn check(levels: &[LayerSnapshot], zoom: u8) {
    let mut all = Vec::new();
    for shape in levels.iter().flat_map(|level| drawn(level, zoom)) {
        let rings = rings(shape, zoom);
        for (ring, run) in rings.iter().zip(shape.runs()) {
            // A hole or a part that is a speck may be less.
            let bounds = Bounds::around(run).unwrap();
            assert!(
                ring.len() > 2 || side(bounds, zoom) < 8.0,
                "zoom {zoom}: {ring:?}"
            );
        }
        let far = farthest(shape, &rings, zoom);
        assert!(far <= 6.0, "zoom {zoom}: {far}");
        all.extend(edges(&rings).filter(|(a, b)| a != b));
    }
    check_apart(&apart(all.into_iter()), zoom);
    for pair in levels.windows(2) {
        let shapes = |level: &LayerSnapshot| drawn(level, zoom).count() == level.count();
        if shapes(&pair[0]) && shapes(&pair[1]) {
            let [above, below] =
                [&pair[0], &pair[1]].map(|level| outline(drawn(level, zoom), zoom));
            let differ: Vec<_> = above.symmetric_difference(&below).collect();
            assert!(differ.is_empty(), "zoom {zoom}: {differ:?}");
        }
    }
}

#[test]
fn borders_do_not_cross_at_any_zoom_and_children_fill_their_parents_edge_by_edge() {
    for from in [[0, 6, 8, 10, 12], [0; 5]] {
        let levels = levels(National::of_lattice(80, 48), from);
        (0..=15).for_each(|zoom| check(&levels, zoom));
    }
}

#[test]
fn borders_as_rough_as_can_be_do_not_cross_either() {
    for seed in 0..6 {
        let board = rough::Board::grown(40, 24, 30_000, seed);
        let levels = shared([
            (0, board.polygons(6)),
            (u8::try_from(seed).unwrap() * 2, board.polygons(1)),
        ]);
        (0..=15).for_each(|zoom| check(&levels, zoom));
    }
}

#[test]
fn what_is_drawn_at_a_zoom_does_not_depend_on_the_number_of_threads_or_the_order_of_the_layers() {
    let national = National::of_lattice(20, 16);
    let drawn = |threads, turned: bool| {
        let mut levels = levels(national, [0; 5]);
        if turned {
            levels.reverse();
        }
        LayerSnapshot::share(&mut levels, threads);
        let levels = simplified(levels, threads);
        let shapes = levels.iter().flat_map(LayerSnapshot::features);
        let all =
            shapes.map(|feature| (0..15).map(|zoom| rings(&feature.geometry, zoom)).collect());
        all.collect::<Vec<Vec<_>>>()
    };
    let one = drawn(1, false);
    assert!(one == drawn(3, false) && one == drawn(2, true));
}

#[test]
fn low_zooms_need_a_small_part_of_the_vertices() {
    let levels = levels(National::of_lattice(80, 48), [0, 6, 8, 10, 12]);
    let count = |zoom: u8| {
        let shapes = levels.iter().flat_map(|level| drawn(level, zoom));
        shapes
            .map(|shape| rings(shape, zoom).concat().len())
            .sum::<usize>()
    };
    let county = |zoom| {
        let shapes = drawn(&levels[0], zoom);
        shapes
            .map(|shape| rings(shape, zoom).concat().len())
            .sum::<usize>()
    };
    assert!(county(5) * 30 < county(15), "{} {}", county(5), county(15));
    assert!(count(5) < 200, "{}", count(5));
}

#[test]
fn a_service_knows_how_borders_are_simplified_when_it_opens_a_store_and_after_a_layer_was_read_anew()
 {
    let (_folder, path) = county_store();
    let app = App::open(&path).unwrap();
    assert!(app.snapshot().is_simplified());
    let shapes = |app: &App| {
        let snapshot = app.snapshot();
        let layer = &snapshot.layers[&name("base.grid")];
        layer
            .features()
            .iter()
            .all(|grid| grid.geometry.first_zooms().is_some())
    };
    assert!(shapes(&app));
    let mut store = Store::open(&path).unwrap();
    let layer = app.snapshot().layers[&name("base.grid")].layer().clone();
    let features: Vec<Feature> = app.snapshot().layers[&name("base.grid")]
        .features()
        .iter()
        .cloned()
        .collect();
    let change = store.change().unwrap();
    change
        .put_features(&layer, &put(Mode::Replace), &features)
        .unwrap();
    change.commit().unwrap();
    app.follow().unwrap();
    assert!(app.snapshot().is_simplified() && shapes(&app));
}

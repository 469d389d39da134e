//! Layers to draw, tiles read back by fast-mvt, and a second way to do web mercator.

use std::f64::consts::PI;

use fast_mvt::{MvtFeature, MvtGeometry, MvtLayer, MvtReaderRef};
use geo::algorithm::{Area, Validation};
use geo::{Coord as Xy, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;
use wangge::model::{
    Access, Clustering, Coord, Feature, FeatureId, Geometry, GeometryKind, Layer, LonLat, Look,
    Run, Time, Title, Validity, Zooms,
};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileAddress, TileOptions, tile};

/// Units of a tile's side, and of the default buffer.
pub(crate) const SIDE: f64 = 4096.0;
pub(crate) const BUFFER: f64 = 64.0;

pub(crate) fn now() -> Time {
    Time::from_millis(0)
}

pub(crate) fn layer(name: &str, geometry: GeometryKind) -> Layer {
    Layer {
        name: name.parse().unwrap(),
        title: Title::default(),
        geometry,
        fields: Vec::new(),
        zooms: Zooms { min: 0, max: 24 },
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: false,
    }
}

pub(crate) fn feature(id: i64, geometry: Geometry) -> Feature {
    Feature {
        id: FeatureId(id),
        code: None,
        name: None,
        parent: None,
        validity: Validity::ALWAYS,
        geometry,
        values: Box::default(),
    }
}

/// A layer named `grid` with these shapes, numbered from 1.
pub(crate) fn snapshot(shapes: Vec<Geometry>) -> LayerSnapshot {
    snapshot_to(24, shapes)
}

/// The same with a last zoom: there what is smaller than a pixel is drawn as what it is too.
pub(crate) fn snapshot_to(last: u8, shapes: Vec<Geometry>) -> LayerSnapshot {
    let kind = shapes.first().map_or(GeometryKind::Polygon, Geometry::kind);
    let features = (1..).zip(shapes).map(|(id, shape)| feature(id, shape));
    let zooms = Zooms { min: 0, max: last };
    let layer = Layer {
        zooms,
        ..layer("grid", kind)
    };
    LayerSnapshot::build(layer, 1, features)
}

pub(crate) fn bytes(snapshot: &LayerSnapshot, address: TileAddress) -> Option<Vec<u8>> {
    let options = TileOptions::default();
    tile(&[snapshot], address, now(), Access::LOCAL, &options).unwrap()
}

/// The features of the only layer; none where the tile is empty.
pub(crate) fn drawn(snapshot: &LayerSnapshot, address: TileAddress) -> Vec<MvtFeature> {
    let Some(bytes) = bytes(snapshot, address) else {
        return Vec::new();
    };
    let mut layers = read(&bytes);
    assert_eq!(layers.len(), 1);
    layers.remove(0).features
}

/// The layers of a tile, after a check of what fast-mvt lets pass: the version and the grammar of the commands.
pub(crate) fn read(bytes: &[u8]) -> Vec<MvtLayer> {
    let reader = MvtReaderRef::new(bytes).unwrap();
    for layer in &reader.to_proto().unwrap().layers {
        assert_eq!((layer.version, layer.extent), (2, Some(4096)));
        for feature in &layer.features {
            check_commands(
                feature.r#type.map_or(0, |kind| kind as i32),
                &feature.geometry,
            );
        }
    }
    reader.to_tile().unwrap().layers
}

/// MVT 2.1, 4.3.4: what may follow what, and no step without a move.
fn check_commands(kind: i32, stream: &[u32]) {
    let mut rest = stream;
    let mut next = |command: u32, counts: std::ops::RangeInclusive<u32>| {
        let head = rest[0];
        assert_eq!(head & 7, command, "{stream:?}");
        assert!(counts.contains(&(head >> 3)), "{stream:?}");
        let steps = if command == 7 {
            0
        } else {
            2 * (head >> 3) as usize
        };
        let (parameters, tail) = rest[1..].split_at(steps);
        if command == 2 {
            assert!(
                parameters.chunks(2).all(|step| step != [0, 0]),
                "{stream:?}"
            );
        }
        rest = tail;
        rest.is_empty()
    };
    loop {
        let done = match kind {
            1 => next(1, 1..=u32::MAX),
            2 => {
                next(1, 1..=1);
                next(2, 1..=u32::MAX)
            }
            _ => {
                next(1, 1..=1);
                next(2, 2..=u32::MAX);
                next(7, 1..=1)
            }
        };
        if done {
            return;
        }
    }
}

/// A feature's polygons as the reader grouped them.
pub(crate) fn polygons(geometry: &MvtGeometry) -> MultiPolygon<f64> {
    let ring = |ring: &LineString<i32>| ring.0.iter().map(|at| (at.x, at.y)).collect::<Vec<_>>();
    let exact = |ring: Vec<(i32, i32)>| -> LineString<f64> {
        ring.into_iter()
            .map(|(x, y)| (f64::from(x), f64::from(y)))
            .collect()
    };
    let polygon = |polygon: &Polygon<i32>| {
        let holes = polygon.interiors().iter().map(|hole| exact(ring(hole)));
        Polygon::new(exact(ring(polygon.exterior())), holes.collect())
    };
    match geometry {
        MvtGeometry::Polygon(one) => MultiPolygon(vec![polygon(one)]),
        MvtGeometry::MultiPolygon(many) => many.iter().map(polygon).collect(),
        other => panic!("no polygon: {other:?}"),
    }
}

/// All polygons of the tile, checked one feature at a time: valid by geo, outer rings positive, holes negative. Points, which
/// stand for what leaves nothing, are left out.
pub(crate) fn checked(snapshot: &LayerSnapshot, address: TileAddress) -> Vec<MultiPolygon<f64>> {
    let mut features = drawn(snapshot, address);
    features.retain(|feature| !matches!(feature.geometry, MvtGeometry::Point(_)));
    let shapes = features.iter().map(|feature| {
        let shape = polygons(&feature.geometry);
        if let Err(error) = shape.check_validation() {
            panic!("{error}: {shape:?}");
        }
        for polygon in &shape {
            assert!(ring_area(polygon.exterior()) > 0.0, "{polygon:?}");
            assert!(polygon.interiors().iter().all(|hole| ring_area(hole) < 0.0));
        }
        shape
    });
    shapes.collect()
}

fn ring_area(ring: &LineString<f64>) -> f64 {
    let edges = ring.lines();
    edges
        .map(|edge| edge.start.x * edge.end.y - edge.end.x * edge.start.y)
        .sum()
}

pub(crate) fn area(shapes: &[MultiPolygon<f64>]) -> f64 {
    shapes.iter().map(Area::unsigned_area).sum()
}

fn count(address: TileAddress) -> f64 {
    2f64.powi(i32::from(address.z()))
}

/// The lattice point nearest to a place given in tile units from the tile's north-west corner.
pub(crate) fn lattice(address: TileAddress, (x, y): (f64, f64)) -> Coord {
    let east = (f64::from(address.x()) + x / SIDE) / count(address);
    let south = (f64::from(address.y()) + y / SIDE) / count(address);
    let lat = 2.0 * (PI * (1.0 - 2.0 * south)).exp().atan() - PI / 2.0;
    let lon = (east * 360.0 - 180.0).clamp(-180.0, 180.0);
    Coord::snap(LonLat::new(lon, lat.to_degrees())).unwrap()
}

/// The place of a lattice point in tile units, not rounded.
pub(crate) fn exact(address: TileAddress, at: Coord) -> Xy<f64> {
    let LonLat { lon, lat } = at.degrees();
    let east = (lon + 180.0) / 360.0 * count(address);
    let south = (1.0 - (PI / 4.0 + lat.to_radians() / 2.0).tan().ln() / PI) / 2.0 * count(address);
    Xy {
        x: (east - f64::from(address.x())) * SIDE,
        y: (south - f64::from(address.y())) * SIDE,
    }
}

/// A polygon geometry in exact tile units.
pub(crate) fn exact_polygons(address: TileAddress, geometry: &Geometry) -> MultiPolygon<f64> {
    let polygon = |rings: Vec<LineString<f64>>| {
        let mut rings = rings.into_iter();
        Polygon::new(rings.next().unwrap(), rings.collect())
    };
    let ring = |ring: Run<'_>| ring.map(|at| exact(address, at)).collect();
    geometry
        .parts()
        .map(|part| polygon(part.map(ring).collect()))
        .collect()
}

/// Tiles in the middle latitudes, at zooms where a tile unit is at least some lattice steps.
pub(crate) fn addresses() -> impl Strategy<Value = TileAddress> {
    (4..=17u8, 0.1..0.9f64, 0.3..0.7f64).prop_map(|(z, east, south)| {
        let index = |share: f64| (share * 2f64.powi(i32::from(z))) as u32;
        TileAddress::new(z, index(east), index(south)).unwrap()
    })
}

/// The parts of a polygon, each a list of rings, in tile units.
pub(crate) type Shape = Vec<Vec<Vec<(f64, f64)>>>;

/// One star: corners by angle, radii from 0.2 to 1.
fn star() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec(0.2..1.0f64, 3..24).prop_map(|radii| {
        let step = 2.0 * PI / radii.len() as f64;
        let corners = radii.iter().enumerate();
        corners
            .map(|(index, radius)| {
                let (sin, cos) = (index as f64 * step).sin_cos();
                (radius * cos, radius * sin)
            })
            .collect()
    })
}

/// Stars in tile units: with holes or not, in one or two parts, squeezed to slivers or not, from half a unit to 16 tiles.
pub(crate) fn shapes() -> impl Strategy<Value = Shape> {
    let squeeze = prop_oneof![Just(1.0), Just(0.3), Just(0.01), Just(0.001)];
    let size = (-1.0..16.0f64).prop_map(f64::exp2);
    let place = (-1500.0..5600.0f64, -1500.0..5600.0f64);
    let parts = prop::collection::vec((star(), prop::option::of(star())), 1..3);
    (parts, size, squeeze, 0.0..PI, place).prop_map(|(parts, size, squeeze, turn, (x, y))| {
        let (sin, cos) = turn.sin_cos();
        let put = |scale: f64, part: usize, ring: Vec<(f64, f64)>| -> Vec<(f64, f64)> {
            let moved = ring.into_iter().map(|(a, b)| {
                let (a, b) = (a * scale + 2.2 * part as f64, b * scale * squeeze);
                (
                    x + size * (a * cos - b * sin),
                    y + size * (a * sin + b * cos),
                )
            });
            moved.collect()
        };
        let part = |(index, (outer, hole)): (usize, (_, Option<_>))| {
            let mut rings = vec![put(1.0, index, outer)];
            // Radii are at least 0.2 of the size, chords between 3 corners pass the centre at a tenth.
            rings.extend(hole.map(|hole| put(0.08, index, hole)));
            rings
        };
        parts.into_iter().enumerate().map(part).collect()
    })
}

/// The geometry of a shape in tile units; `None` where the lattice leaves a ring without area.
pub(crate) fn geometry(address: TileAddress, shape: &Shape) -> Option<Geometry> {
    let ring = |ring: &Vec<(f64, f64)>| ring.iter().map(|&at| lattice(address, at)).collect();
    let part = |part: &Vec<Vec<_>>| part.iter().map(ring).collect();
    Geometry::polygons(shape.iter().map(part).collect::<Vec<_>>()).ok()
}

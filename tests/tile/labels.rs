//! Labels: one a feature, in the one tile that holds it, on the feature.

use std::collections::BTreeMap;

use fast_mvt::{MvtGeometry, MvtValue};
use geo::algorithm::Intersects;
use geo::{Coord as Xy, Rect};
use proptest::prelude::*;
use wangge::model::{Access, Coord, Feature, Geometry, GeometryKind, Layer, Zooms};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileAddress, TileOptions, tile, tile_json};

use super::clusters::{coord, tiles};
use super::support::{Shape, feature, geometry, lattice, layer, now, read, shapes};

/// The labels of a layer in a tile: id, place and rank.
fn labels(layer: &LayerSnapshot, address: TileAddress) -> Vec<(u64, (i32, i32), i64)> {
    let options = TileOptions {
        labels: &[layer],
        ..TileOptions::default()
    };
    let Some(bytes) = tile(&[], address, now(), Access::LOCAL, &options).unwrap() else {
        return Vec::new();
    };
    let mut layers = read(&bytes);
    assert_eq!(layers.len(), 1);
    assert_eq!(layers[0].name, format!("{}.label", layer.layer().name));
    let features = layers.remove(0).features.into_iter();
    let label = features.map(|one| {
        let MvtGeometry::Point(at) = &one.geometry else {
            panic!("{:?}", one.geometry)
        };
        let rank = one.properties.iter().find_map(|(key, value)| match value {
            MvtValue::Int(number) if key == "rank" => Some(*number),
            _ => None,
        });
        (one.id.unwrap(), (at.x(), at.y()), rank.unwrap())
    });
    label.collect()
}

fn grids(last: u8, shapes: Vec<Geometry>) -> LayerSnapshot {
    let kind = shapes.first().map_or(GeometryKind::Polygon, Geometry::kind);
    let features = (1..).zip(shapes).map(|(id, shape)| feature(id, shape));
    let zooms = Zooms { min: 0, max: last };
    let definition = Layer {
        zooms,
        ..layer("base.grid", kind)
    };
    LayerSnapshot::build(definition, 1, features)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_feature_has_one_label_over_all_tiles_of_the_last_zoom_and_it_stands_on_the_feature(
        shapes in prop::collection::vec(shapes(), 1..6), zoom in 4..15u8,
    ) {
        let about = TileAddress::new(zoom, (1 << zoom) * 5 / 6, (1 << zoom) * 2 / 5).unwrap();
        let shapes: Vec<Geometry> = shapes.iter().filter_map(|shape| geometry(about, shape)).collect();
        let built = grids(zoom, shapes.clone());
        let mut found: BTreeMap<u64, usize> = BTreeMap::new();
        let Some(bounds) = built.bounds() else { return Ok(()) };
        let ends: Vec<TileAddress> = tiles(zoom, [bounds.min, bounds.max]).into_iter().collect();
        let range = |part: fn(&TileAddress) -> u32| {
            ends.iter().map(part).min().unwrap()..=ends.iter().map(part).max().unwrap()
        };
        let (columns, rows) = (range(|at| at.x()), range(|at| at.y()));
        prop_assume!(columns.clone().count() * rows.clone().count() < 1500);
        let all = columns.flat_map(|x| rows.clone().map(move |y| (x, y)));
        for address in all.map(|(x, y)| TileAddress::new(zoom, x, y).unwrap()) {
            for (id, (x, y), _) in labels(&built, address) {
                prop_assert!((0..4096).contains(&x) && (0..4096).contains(&y));
                *found.entry(id).or_default() += 1;
                // The unit in which the label lies, and a lattice step around it.
                let corner = |x: i32, y: i32| lattice(address, (f64::from(x), f64::from(y))).degrees();
                let (from, to) = (corner(x, y), corner(x + 1, y + 1));
                let step = 1e-7;
                let unit = Rect::new(
                    Xy { x: from.lon - step, y: to.lat - step },
                    Xy { x: to.lon + step, y: from.lat + step },
                );
                let shape = shapes[id as usize - 1].to_geo();
                prop_assert!(shape.intersects(&unit.to_polygon()), "{} of {:?}", id, shape);
            }
        }
        let each = (1..).take(shapes.len()).map(|id| (id, 1));
        prop_assert_eq!(found, each.collect());
    }

    #[test]
    fn a_label_keeps_its_place_from_zoom_to_zoom_and_none_is_in_two_tiles(
        corners in prop::collection::vec((coord(), 200_000..9_000_000i32), 1..8),
    ) {
        let square = |(at, side): (Coord, i32)| {
            let lon = at.lon.min(1_700_000_000);
            let lat = at.lat.clamp(-800_000_000, 800_000_000);
            let ring = [(0, 0), (side, 0), (side, side), (0, side)];
            let ring = ring.map(|(east, north)| Coord { lon: lon + east, lat: lat + north });
            Geometry::polygons([vec![ring.to_vec()]]).unwrap()
        };
        let shapes: Vec<Geometry> = corners.into_iter().map(square).collect();
        let built = grids(14, shapes.clone());
        let mut before: BTreeMap<u64, (u32, u32)> = BTreeMap::new();
        for zoom in 0..=12 {
            let mut now: BTreeMap<u64, (u32, u32)> = BTreeMap::new();
            let middles = shapes.iter().map(|shape| {
                let bounds = shape.bounds();
                Coord {
                    lon: bounds.min.lon.midpoint(bounds.max.lon),
                    lat: bounds.min.lat.midpoint(bounds.max.lat),
                }
            });
            for address in tiles(zoom, middles) {
                for (id, ..) in labels(&built, address) {
                    prop_assert!(now.insert(id, (address.x(), address.y())).is_none());
                }
            }
            for (id, (x, y)) in &before {
                let (deeper_x, deeper_y) = now[id];
                prop_assert_eq!((deeper_x / 2, deeper_y / 2), (*x, *y));
            }
            before = now;
        }
        prop_assert_eq!(before.len(), shapes.len());
    }
}

#[test]
fn a_larger_grid_has_a_lower_rank_and_one_too_small_for_a_label_none() {
    let address = TileAddress::new(10, 832, 419).unwrap();
    let square = |side: f64| -> Shape {
        vec![vec![vec![
            (100.0, 100.0),
            (100.0 + side, 100.0),
            (100.0 + side, 100.0 + side),
            (100.0, 100.0 + side),
        ]]]
    };
    let shapes =
        [2000.0, 1000.0, 300.0, 200.0].map(|side| geometry(address, &square(side)).unwrap());
    let found = labels(&grids(14, shapes.to_vec()), address);
    let ids: Vec<u64> = found.iter().map(|(id, ..)| *id).collect();
    assert_eq!(ids, [1, 2, 3]);
    // Half as long is a zoom later: four quarters.
    assert_eq!(found[1].2 - found[0].2, 4);
    assert!(found[2].2 > found[1].2);
}

#[test]
fn lines_and_points_have_labels_too_and_points_that_are_gathered_none() {
    let address = TileAddress::new(10, 832, 419).unwrap();
    let at = |x: f64, y: f64| lattice(address, (x, y));
    let lane = Geometry::lines([vec![at(100.0, 700.0), at(1100.0, 700.0)]]).unwrap();
    let found = labels(&grids(14, vec![lane]), address);
    assert_eq!((found.len(), found[0].1.0), (1, 600));
    let spots = |count| (0..count).map(|n| Geometry::points([at(f64::from(n % 60), 9.5)]).unwrap());
    let few = labels(&grids(14, spots(3).collect()), address);
    assert_eq!(few.len(), 3);
    let many = grids(14, spots(5000).collect());
    assert_eq!(labels(&many, address).len(), 0);
}

#[test]
fn labels_stand_beside_other_layers_and_tile_json_names_them() {
    let address = TileAddress::new(10, 832, 419).unwrap();
    let shape: Shape = vec![vec![vec![(0.0, 0.0), (900.0, 0.0), (900.0, 900.0)]]];
    let mut named = feature(7, geometry(address, &shape).unwrap());
    named.code = Some("511526".into());
    named.name = Some("珙县".into());
    named.parent = Some("5115".into());
    let named: Feature = named;
    let built = LayerSnapshot::build(layer("base.grid", GeometryKind::Polygon), 1, vec![named]);
    let options = TileOptions {
        labels: &[&built],
        ..TileOptions::default()
    };
    let bytes = tile(&[&built], address, now(), Access::LOCAL, &options);
    let layers = read(&bytes.unwrap().unwrap());
    let names: Vec<&str> = layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["base.grid", "base.grid.label"]);
    let keys = layers[1].features[0]
        .properties
        .iter()
        .map(|(key, _)| key.as_str());
    assert_eq!(keys.collect::<Vec<_>>(), ["code", "name", "rank"]);
    let document = tile_json(&[], &[&built], "{z}", Access::LOCAL);
    let described = &document["vector_layers"][0];
    assert_eq!(described["id"], "base.grid.label");
    assert_eq!(described["fields"]["rank"], "Number");
    assert_eq!(document["bounds"].as_array().unwrap().len(), 4);
}

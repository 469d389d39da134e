//! A store that other programs have written to: a row is a feature or a fault, and a feature comes back as it was read.

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestError, TestRunner};
use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use wangge::model::{Feature, FieldKind, Geometry, GeometryKind, Layer, LayerName};
use wangge::store::{Mode, Store, StoreError};

use super::binary::{Binary, binary};
use super::{Damage, damage, damaged, text_of};
use crate::support::{at, field, grid, layer};

/// Geometries as the store itself writes them: points, lines, a holed polygon with an island.
fn own_blobs(path: &Path) -> Vec<Vec<u8>> {
    let outer = vec![at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0)];
    let hole = vec![at(0.2, 0.2), at(0.4, 0.2), at(0.4, 0.4)];
    let island = vec![at(2.0, 2.0), at(3.0, 2.0), at(3.0, 3.0)];
    let shapes = [
        Geometry::points([at(0.0, 0.0), at(1.0, 1.0)]).unwrap(),
        Geometry::lines([vec![at(0.0, 0.0), at(1.0, 1.0)], outer.clone()]).unwrap(),
        Geometry::polygons([vec![outer, hole], vec![island]]).unwrap(),
    ];
    let mut store = Store::open_or_create(path).unwrap();
    for shape in &shapes {
        write(
            &mut store,
            &table(shape.kind()),
            &[grid("1", None, shape.clone())],
        );
    }
    let plain = Connection::open(path).unwrap();
    let blob = |kind| {
        let statement = format!("SELECT geom FROM \"{}\"", table(kind).name);
        plain.query_row(&statement, [], |row| row.get(0)).unwrap()
    };
    KINDS.map(blob).to_vec()
}

const KINDS: [GeometryKind; 3] = [
    GeometryKind::Point,
    GeometryKind::Line,
    GeometryKind::Polygon,
];
const FIELDS: [FieldKind; 5] = [
    FieldKind::Text,
    FieldKind::Integer,
    FieldKind::Real,
    FieldKind::Boolean,
    FieldKind::Time,
];

/// A layer of that geometry without fields, for blobs only.
fn table(kind: GeometryKind) -> Layer {
    layer(&format!("{kind:?}"), kind, vec![])
}

/// A layer of that geometry with a field of each kind.
fn full(kind: GeometryKind, name: &str) -> Layer {
    let fields = FIELDS.map(|kind| field(&format!("{kind:?}"), kind));
    layer(&format!("{name}.{kind:?}"), kind, fields.to_vec())
}

fn write(store: &mut Store, layer: &Layer, features: &[Feature]) {
    let change = store.change().unwrap();
    change.define_layer(layer).unwrap();
    change
        .put_features(layer, &crate::support::put(Mode::Replace), features)
        .unwrap();
    change.commit().unwrap();
}

/// What another program may leave in a column.
fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Null),
        any::<i64>().prop_map(Cell::Integer),
        any::<f64>().prop_map(Cell::Real),
        (0..4_i64).prop_map(Cell::Integer),
        text_of(&[
            "2026-01-31",
            "T08:00:00Z",
            "T00:00:00.000+08:00",
            "0000-01-01",
            "9999-12-30",
            "1",
            ".5",
            "是",
            "true",
            " ",
            "NaN"
        ])
        .prop_map(Cell::Text),
        prop::collection::vec(any::<u8>(), 0..6).prop_map(Cell::Blob),
    ]
}

#[derive(Clone, Debug)]
enum Blob {
    /// One of the store's own, damaged.
    Own(prop::sample::Index, Vec<Damage>),
    /// A header and well-known binary.
    Made(Binary),
    Any(Vec<u8>),
}

fn blob() -> impl Strategy<Value = Blob> {
    let own = (
        any::<prop::sample::Index>(),
        prop::collection::vec(damage(), 0..3),
    );
    prop_oneof![
        2 => own.prop_map(|(own, damages)| Blob::Own(own, damages)),
        3 => binary().prop_map(Blob::Made),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Blob::Any),
    ]
}

impl Blob {
    fn bytes(&self, own: &[Vec<u8>]) -> Vec<u8> {
        match self {
            Self::Own(which, damages) => damaged(&own[which.index(own.len())], damages),
            Self::Made(binary) => [b"GP\0\x01\xe6\x10\0\0".to_vec(), binary.bytes()].concat(),
            Self::Any(bytes) => bytes.clone(),
        }
    }
}

/// Puts rows into a layer's table past the store.
fn put(plain: &Connection, name: &LayerName, rows: &[(Vec<u8>, Vec<Cell>)]) {
    plain
        .execute(&format!("DELETE FROM \"{name}\""), [])
        .unwrap();
    let statement = format!(
        "INSERT INTO \"{name}\" (geom, code, name, parent, valid_from, valid_to, Text, Integer, Real, Boolean, Time)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    );
    let mut insert = plain.prepare_cached(&statement).unwrap();
    for (geometry, cells) in rows {
        let cells = std::iter::once(Cell::Blob(geometry.clone())).chain(cells.iter().cloned());
        insert.execute(rusqlite::params_from_iter(cells)).unwrap();
    }
}

/// Reads the rows; each is a feature or a fault, and the features come back from another layer as they were read.
fn check(store: &mut Store, kind: GeometryKind, rows: usize) -> Result<(), TestCaseError> {
    let (features, faults) = store
        .read()
        .unwrap()
        .features(&full(kind, "foreign"))
        .unwrap();
    prop_assert_eq!(features.len() + faults.len(), rows);
    for fault in faults {
        prop_assert!(!fault.reason.is_empty());
    }
    let again = full(kind, "again");
    write(store, &again, &features);
    let (mut back, faults) = store.read().unwrap().features(&again).unwrap();
    prop_assert!(faults.is_empty(), "{:?}", faults);
    for (feature, read) in back.iter_mut().zip(&features) {
        feature.id = read.id;
    }
    prop_assert_eq!(back, features);
    Ok(())
}

/// What fails is written out by the test itself.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

#[test]
fn any_row_of_another_program_is_a_feature_that_comes_back_or_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("foreign.gpkg");
    let own = own_blobs(&path);
    let mut store = Store::open(&path).unwrap();
    let plain = Connection::open(&path).unwrap();
    for connection in ["foreign", "again"] {
        for kind in KINDS {
            write(&mut store, &full(kind, connection), &[]);
        }
    }
    let row = (blob(), prop::collection::vec(cell(), 10));
    let rows = (0..KINDS.len(), prop::collection::vec(row, 1..12));
    let mut runner = TestRunner::new(config(192));
    let store = std::cell::RefCell::new(store);
    let outcome = runner.run(&rows, |(kind, rows)| {
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(blob, cells)| (blob.bytes(&own), cells))
            .collect();
        put(&plain, &full(KINDS[kind], "foreign").name, &rows);
        check(&mut store.borrow_mut(), KINDS[kind], rows.len())
    });
    if let Err(TestError::Fail(reason, rows)) = outcome {
        panic!("{reason}: {rows:?}");
    }
    outcome.unwrap();
}

#[test]
fn every_layer_name_is_a_table_of_the_store_or_refused_for_one_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_or_create(&folder.path().join("names.gpkg")).unwrap();
    let camera = layer("camera", GeometryKind::Point, vec![]);
    write(&mut store, &camera, &[]);
    let change = store.change().unwrap();
    let taken = change.define_layer(&layer("CAMERA", GeometryKind::Point, vec![]));
    assert!(
        matches!(&taken, Err(StoreError::NameTaken { taken, .. }) if taken == "camera"),
        "{taken:?}"
    );
    drop(change);
    let words = text_of(&[
        "a", "网格", ".", "_", "-", "base", "select", "camera", "İ", "ß", "K",
    ]);
    let store = std::cell::RefCell::new(store);
    let mut runner = TestRunner::new(config(64));
    let outcome = runner.run(&words, |text| {
        if let Ok(name) = text.parse::<LayerName>() {
            let layer = Layer {
                name,
                ..camera.clone()
            };
            let mut store = store.borrow_mut();
            let change = store.change().unwrap();
            match change.define_layer(&layer) {
                Ok(()) => prop_assert_eq!(change.stored(&layer.name).unwrap(), Some(layer)),
                Err(error) => {
                    prop_assert!(matches!(error, StoreError::NameTaken { .. }), "{}", error);
                }
            }
        }
        Ok(())
    });
    outcome.unwrap();
}

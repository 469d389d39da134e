//! The embedded store through its public face, and through GDAL as a second reader.

use crate::support::{at, base_scheme, county_store, field, grid, layer, put, rectangle, time};
use gdal::vector::LayerAccess;
use wangge::model::{Feature, FieldKind, Geometry, GeometryKind, Layer, Validity, Value};
use wangge::store::{Mode, Store, StoreError};

fn new_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(&folder.path().join("new.gpkg")).unwrap();
    (folder, store)
}

fn bring(store: &mut Store, layer: &Layer, mode: Mode, features: &[Feature]) -> u64 {
    let change = store.change().unwrap();
    change.define_layer(layer).unwrap();
    change.put_features(layer, &put(mode), features).unwrap();
    change.commit().unwrap()
}

fn features(store: &mut Store, layer: &Layer) -> Vec<Feature> {
    let (features, faults) = store.read().unwrap().features(layer).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    features
}

#[test]
fn features_of_every_geometry_and_value_come_back_as_they_were_written() {
    let (_folder, mut store) = new_store();
    let kinds = [
        FieldKind::Text,
        FieldKind::Integer,
        FieldKind::Real,
        FieldKind::Boolean,
        FieldKind::Time,
    ];
    let fields: Vec<_> = kinds
        .iter()
        .map(|kind| field(&format!("{kind:?}"), *kind))
        .collect();
    let values = [
        Value::Text("网格 \"一\"".into()),
        Value::Integer(i64::MIN),
        Value::Real(0.1 + 0.2),
        Value::Boolean(true),
        Value::Time(time("2026-01-31T08:00:00+08:00")),
    ];
    let hole = vec![at(0.2, 0.2), at(0.4, 0.2), at(0.4, 0.4)];
    let outer = vec![at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0)];
    let island = vec![at(2.0, 2.0), at(3.0, 2.0), at(3.0, 3.0)];
    let shapes = [
        (
            "points",
            Geometry::points([at(0.0, 0.0), at(1.0, 1.0)]).unwrap(),
        ),
        (
            "lines",
            Geometry::lines([vec![at(0.0, 0.0), at(1.0, 1.0), at(2.0, 0.0)]]).unwrap(),
        ),
        (
            "areas",
            Geometry::polygons([vec![outer, hole], vec![island]]).unwrap(),
        ),
    ];
    for (layer_name, geometry) in shapes {
        let layer = layer(layer_name, geometry.kind(), fields.clone());
        let full = Feature {
            geometry,
            values: values.clone().into(),
            ..grid("1", Some("0"), rectangle(0.0, 0.0, 1.0, 1.0))
        };
        let empty = Feature {
            code: None,
            name: None,
            parent: None,
            values: vec![Value::Null; 5].into(),
            ..full.clone()
        };
        bring(
            &mut store,
            &layer,
            Mode::Upsert,
            &[full.clone(), empty.clone()],
        );
        let read = features(&mut store, &layer);
        let bare = |feature: &Feature| Feature {
            id: full.id,
            ..feature.clone()
        };
        assert_eq!(
            read.iter().map(bare).collect::<Vec<_>>(),
            [full.clone(), empty]
        );
        assert!(read[0].id < read[1].id);
    }
}

#[test]
fn a_change_that_is_not_committed_leaves_nothing() {
    let (_folder, path) = county_store();
    let mut store = Store::open(&path).unwrap();
    let before = store.read().unwrap().version().unwrap();
    let layer = layer("base.county", GeometryKind::Polygon, vec![]);
    let change = store.change().unwrap();
    change
        .put_features(&layer, &put(Mode::Replace), &[])
        .unwrap();
    change.remove_scheme("base").unwrap();
    drop(change);
    let reader = store.read().unwrap();
    assert_eq!(reader.version().unwrap(), before);
    assert_eq!(reader.schemes().unwrap(), [base_scheme()]);
    assert_eq!(reader.features(&layer).unwrap().0.len(), 1);
}

#[test]
fn an_undated_upsert_takes_the_place_of_the_feature_with_its_code_and_keeps_its_id_and_validity() {
    let (_folder, mut store) = new_store();
    let layer = layer("base.grid", GeometryKind::Polygon, vec![]);
    let from = Validity {
        from: Some(time("2026-01-01")),
        to: None,
    };
    bring(
        &mut store,
        &layer,
        Mode::Upsert,
        &[Feature {
            validity: from,
            ..grid("1", None, rectangle(0.0, 0.0, 1.0, 1.0))
        }],
    );
    let before = features(&mut store, &layer);
    bring(
        &mut store,
        &layer,
        Mode::Upsert,
        &[grid("1", None, rectangle(0.0, 0.0, 2.0, 2.0))],
    );
    let after = features(&mut store, &layer);
    assert_eq!(after.len(), 1);
    assert_eq!((after[0].id, after[0].validity), (before[0].id, from));
    assert_eq!(after[0].geometry, rectangle(0.0, 0.0, 2.0, 2.0));
}

#[test]
fn a_dated_upsert_ends_the_version_before_and_begins_where_it_says() {
    let (_folder, mut store) = new_store();
    let layer = layer("base.grid", GeometryKind::Polygon, vec![]);
    let (spring, summer) = (time("2026-03-01"), time("2026-06-01"));
    let dated = |from, width| Feature {
        validity: Validity { from, to: None },
        ..grid("1", None, rectangle(0.0, 0.0, width, 1.0))
    };
    bring(&mut store, &layer, Mode::Upsert, &[dated(None, 1.0)]);
    bring(
        &mut store,
        &layer,
        Mode::Upsert,
        &[dated(Some(summer), 3.0)],
    );
    // What begins in between ends where the later version, known already, begins.
    bring(
        &mut store,
        &layer,
        Mode::Upsert,
        &[dated(Some(spring), 2.0)],
    );
    let mut found: Vec<_> = features(&mut store, &layer)
        .into_iter()
        .map(|feature| (feature.validity.from, feature.validity.to, feature.geometry))
        .collect();
    found.sort_by_key(|(from, _, _)| *from);
    let expected = [
        (None, Some(spring), rectangle(0.0, 0.0, 1.0, 1.0)),
        (Some(spring), Some(summer), rectangle(0.0, 0.0, 2.0, 1.0)),
        (Some(summer), None, rectangle(0.0, 0.0, 3.0, 1.0)),
    ];
    assert_eq!(found, expected);
}

#[test]
fn replace_empties_the_layer_first_and_append_only_adds() {
    let (_folder, mut store) = new_store();
    let layer = layer("base.grid", GeometryKind::Polygon, vec![]);
    let one = || grid("1", None, rectangle(0.0, 0.0, 1.0, 1.0));
    bring(&mut store, &layer, Mode::Append, &[one(), one()]);
    assert_eq!(features(&mut store, &layer).len(), 2);
    bring(&mut store, &layer, Mode::Replace, &[one()]);
    assert_eq!(features(&mut store, &layer).len(), 1);
}

#[test]
fn fields_whose_names_collide_without_case_or_with_our_columns_are_kept_apart() {
    let (_folder, mut store) = new_store();
    let fields =
        ["FID", "fid", "Name", "name_", "geom", "a\"b"].map(|name| field(name, FieldKind::Text));
    let layer = layer("ugly", GeometryKind::Polygon, fields.to_vec());
    let values: Box<[Value]> = (0..6).map(|n| Value::Text(n.to_string().into())).collect();
    let feature = Feature {
        values: values.clone(),
        ..grid("1", None, rectangle(0.0, 0.0, 1.0, 1.0))
    };
    bring(&mut store, &layer, Mode::Upsert, &[feature]);
    assert_eq!(features(&mut store, &layer)[0].values, values);
}

#[test]
fn a_layer_may_gain_fields_but_not_change_their_kind_or_its_geometry() {
    let (_folder, mut store) = new_store();
    let narrow = layer(
        "a",
        GeometryKind::Polygon,
        vec![field("x", FieldKind::Integer)],
    );
    let one = Feature {
        values: Box::new([Value::Integer(7)]),
        ..grid("1", None, rectangle(0.0, 0.0, 1.0, 1.0))
    };
    bring(&mut store, &narrow, Mode::Upsert, &[one]);
    let wide = layer(
        "a",
        GeometryKind::Polygon,
        vec![field("y", FieldKind::Text), field("x", FieldKind::Integer)],
    );
    let change = store.change().unwrap();
    change.define_layer(&wide).unwrap();
    change.commit().unwrap();
    assert_eq!(
        *features(&mut store, &wide)[0].values,
        [Value::Null, Value::Integer(7)]
    );
    let other = layer(
        "a",
        GeometryKind::Polygon,
        vec![field("x", FieldKind::Text)],
    );
    let line = layer("a", GeometryKind::Line, vec![]);
    let change = store.change().unwrap();
    assert!(matches!(
        change.define_layer(&other),
        Err(StoreError::FieldKind { .. })
    ));
    assert!(matches!(
        change.define_layer(&line),
        Err(StoreError::GeometryKind { .. })
    ));
}

#[test]
fn what_is_no_store_or_a_newer_ones_is_refused_with_what_to_do_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = |file: &str| folder.path().join(file);
    assert!(matches!(
        Store::open(&path("absent.gpkg")),
        Err(StoreError::Missing { .. })
    ));
    assert!(!path("absent.gpkg").exists());

    std::fs::write(
        path("text.gpkg"),
        "not a database, only words that are long enough to be read as a header",
    )
    .unwrap();
    let error = Store::open(&path("text.gpkg")).unwrap_err();
    assert!(
        matches!(&error, StoreError::Unreadable { reason, .. } if reason.contains("no GeoPackage")),
        "{error}"
    );

    let foreign = rusqlite::Connection::open(path("foreign.gpkg")).unwrap();
    foreign.execute_batch("CREATE TABLE theirs (a)").unwrap();
    drop(foreign);
    let bytes = std::fs::read(path("foreign.gpkg")).unwrap();
    let error = Store::open_or_create(&path("foreign.gpkg")).unwrap_err();
    assert!(error.to_string().contains("wangge import"), "{error}");
    assert_eq!(std::fs::read(path("foreign.gpkg")).unwrap(), bytes);

    drop(Store::open_or_create(&path("newer.gpkg")).unwrap());
    let newer = rusqlite::Connection::open(path("newer.gpkg")).unwrap();
    newer
        .execute("UPDATE wangge_store SET schema = 99", [])
        .unwrap();
    drop(newer);
    let error = Store::open(&path("newer.gpkg")).unwrap_err();
    assert!(
        matches!(error, StoreError::Newer { found: 99, .. }),
        "{error}"
    );
}

#[test]
fn gdal_reads_the_store_as_a_geopackage_with_the_same_features_extents_and_staff() {
    let (_folder, path) = county_store();
    let dataset = gdal::Dataset::open(&path).unwrap();
    let mut grids = dataset.layer_by_name("base.grid").unwrap();
    assert_eq!(grids.feature_count(), 3);
    assert_eq!(grids.spatial_ref().unwrap().auth_code().unwrap(), 4326);
    let extent = grids.get_extent().unwrap();
    let (min, max) = (at(0.0, 0.0).degrees(), at(2.0, 2.0).degrees());
    let expected = [min.lon, max.lon, min.lat, max.lat];
    let found = [extent.MinX, extent.MaxX, extent.MinY, extent.MaxY];
    assert_eq!(found.map(f64::to_bits), expected.map(f64::to_bits));
    let codes: Vec<String> = grids
        .features()
        .map(|feature| {
            assert!(feature.geometry().unwrap().is_valid());
            let code = feature.field_index("code").unwrap();
            feature.field_as_string(code).unwrap().unwrap()
        })
        .collect();
    assert_eq!(codes, ["5115260102", "5115260101", "5115260201"]);
    assert_eq!(dataset.layer_by_name("camera").unwrap().feature_count(), 5);
    assert_eq!(dataset.layer_by_name("staff").unwrap().feature_count(), 2);
}

#[test]
fn a_row_that_another_program_broke_is_told_and_the_others_are_read() {
    let (_folder, path) = county_store();
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute(
            "UPDATE \"base.grid\" SET geom = x'00' WHERE code = '5115260101'",
            [],
        )
        .unwrap();
    drop(other);
    let mut store = Store::open(&path).unwrap();
    let layer = layer("base.grid", GeometryKind::Polygon, vec![]);
    let (features, faults) = store.read().unwrap().features(&layer).unwrap();
    assert_eq!((features.len(), faults.len()), (2, 1));
    assert_eq!(faults[0].table, "base.grid");
}

#[test]
fn a_correction_without_date_lands_on_the_version_of_now_and_a_retired_code_is_refused() {
    let (_folder, mut store) = new_store();
    let layer = layer("base.grid", GeometryKind::Polygon, vec![]);
    let held = |from: Option<&str>, to: Option<&str>, width| Feature {
        validity: Validity {
            from: from.map(time),
            to: to.map(time),
        },
        ..grid("1", None, rectangle(0.0, 0.0, width, 1.0))
    };
    bring(
        &mut store,
        &layer,
        Mode::Upsert,
        &[
            held(None, Some("2030-01-01"), 1.0),
            held(Some("2030-01-01"), None, 2.0),
        ],
    );
    bring(
        &mut store,
        &layer,
        Mode::Upsert,
        &[grid("1", None, rectangle(0.0, 0.0, 3.0, 1.0))],
    );
    let widths: Vec<_> = features(&mut store, &layer)
        .into_iter()
        .map(|feature| feature.geometry)
        .collect();
    assert_eq!(
        widths,
        [rectangle(0.0, 0.0, 3.0, 1.0), rectangle(0.0, 0.0, 2.0, 1.0)]
    );

    bring(
        &mut store,
        &layer,
        Mode::Replace,
        &[held(None, Some("2020-01-01"), 1.0)],
    );
    let change = store.change().unwrap();
    let error = change
        .put_features(&layer, &put(Mode::Upsert), &[held(None, None, 1.0)])
        .unwrap_err();
    assert!(
        matches!(&error, StoreError::Retired { code, .. } if code == "1"),
        "{error}"
    );
}

#[test]
fn an_upsert_keeps_the_values_of_fields_that_it_does_not_carry() {
    let (_folder, mut store) = new_store();
    let layer = layer(
        "base.grid",
        GeometryKind::Polygon,
        vec![field("height", FieldKind::Integer)],
    );
    let full = Feature {
        values: Box::new([Value::Integer(7)]),
        ..grid("1", Some("0"), rectangle(0.0, 0.0, 1.0, 1.0))
    };
    bring(
        &mut store,
        &layer,
        Mode::Upsert,
        std::slice::from_ref(&full),
    );
    let bare = Feature {
        name: None,
        parent: None,
        values: Box::new([Value::Null]),
        ..full.clone()
    };
    let absent = ["name", "parent", "height"].map(str::to_owned).to_vec();
    let change = store.change().unwrap();
    change
        .put_features(
            &layer,
            &wangge::store::Put {
                absent,
                ..put(Mode::Upsert)
            },
            &[bare],
        )
        .unwrap();
    change.commit().unwrap();
    let read = features(&mut store, &layer);
    assert_eq!(
        (&read[0].name, &read[0].parent, &read[0].values),
        (&full.name, &full.parent, &full.values)
    );
}

#[test]
fn a_layer_made_anew_gives_no_id_out_twice() {
    let (_folder, mut store) = new_store();
    let narrow = layer(
        "poi",
        GeometryKind::Polygon,
        vec![field("a", FieldKind::Integer)],
    );
    let one = Feature {
        values: Box::new([Value::Integer(7)]),
        ..grid("1", None, rectangle(0.0, 0.0, 1.0, 1.0))
    };
    bring(&mut store, &narrow, Mode::Upsert, &[one]);
    let before = features(&mut store, &narrow)[0].id;
    let wide = layer(
        "poi",
        GeometryKind::Polygon,
        vec![field("a", FieldKind::Text)],
    );
    let change = store.change().unwrap();
    change.remake_layer(&wide).unwrap();
    let one = Feature {
        values: Box::new([Value::Text("7".into())]),
        ..grid("1", None, rectangle(0.0, 0.0, 1.0, 1.0))
    };
    change
        .put_features(&wide, &put(Mode::Replace), &[one])
        .unwrap();
    change.commit().unwrap();
    assert!(features(&mut store, &wide)[0].id > before);
}

#[test]
fn a_name_that_differs_from_a_table_by_case_only_is_refused() {
    let (_folder, mut store) = new_store();
    bring(
        &mut store,
        &layer("poi", GeometryKind::Polygon, vec![]),
        Mode::Upsert,
        &[],
    );
    let change = store.change().unwrap();
    let error = change
        .define_layer(&layer("POI", GeometryKind::Polygon, vec![]))
        .unwrap_err();
    assert!(matches!(error, StoreError::NameTaken { .. }), "{error}");
}

/// The layer's features that changed since an entry of its log, and the ids that are gone.
fn changed(store: &mut Store, layer: &Layer, since: u64) -> Option<(Vec<Feature>, Vec<i64>)> {
    let rows = store.read().unwrap().features_changed(layer, since);
    let rows = rows.unwrap()?;
    Some((
        rows.features,
        rows.gone.into_iter().map(|id| id.0).collect(),
    ))
}

fn logged(store: &mut Store, layer: &Layer) -> Option<u64> {
    let stored = store.read().unwrap().layers().unwrap();
    let stored = stored.into_iter().find(|stored| stored.layer == *layer);
    stored.unwrap().logged
}

fn three_grids(store: &mut Store) -> (Layer, u64) {
    let layer = layer("base.grid", GeometryKind::Polygon, vec![]);
    let grids = ["1", "2", "3"].map(|code| grid(code, None, rectangle(0.0, 0.0, 1.0, 1.0)));
    bring(store, &layer, Mode::Upsert, &grids);
    let end = logged(store, &layer).unwrap();
    (layer, end)
}

#[test]
fn a_reader_is_told_the_rows_that_a_change_touched_and_no_others() {
    let (_folder, mut store) = new_store();
    let (layer, end) = three_grids(&mut store);
    assert_eq!(changed(&mut store, &layer, end), Some((vec![], vec![])));
    let redrawn = [
        grid("2", None, rectangle(0.0, 0.0, 2.0, 2.0)),
        grid("4", None, rectangle(3.0, 0.0, 4.0, 1.0)),
    ];
    bring(&mut store, &layer, Mode::Upsert, &redrawn);
    let (features, gone) = changed(&mut store, &layer, end).unwrap();
    let codes: Vec<_> = features
        .iter()
        .map(|grid| grid.code.as_deref().unwrap())
        .collect();
    assert_eq!((codes, gone), (vec!["2", "4"], vec![]));
    assert_eq!(features[0].geometry, redrawn[0].geometry);
    let end = logged(&mut store, &layer).unwrap();
    assert_eq!(changed(&mut store, &layer, end), Some((vec![], vec![])));
}

#[test]
fn a_reader_is_told_the_rows_that_a_program_without_versions_wrote() {
    let (folder, mut store) = new_store();
    let (layer, end) = three_grids(&mut store);
    let path = folder.path().join("new.gpkg");
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute_batch(
            "UPDATE \"base.grid\" SET name = 'anew' WHERE code = '1';
             DELETE FROM \"base.grid\" WHERE code = '2';
             UPDATE \"base.grid\" SET fid = 30 WHERE code = '3';",
        )
        .unwrap();
    let (features, gone) = changed(&mut store, &layer, end).unwrap();
    let ids: Vec<_> = features.iter().map(|feature| feature.id.0).collect();
    assert_eq!((ids, gone), (vec![1, 30], vec![2, 3]));
    assert_eq!(features[0].name.as_deref(), Some("anew"));
}

#[test]
fn a_reader_is_told_the_rows_that_gdal_wrote() {
    let (folder, mut store) = new_store();
    let (layer, end) = three_grids(&mut store);
    let options = gdal::DatasetOptions {
        open_flags: gdal::GdalOpenFlags::GDAL_OF_UPDATE,
        ..gdal::DatasetOptions::default()
    };
    let path = folder.path().join("new.gpkg");
    let dataset = gdal::Dataset::open_ex(&path, options).unwrap();
    let mut grids = dataset.layer_by_name("base.grid").unwrap();
    let mut second = grids.feature(2).unwrap();
    second
        .set_field_string(second.field_index("name").unwrap(), "anew")
        .unwrap();
    grids.set_feature(second).unwrap();
    let shape = gdal::vector::Geometry::from_wkt("MULTIPOLYGON(((1 1,2 1,2 2,1 1)))").unwrap();
    grids.create_feature(shape).unwrap();
    let delete = "DELETE FROM \"base.grid\" WHERE fid = 3";
    let answer = dataset.execute_sql(delete, None, gdal::vector::sql::Dialect::DEFAULT);
    assert!(answer.unwrap().is_none());
    drop(dataset);
    let (features, gone) = changed(&mut store, &layer, end).unwrap();
    let ids: Vec<_> = features.iter().map(|feature| feature.id.0).collect();
    assert_eq!((ids, gone), (vec![2, 4], vec![3]));
    assert_eq!(features[0].name.as_deref(), Some("anew"));
}

#[test]
fn a_layer_that_was_replaced_or_is_further_ahead_than_its_log_must_be_read_whole() {
    let (folder, mut store) = new_store();
    let (layer, end) = three_grids(&mut store);
    let one = [grid("1", None, rectangle(0.0, 0.0, 1.0, 1.0))];
    bring(&mut store, &layer, Mode::Replace, &one);
    assert_eq!(changed(&mut store, &layer, end), None);
    let end = logged(&mut store, &layer).unwrap();
    assert_eq!(changed(&mut store, &layer, end + 1), None);
    let other = rusqlite::Connection::open(folder.path().join("new.gpkg")).unwrap();
    let mut touch = other.prepare("UPDATE \"base.grid\" SET name = ?1").unwrap();
    other.execute_batch("BEGIN").unwrap();
    for number in 0..33_000 {
        touch.execute([number]).unwrap();
    }
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(changed(&mut store, &layer, end), None);
    let kept: u32 = other
        .query_row(
            "SELECT count(*) FROM wangge_log WHERE name = 'base.grid'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(kept, 32_768);
    let end = logged(&mut store, &layer).unwrap();
    assert_eq!(changed(&mut store, &layer, end - 1).unwrap().0.len(), 1);
}

#[test]
fn a_table_that_another_program_made_anew_has_no_log_until_the_store_is_opened_again() {
    let (folder, mut store) = new_store();
    let (layer, end) = three_grids(&mut store);
    let path = folder.path().join("new.gpkg");
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute_batch(
            "CREATE TABLE copy (fid INTEGER PRIMARY KEY, geom, code, name, parent, valid_from, valid_to);
             INSERT INTO copy SELECT * FROM \"base.grid\" WHERE fid > 1;
             DROP TABLE \"base.grid\";
             ALTER TABLE copy RENAME TO \"base.grid\";",
        )
        .unwrap();
    assert_eq!(logged(&mut store, &layer), None);
    assert_eq!(changed(&mut store, &layer, end), None);
    let mut again = Store::open(&path).unwrap();
    assert!(logged(&mut again, &layer).unwrap() > end);
    assert_eq!(changed(&mut again, &layer, end), None);
}

#[test]
fn a_store_of_the_first_schema_gains_the_log_and_keeps_its_content() {
    let (_folder, path) = county_store();
    let read = |path: &std::path::Path| {
        let mut store = Store::open(path).unwrap();
        let reader = store.read().unwrap();
        let layers = reader.layers().unwrap();
        let features = layers
            .iter()
            .map(|stored| reader.features(&stored.layer).unwrap().0);
        (reader.version().unwrap(), features.collect::<Vec<_>>())
    };
    let before = read(&path);
    let old = rusqlite::Connection::open(&path).unwrap();
    let triggers: Vec<String> = {
        let mut asked = old
            .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            .unwrap();
        let names = asked.query_map([], |row| row.get(0)).unwrap();
        names.collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(triggers.len(), 15);
    for name in triggers {
        old.execute_batch(&format!("DROP TRIGGER \"{name}\""))
            .unwrap();
    }
    old.execute_batch("DROP TABLE wangge_log; UPDATE wangge_store SET schema = 1;")
        .unwrap();
    drop(old);
    assert_eq!(read(&path), before);
    let mut store = Store::open(&path).unwrap();
    let layers = store.read().unwrap().layers().unwrap();
    assert!(layers.iter().all(|stored| stored.logged.is_some()));
    assert!(store.read().unwrap().staff_logged().unwrap().is_some());
}

#[test]
fn twins_read_one_version_also_while_another_program_writes() {
    let (_folder, path) = county_store();
    let store = Store::open(&path).unwrap();
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let over = std::sync::atomic::Ordering::Relaxed;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut other = Store::open(&path).unwrap();
            while !is_over.load(over) {
                other.change().unwrap().commit().unwrap();
            }
        });
        let mut last = 0;
        for _ in 0..40 {
            let twins = store.twins(3).unwrap();
            let versions = twins.iter().map(|twin| twin.reader().version().unwrap());
            let versions: Vec<u64> = versions.collect();
            assert!(
                versions.iter().all(|version| *version == versions[0]),
                "{versions:?}"
            );
            assert!(versions[0] >= last);
            last = versions[0];
        }
        is_over.store(true, over);
        assert!(last > 1, "nobody wrote");
    });
    assert_eq!(store.twins(3).unwrap().len(), 3);
    assert!(Store::in_memory().unwrap().twins(3).unwrap().is_empty());
}

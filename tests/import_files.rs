//! Files as planners have them, one oddity each. See fixtures/import/README.md.

use std::path::{Path, PathBuf};

use wangge::exchange::{
    ReadError, ReadOptions, Reading, Remark, StaffOptions, Transform, Verdict, read, read_staff,
    write_geojson, write_report,
};
use wangge::model::{
    Access, Clustering, Coord, Crs, Feature, Field, FieldKind, GeometryKind, Layer, LayerName,
    LonLat, Look, Sensitivity, Side, Title, Value, Zooms, doubled_area,
};

const NAMES: [&str; 3] = [
    "珙县巡场镇第一网格",
    "珙泉镇滨河社区二网格",
    "上罗镇新兴村三网格",
];

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/import")
        .join(file)
}

fn name() -> LayerName {
    "layer".parse().unwrap()
}

fn try_read(file: &str, options: &ReadOptions) -> Result<Reading, ReadError> {
    read(&fixture(file), name(), None, options, &mut |_, _| {})
}

#[track_caller]
fn read_whole(file: &str) -> Reading {
    try_read(file, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn names(reading: &Reading) -> Vec<&str> {
    reading
        .features
        .iter()
        .filter_map(|feature| feature.name.as_deref())
        .collect()
}

fn codes(reading: &Reading) -> Vec<&str> {
    reading
        .features
        .iter()
        .filter_map(|feature| feature.code.as_deref())
        .collect()
}

fn first_point(reading: &Reading) -> LonLat {
    reading.features[0]
        .geometry
        .coords()
        .next()
        .unwrap()
        .degrees()
}

fn is_noted(reading: &Reading, words: &str) -> bool {
    reading.notes.iter().any(|note| note.contains(words))
}

fn problems(reading: &Reading) -> Vec<(u64, &str)> {
    reading
        .remarks
        .iter()
        .map(|remark| (remark.line, remark.problem))
        .collect()
}

#[test]
fn a_gbk_shapefile_with_its_label_is_read_without_a_guess() {
    let reading = read_whole("gbk.shp");
    assert_eq!(names(&reading), NAMES);
    assert_eq!(
        codes(&reading),
        ["511526001000", "511526001001", "511526001002"]
    );
    assert!(!is_noted(&reading, "encoding"), "{:?}", reading.notes);
}

#[test]
fn a_gbk_shapefile_without_label_and_index_is_guessed_and_nothing_is_written_beside_it() {
    let reading = read_whole("gbk_without_cpg.shp");
    assert_eq!(names(&reading), NAMES);
    assert!(is_noted(&reading, "read as GBK"), "{:?}", reading.notes);
    assert!(!fixture("gbk_without_cpg.shx").exists());
}

#[test]
fn a_gbk_shapefile_that_is_labelled_utf8_comes_out_right() {
    assert_eq!(names(&read_whole("gbk_says_utf8.shp")), NAMES);
}

#[test]
fn a_latin1_shapefile_is_not_taken_for_chinese() {
    let reading = read_whole("latin1.shp");
    assert_eq!(names(&reading), ["Café Zürich", "Ñandú"]);
    assert!(is_noted(&reading, "windows-1252"), "{:?}", reading.notes);
}

#[test]
fn an_encoding_that_is_given_goes_before_any_guess_and_an_unknown_one_is_refused() {
    let with = |encoding: &str| ReadOptions {
        encoding: Some(encoding.into()),
        ..ReadOptions::default()
    };
    assert_eq!(
        names(&try_read("gbk_says_utf8.shp", &with("GBK")).unwrap()),
        NAMES
    );
    let garbled = try_read("gbk.csv", &with("windows-1252")).unwrap_err();
    assert!(matches!(garbled, ReadError::NoPlace { .. }), "{garbled}");
    let error = try_read("gbk.csv", &with("klingon")).unwrap_err();
    assert!(error.to_string().contains("klingon"), "{error}");
}

#[test]
fn a_zip_with_one_dataset_in_a_folder_is_opened() {
    assert_eq!(names(&read_whole("nested.zip")), NAMES);
}

#[test]
fn a_zip_with_two_datasets_lists_them_and_takes_the_one_that_is_named() {
    let error = try_read("two.zip", &ReadOptions::default()).unwrap_err();
    assert!(
        matches!(&error, ReadError::SeveralFiles { names, .. } if names == &["gbk.shp", "gbk_says_utf8.shp"]),
        "{error}"
    );
    let options = ReadOptions {
        source_layer: Some("gbk".into()),
        ..ReadOptions::default()
    };
    assert_eq!(names(&try_read("two.zip", &options).unwrap()), NAMES);
}

#[test]
fn a_table_is_the_same_with_a_mark_in_gbk_and_in_utf16_with_tabs() {
    for file in ["bom.csv", "gbk.csv", "utf16.csv"] {
        let reading = read_whole(file);
        assert_eq!(names(&reading), NAMES, "{file}");
        assert_eq!(codes(&reading)[0], "511526001000", "{file}");
        assert_eq!(reading.layer.fields.len(), 1, "{file}");
        assert_eq!(
            (
                reading.layer.fields[0].name.as_str(),
                reading.layer.fields[0].kind
            ),
            ("层数", FieldKind::Text)
        );
        assert_eq!(first_point(&reading), LonLat::new(104.7, 28.43), "{file}");
        assert!(is_noted(&reading, "gcj02"), "{:?}", reading.notes);
    }
}

#[test]
fn polygons_come_from_a_text_column_of_a_table_with_semicolons() {
    let reading = read_whole("wkt.csv");
    assert_eq!(codes(&reading), ["g0", "g1"]);
    assert_eq!(reading.layer.geometry, GeometryKind::Polygon);
    assert_eq!(reading.features[1].values[..], [Value::Text("1.5".into())]);
}

fn layer_with(fields: &[(&str, FieldKind)]) -> Layer {
    Layer {
        name: name(),
        title: Title::default(),
        geometry: GeometryKind::Point,
        fields: fields
            .iter()
            .map(|(name, kind)| Field {
                name: (*name).into(),
                title: Title::default(),
                kind: *kind,
                sensitivity: Sensitivity::Public,
                in_tiles: true,
            })
            .collect(),
        zooms: Zooms::default(),
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: true,
    }
}

#[test]
fn each_row_that_is_refused_is_named_by_its_line_and_reason() {
    let options = ReadOptions {
        unique_codes: true,
        ..ReadOptions::default()
    };
    let known = layer_with(&[("floors", FieldKind::Integer)]);
    let reading = read(
        &fixture("rows.csv"),
        name(),
        Some(&known),
        &options,
        &mut |_, _| {},
    )
    .unwrap();
    assert_eq!(
        problems(&reading),
        [
            (3, "out_of_range"),
            (4, "bad_value"),
            (5, "no_geometry"),
            (6, "bad_row"),
            (7, "bad_value"),
            (10, "duplicate_code")
        ]
    );
    let reason = |at: usize| reading.remarks[at].reason.as_str();
    assert!(reason(0).contains("swapped"), "{}", reason(0));
    assert_eq!(reason(1), "lon is \"east\", not a number");
    assert_eq!(reason(4), "floors is \"three\", not a whole number");
    assert_eq!(reason(5), "code a is already on line 2");
    assert_eq!(reading.remarks[5].code.as_deref(), Some("a"));
    assert_eq!((codes(&reading), reading.read), (vec!["a", "g"], 8));
    assert_eq!(reading.features[1].values[..], [Value::Integer(4)]);
}

#[test]
fn fields_that_a_configured_layer_does_not_have_are_left_out_with_a_note() {
    let known = layer_with(&[("storeys", FieldKind::Integer)]);
    let reading = read(
        &fixture("bom.csv"),
        name(),
        Some(&known),
        &ReadOptions::default(),
        &mut |_, _| {},
    )
    .unwrap();
    assert!(is_noted(&reading, "left out: 层数"), "{:?}", reading.notes);
    assert_eq!(reading.features[0].values[..], [Value::Null]);
    let options = ReadOptions {
        fields: "storeys=层数".parse().unwrap(),
        ..ReadOptions::default()
    };
    let mapped = read(
        &fixture("bom.csv"),
        name(),
        Some(&known),
        &options,
        &mut |_, _| {},
    )
    .unwrap();
    assert_eq!(mapped.features[0].values[..], [Value::Integer(3)]);
}

#[test]
fn a_spreadsheet_has_its_header_in_chinese_or_all_in_text_and_codes_as_numbers() {
    let chinese = read_whole("chinese.xlsx");
    assert_eq!(
        (names(&chinese), codes(&chinese)[1]),
        (NAMES.to_vec(), "511526001001")
    );
    assert_eq!(chinese.layer.fields[0].kind, FieldKind::Integer);
    let numbers = read_whole("numbers.xlsx");
    assert_eq!(codes(&numbers), ["511526", "511527", "511528"]);
    let texts = read_whole("texts.xlsx");
    assert_eq!(codes(&texts), ["00", "01", "02"]);
    assert_eq!(first_point(&texts), LonLat::new(104.7, 28.43));
}

#[test]
fn staff_come_from_a_spreadsheet_with_the_scheme_that_is_given() {
    let options = StaffOptions {
        scheme: Some("base".into()),
        ..StaffOptions::default()
    };
    let reading = read_staff(&fixture("staff.xlsx"), &options).unwrap();
    assert_eq!(reading.staff.len(), 1);
    let duty = &reading.staff[0];
    assert_eq!(
        (duty.layer.as_str(), &*duty.code, &*duty.name),
        ("base.grid", "511526001000", "张三")
    );
    assert_eq!(duty.phone.as_deref(), Some("13800000000"));
    assert_eq!(duty.validity.from, "2026-01-01".parse().ok());
    let refused: Vec<_> = reading
        .remarks
        .iter()
        .map(|remark| (remark.line, remark.problem))
        .collect();
    assert_eq!(refused, [(3, "missing_code"), (4, "bad_value")]);
    let error = read_staff(&fixture("staff.xlsx"), &StaffOptions::default()).unwrap_err();
    assert!(error.to_string().contains("scheme or 体系"), "{error}");
}

#[test]
fn a_placemark_and_an_arc_polygon_come_in() {
    assert_eq!(names(&read_whole("places.kml")), ["珙县党群服务站"]);
    let curve = read_whole("curve.gpkg");
    let geometry = &curve.features[0].geometry;
    assert!(geometry.vertex_count() > 60, "{}", geometry.vertex_count());
    let centre = Coord::snap(LonLat::new(104.71, 28.43)).unwrap();
    assert_eq!(geometry.side(centre), Side::Inside);
}

#[test]
fn a_projected_file_lands_where_proj_says_and_one_without_system_is_refused_with_what_to_give() {
    let zone = read_whole("zone35.shp");
    let at = first_point(&zone);
    assert!(
        (at.lon - 104.7092).abs() < 2e-7 && (at.lat - 28.4386).abs() < 2e-7,
        "{at:?}"
    );
    let error = try_read("metres.shp", &ReadOptions::default()).unwrap_err();
    assert!(
        matches!(error, ReadError::NoCrs { .. }) && error.to_string().contains("give --crs EPSG:n"),
        "{error}"
    );
    let options = ReadOptions {
        crs: Some(Crs::Epsg(4544)),
        ..ReadOptions::default()
    };
    assert_eq!(
        try_read("metres.shp", &options).unwrap().features[0].geometry,
        zone.features[0].geometry
    );
}

#[test]
fn a_file_in_gcj02_is_moved_back() {
    let options = ReadOptions {
        crs: Some(Crs::Gcj02),
        ..ReadOptions::default()
    };
    let reading = try_read("bom.csv", &options).unwrap();
    let back = Transform::from_wgs84(Crs::Gcj02)
        .unwrap()
        .apply(first_point(&reading))
        .unwrap();
    assert!(
        (back.lon - 104.7).abs() < 2e-7 && (back.lat - 28.43).abs() < 2e-7,
        "{back:?}"
    );
    assert!(
        !is_noted(&reading, "coordinate reference system"),
        "{:?}",
        reading.notes
    );
}

#[test]
fn invalid_polygons_are_repaired_refused_or_noted_each_with_reason_and_place() {
    let reading = read_whole("invalid.geojson");
    assert_eq!(codes(&reading), ["fold", "hair", "good"]);
    assert_eq!(
        problems(&reading),
        [
            (1, "self_intersection"),
            (2, "self_intersection"),
            (3, "snapped")
        ]
    );
    let verdict = |at: usize| reading.remarks[at].verdict;
    assert_eq!(verdict(0), Verdict::Refused);
    assert!(
        reading.remarks[0]
            .reason
            .contains("at or near 104.7050000, 28.4350000"),
        "{}",
        reading.remarks[0].reason
    );
    assert!(
        matches!(verdict(1), Verdict::Repaired { area_change } if area_change > 0.0 && area_change < 1e-3)
    );
    assert_eq!(verdict(2), Verdict::Noted);
    let strict = ReadOptions {
        strict: true,
        ..ReadOptions::default()
    };
    assert_eq!(
        codes(&try_read("invalid.geojson", &strict).unwrap()),
        ["hair", "good"]
    );
}

#[test]
fn of_mixed_kinds_the_usual_one_is_kept_and_the_others_are_refused() {
    let reading = read_whole("mixed.geojson");
    assert_eq!(reading.layer.geometry, GeometryKind::Polygon);
    assert_eq!(codes(&reading), ["q", "r", "u"]);
    assert_eq!(
        problems(&reading),
        [
            (1, "wrong_geometry"),
            (4, "wrong_geometry"),
            (5, "no_geometry")
        ]
    );
    let floors: Vec<&Value> = reading
        .features
        .iter()
        .map(|feature| &feature.values[0])
        .collect();
    assert_eq!(
        floors,
        [&Value::Integer(2), &Value::Null, &Value::Integer(5)]
    );
}

#[test]
fn a_grid_needs_a_polygon_and_a_code() {
    let grid = ReadOptions {
        is_grid: true,
        ..ReadOptions::default()
    };
    let reading = try_read("rows.csv", &grid).unwrap();
    assert!(reading.features.is_empty());
    assert_eq!(problems(&reading)[0], (2, "wrong_geometry"));
    let error = try_read(
        "two_layers.gpkg",
        &ReadOptions {
            source_layer: Some("cameras".into()),
            ..grid
        },
    )
    .unwrap_err();
    assert!(matches!(error, ReadError::NoCode { .. }), "{error}");
}

#[test]
fn several_layers_are_listed_and_one_that_is_not_there_too() {
    let error = try_read("two_layers.gpkg", &ReadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("stations, cameras"), "{error}");
    let options = ReadOptions {
        source_layer: Some("grids".into()),
        ..ReadOptions::default()
    };
    let error = try_read("two_layers.gpkg", &options).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no layer \"grids\"; it has stations, cameras"),
        "{error}"
    );
}

fn read_text(file: &str, text: &str) -> Result<Reading, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(file);
    std::fs::write(&file, text).unwrap();
    read(&file, name(), None, &ReadOptions::default(), &mut |_, _| {})
}

#[test]
fn an_element_that_gdal_passes_over_is_refused_in_its_place() {
    let feature = |code: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}","open":true}},"geometry":{{"type":"Point","coordinates":[104.7,28.4]}}}}"#
        )
    };
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[null,{},"x",{},[7]]}}"#,
        feature("a"),
        feature("b")
    );
    let reading = read_text("a.geojson", &text).unwrap();
    assert_eq!((codes(&reading), reading.read), (vec!["a", "b"], 5));
    assert_eq!(
        problems(&reading),
        [(1, "reader"), (3, "reader"), (5, "reader")]
    );
    assert_eq!(reading.features[0].values[..], [Value::Boolean(true)]);
}

#[test]
fn a_vertex_beyond_the_edge_of_the_world_by_rounding_comes_back_to_it() {
    let reading = read_text("a.csv", "lon,lat\n-180.00000000000006,10\n-180.1,10\n").unwrap();
    assert_eq!(first_point(&reading), LonLat::new(-180.0, 10.0));
    assert_eq!(problems(&reading), [(3, "out_of_range")]);
}

#[test]
fn a_quote_that_never_closes_is_refused_whole_rather_than_swallow_the_rest() {
    let error = read_text("a.csv", "code,lon,lat\na,1,2\n\"b,1,2\nc,1,2\n").unwrap_err();
    assert!(error.to_string().contains("line 3 never closes"), "{error}");
}

#[test]
fn the_table_beside_a_shapefile_stands_for_it() {
    assert_eq!(names(&read_whole("gbk_without_cpg.dbf")), NAMES);
}

#[test]
fn a_file_that_broke_off_is_refused_whole() {
    for file in ["truncated.geojson", "truncated.fgb", "truncated.shp"] {
        let error = try_read(file, &ReadOptions::default()).unwrap_err();
        assert!(
            error.to_string().contains(file) && !error.to_string().contains("NULL"),
            "{error}"
        );
    }
}

#[test]
fn what_is_no_map_at_all_is_refused_with_the_formats_that_are_known() {
    for file in ["README.md", "make.py", "gbk.prj"] {
        let error = try_read(file, &ReadOptions::default()).unwrap_err();
        assert!(
            error.to_string().contains("Shapefile (also zipped)"),
            "{error}"
        );
    }
    let error = try_read("no_such.gpkg", &ReadOptions::default()).unwrap_err();
    assert!(
        error.to_string().contains("no_such.gpkg: No such file"),
        "{error}"
    );
}

#[test]
fn a_description_of_further_sources_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.vrt");
    let inner = fixture("gbk.shp");
    let text = format!(
        "<OGRVRTDataSource><OGRVRTLayer name=\"gbk\"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        inner.display()
    );
    std::fs::write(&file, text).unwrap();
    let error = read(&file, name(), None, &ReadOptions::default(), &mut |_, _| {}).unwrap_err();
    assert!(matches!(error, ReadError::Format { .. }), "{error}");
}

#[test]
fn packed_files_are_read_as_what_is_inside() {
    let folder = tempfile::tempdir().unwrap();
    let plain = std::fs::read(fixture("invalid.geojson")).unwrap();
    let zst = folder.path().join("a.geojson.zst");
    std::fs::write(&zst, zstd::encode_all(plain.as_slice(), 3).unwrap()).unwrap();
    let gz = folder.path().join("a.geojson.gz");
    let mut packer = flate2::write::GzEncoder::new(
        std::fs::File::create(&gz).unwrap(),
        flate2::Compression::fast(),
    );
    std::io::Write::write_all(&mut packer, &plain).unwrap();
    packer.finish().unwrap();
    for file in [&zst, &gz] {
        let reading = read(file, name(), None, &ReadOptions::default(), &mut |_, _| {}).unwrap();
        assert_eq!(codes(&reading), ["fold", "hair", "good"]);
    }
    std::fs::write(&zst, b"no zst at all").unwrap();
    let error = read(&zst, name(), None, &ReadOptions::default(), &mut |_, _| {}).unwrap_err();
    assert!(matches!(error, ReadError::Packed { .. }), "{error}");
}

fn features_of(text: &[u8]) -> Vec<serde_json::Value> {
    let collection: serde_json::Value = serde_json::from_slice(text).unwrap();
    collection["features"].as_array().unwrap().clone()
}

#[test]
fn geojson_that_is_written_comes_back_as_the_same_lattice_points() {
    let reading = read_whole("gbk.shp");
    let mut text = Vec::new();
    let count = write_geojson(
        &mut text,
        &reading.layer,
        reading.features.iter(),
        Access::LOCAL,
    )
    .unwrap();
    assert_eq!(count, 3);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.geojson");
    std::fs::write(&file, &text).unwrap();
    let again = read(&file, name(), None, &ReadOptions::default(), &mut |_, _| {}).unwrap();
    let key = |feature: &Feature| {
        (
            feature.code.clone(),
            feature.name.clone(),
            feature.geometry.clone(),
        )
    };
    assert_eq!(
        again.features.iter().map(key).collect::<Vec<_>>(),
        reading.features.iter().map(key).collect::<Vec<_>>()
    );
    let written = features_of(&text);
    let ring = written[0]["geometry"]["coordinates"][0].as_array().unwrap();
    assert_eq!(ring.first(), ring.last());
    assert_eq!(written[0]["id"], 1);
    assert!(doubled_area(reading.features[0].geometry.coords()) > 0);
    assert!(!String::from_utf8_lossy(&text).contains("\"crs\""));
}

#[test]
fn a_reader_gets_no_field_above_what_it_may_see() {
    let mut layer = layer_with(&[("open", FieldKind::Text), ("phone", FieldKind::Text)]);
    layer.fields[1].sensitivity = Sensitivity::Restricted;
    let reading = read_whole("bom.csv");
    let mut feature = reading.features[0].clone();
    feature.values = [Value::Text("yes".into()), Value::Text("138".into())].into();
    let mut text = Vec::new();
    write_geojson(
        &mut text,
        &layer,
        [&feature].into_iter(),
        Access::up_to(Sensitivity::Public),
    )
    .unwrap();
    let properties = &features_of(&text)[0]["properties"];
    assert_eq!(
        (&properties["open"], properties.get("phone")),
        (&"yes".into(), None)
    );
    assert!(properties.get("parent").is_none());
}

#[test]
fn the_report_is_csv_or_geojson_by_the_name_of_the_file() {
    let reading = read_whole("invalid.geojson");
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("report.csv");
    write_report(&csv, &reading.remarks).unwrap();
    let text = std::fs::read_to_string(&csv).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(
        lines[1].starts_with("1,bow,refused,self_intersection,"),
        "{}",
        lines[1]
    );
    let map = folder.path().join("report.geojson");
    write_report(&map, &reading.remarks).unwrap();
    let written = features_of(&std::fs::read(&map).unwrap());
    assert_eq!(written[1]["properties"]["verdict"], "repaired");
    assert_eq!(written[0]["geometry"]["type"], "Polygon");
    let nowhere: &[Remark] = &[];
    assert!(write_report(Path::new("no/such/folder/r.csv"), nowhere).is_err());
}

#[test]
fn progress_hears_the_end() {
    let mut last = (0, None);
    read(
        &fixture("gbk.shp"),
        name(),
        None,
        &ReadOptions::default(),
        &mut |done, total| last = (done, total),
    )
    .unwrap();
    assert_eq!(last, (3, Some(3)));
}

/// A copy of a Shapefile whose label says something else.
fn labelled(label: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for suffix in ["shp", "shx", "dbf", "prj"] {
        let name = format!("gbk.{suffix}");
        std::fs::copy(fixture(&name), folder.path().join(&name)).unwrap();
    }
    std::fs::write(folder.path().join("gbk.cpg"), label).unwrap();
    let file = folder.path().join("gbk.shp");
    (folder, file)
}

#[test]
fn a_label_of_a_shapefile_holds_by_whichever_name_the_field_writes_it() {
    for label in ["ANSI 936", "OEM 936", "54936", "936", "GBK\r\n", "gb2312"] {
        let (_folder, file) = labelled(label);
        let reading = read(&file, name(), None, &ReadOptions::default(), &mut |_, _| {}).unwrap();
        assert_eq!(names(&reading), NAMES, "{label}");
        assert!(!is_noted(&reading, "encoding"), "{:?}", reading.notes);
    }
}

#[test]
fn a_row_is_named_by_its_line_as_an_editor_counts_it() {
    let unix = "code,lon,lat\n\na,x,1\n\n\n\"b\nb\",x,1\n\nc,x,1";
    for text in [unix.to_owned(), unix.replace('\n', "\r\n")] {
        let reading = read_text("a.csv", &text).unwrap();
        let lines: Vec<u64> = reading.remarks.iter().map(|remark| remark.line).collect();
        assert_eq!(lines, [3, 6, 9], "{text:?}");
    }
}

#[test]
fn a_missing_column_names_the_encoding_where_it_was_a_guess() {
    let (gbk, _, _) = encoding_rs::GBK.encode("编码,东,北\n一号网格,1,2\n二号网格,1,2\n");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    std::fs::write(&file, gbk).unwrap();
    let error = read(&file, name(), None, &ReadOptions::default(), &mut |_, _| {}).unwrap_err();
    assert!(
        error.to_string().contains("read as GBK") && error.to_string().contains("--encoding"),
        "{error}"
    );
}

#[test]
fn a_code_that_is_too_long_for_a_number_is_refused_and_as_text_it_comes_in() {
    let text = |code: &str| {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"code":{code}}},"geometry":{{"type":"Point","coordinates":[104.7,28.4]}}}}]}}"#
        )
    };
    let number = "51152600100000000001";
    for number in [number, &format!("-{number}")] {
        let reading = read_text("a.geojson", &text(number)).unwrap();
        assert_eq!(
            (problems(&reading), reading.features.len()),
            (vec![(1, "bad_value")], 0)
        );
        let reason = &reading.remarks[0].reason;
        assert!(
            reason.contains("code") && reason.contains("write it as text"),
            "{reason}"
        );
    }
    let reading = read_text("a.geojson", &text(&format!("\"{number}\""))).unwrap();
    assert_eq!(codes(&reading), [number]);
}

#[test]
fn a_date_stays_the_date_and_is_midnight_in_beijing_where_a_time_is_known() {
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"a","built":"2020-05-01"},"geometry":{"type":"Point","coordinates":[104.7,28.4]}}]}"#;
    let reading = read_text("a.geojson", text).unwrap();
    assert_eq!(reading.layer.fields[0].kind, FieldKind::Text);
    assert_eq!(
        reading.features[0].values[..],
        [Value::Text("2020-05-01".into())]
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.geojson");
    std::fs::write(&file, text).unwrap();
    let known = layer_with(&[("built", FieldKind::Time)]);
    let reading = read(
        &file,
        name(),
        Some(&known),
        &ReadOptions::default(),
        &mut |_, _| {},
    )
    .unwrap();
    let midnight = "2020-05-01T00:00:00+08:00".parse().unwrap();
    assert_eq!(reading.features[0].values[..], [Value::Time(midnight)]);
}

#[test]
fn a_code_may_come_again_in_a_file_for_another_time_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    let rows = "code,lon,lat,valid_from,valid_to\n\
                a,1,1,2020-01-01,2021-01-01\n\
                a,1,1,2021-01-01,\n\
                a,1,1,,2020-01-01\n\
                a,1,1,2020-06-01,2020-07-01\n\
                a,1,1,2025-01-01,\n\
                a,1,1,,\n\
                b,1,1,,\n\
                b,1,1,,\n";
    std::fs::write(&file, rows).unwrap();
    let options = ReadOptions {
        unique_codes: true,
        ..ReadOptions::default()
    };
    let reading = read(&file, name(), None, &options, &mut |_, _| {}).unwrap();
    let refused: Vec<u64> = reading.remarks.iter().map(|remark| remark.line).collect();
    assert_eq!(refused, [5, 6, 7, 9]);
    assert!(
        reading.remarks[0]
            .reason
            .contains("already on line 2, valid at")
    );
    assert_eq!(reading.remarks[3].reason, "code b is already on line 8");
    assert_eq!(reading.features.len(), 4);
}

#[test]
fn strict_also_refuses_overlapping_polygons_of_a_collection() {
    let square = |west: f64| {
        format!(
            r#"{{"type":"Polygon","coordinates":[[[{west},28],[{e},28],[{e},29],[{west},29],[{west},28]]]}}"#,
            e = west + 1.0
        )
    };
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"code":"a"}},"geometry":{{"type":"GeometryCollection","geometries":[{},{}]}}}}]}}"#,
        square(104.0),
        square(104.995)
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.geojson");
    std::fs::write(&file, text).unwrap();
    let strict = ReadOptions {
        strict: true,
        ..ReadOptions::default()
    };
    let reading = read(&file, name(), None, &strict, &mut |_, _| {}).unwrap();
    assert_eq!(problems(&reading), [(1, "self_intersection")]);
    assert_eq!(reading.remarks[0].verdict, Verdict::Refused);
}

#[test]
fn a_shapefile_packed_without_the_files_beside_it_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.SHP.zst");
    let plain = std::fs::read(fixture("gbk.shp")).unwrap();
    std::fs::write(&file, zstd::encode_all(plain.as_slice(), 3).unwrap()).unwrap();
    let error = read(&file, name(), None, &ReadOptions::default(), &mut |_, _| {}).unwrap_err();
    assert!(error.to_string().contains("whole as .zip"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_link_keeps_its_own_suffix_and_the_files_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    for suffix in ["shp", "shx", "dbf", "prj", "cpg"] {
        let blob = folder.path().join(format!("blob-{suffix}"));
        std::fs::copy(fixture(&format!("gbk.{suffix}")), &blob).unwrap();
        let link = folder.path().join(format!("grids.{suffix}"));
        std::os::unix::fs::symlink(&blob, &link).unwrap();
    }
    let file = folder.path().join("grids.shp");
    let reading = read(&file, name(), None, &ReadOptions::default(), &mut |_, _| {}).unwrap();
    assert_eq!(names(&reading), NAMES);
}

#[test]
fn staff_hold_for_the_time_that_is_given_where_their_rows_name_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("staff.csv");
    std::fs::write(&file, "体系,层级,编码,职责,姓名,起\nbase,grid,a,网格员,张三,\nbase,grid,a,网格员,李四,2026-03-01\n").unwrap();
    let validity = wangge::model::Validity {
        from: "2026-01-01".parse().ok(),
        to: "2027-01-01".parse().ok(),
    };
    let options = StaffOptions {
        validity,
        ..StaffOptions::default()
    };
    let reading = read_staff(&file, &options).unwrap();
    assert_eq!(reading.staff[0].validity, validity);
    assert_eq!(reading.staff[1].validity.from, "2026-03-01".parse().ok());
    assert_eq!(reading.staff[1].validity.to, validity.to);
}

#[test]
fn what_the_file_has_no_column_for_is_said_so_that_an_update_can_keep_it() {
    let known = layer_with(&[("层数", FieldKind::Integer), ("phone", FieldKind::Text)]);
    let options = ReadOptions::default();
    let read = |file: &str| {
        read(
            &fixture(file),
            name(),
            Some(&known),
            &options,
            &mut |_, _| {},
        )
    };
    assert_eq!(read("bom.csv").unwrap().absent, ["parent", "phone"]);
    assert_eq!(
        read("rows.csv").unwrap().absent,
        ["parent", "层数", "phone"]
    );
}

#[test]
fn rows_with_nothing_in_them_are_passed_over_and_counted() {
    let reading = read_text("a.csv", "code,lon,lat\na,1,2\n,,\n , ,\nb,1,2\n").unwrap();
    assert_eq!((codes(&reading), reading.read), (vec!["a", "b"], 2));
    assert!(reading.remarks.is_empty());
    assert!(is_noted(&reading, "passed over: 2"), "{:?}", reading.notes);
}

#[test]
fn a_placemark_has_no_fields_that_only_say_how_a_globe_draws() {
    let reading = read_whole("places.kml");
    assert!(
        reading.layer.fields.is_empty(),
        "{:?}",
        reading.layer.fields
    );
    assert!(reading.features[0].values.is_empty());
    let text = std::fs::read_to_string(fixture("places.kml")).unwrap();
    let said = text.replacen(
        "<Placemark>",
        "<Placemark><description>开放</description>",
        1,
    );
    let reading = read_text("a.kml", &said).unwrap();
    let fields: Vec<&str> = reading
        .layer
        .fields
        .iter()
        .map(|f| f.name.as_str())
        .collect();
    assert_eq!(fields, ["description"]);
    assert_eq!(reading.features[0].values[..], [Value::Text("开放".into())]);
}

#[test]
fn a_code_that_is_a_number_with_lost_digits_is_refused() {
    let reading = read_text(
        "a.geojson",
        r#"{"type":"Feature","properties":{"code":51152600100000000001.0},"geometry":{"type":"Point","coordinates":[104.7,28.4]}}"#,
    )
    .unwrap();
    assert_eq!(problems(&reading), [(1, "bad_value")]);
}

#[test]
fn projected_points_with_north_first_are_refused_and_those_of_another_zone_are_noted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    let rows = "code,x,y\na,471512.953,3147083.1415\nb,471600,3147100\n";
    let read_in = |rows: &str, code: u32| {
        std::fs::write(&file, rows).unwrap();
        let options = ReadOptions {
            crs: Some(Crs::Epsg(code)),
            ..ReadOptions::default()
        };
        read(&file, name(), None, &options, &mut |_, _| {})
    };
    let right = read_in(rows, 4544).unwrap();
    assert!(right.notes.is_empty(), "{:?}", right.notes);
    let error = read_in(&rows.replacen("x,y", "y,x", 1), 4544).unwrap_err();
    assert!(
        error.to_string().contains("x and y look swapped"),
        "{error}"
    );
    // 35471512 is zone 35's way to write 471512; a system without zone numbers puts it far away.
    let other = read_in("code,x,y\na,35471512.953,3147083.1415\n", 4544);
    assert!(other.is_ok_and(|other| is_noted(&other, "outside the area of use of EPSG:4544")));
    let old = read_in("code,lon,lat\na,104.7,28.4\n", 4610).unwrap();
    assert!(is_noted(&old, "tens of metres"), "{:?}", old.notes);
}

#[test]
fn geojson_that_cannot_be_read_is_refused_with_what_is_wrong_in_it() {
    for (text, words) in [
        (
            "{\"type\":\"Point\",\n\"coordinates\":[1,2}",
            "line 2 column",
        ),
        (
            r#"{"type":"FeatureCollection","features":{}}"#,
            "expected a sequence at line 1",
        ),
        (r#"{"type":"Point","coordinates":[1]}"#, "no GeoJSON"),
    ] {
        let error = read_text("a.geojson", text).unwrap_err().to_string();
        assert!(
            error.contains(words) && !error.contains("Failed to"),
            "{error}"
        );
    }
}

/// The texts of the first field, feature by feature.
fn first_texts(reading: &Reading) -> Vec<&str> {
    let texts = reading
        .features
        .iter()
        .map(|feature| match &feature.values[0] {
            Value::Text(text) => &**text,
            other => panic!("{other:?}"),
        });
    texts.collect()
}

#[test]
fn a_list_in_geojson_is_joined_by_what_the_lookup_splits() {
    let feature = |categories: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"categories":{categories}}},"geometry":{{"type":"Point","coordinates":[104.7,28.4]}}}}"#
        )
    };
    let lists = [r#"["消防","教育"]"#, r#"["消防"]"#, r#"["a,b","c"]"#].map(feature);
    let wanted = ["消防,教育", "消防", r#"["a,b","c"]"#];
    let whole = format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        lists.join(",")
    );
    for (file, text) in [("a.geojson", whole), ("a.geojsonl", lists.join("\n"))] {
        assert_eq!(
            first_texts(&read_text(file, &text).unwrap()),
            wanted,
            "{file}"
        );
    }
    let numbers = [feature("[511526101001,511526101002]")].join("\n");
    let numbers = format!(r#"{{"type":"FeatureCollection","features":[{numbers}]}}"#);
    let numbers = read_text("a.geojson", &numbers).unwrap();
    assert_eq!(first_texts(&numbers), ["511526101001,511526101002"]);
    // One text among lists, and what is no list of texts.
    let mixed = [r#""消防""#, r#"["消防","教育"]"#, r#"[["a"]]"#].map(feature);
    let mixed = format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        mixed.join(",")
    );
    let mixed = read_text("a.geojson", &mixed).unwrap();
    assert_eq!(first_texts(&mixed)[..2], ["消防", "消防,教育"]);
    assert!(first_texts(&mixed)[2].starts_with('['));
}

#[test]
fn a_list_in_a_column_of_json_of_a_geopackage_is_joined() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lists.gpkg");
    std::fs::copy(fixture("curve.gpkg"), &file).unwrap();
    let store = rusqlite::Connection::open(&file).unwrap();
    store
        .execute_batch(
            "ALTER TABLE layer ADD COLUMN service_area TEXT DEFAULT '[\"G1\",\"G2\"]';
             CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT,
                 title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT, PRIMARY KEY (table_name, column_name));
             INSERT INTO gpkg_data_columns (table_name, column_name, name, mime_type)
                 VALUES ('layer', 'service_area', 'service_area', 'application/json');
             INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope)
                 VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write');",
        )
        .unwrap();
    drop(store);
    let reading = read(&file, name(), None, &ReadOptions::default(), &mut |_, _| {}).unwrap();
    let fields = &reading.layer.fields;
    let at = fields
        .iter()
        .position(|field| field.name == "service_area")
        .unwrap();
    assert_eq!(reading.features[0].values[at], Value::Text("G1,G2".into()));
}

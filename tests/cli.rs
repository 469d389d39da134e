//! The command line as a user meets it.

use crate::support::program::Desk;

/// Four squares in a row, the last one a bow-tie that cannot be repaired; names in Chinese, codes as numbers.
const GRIDS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"编码":101,"名称":"第一网格","height":"3"},"geometry":{"type":"Polygon","coordinates":[[[104.70,28.40],[104.71,28.40],[104.71,28.41],[104.70,28.41],[104.70,28.40]]]}},
{"type":"Feature","properties":{"编码":102,"名称":"第二网格","height":"4"},"geometry":{"type":"Polygon","coordinates":[[[104.71,28.40],[104.72,28.40],[104.72,28.41],[104.71,28.41],[104.71,28.40]]]}},
{"type":"Feature","properties":{"编码":103,"名称":"第三网格","height":"5"},"geometry":{"type":"Polygon","coordinates":[[[104.72,28.40],[104.73,28.41],[104.73,28.40],[104.72,28.41],[104.72,28.40]]]}}
]}"#;

fn desk_with_scheme() -> Desk {
    let desk = Desk::new();
    desk.must(&["scheme", "add", "base", "--levels", "county,grid"]);
    desk
}

#[test]
fn an_import_that_refuses_some_ends_with_2_and_its_report_names_line_code_and_reason() {
    let desk = desk_with_scheme();
    desk.write("grids.geojson", GRIDS);
    let ended = desk.run(&[
        "import",
        "grids.geojson",
        "--layer",
        "base.grid",
        "--report",
        "report.csv",
    ]);
    assert_eq!(ended.code(), 2, "{}{}", ended.out(), ended.err());
    assert!(
        ended
            .out()
            .contains("3 read, 2 accepted (0 of them repaired), 1 refused"),
        "{}",
        ended.out()
    );
    let report = desk.read("report.csv");
    let row = report.lines().nth(1).unwrap();
    assert!(
        row.contains('3') && row.contains("103") && row.contains("refused"),
        "{report}"
    );

    desk.must(&["export", "base.grid", "-o", "out.geojson"]);
    let out: serde_json::Value = serde_json::from_str(&desk.read("out.geojson")).unwrap();
    assert_eq!(out["features"].as_array().unwrap().len(), 2);
    assert_eq!(out["features"][0]["properties"]["code"], "101");
    assert_eq!(out["features"][0]["properties"]["name"], "第一网格");
    assert!(out.get("crs").is_none());
}

#[test]
fn a_dry_run_and_a_file_without_anything_sound_leave_the_store_as_it_was() {
    let desk = desk_with_scheme();
    desk.write("grids.geojson", GRIDS);
    let dry = desk.run(&[
        "import",
        "grids.geojson",
        "--layer",
        "base.grid",
        "--dry-run",
    ]);
    assert_eq!(dry.code(), 2);
    assert!(dry.out().contains("nothing was written"), "{}", dry.out());
    desk.write(
        "none.geojson",
        r#"{"type":"FeatureCollection","features":[]}"#,
    );
    assert_eq!(
        desk.run(&["import", "none.geojson", "--layer", "base.grid"])
            .code(),
        1
    );
    assert_eq!(
        desk.run(&["export", "base.grid", "-o", "out.geojson"])
            .code(),
        1
    );
    assert!(!desk.path("out.geojson").exists());
}

#[test]
fn what_cannot_be_imported_ends_with_1_and_says_what_to_do() {
    let desk = desk_with_scheme();
    desk.write("grids.geojson", GRIDS);
    desk.write("broken.geojson", &GRIDS.as_bytes()[..300]);
    for (arguments, says) in [
        (
            &["import", "absent.shp", "--layer", "base.grid"][..],
            "absent.shp",
        ),
        (
            &["import", "broken.geojson", "--layer", "base.grid"],
            "broken.geojson",
        ),
        (
            &["import", "grids.geojson", "--layer", "other.grid"],
            "wangge scheme add other",
        ),
        (
            &["import", "grids.geojson", "--layer", "base.block"],
            "county, grid",
        ),
        (&["import", "grids.geojson", "--layer", "a,b"], "a,b"),
        (
            &[
                "import",
                "grids.geojson",
                "--layer",
                "base.grid",
                "--fields",
                "code=nope",
            ],
            "编码",
        ),
        (
            &[
                "import",
                "grids.geojson",
                "--layer",
                "base.grid",
                "--crs",
                "gcj2",
            ],
            "gcj02",
        ),
        (
            &["scheme", "add", "base", "--levels", "a"],
            "declared already",
        ),
        (&["scheme", "remove", "none"], "none"),
        (
            &["export", "none", "-o", "x.geojson"],
            "there is no layer none",
        ),
        (&["export", "none", "-o", "x.dwg"], "x.dwg"),
        (&["--store", "absent.gpkg", "serve"], "wangge demo"),
        (&["serve", "--listen", "0.0.0.0:0"], "--open"),
        (&["demo", "--place", "1"], "511526"),
    ] {
        let ended = desk.run(arguments);
        assert_eq!(ended.code(), 1, "{arguments:?}");
        assert!(ended.err().contains(says), "{arguments:?}: {}", ended.err());
        assert!(
            !ended.err().contains("panicked"),
            "{arguments:?}: {}",
            ended.err()
        );
    }
}

#[test]
fn a_table_keeps_every_row_and_names_a_level_with_its_scheme_where_the_input_has_that_column() {
    let desk = desk_with_scheme();
    desk.write("grids.geojson", GRIDS);
    assert_eq!(
        desk.run(&["import", "grids.geojson", "--layer", "base.grid"])
            .code(),
        2
    );
    desk.write(
        "in.csv",
        "grid,X,纬度\n甲,104.705,28.405\n乙,,\n丙,104.71,28.405\n丁,1,1\n",
    );
    desk.must(&["locate", "in.csv", "-o", "out.csv"]);
    let expected = "grid,X,纬度,outcome,certain,county,base.grid,error\n\
        甲,104.705,28.405,inside,true,,101,\n\
        乙,,,,,,,\n\
        丙,104.71,28.405,boundary,false,,101,\n\
        丁,1,1,outside,false,,,\n";
    assert_eq!(desk.read("out.csv"), expected);
    desk.write("named.csv", "a,b\n28.405,104.705\n");
    desk.must(&[
        "locate",
        "named.csv",
        "-o",
        "named_out.csv",
        "--lon-column",
        "b",
        "--lat-column",
        "a",
    ]);
    assert!(desk.read("named_out.csv").contains("inside"));
    let ended = desk.run(&["locate", "named.csv", "-o", "never.csv"]);
    assert_eq!(ended.code(), 1);
    assert!(
        ended.err().contains("a, b") && !desk.path("never.csv").exists(),
        "{}",
        ended.err()
    );
}

#[test]
fn lines_of_json_and_arrow_streams_are_told_by_their_names_also_packed() {
    let desk = desk_with_scheme();
    desk.write("grids.geojson", GRIDS);
    desk.run(&["import", "grids.geojson", "--layer", "base.grid"]);
    let lines = "{\"a\":[1.0],\"y\":28.405,\"x\":104.705}\nno\n";
    let packed = zstd::encode_all(lines.as_bytes(), 1).unwrap();
    desk.write("in.NDJSON.zst", packed);
    desk.must(&["locate", "in.NDJSON.zst", "-o", "out.ndjson"]);
    let out = desk.read("out.ndjson");
    let (first, second) = out.trim_end().split_once('\n').unwrap();
    assert_eq!(
        first,
        "{\"a\":[1.0],\"y\":28.405,\"x\":104.705,\"outcome\":\"inside\",\"certain\":true,\"county\":null,\
         \"grid\":\"101\",\"error\":null}"
    );
    assert!(
        second.starts_with("{\"line\":2,\"text\":\"no\","),
        "{second}"
    );

    let column = |degrees: f64| -> arrow_array::ArrayRef {
        std::sync::Arc::new(arrow_array::Float64Array::from(vec![degrees]))
    };
    let columns = [("b", column(28.405)), ("a", column(104.705))];
    let batch = arrow_array::RecordBatch::try_from_iter(columns).unwrap();
    let mut stream = arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    stream.write(&batch).unwrap();
    desk.write("in.arrows", stream.into_inner().unwrap());
    let names = ["--lon-column", "a", "--lat-column", "b"];
    desk.must(&[&["locate", "in.arrows", "-o", "out.arrows"], &names[..]].concat());
    let out = std::fs::File::open(desk.path("out.arrows")).unwrap();
    let mut out = arrow_ipc::reader::StreamReader::try_new(out, None).unwrap();
    let batch = out.next().unwrap().unwrap();
    let certain = batch.column_by_name("certain").unwrap();
    assert!(arrow_array::cast::AsArray::as_boolean(certain).value(0));
}

#[test]
fn a_configuration_declares_schemes_and_layers_and_its_fields_are_held_to_their_types() {
    let desk = Desk::new();
    desk.write(
        "map.toml",
        r##"
[[scheme]]
name = "base"
levels = ["grid"]
[[layer]]
name = "base.grid"
title = "网格"
title_en = "Grid"
geometry = "polygon"
color = "#336699"
fields = [{ name = "height", title = "高", title_en = "Height", type = "real", sensitivity = "public", tile = true }]
"##,
    );
    desk.write("grids.geojson", GRIDS);
    let ended = desk.run(&[
        "--config",
        "map.toml",
        "import",
        "grids.geojson",
        "--layer",
        "base.grid",
    ]);
    assert_eq!(ended.code(), 2, "{}", ended.err());
    desk.must(&["export", "base.grid", "-o", "out.geojson"]);
    let out: serde_json::Value = serde_json::from_str(&desk.read("out.geojson")).unwrap();
    assert_eq!(out["features"][1]["properties"]["height"], 4.0);
    desk.write("bad.toml", "[[layer]]\nname = \"x\"\ngeometry = \"blob\"\n");
    let ended = desk.run(&["--config", "bad.toml", "scheme", "list"]);
    assert_eq!(ended.code(), 1);
    assert!(ended.err().contains("bad.toml"), "{}", ended.err());
}

#[test]
fn staff_are_imported_from_a_table_and_answer_for_their_grid() {
    let desk = desk_with_scheme();
    desk.write("grids.geojson", GRIDS);
    desk.run(&["import", "grids.geojson", "--layer", "base.grid"]);
    desk.write(
        "staff.csv",
        "层级,编码,职责,姓名\ngrid,101,grid_member,张伟\nblock,101,grid_member,李娜\n",
    );
    let ended = desk.run(&["import", "staff.csv", "--layer", "staff"]);
    assert_eq!(ended.code(), 2, "{}", ended.err());
    assert!(
        ended.out().contains("base.block is no level"),
        "{}",
        ended.out()
    );
    let serving = desk.serve(&[]);
    let (status, body) = serving.get("/api/locate?lon=104.705&lat=28.405");
    assert_eq!(status, 200);
    assert!(body.contains("张伟") && !body.contains("李娜"), "{body}");
}

#[test]
fn the_service_stops_cleanly_and_a_second_one_or_a_taken_port_is_refused_with_the_reason() {
    let desk = desk_with_scheme();
    let serving = desk.serve(&[]);
    assert_eq!(serving.get("/healthz"), (200, "ok\n".to_owned()));
    let second = desk.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.code(), 1);
    assert!(
        second.err().contains("already served") && second.err().contains(&serving.address),
        "{}",
        second.err()
    );
    let taken = desk.run(&["serve", "--listen", &serving.address]);
    assert_eq!(taken.code(), 1);
    assert!(taken.err().contains("taken"), "{}", taken.err());
    assert_eq!(serving.terminate(), 0);
    assert_eq!(desk.serve(&[]).terminate(), 0);
}

#[test]
fn an_import_beside_a_running_service_is_seen_without_a_restart() {
    let desk = desk_with_scheme();
    let serving = desk.serve(&[]);
    assert!(
        serving
            .get("/api/locate?lon=104.705&lat=28.405")
            .1
            .contains("outside")
    );
    desk.write("grids.geojson", GRIDS);
    desk.run(&["import", "grids.geojson", "--layer", "base.grid"]);
    let is_seen = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        serving
            .get("/api/locate?lon=104.705&lat=28.405")
            .1
            .contains("第一网格")
    });
    assert!(is_seen);
}

#[test]
fn a_code_that_a_file_has_twice_is_refused_and_never_takes_its_own_place_in_silence() {
    let desk = Desk::new();
    desk.write(
        "points.csv",
        "code,lon,lat\nA,104.7,28.4\nA,104.8,28.4\nB,104.9,28.4\n",
    );
    let ended = desk.run(&["import", "points.csv", "--layer", "poi"]);
    assert_eq!(ended.code(), 2);
    assert!(
        ended.out().contains("3 read, 2 accepted") && ended.out().contains("line 3, code A"),
        "{}",
        ended.out()
    );
    desk.must(&["export", "poi", "-o", "out.geojson"]);
    assert_eq!(desk.read("out.geojson").matches("\"Feature\"").count(), 2);
    desk.must(&["import", "points.csv", "--layer", "poi", "--mode", "append"]);
}

#[test]
fn nothing_is_written_over_what_is_read() {
    let desk = desk_with_scheme();
    desk.write("grids.geojson", GRIDS);
    desk.write("points.csv", "lon,lat\n104.7,28.4\n");
    for arguments in [
        &[
            "export",
            "base.grid",
            "-o",
            "wangge.gpkg",
            "--format",
            "geojson",
        ][..],
        &["locate", "points.csv", "-o", "points.csv"],
        &[
            "import",
            "grids.geojson",
            "--layer",
            "base.grid",
            "--report",
            "grids.geojson",
        ],
    ] {
        let ended = desk.run(arguments);
        assert_eq!(ended.code(), 1, "{arguments:?}");
        assert!(
            ended.err().contains("written over"),
            "{arguments:?}: {}",
            ended.err()
        );
    }
    assert_eq!(desk.read("grids.geojson"), GRIDS);
    desk.must(&["scheme", "list"]);
}

#[test]
fn a_report_without_a_place_stops_the_import_before_it_begins_and_a_dry_run_makes_no_store() {
    let desk = Desk::new();
    desk.write("points.csv", "code,lon,lat\nA,104.7,28.4\n");
    let ended = desk.run(&[
        "import",
        "points.csv",
        "--layer",
        "poi",
        "--report",
        "none/report.csv",
    ]);
    assert_eq!(ended.code(), 1);
    assert!(ended.err().contains("none"), "{}", ended.err());
    desk.must(&["import", "points.csv", "--layer", "poi", "--dry-run"]);
    assert_eq!(
        desk.run(&["import", "absent.csv", "--layer", "poi"]).code(),
        1
    );
    assert!(!desk.path("wangge.gpkg").exists());
}

#[test]
fn a_replaced_layer_keeps_what_its_configuration_says_and_may_be_reconfigured() {
    let desk = Desk::new();
    let layer = |kind: &str| {
        format!(
            "[[layer]]\nname = \"people\"\ngeometry = \"point\"\nfields = [{{ name = \"phone\", title_en = \"Phone\", type = \"{kind}\", sensitivity = \"restricted\", tile = false }}]\n"
        )
    };
    desk.write("a.toml", layer("text"));
    desk.write("people.csv", "code,lon,lat,phone\nA,104.7,28.4,139\n");
    desk.must(&[
        "--config",
        "a.toml",
        "import",
        "people.csv",
        "--layer",
        "people",
    ]);
    desk.must(&[
        "import",
        "people.csv",
        "--layer",
        "people",
        "--mode",
        "replace",
    ]);
    let tile = |desk: &Desk| desk.serve(&[]).get("/api/tiles/people.json").1;
    assert!(!tile(&desk).contains("phone"), "{}", tile(&desk));
    desk.write("b.toml", layer("integer"));
    assert_eq!(
        desk.run(&["--config", "b.toml", "scheme", "list"]).code(),
        1
    );
    desk.must(&[
        "--config",
        "b.toml",
        "import",
        "people.csv",
        "--layer",
        "people",
        "--mode",
        "replace",
    ]);
    desk.must(&[
        "--config",
        "b.toml",
        "export",
        "people",
        "-o",
        "out.geojson",
    ]);
    assert!(
        desk.read("out.geojson").contains("\"phone\":139"),
        "{}",
        desk.read("out.geojson")
    );
}

#[test]
fn two_imports_at_once_into_one_layer_keep_the_fields_of_both() {
    let desk = Desk::new();
    desk.must(&["scheme", "add", "base", "--levels", "grid"]);
    desk.write("a.csv", "code,lon,lat,alpha\nA,104.7,28.4,1\n");
    desk.write("b.csv", "code,lon,lat,beta\nB,104.7,28.4,2\n");
    let import = |file| {
        desk.command(&["import", file, "--layer", "poi"])
            .spawn()
            .unwrap()
    };
    for mut child in [import("a.csv"), import("b.csv")] {
        assert!(child.wait().unwrap().success());
    }
    desk.must(&["export", "poi", "-o", "out.geojson"]);
    let out = desk.read("out.geojson");
    assert!(out.contains("alpha") && out.contains("beta"), "{out}");
}

#[test]
fn a_file_without_a_column_leaves_what_is_there_of_it() {
    let desk = Desk::new();
    desk.write("all.csv", "code,name,lon,lat,height\nA,甲,104.7,28.4,7\n");
    desk.write("moved.csv", "code,lon,lat\nA,104.8,28.4\n");
    desk.must(&["import", "all.csv", "--layer", "poi"]);
    desk.must(&["import", "moved.csv", "--layer", "poi"]);
    desk.must(&["export", "poi", "-o", "out.geojson"]);
    let out = desk.read("out.geojson");
    assert!(
        out.contains("甲") && out.contains("\"height\":\"7\"") && out.contains("104.8"),
        "{out}"
    );
}

#[test]
fn a_table_in_an_encoding_that_its_text_does_not_tell_is_read_as_it_is_said_or_warned_of() {
    let desk = desk_with_scheme();
    desk.write("grids.geojson", GRIDS);
    desk.run(&["import", "grids.geojson", "--layer", "base.grid"]);
    let (gbk, _, _) = encoding_rs::GBK.encode("珙");
    let mut table = format!("名,lon,lat\n{}", "珙县,1,2\n".repeat(9000)).into_bytes();
    table.extend_from_slice(&gbk);
    table.extend(b",1,2\n");
    desk.write("mixed.csv", &table);
    let ended = desk.must(&["locate", "mixed.csv", "-o", "out.csv"]);
    let warned = "1 rows have bytes that are no text";
    assert!(ended.err().contains(warned), "{}", ended.err());
    assert!(ended.err().contains("--encoding"), "{}", ended.err());

    let (short, _, _) = encoding_rs::GBK.encode("地,lon,lat\n珙,104.705,28.405\n");
    desk.write("short.csv", &short);
    let said = [
        "locate",
        "short.csv",
        "-o",
        "short_out.csv",
        "--encoding",
        "GBK",
    ];
    let ended = desk.must(&said);
    assert!(!ended.err().contains("WARN"), "{}", ended.err());
    let out = desk.read("short_out.csv");
    assert!(out.contains("珙,104.705,28.405,inside"), "{out}");

    desk.write("in.ndjson", "{\"lon\":1,\"lat\":2}\n");
    let ended = desk.run(&["locate", "in.ndjson", "-o", "-", "--encoding", "GBK"]);
    assert_eq!(ended.code(), 1);
    assert!(ended.err().contains("for tables only"), "{}", ended.err());
}

#[test]
fn a_stream_that_was_not_read_to_its_end_is_warned_of_and_ends_with_2() {
    let desk = desk_with_scheme();
    let column: arrow_array::ArrayRef =
        std::sync::Arc::new(arrow_array::Float64Array::from(vec![1.0; 9]));
    let columns = [("lon", std::sync::Arc::clone(&column)), ("lat", column)];
    let batch = arrow_array::RecordBatch::try_from_iter(columns).unwrap();
    let mut stream = arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    stream.write(&batch).unwrap();
    stream.write(&batch).unwrap();
    let mut stream = stream.into_inner().unwrap();
    stream.truncate(stream.len() - 60);
    desk.write("in.arrow", &stream);
    let ended = desk.run(&["locate", "in.arrow", "-o", "out.arrow"]);
    assert_eq!(ended.code(), 2, "{}", ended.err());
    assert!(
        ended.err().contains("not read to its end"),
        "{}",
        ended.err()
    );
    stream.truncate(stream.len() / 2);
    desk.write("in.arrow", &stream);
    let ended = desk.run(&["locate", "in.arrow", "-o", "none.arrow"]);
    assert_eq!(ended.code(), 1, "{}", ended.err());
    assert!(!desk.path("none.arrow").exists());
}

#[test]
fn rule_10_a_dedicated_grid_whose_categories_come_as_a_list_wins_for_each_until_the_end_of_time() {
    let desk = desk_with_scheme();
    desk.must(&[
        "scheme",
        "add",
        "dedicated",
        "--levels",
        "site",
        "--overlay",
    ]);
    desk.write("grids.geojson", GRIDS);
    desk.run(&["import", "grids.geojson", "--layer", "base.grid"]);
    desk.write(
        "sites.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"S1","categories":["消防","教育","a,b",null],
        "valid_from":"2020-01-01","valid_to":"9999-12-31 23:59:59"},"geometry":{"type":"Polygon",
        "coordinates":[[[104.702,28.402],[104.708,28.402],[104.708,28.408],[104.702,28.408],[104.702,28.402]]]}}]}"#,
    );
    desk.must(&["import", "sites.geojson", "--layer", "dedicated.site"]);
    let service = desk.serve(&[]);
    // 消防 and 教育, one with a comma in it, then categories that it does not name.
    for (category, scheme) in [
        ("a,b", "dedicated"),
        ("a", "base"),
        ("%E6%B6%88%E9%98%B2", "dedicated"),
        ("%E6%95%99%E8%82%B2", "dedicated"),
        ("x", "base"),
    ] {
        let question = format!("/api/locate?lon=104.705&lat=28.405&category={category}");
        let (status, answer) = service.get(&question);
        assert_eq!(status, 200, "{answer}");
        let first = format!("\"scheme\":\"{scheme}\",\"outcome\":\"inside\"");
        let start = answer.split("\"overlays\"").next().unwrap();
        assert!(start.contains(&first), "{category}: {answer}");
    }
}

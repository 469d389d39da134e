//! What each form answers.

use std::fmt::Write;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, County, LEVELS, One, points};
use crate::support::at;

const CSV: &str = "text/csv";
const LINES: &str = "application/x-ndjson";
const JSON: &str = "application/json";

/// The rows of an answered table, by the names of its columns.
fn table(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let mut reader = csv::Reader::from_reader(&*answer.body);
    let header = reader.headers().unwrap().clone();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let cells = header.iter().zip(&row);
        cells
            .map(|(name, cell)| (name.to_owned(), json!(cell)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    });
    rows.collect()
}

fn lines(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let lines = answer.text().lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// The same from a row of a table or from a line.
fn one(row: &Value) -> Result<One, String> {
    let text = |name: &str| row[name].as_str().filter(|text| !text.is_empty());
    if let Some(error) = text("error") {
        assert_eq!(text("outcome"), None);
        return Err(error.to_owned());
    }
    Ok(One {
        outcome: text("outcome").unwrap_or_default().to_owned(),
        certain: row["certain"] == true || row["certain"] == "true",
        codes: LEVELS.map(|level| text(level).map(str::to_owned)),
    })
}

#[tokio::test]
async fn every_form_answers_as_one_question_a_point_does_and_in_order() {
    let county = County::open();
    let points = points(700);
    let (mut csv, mut text) = ("id,lon,lat\n".to_owned(), String::new());
    for (n, (lon, lat)) in points.iter().enumerate() {
        writeln!(csv, "{n},{lon},{lat}").unwrap();
        writeln!(text, "{{\"id\":{n},\"lon\":{lon},\"lat\":{lat}}}").unwrap();
    }
    let csv = table(&county.post("", CSV, csv).await);
    let text = lines(&county.post("", LINES, text).await);
    let pairs: Vec<[f64; 2]> = points.iter().map(|&(lon, lat)| [lon, lat]).collect();
    let document = json!({ "points": pairs }).to_string();
    let document = county.post("", JSON, document).await.json();
    let results = document["results"].as_array().unwrap();
    assert_eq!([csv.len(), text.len(), results.len()], [points.len(); 3]);
    for (n, &(lon, lat)) in points.iter().enumerate() {
        let wanted = county.one(lon, lat).await;
        assert_eq!(one(&csv[n]), wanted, "row {n}: {lon}, {lat}");
        assert_eq!(one(&text[n]), wanted, "line {n}: {lon}, {lat}");
        assert_eq!(
            (&csv[n]["id"], &text[n]["id"]),
            (&json!(n.to_string()), &json!(n))
        );
        match wanted {
            Ok(wanted) => {
                assert_eq!(results[n]["outcome"], wanted.outcome);
                assert_eq!(results[n]["codes"], json!(wanted.codes));
            }
            Err(error) => assert_eq!(results[n]["error"], error),
        }
    }
}

#[tokio::test]
async fn what_is_asked_of_a_document_may_stand_anywhere_in_it_or_in_the_address() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let there = wangge::exchange::Transform::from_wgs84("gcj02".parse().unwrap());
    let there = there.unwrap().apply(home).unwrap();
    let point = format!("[[{},{}]]", there.lon, there.lat);
    let time = "2025-06-01T00:00:00Z";
    for (query, body) in [
        (
            "",
            format!("{{\"points\":{point},\"crs\":\"gcj02\",\"at\":\"{time}\"}}"),
        ),
        (
            "",
            format!("{{\"crs\":\"gcj02\",\"at\":\"{time}\",\"points\":{point}}}"),
        ),
        (
            "?crs=bd09",
            format!("\u{feff} {{ \"points\" : {point} , \"at\":\"{time}\",\"crs\":\"gcj02\"}} "),
        ),
        (
            "?crs=gcj02&at=2025-06-01T00:00:00Z&scheme=base",
            format!("{{\"points\":{point},\"crs\":null}}"),
        ),
    ] {
        let answer = county.post(query, JSON, body.clone()).await.json();
        assert_eq!(answer["results"][0]["codes"][2], "5115260101", "{body}");
        assert_eq!(answer["approximate"], true, "{body}");
        assert_eq!(
            (&answer["crs"], &answer["at"]),
            (&json!("gcj02"), &json!(time)),
            "{body}"
        );
        assert!(answer["version"].as_u64().unwrap() > 0);
        assert_eq!(answer["levels"], json!(LEVELS));
    }
    let csv = format!("lon,lat\n{},{}\n", there.lon, there.lat);
    let answer = county.post("?crs=gcj02", CSV, csv).await;
    assert_eq!(answer.headers["wangge-approximate"], "true");
    assert_eq!(table(&answer)[0]["grid"], "5115260101");
}

#[tokio::test]
async fn a_document_that_is_none_is_refused_with_the_place_and_what_to_send() {
    let county = County::open();
    let many = "[1,2],".repeat(100_000);
    for (body, wanted) in [
        (String::new(), "byte 1: the document ends"),
        ("[1,2]".to_owned(), "byte 1: '{' is expected"),
        ("{\"points\":".to_owned(), "byte 11"),
        ("{\"points\":[[1,2]".to_owned(), "byte 17"),
        ("{\"points\":[[1,2],]}".to_owned(), "comma"),
        (
            "{\"points\":[[1,2] [3,4]]}".to_owned(),
            "byte 18: ',' is expected",
        ),
        ("{\"points\":[]} x".to_owned(), "more behind"),
        ("{}".to_owned(), "points is missing"),
        ("{\"points\":[],\"datum\":1}".to_owned(), "datum"),
        ("{\"points\":[],\"points\":[]}".to_owned(), "twice"),
        ("{\"points\":[],\"crs\":7}".to_owned(), "crs is 7"),
        ("{\"points\":[],\"crs\":\"gcj\"}".to_owned(), "\"gcj\""),
        (
            "{\"points\":[],\"at\":\"yesterday\"}".to_owned(),
            "yesterday",
        ),
        (
            "{\"points\":[],\"scheme\":\"none\"}".to_owned(),
            "there are: base",
        ),
        (format!("{{\"points\":[{many}[1,2}}]}}"), "byte 600012"),
        ("{\"points\":[,[1,2]]}".to_owned(), "a point is expected"),
        (
            "{\"points\":[[1,2],[NaN,1".to_owned(),
            "breaks off after 1 points, none of which is answered",
        ),
        (
            format!("{{\"crs\":\"{}\"}}", "x".repeat(70_000)),
            "longer than 64 KB",
        ),
        ("{\"crs\":\"\u{7}\"}".to_owned(), "control character"),
    ] {
        let answer = county.post("", JSON, body.clone()).await;
        let start: String = body.chars().take(60).collect();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{start}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(wanted), "{start}: {detail}");
    }
}

#[tokio::test]
async fn a_point_that_is_none_says_so_in_its_place_and_a_third_number_is_a_height() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let body = format!(
        "{{\"points\":[[{0},{1},312.5],{{\"lon\":1}},[1],[1,2,3,4],null,\"]\",[1,\"2\"],[[1],2],[1e999,1],[{0}e0,{1}]]}}",
        home.lon, home.lat
    );
    let answer = county.post("", JSON, body).await.json();
    let results = answer["results"].as_array().unwrap();
    let outcomes: Vec<&Value> = results.iter().map(|result| &result["outcome"]).collect();
    let mut wanted = vec![Value::Null; 10];
    (wanted[0], wanted[9]) = (json!("inside"), json!("inside"));
    assert_eq!(outcomes, wanted.iter().collect::<Vec<_>>());
    for result in &results[1..9] {
        assert!(!result["error"].as_str().unwrap().is_empty(), "{result}");
        assert_eq!(result["codes"], json!([null, null, null]));
    }
}

#[tokio::test]
async fn a_point_that_is_too_long_says_so_in_its_place() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let good = format!("[{},{}]", home.lon, home.lat);
    for length in [65_500, 65_537, 70_000, 262_144, 3_000_000] {
        for long in [
            format!("\"{}\"", "x]\\\"".repeat(length / 4)),
            format!("[{}1]", "1,".repeat(length / 2)),
            format!("{{\"a\":\"{}\"}}", "长".repeat(length / 3)),
        ] {
            let body = format!("{{\"points\":[{good},{long} ,{good}],\"at\":null}}");
            let answer = county.post("", JSON, body).await.json();
            let results = answer["results"].as_array().unwrap();
            assert_eq!(results.len(), 3, "{length}");
            assert_eq!(results[0]["outcome"], "inside");
            assert_eq!(results[2]["outcome"], "inside");
            let error = results[1]["error"].as_str().unwrap();
            let is_told = error.contains(&long[..6]) && error.contains("[lon,lat]");
            assert!(is_told && error.len() < 400, "{error}");
            let is_long = long.len() > 64 << 10;
            assert_eq!(error.contains("longer than 64 KB"), is_long, "{error}");
        }
    }
}

#[tokio::test]
async fn what_other_programs_write_for_no_number_spoils_its_own_place_only() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let good = format!("[{},{}]", home.lon, home.lat);
    for bad in [
        &b"[NaN,1]"[..],
        b"[Infinity,-Infinity]",
        b"[1, nan]",
        b"NaN",
        b"tru",
        b"[1 2]",
        b"[1,]",
        b"[null,null]",
        b"[\"\xff\",1]",
        b"\"\x07\"",
        b"{\"lon\":NaN,\"lat\":[1]}",
        b"[1,2\xe7]",
    ] {
        let mut body = format!("{{\"points\":[{good},").into_bytes();
        body.extend(bad);
        body.extend(format!(" , {good}]}}").bytes());
        let shown = String::from_utf8_lossy(bad).into_owned();
        let answer = county.post("", JSON, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{shown}: {}", answer.text());
        let results = answer.json()["results"].as_array().unwrap().clone();
        let outcomes: Vec<&Value> = results.iter().map(|result| &result["outcome"]).collect();
        assert_eq!(
            outcomes,
            ["inside", "", "inside"]
                .map(|o| if o.is_empty() { json!(null) } else { json!(o) })
                .each_ref()
        );
        let error = results[1]["error"].as_str().unwrap();
        assert!(
            error.contains(shown.trim()) && error.contains("[lon,lat]"),
            "{shown}: {error}"
        );
    }
}

#[tokio::test]
async fn an_empty_text_in_a_document_is_not_given_as_in_the_address() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let point = format!("[[{},{}]]", home.lon, home.lat);
    let body = format!("{{\"points\":{point},\"at\":\"\",\"crs\":\"\",\"scheme\":\"\"}}");
    let answer = county.post("?at=&crs=&scheme=", JSON, body).await.json();
    assert_eq!(answer["results"][0]["outcome"], "inside", "{answer}");
}

#[tokio::test]
async fn a_line_keeps_its_members_as_they_are_and_a_bad_one_keeps_its_place() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let (lon, lat) = (home.lon, home.lat);
    let body = [
        format!("{{ \"名\" : \"\\u7532\", \"LON\":{lon}, \"a\":[1.50,{{}}],\"Lat\":\"{lat}\" }}"),
        String::new(),
        "{\"lon\":1,\"lat\":".to_owned(),
        "{\"lon\":null,\"lat\":null}".to_owned(),
        format!("{{\"outcome\":\"x\",\"grid\":7,\"lon\":{lon},\"lat\":{lat}}}"),
        "{\"lat\":1}".to_owned(),
        "{\"lon\":\"east\",\"lat\":1}".to_owned(),
        "{}".to_owned(),
        format!(
            "{{\"lon\":{lon},\"lat\":{lat},\"text\":\"{}\"}}",
            "x".repeat(3 << 20)
        ),
        format!("{{\"经度\":{lon},\"纬度\":{lat}}}"),
    ];
    let answer = county.post("", LINES, body.join("\r\n")).await;
    let first = answer.text().lines().next().unwrap();
    let wanted = format!(
        "{}, \"a\":[1.50,{{}}],\"Lat\":\"{lat}\",\"outcome\":\"inside\",\"certain\":true,\"county\":\"511526\",\
         \"community\":\"51152601\",\"grid\":\"5115260101\",\"error\":null}}",
        format_args!("{{ \"名\" : \"\\u7532\", \"LON\":{lon}")
    );
    assert_eq!(first, wanted);
    let lines = lines(&answer);
    assert_eq!(lines.len(), 9);
    assert_eq!(
        (&lines[1]["line"], &lines[1]["text"]),
        (&json!(3), &json!("{\"lon\":1,\"lat\":"))
    );
    assert!(
        lines[1]["error"]
            .as_str()
            .unwrap()
            .contains("one object a line")
    );
    assert_eq!(
        (&lines[2]["outcome"], &lines[2]["error"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&lines[3]["outcome"], &lines[3]["wangge.outcome"]),
        (&json!("x"), &json!("inside"))
    );
    assert_eq!(
        (&lines[3]["grid"], &lines[3]["base.grid"]),
        (&json!(7), &json!("5115260101"))
    );
    assert!(lines[4]["error"].as_str().unwrap().contains("no lon"));
    assert!(lines[5]["error"].as_str().unwrap().contains("\"east\""));
    assert!(lines[6]["error"].is_string());
    assert_eq!(lines[7]["line"], 9);
    assert!(lines[7]["error"].as_str().unwrap().contains("1024 KB"));
    assert_eq!(lines[8]["grid"], "5115260101");
}

#[tokio::test]
async fn a_table_keeps_its_rows_as_they_are_and_one_that_is_too_long_says_so_in_its_place() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let (lon, lat) = (home.lon, home.lat);
    let body = format!(
        "\"id\" ,lon,lat\r\n\r\n\"a\"\"b\",{lon},{lat}\r\n c ,{lon} ,{lat},over\r\nd\r\n\"e,{lon},{lat}\r\n{}\r\nf,{lon},{lat}",
        "x".repeat(3 << 20)
    );
    let answer = county.post("", CSV, body).await;
    let lines: Vec<&str> = answer.text().lines().collect();
    let found = "inside,true,511526,51152601,5115260101,";
    assert_eq!(
        lines[0],
        "\"id\" ,lon,lat,outcome,certain,county,community,grid,error"
    );
    assert_eq!(lines[1], format!("\"a\"\"b\",{lon},{lat},{found}"));
    assert_eq!(lines[2], format!(" c ,{lon} ,{lat},{found},over"));
    assert_eq!(lines[3], "d,,,,,,,,");
    assert!(
        lines[4].starts_with(&format!("\"\"\"e\",{lon},{lat},,,,,,line 6: a quote")),
        "{}",
        lines[4]
    );
    assert_eq!(
        lines[5],
        ",,,,,,,,line 7 is longer than 1024 KB; it was not read"
    );
    assert_eq!(lines[6], format!("f,{lon},{lat},{found}"));
    assert_eq!(lines.len(), 7);
}

#[tokio::test]
async fn how_long_a_row_may_be_does_not_hang_on_how_it_arrives() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let place = format!("{},{}", home.lon, home.lat);
    // The window grows with the first long row, so that what follows it arrives whole.
    for length in [1 << 20, (1 << 20) + 200, 3 << 20] {
        let long = format!("{},{place}\n", "x".repeat(length));
        let body = format!(
            "id,lon,lat\n{}{long}{long}b,{place}\n",
            "y".repeat(5 << 20) + "\n"
        );
        let rows = table(&county.post("", CSV, body).await);
        let errors: Vec<&str> = rows
            .iter()
            .map(|row| row["error"].as_str().unwrap())
            .collect();
        assert_eq!(
            errors,
            [
                "line 2 is longer than 1024 KB; it was not read",
                "line 3 is longer than 1024 KB; it was not read",
                "line 4 is longer than 1024 KB; it was not read",
                ""
            ],
            "{length}"
        );
        assert_eq!(rows[3]["outcome"], "inside");
    }
}

#[tokio::test]
async fn a_row_of_a_megabyte_is_read_and_blank_lines_before_one_make_it_no_longer() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let place = format!("{},{}", home.lon, home.lat);
    let long = format!("{},{place}", "x".repeat((1 << 20) - place.len() - 1));
    assert_eq!(long.len(), 1 << 20);
    let blank = "\r\n".repeat(600_000);
    let body = format!(
        "id,lon,lat\r\n{}\r\n{long}\r\n{long}\r\n{blank}b,{place}\r\n",
        "y".repeat(5 << 20)
    );
    let rows = table(&county.post("", CSV, body).await);
    let outcomes: Vec<&str> = rows
        .iter()
        .map(|row| row["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["", "inside", "inside", "inside"]);
}

#[tokio::test]
async fn a_quote_that_never_closes_costs_its_own_row_only() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let place = format!("{},{}", home.lon, home.lat);
    let rows = |count: usize| format!("a,{place}\n").repeat(count);
    let found = "inside,true,511526,51152601,5115260101,";
    // To the end of a short table and of a long one, and to where another quote closes it.
    for (behind, more) in [
        (rows(3), 3),
        (rows(100_000), 100_000),
        (format!("{}\"b\",{place}\n{}", rows(4), rows(2)), 7),
        (format!("{}\"b\nc\",{place}\n", rows(2)), 3),
    ] {
        let body = format!("id,lon,lat\n{}\"x,{place}\n{behind}", rows(1));
        let answer = county.post("", CSV, body).await;
        let rows = table(&answer);
        assert_eq!(rows.len(), 2 + more);
        for (n, row) in rows.iter().enumerate() {
            assert_eq!(
                (row["lon"].as_str(), row["lat"].as_str()),
                place
                    .split_once(',')
                    .map(|(x, y)| (Some(x), Some(y)))
                    .unwrap()
            );
            let error = row["error"].as_str().unwrap();
            if n == 1 {
                assert_eq!(row["id"], "\"x");
                assert!(error.starts_with("line 3: a quote that opens"), "{error}");
            } else {
                assert_eq!((&row["outcome"], error), (&json!("inside"), ""), "row {n}");
            }
        }
        assert!(answer.text().contains(found));
    }
}

#[tokio::test]
async fn quotes_that_open_on_every_line_cost_no_more_than_their_lines() {
    let county = County::open();
    let body = format!("id,lon,lat\n{}", "a\",\"b\n".repeat(100_000));
    let answer = county.post("", CSV, body).await;
    let rows = table(&answer);
    assert_eq!(rows.len(), 100_000);
    assert_eq!(
        (&rows[7]["id"], &rows[7]["lon"]),
        (&json!("a\""), &json!("\"b"))
    );
    let answer = county.post("", CSV, "\"id,lon,lat\n1,2,3\n").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text().contains("header"), "{}", answer.text());
}

#[tokio::test]
async fn chinese_in_gbk_that_begins_far_behind_the_head_is_read_as_such() {
    let county = County::open();
    let mut body = format!("id,lon,lat\n{}", "plain,1,2\n".repeat(20_000)).into_bytes();
    let (chinese, _, _) = encoding_rs::GBK.encode("珙县巡场镇,1,2\n杉木树社区,1,2\n");
    for _ in 0..50 {
        body.extend(chinese.iter());
    }
    let rows = table(&county.post("", CSV, body).await);
    assert_eq!(rows.len(), 20_100);
    assert_eq!(
        (&rows[19_999]["id"], &rows[20_000]["id"]),
        (&json!("plain"), &json!("珙县巡场镇"))
    );
    assert_eq!(rows[20_099]["id"], "杉木树社区");
}

#[tokio::test]
async fn what_cannot_be_is_told_as_it_was_given() {
    let county = County::open();
    let error = async |query, kind, body: &str| {
        let answer = county.post(query, kind, body.to_owned()).await;
        let rows = match kind {
            CSV => table(&answer),
            LINES => lines(&answer),
            _ => answer.json()["results"].as_array().unwrap().clone(),
        };
        rows[0]["error"].as_str().unwrap().to_owned()
    };
    let bd09 = error("?crs=bd09", CSV, "lon,lat\n200,28\n").await;
    assert!(bd09.starts_with("lon is 200,"), "{bd09}");
    let large = error("", CSV, "lon,lat\n1e400,28\n").await;
    assert!(large.contains("\"1e400\""), "{large}");
    let long = error("", LINES, "{\"lon\":1e300,\"lat\":1}\n").await;
    assert!(long.starts_with("lon is 1e300,"), "{long}");
    let list = error("", LINES, "[1,2]\n").await;
    assert!(
        list.contains("an object") && !list.contains("column"),
        "{list}"
    );
    let point = error("", JSON, "{\"points\":[[1e400,1]]}").await;
    assert!(point.starts_with("[1e400,1] is no point"), "{point}");
}

#[tokio::test]
async fn a_table_in_the_encoding_that_the_request_names_is_read_so() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let text = format!("名,lon,lat\n珙,{},{}\n", home.lon, home.lat);
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    for kind in [
        "text/csv; charset=gbk",
        "text/csv;header=present; Charset=\"GB2312\"",
    ] {
        let answer = county.post("", kind, gbk.to_vec()).await;
        assert_eq!(table(&answer)[0]["名"], "珙", "{kind}");
    }
    let answer = county.post("", "text/csv; charset=klingon", text).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text().contains("klingon"));
}

#[tokio::test]
async fn a_row_beyond_what_a_projection_can_mean_says_so_in_its_place() {
    let county = County::open();
    let way = wangge::exchange::Transform::from_wgs84("EPSG:3857".parse().unwrap()).unwrap();
    let there = way.apply(at(0.5, 0.5).degrees()).unwrap();
    let turned = there.lon + 40_075_016.685_578_49;
    let csv = format!(
        "lon,lat\n{},{1}\n{turned},{1}\n1e9,1e9\n",
        there.lon, there.lat
    );
    let rows = table(&county.post("?crs=EPSG:3857", CSV, csv).await);
    assert_eq!(
        (&rows[0]["grid"], &rows[0]["error"]),
        (&json!("5115260101"), &json!(""))
    );
    for row in &rows[1..] {
        let error = row["error"].as_str().unwrap();
        assert!(
            error.contains("beyond what numbers of EPSG:3857 can mean"),
            "{row}"
        );
        assert_eq!(row["outcome"], "");
    }
}

#[tokio::test]
async fn rule_6_a_row_of_degrees_that_are_declared_to_be_metres_says_so_in_its_place() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let way = wangge::exchange::Transform::from_wgs84("EPSG:4544".parse().unwrap()).unwrap();
    let there = way.apply(home).unwrap();
    let told = format!(
        "{}, {} look like degrees, and EPSG:4544 has lengths",
        home.lon, home.lat
    );
    let rows = [(there.lon, there.lat), (home.lon, home.lat)];
    let csv = rows.map(|(lon, lat)| format!("{lon},{lat}\n")).concat();
    let csv = table(
        &county
            .post("?crs=EPSG:4544", CSV, format!("lon,lat\n{csv}"))
            .await,
    );
    let text = rows
        .map(|(lon, lat)| format!("{{\"lon\":{lon},\"lat\":{lat}}}\n"))
        .concat();
    let text = lines(&county.post("?crs=EPSG:4544", LINES, text).await);
    let body = json!({ "points": rows.map(|(lon, lat)| [lon, lat]), "crs": "EPSG:4544" });
    let document = county.post("", JSON, body.to_string()).await.json();
    for rows in [&csv, &text, document["results"].as_array().unwrap()] {
        assert_eq!(rows[0]["outcome"], "inside");
        let error = rows[1]["error"].as_str().unwrap();
        assert!(error.starts_with(&told), "{error}");
    }
    // Those that stay degrees are none.
    let csv = format!("lon,lat\n{},{}\n", home.lon, home.lat);
    let rows = table(&county.post("?crs=EPSG:4490", CSV, csv).await);
    assert_eq!(
        (&rows[0]["grid"], &rows[0]["error"]),
        (&json!("5115260101"), &json!(""))
    );
}

//! Real data of others, where it is at hand: London's census areas and crimes, China's provinces, cities and counties.

use std::collections::BTreeMap;

use crate::support::program::{Desk, shared};

/// Six places of the demo with the county that each lies in, WGS 84.
const PLACES: [(&str, &str, &str); 6] = [
    ("104.7567", "31.4551", "510703"),
    ("104.7092", "28.4386", "511526"),
    ("106.0831", "30.7953", "511302"),
    ("121.6563", "42.0116", "210902"),
    ("120.2853", "31.9203", "320281"),
    ("120.3490", "30.3080", "330114"),
];

#[test]
fn crimes_in_london_are_located_as_the_police_did() {
    let Some(london) = shared("uk_london") else {
        return;
    };
    let desk = Desk::new();
    let file = |name: &str| london.join(name).to_str().unwrap().to_owned();
    desk.must(&["scheme", "add", "census", "--levels", "msoa,lsoa,oa"]);
    for (level, code, count) in [
        ("msoa", "MSOA11CD", 983),
        ("lsoa", "LSOA11CD", 4835),
        ("oa", "OA11CD", 25053),
    ] {
        let (layer, fields) = (
            format!("census.{level}"),
            format!("code={code},parent=parent"),
        );
        let file = file(&format!("london_{level}.geojson.zst"));
        let out = desk
            .must(&["import", &file, "--layer", &layer, "--fields", &fields])
            .out();
        assert!(
            out.contains(&format!("{count} read, {count} accepted")),
            "{out}"
        );
    }
    desk.must(&[
        "locate",
        &file("crime_2019H1_city-of-london.csv.zst"),
        "-o",
        "crimes.csv",
    ]);
    let mut rows = csv::Reader::from_path(desk.path("crimes.csv")).unwrap();
    let header = rows.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (official, found, outcome) = (column("LSOA code"), column("lsoa"), column("outcome"));
    let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows.records().map(Result::unwrap) {
        let verdict = match (&row[outcome], &row[found]) {
            ("", "") => "without coordinates",
            (_, "") => "in no area",
            (_, code) if *code == row[official] => "right",
            _ => "wrong",
        };
        *verdicts.entry(verdict).or_default() += 1;
    }
    let expected = [
        ("in no area", 84),
        ("right", 4221),
        ("without coordinates", 276),
        ("wrong", 87),
    ];
    assert_eq!(verdicts.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn the_six_places_are_found_in_the_counties_of_a_map_that_is_really_in_gcj02() {
    let Some(file) = shared("cn/cn_admin_sc_ln_js_zj.fgb.zst") else {
        return;
    };
    let desk = Desk::new();
    desk.must(&["scheme", "add", "cn", "--levels", "province,city,county"]);
    let file = file.to_str().unwrap();
    for (level, word, name, count) in [
        ("province", "省", "province", 4),
        ("city", "市", "city", 59),
        ("county", "区县", "district", 468),
    ] {
        let (layer, fields) = (format!("cn.{level}"), format!("name={name}"));
        let only = format!("level={word}");
        let out = desk
            .must(&[
                "import", file, "--layer", &layer, "--crs", "gcj02", "--where", &only, "--fields",
                &fields,
            ])
            .out();
        assert!(
            out.contains(&format!("{count} read, {count} accepted")),
            "{out}"
        );
    }
    let serving = desk.serve(&[]);
    for (lon, lat, county) in PLACES {
        let (_, body) = serving.get(&format!("/api/locate?lon={lon}&lat={lat}"));
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(answer["outcome"], "inside", "{county}");
        let codes: Vec<&str> = answer["chain"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| g["code"].as_str().unwrap())
            .collect();
        assert_eq!(
            codes,
            [
                format!("{}0000", &county[..2]),
                codes[1].to_owned(),
                county.to_owned()
            ]
        );
    }
}

#[test]
fn a_pack_of_chinese_letters_is_served_as_it_is() {
    let Some(assets) = shared("assets") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let packed = assets.join("klokantech_noto_cjk_regular_glyphs.tgz");
    let font = "KlokanTech Noto Sans CJK Regular";
    let mut tar = std::process::Command::new("tar");
    let unpacked = tar.arg("-xzf").arg(packed).arg("-C").arg(folder.path());
    assert!(unpacked.status().unwrap().success());
    let fonts = wangge::app::Fonts::with_pack(folder.path()).unwrap();
    assert_eq!(fonts.names().next(), Some(font));
    for entry in std::fs::read_dir(folder.path().join(font)).unwrap() {
        let file = entry.unwrap().path();
        let stem = file.file_stem().unwrap().to_str().unwrap();
        let range = wangge::app::GlyphRange::parse(stem).unwrap();
        let served = fonts.glyphs(font, range).unwrap();
        assert_eq!(served, std::fs::read(&file).unwrap(), "{stem}");
    }
}

//! A small store for tests: one county of 2 × 2 grids in two communities, and a layer of cameras.

pub(crate) mod program;
pub(crate) mod town;

use std::path::PathBuf;

use wangge::model::{
    Clustering, Coord, Feature, FeatureId, Field, FieldKind, Geometry, GeometryKind, Layer,
    LayerName, Look, Scheme, Sensitivity, Staff, Time, Title, Validity, Value, Zooms,
};
use wangge::snapshot::{Changes, Snapshot};
use wangge::store::{Mode, Put, Store};

/// Lattice steps of one grid's side: 0.01 degree.
pub(crate) const SIDE: i32 = 100_000;
/// South-west corner of the county.
pub(crate) const CORNER: Coord = Coord {
    lon: 1_047_000_000,
    lat: 284_000_000,
};

/// A lattice point, in sides from the county's corner.
pub(crate) fn at(east: f64, north: f64) -> Coord {
    #[expect(clippy::cast_possible_truncation, reason = "small test numbers")]
    let steps = |sides: f64| (sides * f64::from(SIDE)).round() as i32;
    Coord {
        lon: CORNER.lon + steps(east),
        lat: CORNER.lat + steps(north),
    }
}

pub(crate) fn name(text: &str) -> LayerName {
    text.parse().unwrap()
}

pub(crate) fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// Puts features in the year 2026.
pub(crate) fn put(mode: Mode) -> Put {
    Put {
        mode,
        now: time("2026-01-15"),
        absent: Vec::new(),
    }
}

/// A rectangle, in sides from the county's corner.
pub(crate) fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Geometry {
    let ring = vec![
        at(west, south),
        at(east, south),
        at(east, north),
        at(west, north),
    ];
    Geometry::polygons([vec![ring]]).unwrap()
}

pub(crate) fn grid(code: &str, parent: Option<&str>, geometry: Geometry) -> Feature {
    Feature {
        id: FeatureId(0),
        code: Some(code.into()),
        name: Some(format!("网格{code}").into()),
        parent: parent.map(Into::into),
        validity: Validity::ALWAYS,
        geometry,
        values: Box::new([]),
    }
}

pub(crate) fn layer(text: &str, geometry: GeometryKind, fields: Vec<Field>) -> Layer {
    let title = Title {
        zh: format!("层{text}"),
        en: text.to_owned(),
    };
    Layer {
        name: name(text),
        title,
        geometry,
        fields,
        zooms: Zooms::default(),
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: false,
    }
}

pub(crate) fn field(text: &str, kind: FieldKind) -> Field {
    Field {
        name: text.to_owned(),
        title: Title {
            zh: text.to_owned(),
            en: text.to_owned(),
        },
        kind,
        sensitivity: Sensitivity::Public,
        in_tiles: true,
    }
}

/// The same snapshot with coverages for the period of a time.
pub(crate) fn covered(mut snapshot: Snapshot, at: Time) -> Snapshot {
    snapshot.cover(&Snapshot::default(), &Changes::new(), at, 2);
    snapshot
}

pub(crate) fn base_scheme() -> Scheme {
    Scheme::new("base", ["county", "community", "grid"], false, 0).unwrap()
}

/// One county 2 × 2 sides; communities west (01) and east (02); four grids, of which the north-east has no polygon.
pub(crate) fn county() -> Vec<(Layer, Vec<Feature>)> {
    let county = vec![grid("511526", None, rectangle(0.0, 0.0, 2.0, 2.0))];
    let communities = vec![
        grid("51152601", Some("511526"), rectangle(0.0, 0.0, 1.0, 2.0)),
        grid("51152602", Some("511526"), rectangle(1.0, 0.0, 2.0, 2.0)),
    ];
    let grids = vec![
        grid(
            "5115260102",
            Some("51152601"),
            rectangle(0.0, 1.0, 1.0, 2.0),
        ),
        grid(
            "5115260101",
            Some("51152601"),
            rectangle(0.0, 0.0, 1.0, 1.0),
        ),
        grid(
            "5115260201",
            Some("51152602"),
            rectangle(1.0, 0.0, 2.0, 1.0),
        ),
    ];
    vec![
        (layer("base.county", GeometryKind::Polygon, vec![]), county),
        (
            layer("base.community", GeometryKind::Polygon, vec![]),
            communities,
        ),
        (layer("base.grid", GeometryKind::Polygon, vec![]), grids),
    ]
}

pub(crate) fn cameras() -> (Layer, Vec<Feature>) {
    let mut stream = field("stream", FieldKind::Text);
    stream.sensitivity = Sensitivity::Restricted;
    let layer = layer(
        "camera",
        GeometryKind::Point,
        vec![field("network", FieldKind::Text), stream],
    );
    let features = (0..5).map(|n| Feature {
        geometry: Geometry::points([at(0.1 + 0.3 * f64::from(n), 0.5)]).unwrap(),
        values: Box::new([
            Value::Text("公安".into()),
            Value::Text(format!("rtsp://{n}").into()),
        ]),
        ..grid(&format!("C{n}"), None, rectangle(0.0, 0.0, 1.0, 1.0))
    });
    (layer, features.collect())
}

pub(crate) fn duty(code: &str, name_zh: &str, validity: Validity) -> Staff {
    Staff {
        layer: name("base.grid"),
        code: code.into(),
        role: "grid_member".into(),
        name: name_zh.into(),
        phone: None,
        validity,
    }
}

/// The county, its cameras and its staff in a store of a folder of its own.
pub(crate) fn county_store() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("county.gpkg");
    let mut store = Store::open_or_create(&path).unwrap();
    let change = store.change().unwrap();
    change.add_scheme(&base_scheme()).unwrap();
    for (layer, features) in county().into_iter().chain([cameras()]) {
        change.define_layer(&layer).unwrap();
        change
            .put_features(&layer, &put(Mode::Upsert), &features)
            .unwrap();
    }
    let new_year = time("2026-01-01T00:00:00+08:00");
    let staff = [
        duty(
            "5115260101",
            "张伟",
            Validity {
                from: None,
                to: Some(new_year),
            },
        ),
        duty(
            "5115260101",
            "李娜",
            Validity {
                from: Some(new_year),
                to: None,
            },
        ),
    ];
    change.put_staff(Mode::Append, &staff).unwrap();
    change.commit().unwrap();
    (folder, path)
}

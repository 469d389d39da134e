//! A town in which every rule of locating has its place, in sides of the small county of [`super`].

use std::path::PathBuf;
use std::sync::Arc;

use wangge::model::{
    Feature, FeatureId, FieldKind, Geometry, GeometryKind, Layer, Scheme, Staff, Time, Validity,
    Value,
};
use wangge::snapshot::{LayerSnapshot, Snapshot, StaffRoster};
use wangge::store::{Mode, Store};

use super::{at, base_scheme, covered, field, grid, layer, name, put, rectangle, time};

/// What the town is made of.
pub(crate) struct Town {
    pub schemes: Vec<Scheme>,
    pub layers: Vec<(Layer, Vec<Feature>)>,
    pub staff: Vec<Staff>,
}

/// When the tests ask.
pub(crate) const PRESENT: Time = Time::from_millis(1_780_000_000_000);

/// When the south-west was given a new code.
pub(crate) const REDRAWN: &str = "2026-01-01T00:00:00+08:00";

fn scheme(name: &str, level: &str, priority: i32) -> Scheme {
    Scheme::new(name, [level], true, priority).unwrap()
}

fn polygons(text: &str) -> Layer {
    layer(text, GeometryKind::Polygon, vec![])
}

fn base_grids() -> Vec<Feature> {
    let (west, east) = (Some("51152601"), Some("51152602"));
    let turn = Some(time(REDRAWN));
    let stairwell = |n: i32| Feature {
        name: Some(format!("3号楼{n}单元").into()),
        ..grid(
            &format!("51152602-3-{n}"),
            east,
            rectangle(1.4, 1.4, 1.5, 1.5),
        )
    };
    vec![
        Feature {
            validity: Validity {
                from: None,
                to: turn,
            },
            ..grid("5115260100", west, rectangle(0.0, 0.0, 1.0, 1.0))
        },
        Feature {
            validity: Validity {
                from: turn,
                to: None,
            },
            ..grid("5115260101", west, rectangle(0.0, 0.0, 1.0, 1.0))
        },
        // 22 m of its community lie between it and the one south of it.
        grid("5115260102", west, rectangle(0.0, 1.02, 1.0, 2.0)),
        grid("5115260201", east, rectangle(1.0, 0.0, 2.0, 1.0)),
        grid("5115260202", east, rectangle(1.9, 0.4, 2.0, 0.6)),
        stairwell(1),
        stairwell(2),
        stairwell(3),
    ]
}

/// A school and a market with grids of their own; both answer for fires.
fn sites() -> (Layer, Vec<Feature>) {
    let site = |code: &str, categories: &str, geometry| Feature {
        values: Box::new([Value::Text(categories.into())]),
        ..grid(code, Some("51152601"), geometry)
    };
    let school = site("S1", "校园安全、消防", rectangle(0.2, 0.2, 0.3, 0.3));
    let market = site("S2", "市场监管|消防", rectangle(0.25, 0.25, 0.4, 0.4));
    let fields = vec![field("categories", FieldKind::Text)];
    (
        layer("dedicated.site", GeometryKind::Polygon, fields),
        vec![school, market],
    )
}

/// Two lanes that run north: one of the usual buffer, one of 40 m.
fn lanes() -> (Layer, Vec<Feature>) {
    let lane = |code: &str, east: f64, buffer: Value| Feature {
        geometry: Geometry::lines([vec![at(east, 0.1), at(east, 0.9)]]).unwrap(),
        values: Box::new([buffer]),
        ..grid(code, None, rectangle(0.0, 0.0, 1.0, 1.0))
    };
    let lanes = vec![
        lane("L1", 0.5, Value::Null),
        lane("L2", 0.6, Value::Real(40.0)),
    ];
    let fields = vec![field("buffer_m", FieldKind::Real)];
    (layer("lanes.lane", GeometryKind::Line, fields), lanes)
}

fn duty(level: &str, code: &str, role: &str, person: &str, validity: Validity) -> Staff {
    Staff {
        layer: name(level),
        code: code.into(),
        role: role.into(),
        name: person.into(),
        phone: None,
        validity,
    }
}

impl Town {
    pub(crate) fn new() -> Self {
        let county = vec![grid("511526", None, rectangle(0.0, 0.0, 2.0, 2.0))];
        let communities = vec![
            grid("51152601", Some("511526"), rectangle(0.0, 0.0, 1.0, 2.0)),
            grid("51152602", Some("511526"), rectangle(1.0, 0.0, 2.0, 2.0)),
        ];
        let turn = Some(time(REDRAWN));
        let until = Validity {
            from: None,
            to: turn,
        };
        let since = Validity {
            from: turn,
            to: None,
        };
        let always = Validity::ALWAYS;
        let staff = vec![
            duty("base.grid", "5115260100", "grid_member", "张伟", until),
            duty("base.grid", "5115260101", "grid_member", "李娜", since),
            duty("base.grid", "5115260102", "grid_member", "王芳", always),
            duty("base.community", "51152601", "secretary", "赵敏", always),
            duty("base.community", "51152602", "secretary", "周强", always),
            duty("dedicated.site", "S1", "principal", "孙丽", always),
            duty("lanes.lane", "L1", "lane_leader", "吴刚", always),
            duty("lanes.lane", "L2", "lane_leader", "郑洁", always),
        ];
        Self {
            schemes: vec![
                base_scheme(),
                scheme("dedicated", "site", 20),
                scheme("lanes", "lane", 10),
            ],
            layers: vec![
                (polygons("base.county"), county),
                (polygons("base.community"), communities),
                (polygons("base.grid"), base_grids()),
                sites(),
                lanes(),
            ],
            staff,
        }
    }

    /// With the coverages of the present.
    pub(crate) fn snapshot(self) -> Snapshot {
        let layers = self.layers.into_iter().map(|(layer, mut features)| {
            for (id, feature) in (1..).zip(&mut features) {
                feature.id = FeatureId(id);
            }
            let name = layer.name.clone();
            (name, Arc::new(LayerSnapshot::build(layer, 1, features)))
        });
        let snapshot = Snapshot {
            version: 1,
            schemes: self.schemes.into(),
            layers: layers.collect(),
            staff: Arc::new(StaffRoster::build(self.staff)),
            ..Snapshot::default()
        };
        covered(snapshot, PRESENT)
    }

    /// In a store of a folder of its own.
    pub(crate) fn store(self) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("town.gpkg");
        let mut store = Store::open_or_create(&path).unwrap();
        let change = store.change().unwrap();
        for scheme in &self.schemes {
            change.add_scheme(scheme).unwrap();
        }
        for (layer, features) in self.layers {
            change.define_layer(&layer).unwrap();
            change
                .put_features(&layer, &put(Mode::Append), &features)
                .unwrap();
        }
        change.put_staff(Mode::Append, &self.staff).unwrap();
        change.commit().unwrap();
        (folder, path)
    }
}

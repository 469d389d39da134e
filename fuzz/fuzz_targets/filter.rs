//! Text as a filter in CQL2: what is accepted is read again from its own text, and answers for a feature; with NOT before it, it
//! never answers the same.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use wangge::model::{
    Access, Clustering, Coord, Feature, FeatureId, Field, FieldKind, Geometry, GeometryKind, Layer,
    Look, Sensitivity, Title, Validity, Value, Zooms,
};
use wangge::query::filter::Filter;

fn thing() -> &'static (Layer, Feature) {
    static THING: OnceLock<(Layer, Feature)> = OnceLock::new();
    THING.get_or_init(|| {
        let field = |name: &str, kind| Field {
            name: name.to_owned(),
            title: Title::default(),
            kind,
            sensitivity: Sensitivity::Public,
            in_tiles: true,
        };
        let layer = Layer {
            name: "thing".parse().expect("a name"),
            title: Title::default(),
            geometry: GeometryKind::Polygon,
            fields: vec![
                field("a", FieldKind::Integer),
                field("b", FieldKind::Real),
                field("c", FieldKind::Text),
                field("d", FieldKind::Boolean),
                field("e", FieldKind::Time),
                field("f", FieldKind::Text),
            ],
            zooms: Zooms::default(),
            color: None,
            clustering: Clustering::default(),
            look: Look::default(),
            is_configured: false,
        };
        let ring = [(0, 0), (90, 0), (90, 90)].map(|(lon, lat)| Coord { lon, lat });
        let feature = Feature {
            id: FeatureId(1),
            code: Some("1".into()),
            name: None,
            parent: None,
            validity: Validity::ALWAYS,
            geometry: Geometry::polygons([vec![ring.to_vec()]]).expect("a ring"),
            values: Box::new([
                Value::Integer(5),
                Value::Real(2.5),
                Value::Text("x%_\\".into()),
                Value::Boolean(true),
                Value::Time("2026-01-31".parse().expect("a date")),
                Value::Null,
            ]),
        };
        (layer, feature)
    })
}

fuzz_target!(|text: &str| {
    let (layer, feature) = thing();
    let Ok(filter) = Filter::parse(text, layer, Access::LOCAL) else {
        return;
    };
    assert_eq!(
        Filter::parse(filter.text(), layer, Access::LOCAL).as_ref(),
        Ok(&filter)
    );
    if let Ok(opposite) = Filter::parse(&format!("NOT ({text})"), layer, Access::LOCAL) {
        assert!(!(filter.matches(feature) && opposite.matches(feature)));
    }
});

//! What a style is made from: the layers, and where they stand among the others.

use serde::Serialize;

use crate::model::{Access, Bounds, Field, GeometryKind, Layer};

/// Fields that hold a height, the height at which a building begins, and a number of floors, by preference.
const HEIGHTS: [&str; 1] = ["height"];
const BASES: [&str; 2] = ["min_height", "base"];
const FLOORS: [&str; 2] = ["floors", "levels"];

/// Everything that is drawn.
#[derive(Clone, Debug)]
pub struct Catalogue<'a> {
    /// Grid levels by scheme and from the top down, then the other layers.
    pub layers: Vec<Drawn<'a>>,
    /// The grids of the base scheme's top level.
    pub places: Vec<PlaceMark<'a>>,
    /// Who looks: a style does not tell of fields that the reader's tiles do not carry.
    pub access: Access,
}

/// One layer and what is known of its features.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    pub layer: &'a Layer,
    /// Where it stands in its scheme, if it is a grid level.
    pub grid: Option<GridPlace>,
    pub count: usize,
    pub bounds: Option<Bounds>,
}

/// A grid level's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridPlace {
    /// From the top, 0 is the top.
    pub depth: usize,
    /// Of another scheme than the base scheme.
    pub overlay: bool,
}

/// A grid of the top level, to be marked where it is a speck.
#[derive(Clone, Copy, Debug)]
pub struct PlaceMark<'a> {
    pub code: Option<&'a str>,
    pub name: Option<&'a str>,
    pub bounds: Bounds,
}

/// How a layer is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Grid,
    Point,
    Line,
    Building,
    Area,
    /// Part of an offline base map.
    Base,
}

/// Names of the fields by which a building stands up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Heights<'a> {
    pub(super) height: Option<&'a str>,
    pub(super) base: Option<&'a str>,
    pub(super) floors: Option<&'a str>,
    /// Metres of a floor; without it floors tell no height.
    pub(super) storey_m: Option<f64>,
}

impl GridPlace {
    /// Whether nothing of its scheme stands above, and it is the base scheme's.
    pub(super) fn is_top(self) -> bool {
        self.depth == 0 && !self.overlay
    }
}

impl<'a> Drawn<'a> {
    /// A resource layer without features.
    #[must_use]
    pub fn of(layer: &'a Layer) -> Self {
        Self {
            layer,
            grid: None,
            count: 0,
            bounds: None,
        }
    }

    /// How the layer is drawn for a reader.
    #[must_use]
    pub fn kind(&self, access: Access) -> Kind {
        let layer = self.layer;
        if self.grid.is_some() {
            return Kind::Grid;
        }
        if layer.look.role.is_some() {
            return Kind::Base;
        }
        match layer.geometry {
            GeometryKind::Point => Kind::Point,
            GeometryKind::Line => Kind::Line,
            GeometryKind::Polygon if self.heights(access).can_stand() => Kind::Building,
            GeometryKind::Polygon => Kind::Area,
        }
    }

    pub(super) fn id(&self) -> &'a str {
        self.layer.name.as_str()
    }

    /// Whether the reader's tiles carry a field of that name.
    pub(super) fn carries(&self, name: &str, access: Access) -> bool {
        let is_carried = |field: &Field| field.name == name && field.in_tiles && access.sees(field);
        self.layer.fields.iter().any(is_carried)
    }

    pub(super) fn heights(&self, access: Access) -> Heights<'static> {
        let first = |names: &[&'static str]| {
            let mut carried = names.iter().filter(|name| self.carries(name, access));
            carried.next().copied()
        };
        Heights {
            height: first(&HEIGHTS),
            base: first(&BASES),
            floors: first(&FLOORS),
            storey_m: self.layer.look.storey_m,
        }
    }
}

impl Heights<'_> {
    /// Whether anything tells of a height, be it only by a number of floors that no rule turns into one.
    fn can_stand(&self) -> bool {
        self.height.is_some() || self.floors.is_some()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{Clustering, Look, Title, Zooms};

    pub(crate) fn layer(name: &str, geometry: GeometryKind) -> Layer {
        Layer {
            name: name.parse().unwrap(),
            title: Title::default(),
            geometry,
            fields: Vec::new(),
            zooms: Zooms::default(),
            color: None,
            clustering: Clustering::default(),
            look: Look::default(),
            is_configured: false,
        }
    }

    pub(crate) fn polygons(name: &str) -> Layer {
        layer(name, GeometryKind::Polygon)
    }

    /// No layers; one place of half a degree.
    pub(crate) fn catalogue() -> Catalogue<'static> {
        Catalogue {
            layers: Vec::new(),
            places: vec![PlaceMark {
                code: Some("1"),
                name: Some("一"),
                bounds: Bounds::parse_degrees("bbox", "104,28,104.5,28.5").unwrap(),
            }],
            access: Access::LOCAL,
        }
    }
}

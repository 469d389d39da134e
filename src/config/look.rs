//! How a layer looks: its icon, its part in an offline base map, the height of a floor.

use crate::model::{Field, GeometryKind, ICONS, LayerName, Look, Role};

use super::ConfigError;

/// The roles as they are written.
const ROLES: [(&str, Role); 4] = [
    ("land", Role::Land),
    ("water", Role::Water),
    ("road", Role::Road),
    ("boundary", Role::Boundary),
];
/// What one floor can measure, metres.
const STOREYS: std::ops::RangeInclusive<f64> = 1.0..=20.0;
/// Fields that count floors.
const FLOORS: [&str; 2] = ["floors", "levels"];

/// As written in a layer.
pub(super) struct WrittenLook {
    pub(super) icon: Option<String>,
    pub(super) role: Option<String>,
    pub(super) storey_m: Option<f64>,
}

impl WrittenLook {
    pub(super) fn checked(
        self,
        layer: &LayerName,
        geometry: GeometryKind,
        fields: &[Field],
    ) -> Result<Look, ConfigError> {
        let refusal = |key, given: String| {
            let layer = layer.clone();
            move |reason| ConfigError::Look {
                layer,
                key,
                given,
                reason,
            }
        };
        if let Some(icon) = &self.icon {
            check_icon(icon, geometry).map_err(refusal("icon", icon.clone()))?;
        }
        let role = self.role.as_ref().map(|given| {
            let role = role(given, layer, geometry);
            role.map_err(refusal("role", given.clone()))
        });
        if let Some(storey) = self.storey_m {
            let checked = check_storey(storey, geometry, fields);
            checked.map_err(refusal("storey_m", storey.to_string()))?;
        }
        Ok(Look {
            icon: self.icon,
            role: role.transpose()?,
            storey_m: self.storey_m,
        })
    }
}

fn check_icon(icon: &str, geometry: GeometryKind) -> Result<(), String> {
    if geometry != GeometryKind::Point {
        return Err("only points have icons".to_owned());
    }
    if ICONS.contains(&icon) {
        return Ok(());
    }
    Err(format!("the icons are {}", ICONS.join(", ")))
}

fn role(given: &str, layer: &LayerName, geometry: GeometryKind) -> Result<Role, String> {
    let known = ROLES.iter().find(|(name, _)| *name == given);
    let Some((_, role)) = known else {
        let known = ROLES.map(|(name, _)| name).join(", ");
        return Err(format!("the roles are {known}"));
    };
    match misfit(*role, layer, geometry) {
        Some(reason) => Err(reason.to_owned()),
        None => Ok(*role),
    }
}

/// Why a layer cannot play the role.
fn misfit(role: Role, layer: &LayerName, geometry: GeometryKind) -> Option<&'static str> {
    if layer.scheme_and_level().is_some() {
        return Some("a grid level is no part of the base map");
    }
    match (role, geometry) {
        (_, GeometryKind::Point) => Some("points are no part of the base map"),
        (Role::Land, GeometryKind::Line) => Some("land is polygons"),
        _ => None,
    }
}

/// Whether heights can be estimated by such a floor.
fn check_storey(storey: f64, geometry: GeometryKind, fields: &[Field]) -> Result<(), String> {
    let counts = |field: &Field| field.in_tiles && FLOORS.contains(&field.name.as_str());
    if geometry != GeometryKind::Polygon {
        Err("only polygons stand up".to_owned())
    } else if !STOREYS.contains(&storey) {
        let (low, high) = (STOREYS.start(), STOREYS.end());
        Err(format!("a floor has {low} to {high} metres"))
    } else if !fields.iter().any(counts) {
        Err("the layer has no field floors or levels with tile = true to count by".to_owned())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Configuration;
    use crate::model::Role;

    const BUILDING: &str = r#"
        [[layer]]
        name = "building"
        geometry = "polygon"
        storey_m = 3.0
        fields = [{ name = "floors", type = "integer", tile = true }]

        [[layer]]
        name = "hydrant"
        geometry = "point"
        icon = "hydrant"

        [[layer]]
        name = "river"
        geometry = "line"
        role = "water"
    "#;

    #[test]
    fn a_layer_keeps_its_icon_its_role_and_its_storey() {
        let layers = Configuration::parse(BUILDING).unwrap().layers;
        assert_eq!(layers[0].look.storey_m, Some(3.0));
        assert_eq!(layers[1].look.icon.as_deref(), Some("hydrant"));
        assert_eq!(layers[2].look.role, Some(Role::Water));
    }

    #[test]
    fn a_look_that_cannot_be_is_refused_with_the_layer_the_key_and_what_can() {
        for (from, to, words) in [
            (
                "icon = \"hydrant\"",
                "icon = \"hydrent\"",
                "layer hydrant: icon \"hydrent\" is refused: the icons are building, bus",
            ),
            (
                "role = \"water\"",
                "role = \"sea\"",
                "role \"sea\" is refused: the roles are land, water, road, boundary",
            ),
            ("role = \"water\"", "role = \"land\"", "land is polygons"),
            (
                "role = \"water\"",
                "icon = \"bus\"",
                "only points have icons",
            ),
            (
                "icon = \"hydrant\"",
                "role = \"road\"",
                "points are no part",
            ),
            (
                "storey_m = 3.0",
                "storey_m = 0.0",
                "storey_m \"0\" is refused: a floor has 1 to 20 metres",
            ),
            ("storey_m = 3.0", "storey_m = nan", "a floor has 1 to 20"),
            ("\"floors\"", "\"stairs\"", "no field floors or levels"),
            (
                "icon = \"hydrant\"",
                "storey_m = 3.0",
                "only polygons stand up",
            ),
        ] {
            let error = Configuration::parse(&BUILDING.replace(from, to)).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}

//! How a layer looks on a map, beyond its colour.

/// The names of the icons that a layer may take; `styles/icons/` has a drawing of each.
pub const ICONS: [&str; 38] = [
    "building",
    "bus",
    "camera",
    "care",
    "charging",
    "court",
    "defibrillator",
    "doctor",
    "door",
    "emergency",
    "entrance",
    "fire-station",
    "gas",
    "gate",
    "home",
    "hospital",
    "hydrant",
    "information",
    "market",
    "mediation",
    "network",
    "office",
    "park",
    "parking",
    "party-household",
    "party-org",
    "party-station",
    "pharmacy",
    "police",
    "post",
    "power",
    "recycling",
    "school",
    "service",
    "shelter",
    "shop",
    "team",
    "warehouse",
];

/// What a layer of an offline base map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Land,
    Water,
    Road,
    Boundary,
}

/// What a configuration says of a layer's look; nothing of it need be said.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Look {
    /// One of [`ICONS`]; a name that a later version wrote draws a plain dot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Part of the base map, below grids and resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Metres of one floor, where heights may be estimated from a number of floors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storey_m: Option<f64>,
}

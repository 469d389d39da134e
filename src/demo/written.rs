//! `data/places.toml` as it is written; the file says which row of SCENARIOS.md each count comes from.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPlaces {
    /// Duties that every place has.
    pub(super) staff: Vec<WrittenStaff>,
    pub(super) place: Vec<WrittenPlace>,
}

/// A place as written; `data/places.toml` says which row of SCENARIOS.md a count comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPlace {
    pub(super) code: String,
    pub(super) name_en: String,
    /// Longitude, latitude in degrees on WGS 84.
    pub(super) centre: [f64; 2],
    /// Cells, and so micro-grids, of the communities.
    pub(super) micro_grids: usize,
    /// Grids of town communities together.
    pub(super) town_grids: usize,
    /// Grids of villages together.
    #[serde(default)]
    pub(super) village_grids: usize,
    /// Cells of each street that is only outlined.
    #[serde(default)]
    pub(super) outlined_cells: usize,
    /// Streets around the centre, beside those whose codes say so.
    #[serde(default)]
    pub(super) seat: Vec<String>,
    /// How wide the town in the centre is, metres: there the extra density has fallen to a quarter.
    pub(super) radius: f64,
    /// The same of the smaller towns, metres.
    #[serde(default = "small_town")]
    pub(super) town_radius: f64,
    #[serde(default)]
    pub(super) marks: Vec<WrittenMark>,
    #[serde(default)]
    pub(super) points: Vec<WrittenPoints>,
    #[serde(default)]
    pub(super) blocks: Vec<WrittenBlocks>,
    #[serde(default)]
    pub(super) overlays: Vec<WrittenOverlay>,
    #[serde(default)]
    pub(super) lanes: usize,
    #[serde(default)]
    pub(super) staff: Vec<WrittenStaff>,
}

fn small_town() -> f64 {
    700.0
}

/// A field of communities that `count` of them carry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenMark {
    pub(super) field: String,
    pub(super) count: usize,
    /// Dealt in turn, so that each occurs.
    pub(super) values: Vec<toml::Value>,
    #[serde(default)]
    pub(super) among: Among,
}

/// Which communities take part; all conditions hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Among {
    /// Codes of streets; empty for all.
    #[serde(default)]
    pub(super) streets: Vec<String>,
    /// Only town communities, or only villages.
    pub(super) town: Option<bool>,
    /// Only communities that carry this mark.
    pub(super) marked: Option<String>,
}

/// Points of one layer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPoints {
    pub(super) layer: String,
    pub(super) count: usize,
    /// May hold `{place}`, `{street}`, `{community}`, `{n}`, `{person}`, `{phone}`.
    pub(super) name: String,
    #[serde(default)]
    pub(super) spread: Spread,
    #[serde(default)]
    pub(super) among: Among,
    #[serde(default)]
    pub(super) values: BTreeMap<String, toml::Value>,
}

/// How points are dealt.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Spread {
    /// To communities in turn.
    #[default]
    Communities,
    /// To the first community of each street in turn.
    Streets,
    /// To micro-grids by chance, so that towns have most.
    MicroGrids,
}

/// Blocks of buildings, each with or without a compound around it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenBlocks {
    #[serde(rename = "use")]
    pub(super) purpose: String,
    pub(super) blocks: usize,
    pub(super) buildings: usize,
    /// Stairwells of all the buildings together; 0 where they are not counted.
    #[serde(default)]
    pub(super) units: usize,
    /// Doors of all the buildings together; 0 where they are left out.
    #[serde(default)]
    pub(super) doors: usize,
    /// Whether each block is a compound.
    #[serde(default)]
    pub(super) compound: bool,
    /// Compounds that are marked as covered by cameras.
    #[serde(default)]
    pub(super) covered: usize,
    /// Fewest and most floors.
    pub(super) floors: [i64; 2],
    /// Height of a floor, metres.
    pub(super) storey: f64,
    #[serde(default)]
    pub(super) among: Among,
}

/// An overlay scheme's grids in this place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenOverlay {
    /// `SCHEME.LEVEL`.
    pub(super) layer: String,
    pub(super) count: usize,
    /// Appended to the place's code, before three digits.
    pub(super) mark: String,
    /// May hold `{place}`, `{n}`.
    pub(super) name: String,
}

/// Staff of one level or layer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenStaff {
    pub(super) layer: String,
    pub(super) role: String,
    /// How many for each grid.
    #[serde(default)]
    pub(super) each: usize,
    /// How many in all, dealt to grids in turn; instead of `each`.
    #[serde(default)]
    pub(super) count: usize,
    /// Only grids of town communities, or only of villages.
    pub(super) town: Option<bool>,
    /// From when on; always where not written.
    pub(super) from: Option<String>,
    /// Every n-th duty changed hands at `handover_at`.
    #[serde(default)]
    pub(super) handover_every: usize,
    pub(super) handover_at: Option<String>,
}

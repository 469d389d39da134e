//! The demo places as written in `data/`: boundaries, names and codes, counts.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{Bounds, Coord, Crs, Geometry, LonLat};

use super::DemoError;
use super::written::{WrittenPlace, WrittenPlaces, WrittenStaff};

const PLACES: &str = include_str!("../../data/places.toml");
const BOUNDARIES: &str = include_str!("../../data/boundaries.geojson");
const COMMUNITIES: &str = include_str!("../../data/communities.csv");

/// A demo place: a county, or one street of a county of which the others are only outlined.
#[derive(Clone, Debug)]
pub struct Place {
    /// 6 digits of a county or 9 of a street.
    pub code: String,
    /// The county's 6 digits.
    pub county: String,
    /// Chinese name of the place.
    pub name: String,
    pub name_en: String,
    /// The middle of its town.
    pub centre: Coord,
    /// Chinese name of the county.
    pub(super) county_name: String,
    pub(super) boundary: Geometry,
    /// All streets of the county, in the order of their codes.
    pub(super) streets: Vec<Street>,
    pub(super) written: WrittenPlace,
    /// Staff that every place has.
    pub(super) common_staff: Vec<WrittenStaff>,
}

impl Place {
    /// Whether a street of the county is divided further.
    pub(super) fn divides(&self, street: &Street) -> bool {
        street.code.starts_with(&self.code)
    }

    /// The box around the county.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.boundary.bounds()
    }
}

/// A street or town of the code table.
#[derive(Clone, Debug)]
pub(super) struct Street {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) communities: Vec<Community>,
}

/// A community or village of the code table.
#[derive(Clone, Debug)]
pub(super) struct Community {
    pub(super) code: String,
    pub(super) name: String,
    /// Whether a residents' committee and no village is at its head.
    pub(super) town: bool,
}

/// The demo places of `data/places.toml`, in its order.
///
/// # Errors
/// Where a file of `data/` does not have the form that its README says.
pub fn places() -> Result<Vec<Place>, DemoError> {
    let written: WrittenPlaces = toml::from_str(PLACES)?;
    let tree = tree()?;
    let boundaries = boundaries()?;
    let mut places = Vec::new();
    for place in written.place {
        places.push(checked(place, &written.staff, &tree, &boundaries)?);
    }
    Ok(places)
}

type Boundaries = BTreeMap<String, (String, Geometry)>;

fn checked(
    written: WrittenPlace,
    staff: &[WrittenStaff],
    tree: &[Street],
    boundaries: &Boundaries,
) -> Result<Place, DemoError> {
    let code = written.code.clone();
    let county = code.get(..6).unwrap_or(&code).to_owned();
    let unknown = || DemoError::UnknownPlace { code: code.clone() };
    let (county_name, boundary) = boundaries.get(&county).cloned().ok_or_else(unknown)?;
    let streets: Vec<Street> = tree
        .iter()
        .filter(|street| street.code.starts_with(&county))
        .cloned()
        .collect();
    let name = if code == county {
        county_name.clone()
    } else {
        let street = streets.iter().find(|street| street.code == code);
        street.ok_or_else(unknown)?.name.clone()
    };
    Ok(Place {
        county,
        name,
        name_en: written.name_en.clone(),
        centre: Coord::snap(LonLat::new(written.centre[0], written.centre[1]))?,
        county_name,
        boundary,
        streets,
        common_staff: staff.to_vec(),
        code,
        written,
    })
}

/// The code table as streets in the order of their codes.
fn tree() -> Result<Vec<Street>, DemoError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Row {
        code: String,
        name: String,
        street_code: String,
        street_name: String,
    }
    let mut streets: BTreeMap<String, Street> = BTreeMap::new();
    for row in csv::Reader::from_reader(COMMUNITIES.as_bytes()).deserialize() {
        let row: Row = row?;
        let street = streets.entry(row.street_code.clone());
        let street = street.or_insert_with(|| Street {
            code: row.street_code,
            name: row.street_name,
            communities: Vec::new(),
        });
        street.communities.push(community(row.code, &row.name));
    }
    Ok(streets.into_values().collect())
}

/// Endings of the bodies at the head of a community, and whether it is a town's.
const BODIES: [(&str, &str, bool); 4] = [
    ("村民委员会", "村", false),
    ("村委会", "村", false),
    ("居民委员会", "", true),
    ("居委会", "", true),
];

/// The ground is called as the community, without the committee at its head: 益民社区居委会 → 益民社区.
fn community(code: String, name: &str) -> Community {
    for (body, village, town) in BODIES {
        if let Some(stem) = name.strip_suffix(body) {
            let ends = stem.ends_with('村') || stem.ends_with("社区");
            let name = format!("{stem}{}", if ends { "" } else { village });
            return Community { code, name, town };
        }
    }
    Community {
        code,
        name: name.to_owned(),
        town: true,
    }
}

/// County boundaries by code, on the lattice: the file's numbers are GCJ-02.
fn boundaries() -> Result<Boundaries, DemoError> {
    let file: geojson::FeatureCollection = BOUNDARIES.parse().map_err(Box::new)?;
    let mut all = Boundaries::new();
    for feature in file.features {
        let text = |key: &str| {
            let value = feature.property(key).and_then(|value| value.as_str());
            value.unwrap_or_default().to_owned()
        };
        let (code, name) = (text("code"), text("district"));
        let geometry = feature.geometry.clone().map(|geometry| geometry.value);
        let Some(geojson::GeometryValue::MultiPolygon {
            coordinates: polygons,
        }) = geometry
        else {
            return Err(DemoError::UnknownPlace { code });
        };
        let mut parts = Vec::new();
        for rings in polygons {
            let rings: Result<Vec<_>, _> = rings.iter().map(|ring| snapped(ring)).collect();
            parts.push(rings?);
        }
        all.insert(code, (name, Geometry::polygons(parts)?));
    }
    Ok(all)
}

fn snapped(ring: &[geojson::Position]) -> Result<Vec<Coord>, DemoError> {
    ring.iter()
        .map(|position| {
            let [lon, lat, ..] = *position.as_slice() else {
                return Err(DemoError::ShortPosition);
            };
            let at = LonLat::new(lon, lat);
            Ok(Coord::snap(Crs::Gcj02.to_wgs84(at).unwrap_or(at))?)
        })
        .collect()
}

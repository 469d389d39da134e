//! Source columns → code, name, parent, validity and the layer's fields.

mod fields;

use std::path::Path;

use super::{Only, ReadError, ReadOptions};
use crate::model::{Field, FieldKind, Layer};

/// One column of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    pub kind: FieldKind,
    pub texts: Texts,
}

/// What the source says that the texts of a column are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Texts {
    #[default]
    Plain,
    Dates,
    /// Lists of texts or numbers, or JSON, which may hold such lists.
    Lists,
}

/// Columns that every feature has a place for, and the names by which a source may call them.
pub(super) const USUAL: [(&str, &[&str]); 5] = [
    ("code", &["code", "编码", "代码", "网格编码", "网格代码"]),
    ("name", &["name", "名称", "网格名称"]),
    ("parent", &["parent", "上级编码", "上级代码"]),
    ("valid_from", &["valid_from", "起"]),
    ("valid_to", &["valid_to", "止"]),
];

pub(super) const LON: [&str; 5] = ["lon", "lng", "longitude", "x", "经度"];
pub(super) const LAT: [&str; 4] = ["lat", "latitude", "y", "纬度"];
const WKT: [&str; 5] = ["wkt", "geom", "geometry", "the_geom", "_wkt_"];

/// What `--fields` calls the place of a row.
const PLACES: [&str; 3] = ["lon", "lat", "wkt"];

/// Where a table says that its rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The source has geometry of its own.
    Geometry,
    Wkt(usize),
    LonLat(usize, usize),
}

/// Which column goes where.
#[derive(Debug)]
pub(super) struct Plan {
    pub place: Place,
    /// Code, name, parent, valid_from, valid_to, as in [`USUAL`].
    usual: [Option<usize>; 5],
    /// The column of each field of the layer; `None` where the source has none.
    pub fields: Vec<(Field, Option<usize>)>,
    pub notes: Vec<String>,
}

impl Plan {
    pub(super) fn code(&self) -> Option<usize> {
        self.usual[0]
    }

    pub(super) fn name(&self) -> Option<usize> {
        self.usual[1]
    }

    pub(super) fn parent(&self) -> Option<usize> {
        self.usual[2]
    }

    /// The names among name, parent and the fields for which the source has no column.
    pub(super) fn absent(&self) -> Vec<String> {
        let usual = [("name", self.name()), ("parent", self.parent())].into_iter();
        let fields = self
            .fields
            .iter()
            .map(|(field, at)| (field.name.as_str(), *at));
        usual
            .chain(fields)
            .filter(|(_, at)| at.is_none())
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    /// Whether `--fields` means something else by a name than a field of the layer.
    fn is_taken(&self, target: &str) -> bool {
        is_usual(target) || self.place != Place::Geometry && PLACES.contains(&target)
    }

    /// The columns of the two ends of validity.
    pub(super) fn validity(&self) -> (Option<usize>, Option<usize>) {
        (self.usual[3], self.usual[4])
    }
}

/// The column of one of these names, in any case; an exact match first.
pub(super) fn find(columns: &[Column], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| {
        columns
            .iter()
            .position(|column| column.name.trim() == *name)
            .or_else(|| {
                let lower = name.to_lowercase();
                columns
                    .iter()
                    .position(|column| column.name.trim().to_lowercase() == lower)
            })
    })
}

/// Where each chosen field is, with the value that it must have.
pub(super) fn only(
    path: &Path,
    columns: &[Column],
    options: &ReadOptions,
) -> Result<Vec<(usize, String)>, ReadError> {
    let find = |only: &Only| match find(columns, &[&only.field]) {
        Some(at) => Ok((at, only.value.clone())),
        None => Err(ReadError::NoField {
            path: path.to_owned(),
            given: only.field.clone(),
            names: names(columns),
        }),
    };
    options.only.iter().map(find).collect()
}

pub(super) fn names(columns: &[Column]) -> Vec<String> {
    columns.iter().map(|column| column.name.clone()).collect()
}

/// Plans the reading of a source's columns; `has_geometry` says that the source has shapes of its own.
pub(super) fn plan(
    path: &Path,
    columns: &[Column],
    has_geometry: bool,
    known: Option<&Layer>,
    options: &ReadOptions,
) -> Result<Plan, ReadError> {
    let mapped = mapped(path, columns, options)?;
    let place = place(path, columns, has_geometry, &mapped)?;
    let usual = USUAL.map(|(target, names)| match options.fields.source(target) {
        Some(_) => mapped_to(&mapped, target),
        None => find(columns, names).filter(|&at| !is_taken(&mapped, at)),
    });
    if options.is_grid && usual[0].is_none() {
        return Err(ReadError::NoCode {
            path: path.to_owned(),
            names: names(columns),
            hint: String::new(),
        });
    }
    let mut used: Vec<usize> = usual.into_iter().flatten().collect();
    match place {
        Place::Geometry => {}
        Place::Wkt(at) => used.push(at),
        Place::LonLat(lon, lat) => used.extend([lon, lat]),
    }
    let mut plan = Plan {
        place,
        usual,
        fields: Vec::new(),
        notes: Vec::new(),
    };
    if let Some(layer) = known {
        plan.fit(layer, columns, &mapped);
    }
    match known {
        Some(layer) if layer.is_configured => plan.leave_out(layer, columns, &mapped, &used),
        _ => plan.infer(columns, &mapped, &used),
    }
    Ok(plan)
}

fn place(
    path: &Path,
    columns: &[Column],
    has_geometry: bool,
    mapped: &Mapped<'_>,
) -> Result<Place, ReadError> {
    if has_geometry {
        return Ok(Place::Geometry);
    }
    let [lon, lat, wkt] = PLACES.map(|target| mapped_to(mapped, target));
    let is_mapped = lon.is_some() || lat.is_some();
    if let Some(at) = wkt.or_else(|| find(columns, &WKT).filter(|_| !is_mapped)) {
        return Ok(Place::Wkt(at));
    }
    let lon = lon.or_else(|| find(columns, &LON));
    let lat = lat.or_else(|| find(columns, &LAT));
    match (lon, lat) {
        (Some(lon), Some(lat)) => Ok(Place::LonLat(lon, lat)),
        _ => Err(ReadError::NoPlace {
            path: path.to_owned(),
            names: names(columns),
            hint: String::new(),
        }),
    }
}

type Mapped<'a> = Vec<(&'a str, usize)>;

/// The columns that `--fields` names, each checked to be there.
fn mapped<'a>(
    path: &Path,
    columns: &[Column],
    options: &'a ReadOptions,
) -> Result<Mapped<'a>, ReadError> {
    options
        .fields
        .pairs()
        .map(|(target, source)| match find(columns, &[source]) {
            Some(at) => Ok((target, at)),
            None => Err(ReadError::UnknownField {
                path: path.to_owned(),
                target: target.to_owned(),
                given: source.to_owned(),
                names: names(columns),
            }),
        })
        .collect()
}

fn mapped_to(mapped: &Mapped<'_>, target: &str) -> Option<usize> {
    mapped
        .iter()
        .find_map(|&(known, at)| (known == target).then_some(at))
}

fn is_taken(mapped: &Mapped<'_>, at: usize) -> bool {
    mapped.iter().any(|&(_, taken)| taken == at)
}

fn is_usual(target: &str) -> bool {
    USUAL.iter().any(|(usual, _)| *usual == target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<Column> {
        names
            .iter()
            .map(|name| Column {
                name: (*name).to_owned(),
                kind: FieldKind::Text,
                texts: Texts::Plain,
            })
            .collect()
    }

    fn plan_of(names: &[&str], fields: &str, has_geometry: bool) -> Result<Plan, ReadError> {
        let options = ReadOptions {
            fields: fields.parse().unwrap(),
            ..ReadOptions::default()
        };
        plan(
            Path::new("x.csv"),
            &columns(names),
            has_geometry,
            None,
            &options,
        )
    }

    fn field_names(plan: &Plan) -> Vec<&str> {
        plan.fields
            .iter()
            .map(|(field, _)| field.name.as_str())
            .collect()
    }

    #[test]
    fn columns_of_the_usual_names_are_found_in_any_case_and_language() {
        let plan = plan_of(
            &["编码", "NAME", "上级编码", "经度", "纬度", "高度"],
            "",
            false,
        )
        .unwrap();
        assert_eq!(
            (plan.code(), plan.name(), plan.parent()),
            (Some(0), Some(1), Some(2))
        );
        assert_eq!(plan.place, Place::LonLat(3, 4));
        assert_eq!(field_names(&plan), ["高度"]);
    }

    #[test]
    fn a_mapping_goes_before_the_usual_names_and_the_displaced_column_gets_a_free_name() {
        let plan = plan_of(
            &["code", "OA11CD", "H", "fid"],
            "code=oa11cd,height=H",
            true,
        )
        .unwrap();
        assert_eq!(plan.code(), Some(1));
        assert_eq!(field_names(&plan), ["code_2", "height", "fid_2"]);
        assert_eq!(plan.notes.len(), 2);
    }

    #[test]
    fn a_mapped_field_that_is_not_there_is_refused_with_what_is_there() {
        let error = plan_of(&["a", "b"], "code=z", true).unwrap_err();
        assert!(
            error.to_string().contains("no field \"z\"") && error.to_string().contains("a, b"),
            "{error}"
        );
    }

    #[test]
    fn the_columns_of_the_place_can_be_named() {
        let columns = ["编码", "X坐标", "Y坐标", "wkt", "范围"];
        let plan = plan_of(&columns, "lon=X坐标,lat=Y坐标", false).unwrap();
        assert_eq!(plan.place, Place::LonLat(1, 2));
        assert_eq!(field_names(&plan), ["wkt", "范围"]);
        let plan = plan_of(&columns, "wkt=范围", false).unwrap();
        assert_eq!(plan.place, Place::Wkt(4));
        assert_eq!(field_names(&plan), ["X坐标", "Y坐标", "wkt"]);
        let error = plan_of(&columns[..3], "", false).unwrap_err().to_string();
        assert!(error.contains("--fields lon=COLUMN,lat=COLUMN"), "{error}");
    }

    #[test]
    fn a_table_without_a_place_is_refused_with_its_columns() {
        let error = plan_of(&["a", "lon"], "", false).unwrap_err();
        assert!(matches!(error, ReadError::NoPlace { names, .. } if names == ["a", "lon"]));
    }
}

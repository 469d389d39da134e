//! What became of the features that did not simply come in, as CSV or GeoJSON.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::geojson::shape_value;
use super::shape::Shape;

/// What was decided about one feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// It is not imported.
    Refused,
    /// It is imported after a repair that changed this share of its area.
    Repaired { area_change: f64 },
    /// It is imported; something about it is worth knowing.
    Noted,
}

impl Verdict {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Repaired { .. } => "repaired",
            Self::Noted => "noted",
        }
    }
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    /// The row in CSV and spreadsheets, the header being 1; elsewhere the feature's number in the file from 1.
    pub line: u64,
    pub code: Option<String>,
    pub verdict: Verdict,
    /// For the planner.
    pub reason: String,
    /// For machines: no_geometry, wrong_geometry, out_of_range, self_intersection, misplaced_ring, duplicate_ring, split_interior,
    /// invalid_polygon, no_area, unclosed_ring, snapped, missing_code, duplicate_code, bad_value, bad_row, reader.
    pub problem: &'static str,
    /// The feature as it was before repair, in degrees on WGS 84 where it could be carried there, else as the file has it.
    pub geometry: Option<Shape>,
}

/// A report that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the report {} cannot be written: {reason}", path.display())]
pub struct ReportError {
    pub path: PathBuf,
    pub reason: String,
}

/// Writes the remarks, as GeoJSON where the file's name ends in `.geojson` or `.json`, else as CSV.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_report(path: &Path, remarks: &[Remark]) -> Result<(), ReportError> {
    let refuse = |reason: String| ReportError {
        path: path.to_owned(),
        reason,
    };
    let file = File::create(path).map_err(|error| refuse(error.to_string()))?;
    let mut out = BufWriter::new(file);
    let suffix = path.extension().unwrap_or_default().to_ascii_lowercase();
    let written = if suffix == "geojson" || suffix == "json" {
        write_geojson(&mut out, remarks)
    } else {
        write_csv(&mut out, remarks)
    };
    written
        .and_then(|()| out.flush())
        .map_err(|error| refuse(error.to_string()))
}

fn percent(verdict: Verdict) -> Option<f64> {
    match verdict {
        Verdict::Repaired { area_change } => Some(area_change * 100.0),
        Verdict::Refused | Verdict::Noted => None,
    }
}

fn write_csv(out: &mut impl Write, remarks: &[Remark]) -> std::io::Result<()> {
    // Excel takes a CSV for the local code page unless it begins with the mark.
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "line",
        "code",
        "verdict",
        "problem",
        "reason",
        "area_change_percent",
    ])?;
    for remark in remarks {
        csv.write_record([
            remark.line.to_string().as_str(),
            remark.code.as_deref().unwrap_or(""),
            remark.verdict.word(),
            remark.problem,
            &remark.reason,
            &percent(remark.verdict).map_or_else(String::new, |percent| format!("{percent:.6}")),
        ])?;
    }
    csv.flush()
}

fn write_geojson(out: &mut impl Write, remarks: &[Remark]) -> std::io::Result<()> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    for (index, remark) in remarks.iter().enumerate() {
        let mut properties = json!({
            "line": remark.line,
            "code": remark.code,
            "verdict": remark.verdict.word(),
            "problem": remark.problem,
            "reason": remark.reason,
        });
        if let Some(percent) = percent(remark.verdict) {
            properties["area_change_percent"] = json!(percent);
        }
        let feature = geojson::Feature {
            geometry: remark
                .geometry
                .as_ref()
                .map(|shape| geojson::Geometry::new(shape_value(shape))),
            properties: properties.as_object().cloned(),
            ..geojson::Feature::default()
        };
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &feature)?;
    }
    out.write_all(b"\n]}\n")
}

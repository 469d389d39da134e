//! Everything that GDAL opens: one layer of a local file as records.

mod fields;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use gdal::Dataset as Gdal;
use gdal::vector::{Feature, LayerAccess, sql};
use gdal_sys::OGRwkbGeometryType as wkb;

use super::columns::Column;
use super::driver::{open, refuse, shapefile_encoding};
use super::encoding;
use super::messages::{self, Message};
use super::oddities;
use super::ogr;
use super::reach::Reach;
use super::record::Record;
use super::shape::Refusal;
use super::source::Source;
use super::{ReadError, ReadOptions, Transform};
use crate::model::{Crs, Value};
use fields::{columns, value_of};

/// Formats that say no system of their own, or WGS 84 by their standard, and are written in others all the same.
const UNSAID: [&str; 4] = ["GeoJSON", "GeoJSONSeq", "TopoJSON", "ESRIJSON"];
/// Formats whose layers have no empty ones to pass over without reading the whole file.
const COSTLY: &str = "OSM";

/// The word in GDAL's failure on an OSM file whose nodes are not in order.
const UNSORTED: &str = "USE_CUSTOM_INDEXING";

/// One layer of a file that GDAL opened.
pub(super) struct Dataset {
    path: PathBuf,
    /// The plain file behind the path.
    file: PathBuf,
    gdal: Gdal,
    pub driver: String,
    layer: usize,
    pub columns: Vec<Column>,
    /// The source has shapes; else it is a table.
    pub has_geometry: bool,
    pub total: Option<u64>,
    /// The encoding of its text, where that is a guess.
    pub guess: Option<&'static Encoding>,
    pub notes: Vec<String>,
}

impl Dataset {
    /// Opens the file and chooses the layer; `path` is what errors name.
    pub(super) fn open(
        path: &Path,
        source: &Source,
        options: &ReadOptions,
    ) -> Result<Self, ReadError> {
        let mut notes = Vec::new();
        let mut guess = None;
        let forced = shapefile_encoding(path, &source.file, options, &mut guess)?;
        notes.extend(guess.map(encoding::note));
        let gdal = open(path, source, forced.as_deref(), "YES")?;
        let driver = gdal.driver().short_name();
        let wanted = options
            .source_layer
            .as_deref()
            .filter(|_| !source.is_chosen);
        let layer = choose(path, &gdal, &driver, wanted, &mut notes)?;
        let mut dataset = Self {
            path: path.to_owned(),
            file: source.file.clone(),
            gdal,
            driver,
            layer,
            columns: Vec::new(),
            has_geometry: false,
            total: None,
            guess,
            notes,
        };
        dataset.describe()?;
        Ok(dataset)
    }

    fn describe(&mut self) -> Result<(), ReadError> {
        let layer = self
            .gdal
            .layer(self.layer)
            .map_err(|error| refuse(&self.path, &error))?;
        let is_json = UNSAID.contains(&self.driver.as_str());
        self.columns = columns(layer.defn(), is_json);
        self.has_geometry =
            layer.defn().geom_fields().count() > 0 && layer.defn().geometry_type() != wkb::wkbNone;
        self.total = layer.try_feature_count();
        messages::take();
        Ok(())
    }

    /// The way from the file's system to WGS 84; `None` where the file says no system.
    pub(super) fn transform(&self) -> Result<Option<Transform>, ReadError> {
        let layer = self
            .gdal
            .layer(self.layer)
            .map_err(|error| refuse(&self.path, &error))?;
        let Some(system) = layer.spatial_ref() else {
            return Ok(None);
        };
        let is_standard = matches!(system.auth_code().ok(), Some(4326 | 4979));
        let is_unsaid = UNSAID.contains(&self.driver.as_str()) && is_standard;
        if is_unsaid || system.is_local() {
            return Ok(None);
        }
        Transform::from_file(&system)
            .map(Some)
            .map_err(|source| ReadError::Crs {
                path: self.path.clone(),
                source,
            })
    }

    /// Where the file's system is meant for.
    pub(super) fn reach(&self) -> Option<Reach> {
        let layer = self.gdal.layer(self.layer).ok()?;
        layer.spatial_ref().map(|system| Reach::of(&system))
    }

    /// Hands over every feature.
    pub(super) fn for_each(&mut self, visit: &mut dyn FnMut(Record<'_>)) -> Result<(), ReadError> {
        let mut layer = self
            .gdal
            .layer(self.layer)
            .map_err(|error| refuse(&self.path, &error))?;
        let is_sheet = matches!(self.driver.as_str(), "XLSX" | "ODS");
        let mut reading = Reading {
            path: &self.path,
            columns: &self.columns,
            is_sheet,
            is_json: UNSAID.contains(&self.driver.as_str()),
            read: 0,
            odd: if self.driver == "GeoJSON" {
                oddities::elements(&self.file).into()
            } else {
                VecDeque::new()
            },
            heard: Vec::new(),
        };
        let outcome = if self.driver == COSTLY {
            // Read beside the others, the features of the others would pile up in memory.
            let query = format!("SELECT * FROM \"{}\"", layer.name());
            match self.gdal.execute_sql(query, None, sql::Dialect::OGR) {
                Ok(Some(mut selected)) => reading.run(&mut *selected, visit),
                Ok(None) => Ok(()),
                Err(error) => Err(refuse(&self.path, &error)),
            }
        } else {
            reading.run(&mut layer, visit)
        };
        let heard = reading.heard;
        self.notes.extend(heard);
        outcome
    }

    /// Reopens an OSM file in the slow way that takes nodes in any order.
    pub(super) fn reopen_unsorted(&mut self, source: &Source) -> Result<(), ReadError> {
        self.gdal = open(&self.path, source, None, "NO")?;
        Ok(())
    }

    /// Whether a failure is that of an OSM file whose nodes are not in order.
    pub(super) fn is_unsorted(&self, error: &ReadError) -> bool {
        self.driver == COSTLY
            && matches!(error, ReadError::Broken { reason, .. } if reason.contains(UNSORTED))
    }
}

/// One pass over a layer.
struct Reading<'a> {
    path: &'a Path,
    columns: &'a [Column],
    is_sheet: bool,
    is_json: bool,
    read: u64,
    /// Numbers of the elements that GDAL does not hand out.
    odd: VecDeque<u64>,
    /// Warnings, each once.
    heard: Vec<String>,
}

/// Different warnings of one file that are passed on.
const WARNINGS: usize = 5;

impl Reading<'_> {
    fn run(
        &mut self,
        layer: &mut impl LayerAccess,
        visit: &mut dyn FnMut(Record<'_>),
    ) -> Result<(), ReadError> {
        messages::take();
        for feature in layer.features() {
            self.pass_over(visit);
            self.read += 1;
            let values: Vec<Value> = (self.columns.iter().enumerate())
                .map(|(at, column)| value_of(&feature, at, column))
                .collect();
            let heard = messages::take();
            self.remember(&heard);
            let failure = messages::failure(&heard);
            if let Some(reason) = failure.as_ref().filter(|reason| reason.contains(UNSORTED)) {
                return Err(self.broken(reason.clone()));
            }
            let refusal = failure.map(|reason| Refusal::new("reader", reason));
            visit(Record {
                line: self.line(&feature),
                refusal: refusal.or_else(|| self.clamped(&values)),
                values,
                geometry: ogr::geometry(&feature),
            });
            messages::take();
        }
        let end = messages::take();
        self.pass_over(visit);
        match messages::failure(&end) {
            Some(reason) => Err(self.broken(reason)),
            None => Ok(()),
        }
    }

    /// A whole number of JSON that is too long for 64 bits comes out as the last one that is not, without a word.
    fn clamped(&self, values: &[Value]) -> Option<Refusal> {
        if !self.is_json {
            return None;
        }
        let is_last = |value: &&Value| matches!(value, Value::Integer(i64::MIN | i64::MAX));
        let at = values.iter().position(|value| is_last(&value))?;
        let reason = format!(
            "the number in {} does not fit 64 bits and would lose its digits; write it as text",
            self.columns[at].name
        );
        Some(Refusal::new("bad_value", reason))
    }

    fn broken(&self, reason: String) -> ReadError {
        ReadError::Broken {
            path: self.path.to_owned(),
            read: self.read,
            reason,
        }
    }

    /// Hands over, refused, the elements that GDAL passed over before the next feature.
    fn pass_over(&mut self, visit: &mut dyn FnMut(Record<'_>)) {
        while self.odd.front() == Some(&(self.read + 1)) {
            self.odd.pop_front();
            self.read += 1;
            visit(Record {
                line: self.read,
                values: Vec::new(),
                geometry: None,
                refusal: Some(Refusal::new("reader", "the element is no feature")),
            });
        }
    }

    fn line(&self, feature: &Feature<'_>) -> u64 {
        match feature.fid() {
            Some(row) if self.is_sheet => row,
            _ => self.read,
        }
    }

    fn remember(&mut self, heard: &[Message]) {
        for message in heard.iter().filter(|message| !message.is_failure) {
            if self.heard.len() < WARNINGS && !self.heard.contains(&message.text) {
                self.heard.push(message.text.clone());
            }
        }
    }
}

/// The layer that is named, or the only one that has anything.
fn choose(
    path: &Path,
    gdal: &Gdal,
    driver: &str,
    wanted: Option<&str>,
    notes: &mut Vec<String>,
) -> Result<usize, ReadError> {
    let layers: Vec<_> = gdal.layers().collect();
    let names: Vec<String> = layers.iter().map(LayerAccess::name).collect();
    let path = path.to_owned();
    if let Some(wanted) = wanted {
        let lower = wanted.to_lowercase();
        let exact = names.iter().position(|name| name == wanted);
        let found = exact.or_else(|| names.iter().position(|name| name.to_lowercase() == lower));
        return found.ok_or_else(|| ReadError::UnknownLayer {
            path,
            given: wanted.to_owned(),
            names,
        });
    }
    let full: Vec<usize> = (0..layers.len())
        .filter(|&at| driver == COSTLY || layers[at].try_feature_count() != Some(0))
        .collect();
    match (full.as_slice(), names.len()) {
        (_, 0) => Err(ReadError::NoLayer { path }),
        (_, 1) => Ok(0),
        ([only], _) => {
            notes.push(format!(
                "of several layers only {} has features; it was read",
                names[*only]
            ));
            Ok(*only)
        }
        _ => Err(ReadError::SeveralLayers { path, names }),
    }
}

/// The datum of a file that says none.
pub(super) const DEFAULT_CRS: Crs = Crs::Wgs84;

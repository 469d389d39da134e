//! Everything that GDAL opens: one layer of a local file as records.

use std::collections::VecDeque;
use std::io::Read;
use std::path::{Path, PathBuf};

use gdal::vector::{Defn, Feature, LayerAccess, OGRFieldType, sql};
use gdal::{Dataset as Gdal, DatasetOptions, GdalOpenFlags};
use gdal_sys::OGRwkbGeometryType as wkb;

use super::columns::Column;
use super::messages::{self, Message};
use super::oddities;
use super::ogr;
use super::record::Record;
use super::shape::Refusal;
use super::source::{Source, suffix};
use super::value;
use super::{ReadError, ReadOptions, Transform, encoding};
use crate::model::{Crs, FieldKind, Value};

/// Drivers of local files; none that opens an address, a database connection or a file of further files.
const DRIVERS: [&str; 17] = [
    "ESRI Shapefile",
    "GPKG",
    "GeoJSON",
    "GeoJSONSeq",
    "ESRIJSON",
    "TopoJSON",
    "FlatGeobuf",
    "XLSX",
    "ODS",
    "LIBKML",
    "KML",
    "OSM",
    "GML",
    "GPX",
    "MapInfo File",
    "DXF",
    "OpenFileGDB",
];
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
    driver: String,
    layer: usize,
    pub columns: Vec<Column>,
    /// The source has shapes; else it is a table.
    pub has_geometry: bool,
    pub total: Option<u64>,
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
        let forced = shapefile_encoding(path, &source.file, options, &mut notes)?;
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
        self.columns = columns(layer.defn());
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
        Transform::from_file(system)
            .map(Some)
            .map_err(|source| ReadError::Crs {
                path: self.path.clone(),
                source,
            })
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
            let values = (self.columns.iter().enumerate())
                .map(|(at, column)| value_of(&feature, at, column.kind))
                .collect();
            let heard = messages::take();
            self.remember(&heard);
            let failure = messages::failure(&heard);
            if let Some(reason) = failure.as_ref().filter(|reason| reason.contains(UNSORTED)) {
                return Err(self.broken(reason.clone()));
            }
            visit(Record {
                line: self.line(&feature),
                values,
                geometry: ogr::geometry(&feature),
                refusal: failure.map(|reason| Refusal::new("reader", reason)),
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

/// What is said where GDAL says nothing.
const SILENT: &str = "its format is not known; known are Shapefile (also zipped), GeoPackage, GeoJSON, GeoJSONSeq, TopoJSON, \
                      FlatGeobuf, CSV, XLSX, ODS, KML, GML, GPX, MapInfo, DXF, File Geodatabase and OSM PBF";

/// GDAL's words for a failure, else the crate's.
fn refuse(path: &Path, error: &gdal::errors::GdalError) -> ReadError {
    let said = messages::failure(&messages::take());
    let reason = said.unwrap_or_else(|| match error {
        gdal::errors::GdalError::NullPointer { msg, .. } if !msg.is_empty() => msg.clone(),
        gdal::errors::GdalError::NullPointer { .. } => SILENT.into(),
        other => other.to_string(),
    });
    ReadError::Format {
        path: path.to_owned(),
        reason,
    }
}

fn open(
    path: &Path,
    source: &Source,
    encoding: Option<&str>,
    osm_sorted: &str,
) -> Result<Gdal, ReadError> {
    configure(source.restores_shx).map_err(|error| refuse(path, &error))?;
    let suffix = suffix(&source.file);
    let encoding = encoding.map(|name| format!("ENCODING={name}"));
    let sorted = format!("USE_CUSTOM_INDEXING={osm_sorted}");
    let mut chosen: Vec<&str> = Vec::new();
    match suffix.as_str() {
        "shp" | "dbf" => chosen.extend(encoding.as_deref()),
        "geojson" | "json" => chosen.push("ARRAY_AS_STRING=YES"),
        "pbf" | "osm" => chosen.push(&sorted),
        _ => {}
    }
    messages::take();
    Gdal::open_ex(
        &source.file,
        DatasetOptions {
            open_flags: GdalOpenFlags::GDAL_OF_READONLY
                | GdalOpenFlags::GDAL_OF_VECTOR
                | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR,
            allowed_drivers: Some(&DRIVERS),
            open_options: Some(&chosen),
            sibling_files: None,
        },
    )
    .map_err(|error| refuse_open(path, &source.file, &error))
}

/// GDAL names the file that it tried, which may be a temporary one that the person never saw; of some files it only says that
/// it knows no such format, though it is what is inside that is missing.
fn refuse_open(path: &Path, file: &Path, error: &gdal::errors::GdalError) -> ReadError {
    let ReadError::Format { path, reason } = refuse(path, error) else {
        return ReadError::NoLayer {
            path: path.to_owned(),
        };
    };
    let is_silent = reason == SILENT || reason.contains("not recognized as");
    let reason = match (is_silent, suffix(file).as_str()) {
        (false, _) => {
            let folder = file.parent().map(|folder| format!("{}/", folder.display()));
            reason.replace(folder.as_deref().unwrap_or("\0"), "")
        }
        (true, "gpkg") if is_database(file) => return ReadError::NoLayer { path },
        (true, suffix) if super::source::is_data(suffix) => {
            format!("it does not hold what .{suffix} files hold")
        }
        (true, _) => SILENT.to_owned(),
    };
    ReadError::Format { path, reason }
}

/// Whether a file begins as every SQLite database does.
fn is_database(file: &Path) -> bool {
    let mut head = [0; 16];
    let opened = std::fs::File::open(file);
    opened.is_ok_and(|mut file| file.read_exact(&mut head).is_ok()) && &head == b"SQLite format 3\0"
}

/// Settings of this thread's GDAL: the first row of a sheet is its header, nothing is fetched, nothing written to the folder
/// that the service happens to run in.
fn configure(restores_shx: bool) -> gdal::errors::Result<()> {
    use gdal::config::set_thread_local_config_option as set;
    set("SHAPE_RESTORE_SHX", if restores_shx { "YES" } else { "NO" })?;
    set("OGR_XLSX_HEADERS", "FORCE")?;
    set("OGR_ODS_HEADERS", "FORCE")?;
    set("GML_DOWNLOAD_WFS_SCHEMA", "NO")?;
    set("GML_SKIP_RESOLVE_ELEMS", "ALL")?;
    set("OGR_GEOJSON_MAX_OBJ_SIZE", "0")?;
    set("CPL_TMPDIR", &std::env::temp_dir().to_string_lossy())
}

/// The encoding to open a Shapefile with: the person's word, else a guess where the file has none.
fn shapefile_encoding(
    path: &Path,
    file: &Path,
    options: &ReadOptions,
    notes: &mut Vec<String>,
) -> Result<Option<String>, ReadError> {
    if let Some(given) = &options.encoding {
        return encoding::named(given).map(|encoding| Some(encoding::iconv_name(encoding)));
    }
    if !matches!(suffix(file).as_str(), "shp" | "dbf") {
        return Ok(None);
    }
    let guess =
        encoding::of_shapefile(file).map_err(|error| super::source::io_error(path, error))?;
    notes.extend(guess.map(encoding::note));
    Ok(guess.map(encoding::iconv_name))
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

fn columns(defn: &Defn) -> Vec<Column> {
    defn.fields()
        .enumerate()
        .map(|(at, field)| Column {
            name: field.name(),
            kind: if ogr::is_boolean(defn, at) {
                FieldKind::Boolean
            } else {
                kind(field.field_type())
            },
        })
        .collect()
}

fn kind(kind: OGRFieldType::Type) -> FieldKind {
    match kind {
        OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => FieldKind::Integer,
        OGRFieldType::OFTReal => FieldKind::Real,
        OGRFieldType::OFTDate | OGRFieldType::OFTDateTime => FieldKind::Time,
        _ => FieldKind::Text,
    }
}

fn value_of(feature: &Feature<'_>, at: usize, kind: FieldKind) -> Value {
    if !ogr::has_value(feature, at) {
        return Value::Null;
    }
    let read = match kind {
        FieldKind::Integer => feature
            .field_as_integer64(at)
            .map(|number| number.map(Value::Integer)),
        FieldKind::Boolean => feature
            .field_as_integer64(at)
            .map(|number| number.map(|number| Value::Boolean(number != 0))),
        FieldKind::Real => feature
            .field_as_double(at)
            .map(|number| number.map(Value::Real)),
        FieldKind::Text => feature
            .field_as_string(at)
            .map(|text| text.map(|text| Value::Text(text.into()))),
        FieldKind::Time => feature.field_as_string(at).map(|text| {
            text.map(|text| match value::ogr_time(&text) {
                Some(time) => Value::Time(time),
                None => Value::Text(text.into()),
            })
        }),
    };
    read.ok().flatten().unwrap_or(Value::Null)
}

/// The datum of a file that says none.
pub(super) const DEFAULT_CRS: Crs = Crs::Wgs84;

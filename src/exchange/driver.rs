//! How GDAL is made to open a file: known drivers, local files, nothing fetched, nothing written beside.

use std::io::Read;
use std::path::Path;

use encoding_rs::Encoding;
use gdal::errors::GdalError;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::source::{Source, io_error, is_data, suffix};
use super::{ReadError, ReadOptions, encoding, json_fault, messages};

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
/// What is said where GDAL says nothing.
const SILENT: &str = "its format is not known; known are Shapefile (also zipped), GeoPackage, GeoJSON, GeoJSONSeq, TopoJSON, \
                      FlatGeobuf, CSV, XLSX, ODS, KML, GML, GPX, MapInfo, DXF, File Geodatabase and OSM PBF";

/// GDAL's words for a failure, else the crate's.
pub(super) fn refuse(path: &Path, error: &GdalError) -> ReadError {
    let said = messages::failure(&messages::take());
    let reason = said.unwrap_or_else(|| match error {
        GdalError::NullPointer { msg, .. } if !msg.is_empty() => msg.clone(),
        GdalError::NullPointer { .. } => SILENT.into(),
        other => other.to_string(),
    });
    ReadError::Format {
        path: path.to_owned(),
        reason,
    }
}

/// Opens a file of a known format for reading.
pub(super) fn open(
    path: &Path,
    source: &Source,
    encoding: Option<&str>,
    osm_sorted: &str,
) -> Result<Dataset, ReadError> {
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
    Dataset::open_ex(
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
fn refuse_open(path: &Path, file: &Path, error: &GdalError) -> ReadError {
    let ReadError::Format { path, reason } = refuse(path, error) else {
        return ReadError::NoLayer {
            path: path.to_owned(),
        };
    };
    let is_json = matches!(suffix(file).as_str(), "json" | "geojson");
    if is_json && let Some(reason) = json_fault::of(file) {
        return ReadError::Format { path, reason };
    }
    let is_silent = reason == SILENT || reason.contains("not recognized as");
    let reason = match (is_silent, suffix(file).as_str()) {
        (false, _) => {
            let folder = file.parent().map(|folder| format!("{}/", folder.display()));
            reason.replace(folder.as_deref().unwrap_or("\0"), "")
        }
        (true, "gpkg") if is_database(file) => return ReadError::NoLayer { path },
        (true, suffix) if is_data(suffix) => {
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
pub(super) fn shapefile_encoding(
    path: &Path,
    file: &Path,
    options: &ReadOptions,
    guess: &mut Option<&'static Encoding>,
) -> Result<Option<String>, ReadError> {
    if let Some(given) = &options.encoding {
        return encoding::named(given).map(|encoding| Some(encoding::iconv_name(encoding)));
    }
    if !matches!(suffix(file).as_str(), "shp" | "dbf") {
        return Ok(None);
    }
    let found = encoding::of_shapefile(file).map_err(|error| io_error(path, error))?;
    *guess = found.and_then(|(encoding, is_guess)| is_guess.then_some(encoding));
    Ok(found.map(|(encoding, _)| encoding::iconv_name(encoding)))
}

//! A path as given → one plain file, unpacked to a temporary folder where it is packed. Nothing is written beside the source.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use tempfile::TempDir;

use super::ReadError;
use super::encoding;
use super::file::open_input;

/// Suffixes of files that hold features by themselves; others lie beside them (.dbf, .prj) or are no data.
const DATA: [&str; 23] = [
    "shp",
    "gpkg",
    "geojson",
    "json",
    "geojsonl",
    "geojsons",
    "geojsonseq",
    "ndjson",
    "topojson",
    "fgb",
    "csv",
    "tsv",
    "psv",
    "xlsx",
    "ods",
    "kml",
    "kmz",
    "gml",
    "gpx",
    "tab",
    "mif",
    "dxf",
    "pbf",
];
/// Suffixes of formats that are several files of one name: packed alone, one lacks its fields, its system or its encoding.
const SEVERAL: [&str; 6] = ["shp", "dbf", "shx", "prj", "tab", "mif"];
/// A file may be packed in a pack: a zip of a .gz is still read.
const DEEPEST: usize = 4;
/// Largest unpacked size, bytes: a packed file must not fill the disk.
const LARGEST: u64 = 64 << 30;

/// One plain file or geodatabase folder that can be opened, and what keeps it there.
#[derive(Debug)]
pub(super) struct Source {
    pub file: PathBuf,
    /// The layer was already chosen, by the name of a packed file.
    pub is_chosen: bool,
    /// The .shx is missing and may be rebuilt beside `file`, which is a copy of ours.
    pub restores_shx: bool,
    folders: Vec<TempDir>,
}

/// Finds the plain file behind a path; `wanted` chooses among several packed ones.
pub(super) fn locate(path: &Path, wanted: Option<&str>) -> Result<Source, ReadError> {
    let mut source = Source {
        // GDAL takes some names for addresses or prefixes; an absolute path of a file that exists is neither.
        // A link keeps its own name and neighbours.
        file: std::path::absolute(path).map_err(|source| io_error(path, source))?,
        is_chosen: false,
        restores_shx: false,
        folders: Vec::new(),
    };
    for _ in 0..DEEPEST {
        let suffix = suffix(&source.file);
        let is_folder = source.file.is_dir();
        match suffix.as_str() {
            "gdb" if is_folder => return Ok(source),
            _ if is_folder => source.choose(path, wanted)?,
            "zst" | "gz" => source.unpack(path)?,
            "zip" | "shz" => {
                source.unzip(path)?;
                source.choose(path, wanted)?;
            }
            _ => break,
        }
    }
    File::open(&source.file).map_err(|error| io_error(path, error))?;
    source.settle(path)?;
    Ok(source)
}

pub(super) fn io_error(path: &Path, source: io::Error) -> ReadError {
    ReadError::Io {
        path: path.to_owned(),
        source,
    }
}

/// Whether files of this suffix hold features by themselves.
pub(super) fn is_data(suffix: &str) -> bool {
    DATA.contains(&suffix)
}

/// The suffix in lower case; empty where there is none.
pub(super) fn suffix(path: &Path) -> String {
    path.extension()
        .map(|suffix| suffix.to_string_lossy().to_lowercase())
        .unwrap_or_default()
}

/// The file of the same name with another suffix, in any case.
pub(super) fn sibling(path: &Path, wanted: &str) -> Option<PathBuf> {
    let stem = path.file_stem()?;
    [wanted.to_owned(), wanted.to_uppercase()]
        .iter()
        .map(|suffix| {
            let mut name = stem.to_owned();
            name.push(".");
            name.push(suffix);
            path.with_file_name(name)
        })
        .find(|file| file.is_file())
}

impl Source {
    fn folder(&mut self, path: &Path) -> Result<PathBuf, ReadError> {
        let folder = tempfile::Builder::new()
            .prefix("wangge-import-")
            .tempdir()
            .map_err(|error| io_error(path, error))?;
        let at = folder.path().to_owned();
        self.folders.push(folder);
        Ok(at)
    }

    /// Unpacks one .zst or .gz, keeping the name inside.
    fn unpack(&mut self, path: &Path) -> Result<(), ReadError> {
        let inside = self::suffix(&self.file.with_extension(""));
        if SEVERAL.contains(&inside.as_str()) {
            return Err(ReadError::Packed {
                path: path.to_owned(),
                reason: format!(
                    "a .{inside} needs the files beside it; pack the Shapefile or table whole as .zip"
                ),
            });
        }
        let refuse = |error: io::Error| ReadError::Packed {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let plain = open_input(&self.file).map_err(|error| io_error(path, error))?;
        let inner = self
            .folder(path)?
            .join(self.file.file_stem().unwrap_or_default());
        copy(plain, &inner, LARGEST).map_err(refuse)?;
        self.file = inner;
        Ok(())
    }

    /// Unpacks all of a zip into a folder.
    fn unzip(&mut self, path: &Path) -> Result<(), ReadError> {
        let folder = self.folder(path)?;
        let refuse = |reason: String| ReadError::Packed {
            path: path.to_owned(),
            reason,
        };
        let file = File::open(&self.file).map_err(|error| io_error(path, error))?;
        let mut zip = zip::ZipArchive::new(io::BufReader::new(file))
            .map_err(|error| refuse(error.to_string()))?;
        let mut room = LARGEST;
        for index in 0..zip.len() {
            let entry = zip
                .by_index(index)
                .map_err(|error| refuse(error.to_string()))?;
            let Some(inner) = inner_path(&encoding::of_name(entry.name_raw())) else {
                continue;
            };
            let inner = folder.join(inner);
            let parent = inner.parent().unwrap_or(&folder);
            fs::create_dir_all(parent).map_err(|error| refuse(error.to_string()))?;
            room -= copy(entry, &inner, room).map_err(|error| refuse(error.to_string()))?;
        }
        self.file = folder;
        Ok(())
    }

    /// Takes the only file of a folder that holds features, or the one that is named.
    fn choose(&mut self, path: &Path, wanted: Option<&str>) -> Result<(), ReadError> {
        let mut files = Vec::new();
        find_data(&self.file, 0, &mut files).map_err(|error| io_error(path, error))?;
        files.sort();
        let name = |file: &PathBuf| {
            let inner = file.strip_prefix(&self.file).unwrap_or(file);
            inner.to_string_lossy().into_owned()
        };
        if files.len() > 1
            && let Some(wanted) = wanted
        {
            let is_wanted = |file: &&PathBuf| {
                name(file) == wanted || file.file_stem().is_some_and(|stem| stem == wanted)
            };
            if let [file] = files.iter().filter(is_wanted).collect::<Vec<_>>()[..] {
                self.file = file.clone();
                self.is_chosen = true;
                return Ok(());
            }
        }
        match files.as_slice() {
            [] => Err(ReadError::Format {
                path: path.to_owned(),
                reason: "nothing in it can be opened".into(),
            }),
            [file] => {
                self.file = file.clone();
                Ok(())
            }
            several => Err(ReadError::SeveralFiles {
                path: path.to_owned(),
                names: several.iter().map(name).collect(),
            }),
        }
    }

    /// Copies what GDAL would write beside, and checks what it would read past its end.
    fn settle(&mut self, path: &Path) -> Result<(), ReadError> {
        if matches!(suffix(&self.file).as_str(), "dbf" | "shx")
            && let Some(shp) = sibling(&self.file, "shp")
        {
            self.file = shp;
        }
        match suffix(&self.file).as_str() {
            "shp" => {
                check_length(path, &self.file)?;
                if sibling(&self.file, "shx").is_none() {
                    self.copy_with(path, &["shp", "dbf", "prj", "cpg"])?;
                    self.restores_shx = true;
                }
            }
            // GDAL keeps a schema of its own (.gfs) beside a GML file.
            "gml" => self.copy_with(path, &["gml", "xsd"])?,
            _ => {}
        }
        Ok(())
    }

    fn copy_with(&mut self, path: &Path, suffixes: &[&str]) -> Result<(), ReadError> {
        let folder = self.folder(path)?;
        let stem = self.file.file_stem().unwrap_or_default().to_owned();
        for suffix in suffixes {
            if let Some(file) = sibling(&self.file, suffix) {
                let mut name = stem.clone();
                name.push(".");
                name.push(suffix);
                fs::copy(file, folder.join(name)).map_err(|error| io_error(path, error))?;
            }
        }
        let mut name = stem;
        name.push(".");
        name.push(suffixes[0]);
        self.file = folder.join(name);
        Ok(())
    }
}

/// Copies at most `room` bytes and answers how many; more is an error.
fn copy(from: impl Read, to: &Path, room: u64) -> io::Result<u64> {
    let mut file = File::create(to)?;
    let copied = io::copy(&mut from.take(room), &mut file)?;
    if copied == room {
        return Err(io::Error::other("it holds more than 64 GiB"));
    }
    Ok(copied)
}

/// A packed name as a path inside our folder; `None` for folders and for what a Mac adds.
fn inner_path(name: &str) -> Option<PathBuf> {
    let is_folder = name.ends_with(['/', '\\']);
    let name = name.replace('\\', "/");
    if is_folder || name.starts_with("__MACOSX/") || name.contains('\0') {
        return None;
    }
    let inner: PathBuf = Path::new(&name)
        .components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect();
    (inner.components().count() > 0).then_some(inner)
}

/// Files and geodatabases with features in a folder, at most three folders deep.
fn find_data(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        let suffix = suffix(&file);
        let is_hidden = file
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if is_hidden {
            continue;
        }
        if file.is_dir() {
            match suffix.as_str() {
                "gdb" => found.push(file),
                _ if depth < 3 => find_data(&file, depth + 1, found)?,
                _ => {}
            }
        } else if DATA.contains(&suffix.as_str())
            || matches!(suffix.as_str(), "zst" | "gz")
                && DATA.contains(&self::suffix(&file.with_extension("")).as_str())
        {
            found.push(file);
        }
    }
    Ok(())
}

/// Refuses a Shapefile that is shorter than its header says: GDAL would read the missing records as empty.
fn check_length(path: &Path, shp: &Path) -> Result<(), ReadError> {
    let mut header = [0; 28];
    let mut file = File::open(shp).map_err(|error| io_error(path, error))?;
    if file.read_exact(&mut header).is_err() {
        // Too short for a header; GDAL has words for that.
        return Ok(());
    }
    let words = u32::from_be_bytes([header[24], header[25], header[26], header[27]]);
    let said = u64::from(words) * 2;
    let is = file
        .metadata()
        .map_err(|error| io_error(path, error))?
        .len();
    if is < said {
        return Err(ReadError::Broken {
            path: path.to_owned(),
            read: 0,
            reason: format!("the .shp has {is} bytes where its header says {said}"),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_name_never_leaves_the_folder() {
        assert_eq!(inner_path("../../etc/passwd"), Some("etc/passwd".into()));
        assert_eq!(inner_path("/a\\b.shp"), Some("a/b.shp".into()));
        assert_eq!(inner_path("folder/"), None);
        assert_eq!(inner_path("__MACOSX/a.shp"), None);
        assert_eq!(inner_path(".."), None);
    }

    #[test]
    fn a_missing_file_is_refused_with_its_path() {
        let error = locate(Path::new("no/such.shp"), None).unwrap_err();
        assert!(
            error.to_string().starts_with("no/such.shp: No such file"),
            "{error}"
        );
    }
}

//! Files as a whole: opened through their compression, written all or not at all.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use tempfile::NamedTempFile;

/// Opens a file for reading; `.zst` and `.gz` are unpacked on the way.
///
/// # Errors
/// Where it cannot be opened.
pub fn open_input(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    let file = BufReader::with_capacity(1 << 17, File::open(path)?);
    let suffix = path
        .extension()
        .and_then(|suffix| suffix.to_str())
        .unwrap_or_default();
    Ok(match suffix.to_lowercase().as_str() {
        "zst" => Box::new(zstd::Decoder::with_buffer(file)?),
        "gz" => Box::new(MultiGzDecoder::new(file)),
        _ => Box::new(file),
    })
}

/// Writes a file beside its place and moves it there when `write` has succeeded: nobody finds half of it. A link is followed; a
/// pipe or a device is written as it stands.
///
/// # Errors
/// Where the file cannot be made or moved; what `write` answers comes back inside.
pub fn write_whole<T, E>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&File>) -> Result<T, E>,
) -> io::Result<Result<T, E>> {
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let fail =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    if fs::metadata(path).is_ok_and(|file| !file.is_file()) {
        let file = File::options().write(true).open(path).map_err(fail)?;
        return write_to(&file, write).map_err(fail);
    }
    let part = beside(path).map_err(fail)?;
    let written = write_to(part.as_file(), write).map_err(fail)?;
    if written.is_err() {
        return Ok(written);
    }
    part.persist(path).map_err(|error| fail(error.error))?;
    Ok(written)
}

/// A new file in the folder of `path`, gone when dropped.
pub(super) fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    permit(&mut tempfile::Builder::new()).tempfile_in(folder)
}

fn write_to<T, E>(
    file: &File,
    write: impl FnOnce(&mut BufWriter<&File>) -> Result<T, E>,
) -> io::Result<Result<T, E>> {
    let mut output = BufWriter::with_capacity(1 << 17, file);
    let written = write(&mut output);
    output.flush()?;
    Ok(written)
}

/// The rights of an ordinary new file; the system's mask applies, temporary files would be for their owner only.
#[cfg(unix)]
fn permit<'a>(
    part: &'a mut tempfile::Builder<'static, 'static>,
) -> &'a mut tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    part.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn permit<'a>(
    part: &'a mut tempfile::Builder<'static, 'static>,
) -> &'a mut tempfile::Builder<'static, 'static> {
    part
}

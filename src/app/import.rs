//! A file's features into the store, as one change.

use std::path::PathBuf;

use crate::exchange::{
    ReadError, ReadOptions, Reading, Remark, StaffOptions, Verdict, read, read_staff,
};
use crate::model::{Layer, LayerName, Scheme};
use crate::store::{Mode, Put, Store, StoreError, Tally};

/// What is to be imported, and how.
#[derive(Clone, Debug)]
pub struct ImportJob {
    pub path: PathBuf,
    pub layer: LayerName,
    pub options: ReadOptions,
    pub mode: Mode,
    /// The layer as a configuration wants it; `None`: as the store or the file has it.
    pub configured: Option<Layer>,
    /// Reads and checks only.
    pub dry_run: bool,
}

/// A table of duties that is to be imported.
#[derive(Clone, Debug)]
pub struct StaffJob {
    pub path: PathBuf,
    pub options: StaffOptions,
    pub mode: Mode,
    /// Reads and checks only.
    pub dry_run: bool,
}

/// What an import did.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Features in the file.
    pub read: u64,
    /// Features that came in, repaired ones too.
    pub accepted: u64,
    pub repaired: u64,
    pub refused: u64,
    pub tally: Tally,
    pub remarks: Vec<Remark>,
    pub notes: Vec<String>,
    /// The store's new version; `None` where nothing was written.
    pub version: Option<u64>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "layer {layer}: no scheme {scheme} is declared; declare it with `wangge scheme add {scheme} --levels …,{level}`, top level first"
    )]
    NoScheme {
        layer: LayerName,
        scheme: String,
        level: String,
    },
    #[error("layer {layer}: scheme {scheme} has the levels {levels}, not {level}")]
    NoLevel {
        layer: LayerName,
        scheme: String,
        level: String,
        levels: String,
    },
    #[error("no scheme is declared, so staff have no grids; declare one with `wangge scheme add`")]
    StaffWithoutScheme,
}

/// Reads a file and brings its features into the store: all that are accepted, or none.
///
/// The file is read and checked before the change begins, so that other writers wait for the writing only. `progress` is told
/// the features read so far and, where the file says, how many there are.
///
/// # Errors
/// Where the file cannot be read, its layer cannot be, or the store cannot be written; the store is then as it was.
pub fn import(
    store: &mut Store,
    mut job: ImportJob,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Imported, ImportError> {
    let (depth, is_overlay) = depth(store, &job.layer)?.unzip();
    job.options.is_grid = depth.is_some();
    job.options.takes_lines = is_overlay == Some(true);
    // A code is a key wherever features take each other's places by it.
    job.options.unique_codes = job.mode == Mode::Upsert || depth.is_some();
    if depth == Some(0) {
        // Nothing is above the top level, whatever a command for all levels says.
        job.options.fields = job.options.fields.without("parent");
    }
    let stored = stored_layer(store, &job.layer)?;
    let known = match (&job.configured, job.mode) {
        (Some(configured), _) => Some(configured),
        // What is replaced may take another form, unless it was configured to have this one.
        (None, Mode::Replace) => stored.as_ref().filter(|layer| layer.is_configured),
        (None, Mode::Upsert | Mode::Append) => stored.as_ref(),
    };
    let reading = read(&job.path, job.layer.clone(), known, &job.options, progress)?;
    let mut imported = summary(
        &reading.remarks,
        reading.read,
        reading.features.len(),
        reading.notes.clone(),
    );
    if !job.dry_run && !reading.features.is_empty() {
        let (tally, version) = write(store, &job, &reading)?;
        imported.tally = tally;
        imported.version = Some(version);
    }
    imported.remarks = reading.remarks;
    Ok(imported)
}

fn write(
    store: &mut Store,
    job: &ImportJob,
    reading: &Reading,
) -> Result<(Tally, u64), StoreError> {
    let put = Put {
        mode: job.mode,
        now: super::now(),
        absent: reading.absent.clone(),
    };
    let change = store.change()?;
    let stored = change.stored(&job.layer)?;
    let is_remade =
        job.mode == Mode::Replace && stored.is_some_and(|stored| stored != reading.layer);
    let removed = if is_remade {
        change.remake_layer(&reading.layer)?
    } else {
        change.define_layer(&reading.layer)?;
        0
    };
    let mut tally = change.put_features(&reading.layer, &put, &reading.features)?;
    tally.removed += removed;
    Ok((tally, change.commit()?))
}

fn stored_layer(store: &mut Store, name: &LayerName) -> Result<Option<Layer>, StoreError> {
    let layers = store.read()?.layers()?;
    Ok(layers
        .into_iter()
        .map(|stored| stored.layer)
        .find(|layer| layer.name == *name))
}

/// How many levels lie above the layer in its scheme, and whether that is an overlay; `None` for a layer that is no grid level. A name that points to a level
/// that is not declared is refused.
fn depth(store: &mut Store, layer: &LayerName) -> Result<Option<(usize, bool)>, ImportError> {
    let Some((scheme, level)) = layer.scheme_and_level() else {
        return Ok(None);
    };
    let (layer, scheme, level) = (layer.clone(), scheme.to_owned(), level.to_owned());
    let schemes = store.read()?.schemes()?;
    let Some(known) = schemes.iter().find(|known| known.name() == scheme) else {
        return Err(ImportError::NoScheme {
            layer,
            scheme,
            level,
        });
    };
    let depth = known.levels().iter().position(|known| known.layer == layer);
    let names = || {
        known
            .levels()
            .iter()
            .map(|level| &*level.name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let found = depth.map(|depth| Some((depth, known.is_overlay())));
    found.ok_or_else(|| ImportError::NoLevel {
        layer,
        scheme,
        level,
        levels: names(),
    })
}

fn summary(remarks: &[Remark], read: u64, accepted: usize, notes: Vec<String>) -> Imported {
    let count = |is: fn(&Verdict) -> bool| {
        remarks.iter().filter(|remark| is(&remark.verdict)).count() as u64
    };
    Imported {
        read,
        accepted: accepted as u64,
        repaired: count(|verdict| matches!(verdict, Verdict::Repaired { .. })),
        refused: count(|verdict| matches!(verdict, Verdict::Refused)),
        tally: Tally::default(),
        remarks: Vec::new(),
        notes,
        version: None,
    }
}

/// Reads a table of duties and brings them into the store. Rows that name no scheme are of the base scheme.
///
/// # Errors
/// As [`import`].
pub fn import_staff(store: &mut Store, mut job: StaffJob) -> Result<Imported, ImportError> {
    let schemes = store.read()?.schemes()?;
    let base = schemes
        .iter()
        .find(|scheme| !scheme.is_overlay())
        .or(schemes.first());
    let base = base.ok_or(ImportError::StaffWithoutScheme)?;
    job.options.scheme = Some(base.name().to_owned());
    job.options.levels = schemes
        .iter()
        .flat_map(Scheme::levels)
        .map(|level| level.layer.clone())
        .collect();
    let reading = read_staff(&job.path, &job.options)?;
    let mut imported = summary(
        &reading.remarks,
        reading.read,
        reading.staff.len(),
        reading.notes.clone(),
    );
    if !job.dry_run && !reading.staff.is_empty() {
        let change = store.change()?;
        imported.tally = change.put_staff(job.mode, &reading.staff)?;
        imported.version = Some(change.commit()?);
    }
    imported.remarks = reading.remarks;
    Ok(imported)
}

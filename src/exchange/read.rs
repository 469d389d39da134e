//! A file → a layer and its features, with a remark on each that did not simply come in.

use std::path::Path;

use super::columns;
use super::intake::Intake;
use super::opened::Opened;
use super::reach::{Lie, Reach};
use super::source::{self, Source};
use super::{ReadError, ReadOptions, Remark, Transform, dataset, kml, messages};
use crate::model::{
    Clustering, Crs, Feature, Field, GeometryKind, Layer, LayerName, Look, Title, Zooms,
};

/// What a file held.
#[derive(Debug)]
pub struct Reading {
    /// The known layer, with the file's further fields where it is not configured; else one made from the file's fields.
    pub layer: Layer,
    /// In the order of the file, numbered from 1; the store gives them their own numbers.
    pub features: Vec<Feature>,
    /// In the order of the file.
    pub remarks: Vec<Remark>,
    /// On the file as a whole: guesses made and how to overrule them, fields left out.
    pub notes: Vec<String>,
    /// Features or rows in the file, refused ones too.
    pub read: u64,
    /// The names among `name`, `parent` and the layer's fields for which the file has no column: its features say nothing on
    /// them, so that an update keeps what is stored.
    pub absent: Vec<String>,
}

/// Reads a local file of any known format as features of layer `name`, converted to the fields of `known` where it is given.
/// `progress` hears the number of features done and, where known, of all.
///
/// # Errors
/// Where nothing can be taken from the file: missing, broken off, of no known format, several layers to choose from, without
/// a field or a place that it needs. What is wrong with single features is in the remarks instead.
pub fn read(
    path: &Path,
    name: LayerName,
    known: Option<&Layer>,
    options: &ReadOptions,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Reading, ReadError> {
    messages::listen();
    let source = source::locate(path, options.source_layer.as_deref())?;
    let mut opened = Opened::open(path, &source, options)?;
    let plan = columns::plan(
        path,
        opened.columns(),
        opened.has_geometry(),
        known,
        options,
    )
    .map_err(|error| error.hinted(&opened.hint()))?;
    let way = Way::of(path, &opened, options)?;
    let only = columns::only(path, opened.columns(), options)?;
    let columns = opened.columns().to_vec();
    let mut intake = Intake::new(columns, &plan, way.transform.clone(), options, only);
    let total = opened.total();
    run(&mut opened, &source, &mut intake, &mut |done| {
        progress(done, total);
    })?;
    progress(intake.read, total);
    let is_kml = opened.is_kml();
    let mut notes = notes(path, opened, &intake, &way, options)?;
    let read = intake.read;
    let absent = plan.absent();
    let (kind, mut features, remarks) = intake.finish(known.map(|layer| layer.geometry));
    let mut fields = plan.fields.into_iter().map(|(field, _)| field).collect();
    if is_kml && known.is_none() {
        kml::drop_unsaid(&mut fields, &mut features);
    }
    notes.extend(plan.notes);
    Ok(Reading {
        layer: read_layer(name, known, kind, fields),
        features,
        remarks,
        notes,
        read,
        absent,
    })
}

/// What there is to say of the file as a whole, now that it was read.
fn notes(
    path: &Path,
    opened: Opened,
    intake: &Intake<'_>,
    way: &Way,
    options: &ReadOptions,
) -> Result<Vec<String>, ReadError> {
    if way.is_guess
        && let Some(reason) = intake.metres()
    {
        let path = path.to_owned();
        return Err(ReadError::NoCrs { path, reason });
    }
    let mut notes = opened.into_notes();
    notes.extend(way.is_guess.then(|| GUESSED.to_owned()));
    notes.extend(intake.notes());
    if let Some(reach) = &way.reach {
        notes.extend(placed(path, intake, reach)?);
    }
    if intake.read == 0 {
        notes.push(nothing(options));
    }
    Ok(notes)
}

/// What is said where the datum was taken for what most files are in.
const GUESSED: &str = "the file names no coordinate reference system and was read as WGS 84; give --crs gcj02 or --crs bd09 where it \
                       comes from a Chinese web map";

/// The way from a file's coordinates to WGS 84.
struct Way {
    transform: Transform,
    /// Neither the person nor the file names a system.
    is_guess: bool,
    /// Where the system is meant for.
    reach: Option<Reach>,
}

impl Way {
    fn of(path: &Path, opened: &Opened, options: &ReadOptions) -> Result<Self, ReadError> {
        let said = opened.transform()?;
        let is_guess = options.crs.is_none() && said.is_none();
        let reach = match options.crs {
            Some(Crs::Epsg(code)) => Reach::of_epsg(code),
            Some(_) => None,
            None => said.is_some().then(|| opened.reach()).flatten(),
        };
        let transform = match (options.crs, said) {
            (None, Some(said)) => said,
            (crs, _) => way(path, crs.unwrap_or(dataset::DEFAULT_CRS))?,
        };
        Ok(Self {
            transform,
            is_guess,
            reach,
        })
    }
}

/// What is said of a file without features.
fn nothing(options: &ReadOptions) -> String {
    let chosen = if options.only.is_empty() {
        ""
    } else {
        " of those values"
    };
    format!("the file holds no features{chosen}")
}

/// What the area of use of the system says of where the features lie.
fn placed(path: &Path, intake: &Intake<'_>, reach: &Reach) -> Result<Vec<String>, ReadError> {
    match intake.lie(reach) {
        Lie::Swapped => Err(ReadError::Swapped {
            path: path.to_owned(),
            system: reach.system().to_owned(),
        }),
        lie => Ok(reach.notes(&lie)),
    }
}

fn way(path: &Path, crs: Crs) -> Result<Transform, ReadError> {
    Transform::to_wgs84(crs).map_err(|source| ReadError::Crs {
        path: path.to_owned(),
        source,
    })
}

fn run(
    opened: &mut Opened,
    source: &Source,
    intake: &mut Intake<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<(), ReadError> {
    let mut pass = |opened: &mut Opened, intake: &mut Intake<'_>| {
        opened.for_each(&mut |record| {
            intake.take(&record);
            if intake.read.is_multiple_of(256) {
                progress(intake.read);
            }
        })
    };
    match pass(opened, intake) {
        Err(error) if opened.tries_again(&error, source)? => {
            intake.clear();
            pass(opened, intake)
        }
        outcome => outcome,
    }
}

/// The known layer with the file's further fields, else one made from those.
fn read_layer(
    name: LayerName,
    known: Option<&Layer>,
    geometry: GeometryKind,
    fields: Vec<Field>,
) -> Layer {
    if let Some(known) = known {
        return Layer {
            fields,
            ..known.clone()
        };
    }
    Layer {
        title: Title {
            zh: name.to_string(),
            en: name.to_string(),
        },
        name,
        geometry,
        fields,
        zooms: Zooms::default(),
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: false,
    }
}

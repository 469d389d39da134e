//! The command line: arguments as written, one function a command.

mod demo;
mod export;
mod import;
mod locate;
mod scheme;
mod serve;
mod tiles;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::app::configure;
use crate::config::{Configuration, MapChoices};
use crate::exchange::Only;
use crate::model::{Crs, DEEPEST_ZOOM, Layer, LayerName, LocateRules, Time};
use crate::store::{Mode, Store};

/// Why a command ended without doing what it should.
pub type CommandError = Box<dyn std::error::Error + Send + Sync>;

/// The one map of grids and resources 网格一张图
#[derive(Debug, Parser)]
#[command(name = "wangge", version, about, max_term_width = 110)]
pub struct Arguments {
    /// The store, a GeoPackage
    #[arg(
        long,
        global = true,
        env = "WANGGE_STORE",
        default_value = "wangge.gpkg",
        value_name = "PATH"
    )]
    store: PathBuf,
    /// Schemes and layers to bring into the store first, TOML
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How the log is written to stderr; by default text on a terminal, JSON elsewhere
    #[arg(long, global = true, value_name = "FORM")]
    log: Option<LogForm>,
    #[command(subcommand)]
    command: Command,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogForm {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Declare, list or remove grid schemes
    #[command(subcommand)]
    Scheme(scheme::SchemeCommand),
    /// Bring a file's features into a layer, all that are sound as one change
    ///
    /// Ends with 0 when all features were accepted or repaired, 2 when some were refused, 1 when nothing was done.
    Import(ImportArguments),
    /// Add to each row of a table who is responsible for its point
    ///
    /// Ends with 0 when the input was read to its end, 2 when what stands at its end could not be read, 1 when nothing was done.
    Locate(LocateArguments),
    /// Write a layer to a file
    Export(ExportArguments),
    /// Write all tiles of some layers to one file, PMTiles or MBTiles
    ///
    /// The file is there when it is whole, or not at all. The same store makes the same bytes.
    Tiles(TilesArguments),
    /// Serve the map, the API and the screen
    Serve(ServeArguments),
    /// Fill the store with the demo places
    Demo(DemoArguments),
}

#[derive(Debug, Args)]
struct ImportArguments {
    /// Shapefile (also zipped), GeoPackage, GeoJSON, GeoJSONSeq, FlatGeobuf, CSV, XLSX, KML, OSM PBF…; also as .zst or .gz
    file: PathBuf,
    /// The layer; a grid level is SCHEME.LEVEL; `staff` takes a table of duties
    #[arg(long, value_name = "NAME")]
    layer: import::Target,
    /// wgs84, cgcs2000, gcj02, bd09 or EPSG:n; by default what the file says
    #[arg(long)]
    crs: Option<Crs>,
    /// Which source field becomes what: code=A,name=B,parent=C,…
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "T=S,…"
    )]
    fields: String,
    /// Only the features whose source field has this value, as in level=市; can be given several times
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    only: Vec<Only>,
    /// The layer within the file, where it has several
    #[arg(long, value_name = "NAME")]
    source_layer: Option<String>,
    /// Encoding of text in Shapefile and CSV, such as GBK; by default what the file says or looks like
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// From when on the features hold: 2026-01-31 or RFC 3339
    #[arg(long, value_name = "TIME")]
    valid_from: Option<Time>,
    /// What happens to features that are there: upsert by code, replace the layer, or append
    #[arg(long, value_enum, default_value_t = ImportMode::Upsert)]
    mode: ImportMode,
    /// Refuse invalid polygons instead of repairing them
    #[arg(long)]
    strict: bool,
    /// Read and check only
    #[arg(long)]
    dry_run: bool,
    /// Write what was refused, repaired or noted: .csv or .geojson
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ImportMode {
    Upsert,
    Replace,
    Append,
}

impl From<ImportMode> for Mode {
    fn from(mode: ImportMode) -> Self {
        match mode {
            ImportMode::Upsert => Self::Upsert,
            ImportMode::Replace => Self::Replace,
            ImportMode::Append => Self::Append,
        }
    }
}

#[derive(Debug, Args)]
struct LocateArguments {
    /// A CSV table with columns lon and lat (or lng, longitude, x, 经度; latitude, y, 纬度), lines of JSON with such members
    /// (.ndjson, .jsonl), or an Arrow stream (.arrow, .arrows); also as .zst or .gz
    input: PathBuf,
    /// The file to write, in the same form; - for stdout
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// wgs84, cgcs2000, gcj02, bd09 or EPSG:n
    #[arg(long, default_value_t)]
    crs: Crs,
    /// The column of longitudes
    #[arg(long, value_name = "NAME", requires = "lat_column")]
    lon_column: Option<String>,
    /// The column of latitudes
    #[arg(long, value_name = "NAME", requires = "lon_column")]
    lat_column: Option<String>,
    /// Encoding of a table, such as GBK; by default what it looks like
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The time that is asked about; by default now
    #[arg(long, value_name = "TIME")]
    at: Option<Time>,
}

#[derive(Debug, Args)]
struct ExportArguments {
    layer: LayerName,
    /// The file to write; - for stdout
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The form, where the file's name does not tell
    #[arg(long)]
    format: Option<export::Format>,
    /// Only what touches west,south,east,north, in degrees
    #[arg(long, allow_hyphen_values = true, value_name = "W,S,E,N")]
    bbox: Option<String>,
    /// The time whose features are written; by default now
    #[arg(long, value_name = "TIME")]
    at: Option<Time>,
}

#[derive(Debug, Args)]
struct TilesArguments {
    /// The layers, separated by commas, and as LAYER.label their labels; inside the tiles they keep their names
    #[arg(value_name = "LAYER,…", value_delimiter = ',', required = true)]
    layers: Vec<String>,
    /// The file to write, .pmtiles or .mbtiles
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The first zoom; by default the first at which a layer is drawn
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=i64::from(DEEPEST_ZOOM)))]
    min_zoom: Option<u8>,
    /// The last zoom; by default the last at which a layer is drawn
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=i64::from(DEEPEST_ZOOM)))]
    max_zoom: Option<u8>,
    /// Only tiles that touch west,south,east,north, in degrees; each is whole
    #[arg(long, allow_hyphen_values = true, value_name = "W,S,E,N")]
    bbox: Option<String>,
    /// The time whose features are drawn; by default now
    #[arg(long, value_name = "TIME")]
    at: Option<Time>,
    /// The form of the tiles
    #[arg(long, value_enum, default_value_t = tiles::Format::Mvt)]
    format: tiles::Format,
    /// What the archive calls itself; by default the titles of its layers
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Whom a map of these tiles must name
    #[arg(long, value_name = "TEXT")]
    attribution: Option<String>,
}

#[derive(Debug, Args)]
struct ServeArguments {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: String,
    /// Allow an address that other machines reach: everybody there sees all, as no access keys exist yet
    #[arg(long)]
    open: bool,
    /// A folder of letters for maps, {fontstack}/{range}.pbf, as with Chinese for clients that do not draw it themselves
    #[arg(long, value_name = "DIR")]
    glyphs: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct DemoArguments {
    /// One place only: 510703, 511526, 511302, 210902, 320281 or 330114002
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
}

impl Arguments {
    /// How the log is to be written; `None` where it was not said.
    #[must_use]
    pub fn log(&self) -> Option<LogForm> {
        self.log
    }

    fn configuration(&self) -> Result<Option<Configuration>, CommandError> {
        let Some(path) = &self.config else {
            return Ok(None);
        };
        let refuse = |reason: String| format!("configuration {}: {reason}", path.display());
        let text = fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
        Ok(Some(
            Configuration::parse(&text).map_err(|error| refuse(error.to_string()))?,
        ))
    }

    /// How points are located, as the configuration says.
    fn rules(&self) -> Result<LocateRules, CommandError> {
        let locate = self.configuration()?.and_then(|all| all.locate);
        Ok(locate.unwrap_or_default())
    }

    /// What the map is drawn with beyond the layers, as the configuration says.
    fn map(&self) -> Result<MapChoices, CommandError> {
        Ok(self.configuration()?.map(|all| all.map).unwrap_or_default())
    }

    /// The store with the configuration brought in; made where `create` and there is none.
    fn open_store(&self, create: bool) -> Result<Store, CommandError> {
        self.open_with(self.configuration()?.as_ref(), create)
    }

    fn open_with(
        &self,
        configuration: Option<&Configuration>,
        create: bool,
    ) -> Result<Store, CommandError> {
        let mut store = if create || configuration.is_some() {
            Store::open_or_create(&self.store)?
        } else {
            Store::open(&self.store)?
        };
        if let Some(configuration) = configuration {
            configure(&mut store, configuration)?;
        }
        Ok(store)
    }

    /// The store for an import into `layer`, and that layer as the configuration wants it. A layer that is to be `replaced` is
    /// left as it is until then, as it may take a form that its features of now do not have. A dry run makes no store.
    fn open_store_for(
        &self,
        layer: &LayerName,
        replaced: Option<&LayerName>,
        dry_run: bool,
    ) -> Result<(Store, Option<Layer>), CommandError> {
        let mut configuration = self.configuration()?;
        let wanted = configuration.as_ref().and_then(|all| {
            all.layers
                .iter()
                .find(|known| known.name == *layer)
                .cloned()
        });
        if let Some(configuration) = &mut configuration {
            configuration
                .layers
                .retain(|known| replaced != Some(&known.name));
        }
        if dry_run && !self.store.exists() {
            let mut store = Store::in_memory()?;
            if let Some(configuration) = &configuration {
                configure(&mut store, configuration)?;
            }
            return Ok((store, wanted));
        }
        Ok((self.open_with(configuration.as_ref(), true)?, wanted))
    }
}

/// Refuses to write over a file that is being read.
fn refuse_over(output: &Path, inputs: &[&PathBuf]) -> Result<(), CommandError> {
    let same = |input: &&&PathBuf| match (fs::canonicalize(output), fs::canonicalize(input)) {
        (Ok(output), Ok(input)) => output == input,
        _ => false,
    };
    match inputs.iter().find(same) {
        Some(input) => Err(format!(
            "{} would be written over {}, which is read; name another file",
            output.display(),
            input.display()
        )
        .into()),
        None => Ok(()),
    }
}

/// Carries out the command.
///
/// # Errors
/// With what the user should read; the exit code is then 1.
pub fn run(arguments: &Arguments) -> Result<ExitCode, CommandError> {
    match &arguments.command {
        Command::Scheme(command) => scheme::run(arguments, command),
        Command::Import(import) => import::run(arguments, import),
        Command::Locate(locate) => locate::run(arguments, locate),
        Command::Export(export) => export::run(arguments, export),
        Command::Tiles(tiles) => tiles::run(arguments, tiles),
        Command::Serve(serve) => serve::run(arguments, serve),
        Command::Demo(demo) => demo::run(arguments, demo),
    }
}

/// Writes a line to stdout; a reader that has gone (`| head`) is no error.
fn say(line: impl std::fmt::Display) -> io::Result<()> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

//! The only place that knows file formats: files in through GDAL, GeoJSON and archives of tiles out, the report of what was
//! refused.
//!
//! Reading is a row of verbs, one a file: [`source`] finds the plain file, [`opened`] hands out records, [`columns`] says what
//! goes where, [`ogr`] draws, [`crs`] projects, [`snap`] puts vertices on the lattice, [`repair`] makes polygons valid there,
//! [`intake`] gathers. Plain model values come out; no dataset of GDAL leaves this module.

mod archive;
mod columns;
mod crs;
mod dataset;
mod driver;
mod encoding;
mod error;
mod file;
mod geojson;
mod guess;
mod intake;
mod json_fault;
mod kml;
mod lists;
mod messages;
mod newlines;
mod oddities;
mod ogr;
mod opened;
mod options;
mod points;
mod proj;
mod reach;
mod read;
mod record;
mod repair;
mod report;
mod shape;
mod snap;
mod source;
mod staff;
mod table;
mod value;
mod versions;
mod zones;

pub use archive::{Archive, ArchiveError, ArchiveForm, ArchiveHead};
pub use crs::{Transform, TransformError};
pub use error::ReadError;
pub use file::{open_input, write_whole};
pub use geojson::{geojson_feature, write_geojson};
pub use options::{FieldMap, FieldMapError, Only, OnlyError, ReadOptions};
pub use points::{
    Code, CodedColumn, CodedTexts, FoundBatches, FoundCells, FoundColumns, FoundRow, LineWriter,
    PIECE, PointBatch, PointBatches, PointColumns, PointLines, PointRows, PointSpool, PointTable,
    PointsDocument, PointsJsonError, QuestionTexts, RowPoint, RowWriter, Rows, SpooledPoints,
    TableError, TableWriter, TextList, push_json,
};
pub use read::{Reading, read};
pub use report::{Remark, ReportError, Verdict, write_report};
pub use shape::Shape;
pub use staff::{StaffOptions, StaffReading, read_staff};
pub use zones::zone_of;

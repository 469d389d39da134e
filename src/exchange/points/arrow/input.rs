//! Batches of points being read.

use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch};
use arrow_ipc::MessageHeader;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};

use super::super::super::columns::{LAT, LON};
use super::super::table::{PointColumns, find};
use super::super::{RowPoint, TableError};
use super::messages::{LONGEST_BODY, Messages, RawMessage};
use crate::model::LonLat;

/// A stream being read; its other columns are kept as they are.
pub struct PointBatches<R> {
    messages: Messages<R>,
    pub(super) schema: SchemaRef,
    columns: Vec<String>,
    dictionaries: HashMap<i64, ArrayRef>,
    /// Bytes that each dictionary came in.
    dictionary_bytes: HashMap<i64, usize>,
    lon: usize,
    lat: usize,
    /// Bytes of the whole stream, where they are known beforehand.
    length: Option<u64>,
    /// Rows that were read.
    rows: u64,
}

impl<R> fmt::Debug for PointBatches<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PointBatches({})", self.columns.join(", "))
    }
}

/// Some rows of a stream.
#[derive(Clone, Debug)]
pub struct PointBatch {
    pub(super) rows: RecordBatch,
    lon: usize,
    lat: usize,
}

impl<R: Read> PointBatches<R> {
    /// Reads a stream's schema.
    ///
    /// # Errors
    /// Where there is none, or it names no coordinates in floating point.
    pub fn open(input: R, columns: &PointColumns) -> Result<Self, TableError> {
        let mut messages = Messages::new(input);
        let first = messages.next()?;
        let schema = first.as_ref().and_then(schema_of);
        let schema = match schema {
            Some(Ok(schema)) => schema,
            Some(Err(error)) => return Err(messages.wrong(error.to_string())),
            None => return Err(messages.wrong("no schema stands at the beginning")),
        };
        let names: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
        let lon = find(&names, columns.lon.as_deref(), &LON, None)?;
        let lat = find(&names, columns.lat.as_deref(), &LAT, None)?;
        for column in [lon, lat] {
            let field = schema.field(column);
            if !matches!(field.data_type(), DataType::Float64 | DataType::Float32) {
                return Err(TableError::ColumnType {
                    column: field.name().clone(),
                    given: field.data_type().to_string(),
                });
            }
        }
        Ok(Self {
            messages,
            schema: Arc::new(schema),
            columns: names,
            dictionaries: HashMap::new(),
            dictionary_bytes: HashMap::new(),
            lon,
            lat,
            length: None,
            rows: 0,
        })
    }

    /// The same, of which it is known how many bytes it has in all.
    #[must_use]
    pub fn of_length(mut self, bytes: Option<u64>) -> Self {
        self.length = bytes;
        self
    }

    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// About how many rows come behind those that were read, if they are as long; 0 where the length is not known.
    #[must_use]
    pub fn rows_to_come(&self) -> usize {
        let taken = self.messages.taken();
        let left = self.length.map_or(0, |all| all.saturating_sub(taken));
        let rows = u128::from(left) * u128::from(self.rows) / u128::from(taken.max(1));
        usize::try_from(rows).unwrap_or(usize::MAX)
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Reads the next batch; `None` after the last.
    ///
    /// # Errors
    /// Where the stream is broken or cannot be read on; nothing can be read behind that.
    pub fn read(&mut self) -> Result<Option<PointBatch>, TableError> {
        while let Some(message) = self.messages.next()? {
            // What arrow-ipc does not check it may break down on.
            let taken = catch_unwind(AssertUnwindSafe(|| self.take(&message)));
            let taken = taken.unwrap_or_else(|_| {
                let reason = "a batch contradicts itself".to_owned();
                Err(ArrowError::IpcError(reason))
            });
            match taken {
                Ok(None) => {}
                Ok(Some(rows)) => {
                    self.rows += rows.num_rows() as u64;
                    let (lon, lat) = (self.lon, self.lat);
                    return Ok(Some(PointBatch { rows, lon, lat }));
                }
                Err(error) => return Err(self.messages.wrong(error.to_string())),
            }
        }
        Ok(None)
    }

    fn take(&mut self, message: &RawMessage) -> Result<Option<RecordBatch>, ArrowError> {
        let missing = || ArrowError::IpcError("a message has no header".to_owned());
        let header = message.header().ok_or_else(missing)?;
        let version = header.version();
        match header.header_type() {
            MessageHeader::RecordBatch => {
                let batch = header.header_as_record_batch().ok_or_else(missing)?;
                let schema = Arc::clone(&self.schema);
                read_record_batch(
                    &message.body,
                    batch,
                    schema,
                    &self.dictionaries,
                    None,
                    &version,
                )
                .map(Some)
            }
            MessageHeader::DictionaryBatch => {
                let batch = header.header_as_dictionary_batch().ok_or_else(missing)?;
                let bytes = self.dictionary_bytes.entry(batch.id()).or_default();
                let before = if batch.isDelta() { *bytes } else { 0 };
                *bytes = before + message.unpacked;
                if self.dictionary_bytes.values().sum::<usize>() > LONGEST_BODY {
                    let reason = format!("the dictionaries exceed {} MB", LONGEST_BODY >> 20);
                    return Err(ArrowError::IpcError(reason));
                }
                let known = &mut self.dictionaries;
                read_dictionary(&message.body, batch, &self.schema, known, &version)?;
                Ok(None)
            }
            _ => Err(ArrowError::IpcError(
                "a message is neither a batch nor a dictionary".to_owned(),
            )),
        }
    }
}

fn schema_of(message: &RawMessage) -> Option<Result<Schema, ArrowError>> {
    let header = message.header()?;
    let schema = header.header_as_schema()?;
    catch_unwind(AssertUnwindSafe(|| try_fb_to_schema(schema))).ok()
}

impl PointBatch {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.num_rows()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes the rows hold, with all texts of their dictionaries.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let bytes = |column: &ArrayRef| {
            let bytes = column.to_data().get_slice_memory_size();
            bytes.unwrap_or_else(|_| column.get_array_memory_size())
        };
        self.rows.columns().iter().map(bytes).sum()
    }

    /// Some of the rows, `count` at most; nothing is copied.
    #[must_use]
    pub fn part(&self, from: usize, count: usize) -> Self {
        let from = from.min(self.len());
        let count = count.min(self.len() - from);
        Self {
            rows: self.rows.slice(from, count),
            ..*self
        }
    }

    /// The point of each row, where all have one.
    #[must_use]
    pub fn all_points(&self) -> Option<Vec<LonLat>> {
        let (lon, lat) = (self.column(self.lon), self.column(self.lat));
        let are_all = lon.null_count() == 0 && lat.null_count() == 0;
        let pairs = lon.values().iter().zip(lat.values());
        are_all.then(|| pairs.map(|(&lon, &lat)| LonLat { lon, lat }).collect())
    }

    /// The point of each row.
    #[must_use]
    pub fn points(&self) -> Vec<RowPoint> {
        let (lon, lat) = (self.column(self.lon), self.column(self.lat));
        let empty = |field: usize| {
            let schema = self.rows.schema();
            RowPoint::Bad(format!("{} is empty", schema.field(field).name()).into())
        };
        lon.iter()
            .zip(&lat)
            .map(|pair| match pair {
                (Some(lon), Some(lat)) => RowPoint::At(LonLat { lon, lat }),
                (None, None) => RowPoint::None,
                (None, _) => empty(self.lon),
                (_, None) => empty(self.lat),
            })
            .collect()
    }

    fn column(&self, column: usize) -> Float64Array {
        let column = self.rows.column(column);
        match column.as_primitive_opt::<Float64Type>() {
            Some(doubles) => doubles.clone(),
            None => match column.as_primitive_opt::<Float32Type>() {
                Some(singles) => singles.unary(f64::from),
                // The schema was looked at when the stream was opened.
                None => Float64Array::new_null(column.len()),
            },
        }
    }
}

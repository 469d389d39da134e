//! Batches being written: what was given and what was found beside it.

use std::io::{Read, Write};
use std::sync::Arc;

use arrow_array::types::{ArrowDictionaryKeyType, Int8Type, Int32Type};
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, PrimitiveArray, RecordBatch, StringArray,
    new_null_array,
};
use arrow_buffer::{BooleanBuffer, OffsetBuffer};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use super::super::TableError;
use super::input::{PointBatch, PointBatches};

/// Texts that are sent once for all rows that have them. A clone is not sent again.
#[derive(Clone, Debug)]
pub struct CodedTexts(Arc<StringArray>);

/// Texts being gathered one behind the other; all together at most 2 GiB.
#[derive(Debug)]
pub struct TextList {
    /// Where each text ends, behind a 0.
    ends: Vec<i32>,
    bytes: Vec<u8>,
}

impl TextList {
    /// One that has room for so many texts.
    #[must_use]
    pub fn with_room(count: usize) -> Self {
        let mut ends = Vec::with_capacity(count + 1);
        ends.push(0);
        let bytes = Vec::new();
        Self { ends, bytes }
    }

    pub fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends
            .push(i32::try_from(self.bytes.len()).unwrap_or(-1));
    }
}

impl From<TextList> for CodedTexts {
    fn from(TextList { ends, bytes }: TextList) -> Self {
        let ends = OffsetBuffer::new(ends.into());
        Self(Arc::new(StringArray::new(ends, bytes.into(), None)))
    }
}

impl<T: AsRef<str>> FromIterator<T> for CodedTexts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let texts = texts.into_iter();
        let mut list = TextList::with_room(texts.size_hint().0);
        texts.for_each(|text| list.push(text.as_ref()));
        list.into()
    }
}

impl Default for CodedTexts {
    fn default() -> Self {
        std::iter::empty::<&str>().collect()
    }
}

/// Texts that repeat: for each row the number of its text among `texts`, or less than 0 for none.
#[derive(Clone, Debug, Default)]
pub struct CodedColumn<N> {
    pub numbers: Vec<N>,
    pub texts: CodedTexts,
}

/// What is added to some rows.
#[derive(Clone, Debug, Default)]
pub struct FoundColumns<'a> {
    pub outcome: CodedColumn<i8>,
    pub certain: Vec<Option<bool>>,
    pub levels: Vec<CodedColumn<i32>>,
    /// None at all where no row has one.
    pub errors: Vec<Option<&'a str>>,
}

/// A stream being written.
pub struct FoundBatches<W: Write> {
    writer: StreamWriter<W>,
    schema: SchemaRef,
}

impl<W: Write> FoundBatches<W> {
    /// Begins a stream with the input's columns and those that are added: `names` has outcome, certain, those of the levels and
    /// error, each with the name that is used where the first one is taken. `notes` are said of the whole.
    ///
    /// # Errors
    /// Where the output cannot be written, or a column of the input is of a type that cannot be.
    pub fn begin<R: Read>(
        output: W,
        input: &PointBatches<R>,
        names: &[(String, String)],
        notes: Vec<(String, String)>,
    ) -> Result<Self, TableError> {
        let mut fields: Vec<Field> = input
            .schema
            .fields()
            .iter()
            // The row that says why a stream ends early has nothing in them.
            .map(|field| field.as_ref().clone().with_nullable(true))
            .collect();
        for (number, (name, other)) in names.iter().enumerate() {
            let name = if input.columns().contains(name) {
                other
            } else {
                name
            };
            let kind = match number {
                0 => coded(DataType::Int8),
                1 => DataType::Boolean,
                _ if number + 1 == names.len() => DataType::Utf8,
                _ => coded(DataType::Int32),
            };
            fields.push(Field::new(name, kind, true));
        }
        let mut metadata = input.schema.metadata().clone();
        metadata.extend(notes);
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        let writer = StreamWriter::try_new(output, &schema).map_err(written)?;
        Ok(Self { writer, schema })
    }

    /// Writes some rows with what was found.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn write(&mut self, rows: &PointBatch, found: FoundColumns<'_>) -> Result<(), TableError> {
        let mut columns = rows.rows.columns().to_vec();
        let add = || -> Result<(), ArrowError> {
            columns.push(dictionary::<Int8Type>(found.outcome)?);
            columns.push(Arc::new(truths(&found.certain)));
            for level in found.levels {
                columns.push(dictionary::<Int32Type>(level)?);
            }
            columns.push(if found.errors.is_empty() {
                new_null_array(&DataType::Utf8, rows.len())
            } else {
                Arc::new(StringArray::from(found.errors))
            });
            Ok(())
        };
        add().map_err(written)?;
        self.put(columns)
    }

    /// Writes a row that has nothing but an error.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn write_error(&mut self, reason: &str) -> Result<(), TableError> {
        let (_, others) =
            self.schema.fields().split_last().ok_or_else(|| {
                written(ArrowError::SchemaError("there are no columns".to_owned()))
            })?;
        let nothing = others
            .iter()
            .map(|field| new_null_array(field.data_type(), 1));
        let mut columns: Vec<ArrayRef> = nothing.collect();
        columns.push(Arc::new(StringArray::from(vec![reason])));
        self.put(columns)
    }

    fn put(&mut self, columns: Vec<ArrayRef>) -> Result<(), TableError> {
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .and_then(|batch| self.writer.write(&batch))
            .and_then(|()| self.writer.flush())
            .map_err(written)
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn finish(mut self) -> Result<(), TableError> {
        self.writer
            .finish()
            .and_then(|()| self.writer.flush())
            .map_err(written)
    }
}

fn coded(number: DataType) -> DataType {
    DataType::Dictionary(Box::new(number), Box::new(DataType::Utf8))
}

/// The bits of some rows, 64 at a time.
fn bits<T>(rows: &[T], is_set: impl Fn(&T) -> bool) -> BooleanBuffer {
    BooleanBuffer::collect_bool(rows.len(), |row| is_set(&rows[row]))
}

fn truths(rows: &[Option<bool>]) -> BooleanArray {
    let is_some_null = rows.iter().any(Option::is_none);
    let nulls = is_some_null.then(|| bits(rows, Option::is_some).into());
    BooleanArray::new(bits(rows, |row| *row == Some(true)), nulls)
}

fn dictionary<K: ArrowDictionaryKeyType>(
    column: CodedColumn<K::Native>,
) -> Result<ArrayRef, ArrowError>
where
    K::Native: Ord + Default,
{
    let CodedColumn { mut numbers, texts } = column;
    let zero = K::Native::default();
    let least = numbers
        .iter()
        .fold(zero, |least, number| least.min(*number));
    let nulls = (least < zero).then(|| {
        let there = bits(&numbers, |number| *number >= zero);
        for number in &mut numbers {
            *number = zero.max(*number);
        }
        there.into()
    });
    let keys = PrimitiveArray::<K>::try_new(numbers.into(), nulls)?;
    Ok(Arc::new(DictionaryArray::try_new(keys, texts.0)?))
}

fn written(error: ArrowError) -> TableError {
    match error {
        ArrowError::IoError(_, error) => TableError::Write(error),
        error => TableError::Arrow {
            at: 0,
            reason: error.to_string(),
        },
    }
}

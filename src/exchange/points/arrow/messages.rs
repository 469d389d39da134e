//! The messages of an Arrow stream, each checked to be whole before anybody believes what it says of itself.

use std::io::{self, Read};

use arrow_buffer::Buffer;
use arrow_ipc::{Message, MessageHeader, RecordBatch, root_as_message};

use super::super::TableError;

/// Stands before the length of a message.
const CONTINUATION: u32 = u32::MAX;
/// How Arrow's other form begins, files that are read from their end.
const FILE: u32 = u32::from_le_bytes(*b"ARRO");
/// Longest header of a message, bytes: a schema of many thousand columns.
const LONGEST_HEADER: u32 = 4 << 20;
/// Longest body of a message, bytes: some million points with other columns.
pub(super) const LONGEST_BODY: usize = 128 << 20;
/// Bytes before a packed buffer that say its length unpacked.
const PREFIX: usize = 8;
/// Stands there where the buffer is not packed.
const AS_IT_IS: i64 = -1;
/// Bytes that are made room for before they are there.
const AHEAD: usize = 1 << 20;

/// One message: its header and its body.
pub(super) struct RawMessage {
    header: Vec<u8>,
    pub body: Buffer,
    /// Bytes of the body once it is unpacked.
    pub unpacked: usize,
}

impl RawMessage {
    /// The header, read anew; it was checked when it came.
    pub(super) fn header(&self) -> Option<Message<'_>> {
        root_as_message(&self.header).ok()
    }
}

/// A stream being cut into its messages.
pub(super) struct Messages<R> {
    input: R,
    taken: u64,
}

impl<R: Read> Messages<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, taken: 0 }
    }

    /// How many bytes were taken.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    pub(super) fn wrong(&self, reason: impl Into<String>) -> TableError {
        TableError::Arrow {
            at: self.taken,
            reason: reason.into(),
        }
    }

    /// The next message; `None` at the end of the stream.
    pub(super) fn next(&mut self) -> Result<Option<RawMessage>, TableError> {
        let Some(mut length) = self.number()? else {
            return Ok(None);
        };
        if length == CONTINUATION {
            length = self.number()?.ok_or_else(|| self.cut())?;
        }
        if length == 0 {
            return Ok(None);
        }
        if length == FILE && self.taken == 4 {
            return Err(self.wrong("this is an Arrow file; an Arrow stream is wanted"));
        }
        if length > LONGEST_HEADER {
            return Err(self.wrong(format!(
                "a message's header of {length} bytes is announced, which no stream of points has"
            )));
        }
        let header = self.bytes(length as usize)?;
        let body = self.body_length(&header)?;
        let body = self.bytes(body)?;
        let unpacked = self.unpacked(&header, &body)?;
        Ok(Some(RawMessage {
            header,
            body: Buffer::from_vec(body),
            unpacked,
        }))
    }

    fn cut(&self) -> TableError {
        self.wrong("the stream ends within a message")
    }

    /// Four bytes; `None` where the input ends before them.
    fn number(&mut self) -> Result<Option<u32>, TableError> {
        let bytes = self.up_to(4)?;
        match <[u8; 4]>::try_from(bytes.as_slice()) {
            Ok(number) => Ok(Some(u32::from_le_bytes(number))),
            Err(_) if bytes.is_empty() => Ok(None),
            Err(_) => Err(self.cut()),
        }
    }

    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, TableError> {
        let bytes = self.up_to(count)?;
        if bytes.len() < count {
            return Err(self.cut());
        }
        Ok(bytes)
    }

    fn up_to(&mut self, count: usize) -> Result<Vec<u8>, TableError> {
        let mut bytes = Vec::with_capacity(count.min(AHEAD));
        let read = (&mut self.input).take(count as u64).read_to_end(&mut bytes);
        self.taken += bytes.len() as u64;
        read.map_err(|error: io::Error| TableError::Read(error))?;
        Ok(bytes)
    }

    /// How long the body is that follows a header, which must be one.
    fn body_length(&self, header: &[u8]) -> Result<usize, TableError> {
        let message = root_as_message(header).map_err(|error| self.wrong(error.to_string()))?;
        let length = usize::try_from(message.bodyLength()).unwrap_or(usize::MAX);
        if length > LONGEST_BODY {
            return Err(self.wrong(format!(
                "a batch of {} bytes is announced; send batches of {} MB at most",
                message.bodyLength(),
                LONGEST_BODY >> 20
            )));
        }
        let Some(data) = rows(&message) else {
            return Ok(length);
        };
        let is_within = |buffer: &arrow_ipc::Buffer| {
            let (start, size) = (
                usize::try_from(buffer.offset()),
                usize::try_from(buffer.length()),
            );
            matches!((start, size), (Ok(start), Ok(size))
                if start.checked_add(size).is_some_and(|end| end <= length))
        };
        if data.buffers().is_none_or(|all| all.iter().all(is_within)) {
            Ok(length)
        } else {
            Err(self.wrong("a column lies outside its batch"))
        }
    }

    /// How long a body is unpacked: a packed buffer says so in its first eight bytes, which is believed only where it has room.
    fn unpacked(&self, header: &[u8], body: &[u8]) -> Result<usize, TableError> {
        let message = root_as_message(header).map_err(|error| self.wrong(error.to_string()))?;
        let data = rows(&message).filter(|data| data.compression().is_some());
        let Some(buffers) = data.and_then(|data| data.buffers()) else {
            return Ok(body.len());
        };
        let mut unpacked = 0_usize;
        for buffer in buffers.iter().filter(|buffer| buffer.length() > 0) {
            // Where it lies was checked before the body was read.
            let start = usize::try_from(buffer.offset()).unwrap_or(usize::MAX);
            let length = usize::try_from(buffer.length()).unwrap_or(usize::MAX);
            let prefix = body.get(start..).and_then(|bytes| bytes.first_chunk());
            let says = prefix.filter(|_| length >= PREFIX).copied();
            let says = says.map_or(i64::MIN, i64::from_le_bytes);
            let size = match says {
                AS_IT_IS => length - PREFIX,
                _ => usize::try_from(says)
                    .map_err(|_| self.wrong("a packed column does not say its length"))?,
            };
            unpacked = unpacked.saturating_add(size);
        }
        if unpacked > LONGEST_BODY {
            return Err(self.wrong(format!(
                "a batch of {unpacked} bytes, unpacked, is announced; send batches of {} MB at most",
                LONGEST_BODY >> 20
            )));
        }
        Ok(unpacked.max(body.len()))
    }
}

/// The rows or the texts that a message holds, if it does.
fn rows<'m>(message: &Message<'m>) -> Option<RecordBatch<'m>> {
    match message.header_type() {
        MessageHeader::RecordBatch => message.header_as_record_batch(),
        MessageHeader::DictionaryBatch => message
            .header_as_dictionary_batch()
            .and_then(|batch| batch.data()),
        _ => None,
    }
}

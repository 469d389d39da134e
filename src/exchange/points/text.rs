//! The text of a table in whatever encoding it comes.

use std::io::{self, Chain, Cursor, Read};

use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use memchr::memchr;

use super::super::encoding;
use super::TableError;
use super::window::{Window, head_of};

/// How much of a table is looked at to tell its encoding and its delimiter, bytes.
const HEAD: usize = 64 << 10;
/// Bytes that are decoded at once.
const DECODED: usize = 64 << 10;
const MARK: &[u8] = b"\xef\xbb\xbf";

type Decoded<R> = Box<DecodeReaderBytes<Chain<Cursor<Vec<u8>>, R>, Vec<u8>>>;

/// The text of a table, in UTF-8 but for what is broken in it.
pub(super) enum Text<R> {
    Plain(R),
    Decoded(Decoded<R>),
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(into),
            Self::Decoded(input) => input.read(into),
        }
    }
}

/// A table's text, of which the beginning is held, and the encoding that was guessed, where it was not said.
pub(super) fn open<R: Read>(
    mut input: R,
    charset: Option<&str>,
) -> Result<(Window<Text<R>>, Option<&'static Encoding>), TableError> {
    let said = charset.map(said).transpose()?;
    // One read may end anywhere, within a character or a header, where the input is unpacked or comes over a network.
    let is_line = |head: &[u8]| said == Some(UTF_8) && memchr(b'\n', head).is_some();
    let head = head_of(&mut input, HEAD, is_line).map_err(TableError::Read)?;
    let (encoding, is_guess) = match (Encoding::for_bom(&head), said) {
        (None, Some(said)) => (said, false),
        _ => encoding::of_head(&head, head.len() >= HEAD),
    };
    let text = if encoding == UTF_8 {
        let bare = head.strip_prefix(MARK).unwrap_or(&head);
        Window::new(bare, Text::Plain(input))
    } else {
        decoded(head, input, encoding)?
    };
    Ok((text, is_guess.then_some(encoding)))
}

fn said(given: &str) -> Result<&'static Encoding, TableError> {
    encoding::named(given).map_err(|_| TableError::Charset {
        given: given.to_owned(),
    })
}

fn decoded<R: Read>(
    head: Vec<u8>,
    input: R,
    encoding: &'static Encoding,
) -> Result<Window<Text<R>>, TableError> {
    let mut decoded = DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .bom_override(true)
        .strip_bom(true)
        .build_with_buffer(Cursor::new(head).chain(input), vec![0; DECODED])
        .map_err(TableError::Read)?;
    let is_line = |head: &[u8]| memchr(b'\n', head).is_some();
    let head = head_of(&mut decoded, HEAD, is_line).map_err(TableError::Read)?;
    Ok(Window::new(&head, Text::Decoded(Box::new(decoded))))
}

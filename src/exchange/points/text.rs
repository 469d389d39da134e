//! The text of a table in whatever encoding it comes.

use std::io::{self, Chain, Cursor, Read};
use std::mem;

use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use memchr::{memchr, memmem};

use super::super::encoding;
use super::TableError;
use super::window::{Window, head_of};

/// How much of a table is looked at to tell its encoding and its delimiter, bytes.
const HEAD: usize = 64 << 10;
/// Bytes that are decoded at once.
const DECODED: usize = 64 << 10;
const MARK: &[u8] = b"\xef\xbb\xbf";
/// What a decoder writes for bytes that are none of its encoding.
const REPLACED: &[u8] = "\u{fffd}".as_bytes();

type Decoded<R> = Box<DecodeReaderBytes<Chain<Cursor<Vec<u8>>, R>, Vec<u8>>>;

/// The text of a table, in UTF-8 but for what is broken in it.
pub(super) enum Text<R> {
    /// Nothing but ASCII so far, which says nothing of the encoding.
    Undecided(R),
    Plain(Chain<Cursor<Vec<u8>>, R>),
    /// With the encoding, where that was guessed behind the head.
    Decoded(Decoded<R>, Option<&'static Encoding>),
    /// On its way from one of these to the other; nothing comes of it.
    Broken,
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Undecided(input) => {
                let count = input.read(into)?;
                if into[..count].is_ascii() {
                    return Ok(count);
                }
                let head = into[..count].to_vec();
                self.decide(head)?;
                self.read(into)
            }
            Self::Plain(input) => input.read(into),
            Self::Decoded(input, _) => input.read(into),
            Self::Broken => Ok(0),
        }
    }
}

impl<R: Read> Text<R> {
    /// Guesses the encoding from the first text that says anything of it, which begins with `head`.
    fn decide(&mut self, mut head: Vec<u8>) -> io::Result<()> {
        let Self::Undecided(mut input) = mem::replace(self, Self::Broken) else {
            return Ok(());
        };
        let more = HEAD.saturating_sub(head.len());
        head.extend(head_of(&mut input, more, |_| false)?);
        let (encoding, is_guess) = encoding::of_head(&head, head.len() >= HEAD);
        *self = if is_guess {
            Self::Decoded(decoder(head, input, encoding)?, Some(encoding))
        } else {
            Self::Plain(Cursor::new(head).chain(input))
        };
        Ok(())
    }
}

impl<R> Text<R> {
    /// The encoding that was guessed behind the head.
    pub(super) fn guess(&self) -> Option<&'static Encoding> {
        match self {
            Self::Decoded(_, guess) => *guess,
            Self::Undecided(_) | Self::Plain(_) | Self::Broken => None,
        }
    }

    /// Whether some text has a letter that stands for bytes that were none in its encoding.
    pub(super) fn is_garbled(&self, text: &[u8]) -> bool {
        let is_decoded = matches!(self, Self::Decoded(..));
        is_decoded && !text.is_ascii() && memmem::find(text, REPLACED).is_some()
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
        let is_open = said.is_none() && head.is_ascii();
        Window::new(
            bare,
            if is_open {
                Text::Undecided(input)
            } else {
                Text::Plain(Cursor::new(Vec::new()).chain(input))
            },
        )
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
    let mut decoded = decoder(head, input, encoding).map_err(TableError::Read)?;
    let is_line = |head: &[u8]| memchr(b'\n', head).is_some();
    let head = head_of(&mut decoded, HEAD, is_line).map_err(TableError::Read)?;
    Ok(Window::new(&head, Text::Decoded(decoded, None)))
}

fn decoder<R: Read>(
    head: Vec<u8>,
    input: R,
    encoding: &'static Encoding,
) -> io::Result<Decoded<R>> {
    let decoder = DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .bom_override(true)
        .strip_bom(true)
        .build_with_buffer(Cursor::new(head).chain(input), vec![0; DECODED])?;
    Ok(Box::new(decoder))
}

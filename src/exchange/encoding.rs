//! Which encoding text is in: said by the person, said by the file, or guessed from all of its bytes.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use encoding_rs::{Encoding, GBK, REPLACEMENT, UTF_8};

use super::ReadError;
use super::guess::{guess, whole_lines};
use super::source::sibling;

/// Bytes of text beyond ASCII that are looked at; names repeat their characters long before.
const ENOUGH: usize = 4 << 20;
/// Bytes read at once.
const CHUNK: usize = 1 << 16;
/// Code page marks of a .dbf that say nothing: none, and ANSI, which is another one on every machine.
const UNSAID: [u8; 2] = [0x00, 0x57];

/// Names that encodings go by in the field but not on the web.
fn label(given: &str) -> Option<&'static Encoding> {
    let lower = given.trim().to_ascii_lowercase();
    let bare = lower
        .trim_start_matches("ansi ")
        .trim_start_matches("oem ")
        .trim_start_matches("cp")
        .trim_start_matches("ms");
    let web = match bare {
        "936" => "gbk",
        "950" => "big5",
        "932" => "shift_jis",
        "949" => "euc-kr",
        "54936" => "gb18030",
        "65001" | "utf8" => "utf-8",
        "88591" => "iso-8859-1",
        "1250" | "1251" | "1252" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258" => {
            return Encoding::for_label(format!("windows-{bare}").as_bytes());
        }
        _ => lower.as_str(),
    };
    Encoding::for_label(web.as_bytes()).filter(|&encoding| encoding != REPLACEMENT)
}

/// The encoding that a person names.
pub(super) fn named(given: &str) -> Result<&'static Encoding, ReadError> {
    label(given).ok_or_else(|| ReadError::Encoding {
        given: given.to_owned(),
    })
}

/// The name that GDAL's iconv knows an encoding by.
pub(super) fn iconv_name(encoding: &'static Encoding) -> String {
    match encoding.name() {
        // GBK as Windows has it, which real files are in.
        "GBK" => "CP936".into(),
        "Big5" => "CP950".into(),
        "Shift_JIS" => "CP932".into(),
        "EUC-KR" => "CP949".into(),
        name => name
            .strip_prefix("windows-")
            .map_or_else(|| name.to_owned(), |page| format!("CP{page}")),
    }
}

/// A guess in words.
pub(super) fn note(encoding: &'static Encoding) -> String {
    format!(
        "the file does not say its encoding; its text was read as {}; if names look wrong give --encoding",
        encoding.name()
    )
}

/// A guess in words at the end of a message.
pub(super) fn hint(encoding: &'static Encoding) -> String {
    format!(
        " (its text was read as {}, which is a guess; if these names look wrong give --encoding)",
        encoding.name()
    )
}

/// The name of a packed file: UTF-8 where it is, else as Chinese Windows writes it.
pub(super) fn of_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GBK.decode_without_bom_handling(raw).0.into_owned(),
    }
}

/// The encoding of a text file: its byte order mark, else a guess from the whole file; `true` where it is a guess to tell of.
pub(super) fn of_text(path: &Path) -> io::Result<(&'static Encoding, bool)> {
    let mut file = File::open(path)?;
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut text: Vec<u8> = Vec::new();
    let mut is_first = true;
    while text.len() < ENOUGH {
        chunk.clear();
        (&mut file).take(CHUNK as u64).read_to_end(&mut chunk)?;
        if chunk.is_empty() {
            break;
        }
        if let Some((encoding, _)) = Encoding::for_bom(&chunk).filter(|_| is_first) {
            return Ok((encoding, false));
        }
        is_first = false;
        if !chunk.is_ascii() {
            text.extend(&chunk);
        }
    }
    let is_cut = text.len() >= ENOUGH;
    Ok(of_sample(&text, is_cut))
}

/// The encoding of the beginning of a text; `true` where it is a guess to tell of.
pub(super) fn of_head(head: &[u8], is_cut: bool) -> (&'static Encoding, bool) {
    match Encoding::for_bom(head) {
        Some((encoding, _)) => (encoding, false),
        None => of_sample(head, is_cut),
    }
}

fn of_sample(text: &[u8], is_cut: bool) -> (&'static Encoding, bool) {
    let text = if is_cut { whole_lines(text) } else { text };
    let encoding = guess(text).unwrap_or(UTF_8);
    (encoding, encoding != UTF_8)
}

/// The encoding to force on a Shapefile's table, `true` where it is a guess; `None` where GDAL reads what the table says
/// itself, or all is ASCII. What the .cpg says is forced too: GDAL does not know all names that are written there.
pub(super) fn of_shapefile(shp: &Path) -> io::Result<Option<(&'static Encoding, bool)>> {
    let Some(dbf) = sibling(shp, "dbf") else {
        return Ok(None);
    };
    let said = match sibling(shp, "cpg") {
        Some(cpg) => label(&of_name(&std::fs::read(cpg)?)),
        None => None,
    };
    let (mark, text) = dbf_text(&dbf)?;
    let guessed = || guess(&text).map(|encoding| (encoding, true));
    Ok(
        match said.filter(|encoding| encoding.is_ascii_compatible()) {
            // Tables in GBK with a .cpg that says UTF-8 are common.
            Some(encoding) if encoding == UTF_8 => {
                let other = guessed().filter(|(encoding, _)| *encoding != UTF_8);
                Some(other.unwrap_or((UTF_8, false)))
            }
            Some(encoding) => Some((encoding, false)),
            None if UNSAID.contains(&mark) => guessed(),
            None => None,
        },
    )
}

/// The code page mark of a .dbf, and its field names and text values, each on a line, without characters cut at a field's end.
fn dbf_text(dbf: &Path) -> io::Result<(u8, Vec<u8>)> {
    let mut file = BufReader::new(File::open(dbf)?);
    let mut head = [0; 32];
    if file.read_exact(&mut head).is_err() {
        return Ok((0, Vec::new()));
    }
    let header = u64::from(u16::from_le_bytes([head[8], head[9]]));
    let record = usize::from(u16::from_le_bytes([head[10], head[11]]));
    let mut text = Vec::new();
    let mut columns: Vec<(usize, usize)> = Vec::new();
    let mut at = 1;
    let mut field = [0; 32];
    while file.read_exact(&mut field).is_ok() && field[0] != 0x0d {
        let name = &field[..11];
        text.extend(name.iter().take_while(|&&byte| byte != 0));
        text.push(b'\n');
        let length = usize::from(field[16]);
        if field[11].eq_ignore_ascii_case(&b'c') {
            columns.push((at, at + length));
        }
        at += length;
    }
    file.seek(SeekFrom::Start(header))?;
    let mut row = vec![0; record];
    while record > 0 && text.len() < ENOUGH && file.read_exact(&mut row).is_ok() {
        for value in columns.iter().filter_map(|&(from, to)| row.get(from..to)) {
            if !value.is_ascii() {
                text.extend(whole(value));
                text.push(b'\n');
            }
        }
    }
    Ok((head[29], text))
}

/// A value without trailing blanks; where it fills its field its last character may be cut, so a few bytes are left out.
fn whole(value: &[u8]) -> &[u8] {
    let end = value
        .iter()
        .rposition(|byte| !matches!(byte, b' ' | 0))
        .map_or(0, |last| last + 1);
    if end < value.len() {
        return &value[..end];
    }
    let ascii = value
        .iter()
        .rposition(u8::is_ascii)
        .map_or(0, |last| last + 1);
    &value[..ascii]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_go_by_the_names_of_the_field_too() {
        for given in ["GBK", "cp936", "936", "gb2312", "ANSI 936"] {
            assert_eq!(label(given), Some(GBK), "{given}");
        }
        assert_eq!(label("cp1252"), Some(encoding_rs::WINDOWS_1252));
        assert_eq!(label("54936"), Some(encoding_rs::GB18030));
        assert_eq!(label("hz-gb-2312"), None);
        assert_eq!(label("utf8"), Some(UTF_8));
        assert!(
            named("klingon")
                .unwrap_err()
                .to_string()
                .contains("\"klingon\"")
        );
    }
}

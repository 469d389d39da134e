//! Which encoding text is in: said by the person, said by the file, or guessed from all of its bytes.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GBK, UTF_8, WINDOWS_1252};

use super::ReadError;
use super::source::sibling;

/// Where the text most likely comes from, which settles short doubtful texts.
const TLD: &[u8] = b"cn";
/// Bytes of a .dbf that are looked at; names repeat their characters long before.
const ENOUGH: usize = 4 << 20;
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
    Encoding::for_label(web.as_bytes())
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

/// Guesses from all text at once; `None` where it is all ASCII.
fn guess(text: &[u8]) -> Option<&'static Encoding> {
    if text.is_ascii() {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(text, true);
    Some(settle(
        detector.guess(Some(TLD), Utf8Detection::Allow),
        text,
    ))
}

/// A guess of GBK that meets bytes that GBK does not have was wrong: single bytes of western Europe.
fn settle(guess: &'static Encoding, text: &[u8]) -> &'static Encoding {
    if guess == GBK && GBK.decode_without_bom_handling(text).1 {
        WINDOWS_1252
    } else {
        guess
    }
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
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut chunk = vec![0; 1 << 16];
    let mut head: Vec<u8> = Vec::new();
    let mut is_ascii = true;
    loop {
        let read = file.read(&mut chunk)?;
        if head.is_empty() {
            head.extend(&chunk[..read]);
            if let Some((encoding, _)) = Encoding::for_bom(&head) {
                return Ok((encoding, false));
            }
        }
        is_ascii &= chunk[..read].is_ascii();
        detector.feed(&chunk[..read], read == 0);
        if read == 0 {
            break;
        }
    }
    let guess = detector.guess(Some(TLD), Utf8Detection::Allow);
    let encoding = if is_ascii {
        UTF_8
    } else {
        settle_file(guess, path)?
    };
    Ok((encoding, encoding != UTF_8))
}

fn settle_file(guess: &'static Encoding, path: &Path) -> io::Result<&'static Encoding> {
    if guess != GBK {
        return Ok(guess);
    }
    let mut text = Vec::new();
    File::open(path)?
        .take(ENOUGH as u64)
        .read_to_end(&mut text)?;
    // The last line may be cut within a character.
    text.truncate(
        text.iter()
            .rposition(|&byte| byte == b'\n')
            .unwrap_or(text.len()),
    );
    Ok(settle(guess, &text))
}

/// The encoding to force on a Shapefile's table; `None` where GDAL reads what the file says itself, or all is ASCII.
pub(super) fn of_shapefile(shp: &Path) -> io::Result<Option<&'static Encoding>> {
    let Some(dbf) = sibling(shp, "dbf") else {
        return Ok(None);
    };
    let said = match sibling(shp, "cpg") {
        Some(cpg) => label(&of_name(&std::fs::read(cpg)?)),
        None => None,
    };
    let (mark, text) = dbf_text(&dbf)?;
    match said {
        // Tables in GBK with a .cpg that says UTF-8 are common.
        Some(encoding) if encoding != UTF_8 || std::str::from_utf8(&text).is_ok() => Ok(None),
        Some(_) => Ok(guess(&text)),
        None if UNSAID.contains(&mark) => Ok(guess(&text)),
        None => Ok(None),
    }
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
    fn chinese_and_western_names_are_told_apart() {
        let (gbk, _, _) = GBK.encode("珙县巡场镇第一网格\n珙泉镇第二网格");
        assert_eq!(guess(&gbk), Some(GBK));
        let (latin, _, _) = WINDOWS_1252.encode("Ñandú\nMünchen\nCafé Zürich");
        assert_eq!(guess(&latin), Some(WINDOWS_1252));
        assert_eq!(guess("珙县\nÑandú".as_bytes()), Some(UTF_8));
        assert_eq!(guess(b"plain"), None);
    }

    #[test]
    fn encodings_go_by_the_names_of_the_field_too() {
        for given in ["GBK", "cp936", "936", "gb2312", "ANSI 936"] {
            assert_eq!(label(given), Some(GBK), "{given}");
        }
        assert_eq!(label("cp1252"), Some(WINDOWS_1252));
        assert_eq!(label("utf8"), Some(UTF_8));
        assert!(
            named("klingon")
                .unwrap_err()
                .to_string()
                .contains("\"klingon\"")
        );
    }
}

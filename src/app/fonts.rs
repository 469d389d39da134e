//! Letters for maps: ranges of 256 glyphs, those of the program and those of a folder of the operator's.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

/// `{fontstack}/{range}.pbf` as MapLibre reads them: Latin, punctuation, signs. Chinese is drawn by the browser.
#[derive(RustEmbed)]
#[folder = "styles/glyphs"]
struct Glyphs;

/// The font of the program.
pub const OWN_FONT: &str = "Noto Sans Regular";
/// Glyphs in one range.
const RANGE: u32 = 256;
/// The last range of Unicode begins here.
const LAST: u32 = 0x0010_FF00;
/// A file of glyphs is no larger, bytes; the largest of a Chinese font has 400 KB.
const LARGEST: u64 = 8 << 20;

/// A folder of fonts that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontsError {
    #[error(
        "the glyphs folder {} cannot be read: {source}; name a folder that holds {{fontstack}}/{{range}}.pbf", path.display()
    )]
    Folder { path: PathBuf, source: io::Error },
    #[error(
        "the glyphs folder {} holds no font; it must hold {{fontstack}}/0-255.pbf and its like", path.display()
    )]
    NoFont { path: PathBuf },
}

/// A request for glyphs that cannot be met.
#[derive(Debug, thiserror::Error)]
pub enum GlyphError {
    #[error("no font of {stack:?} is here; there are: {known}")]
    UnknownFont { stack: String, known: String },
    #[error("the file {} cannot be read: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("the file {} is larger than glyphs are", path.display())]
    TooLarge { path: PathBuf },
}

/// 256 code points whose first is a multiple of 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlyphRange(u32);

impl GlyphRange {
    /// Reads `0-255`, `256-511`, …; `None` where it is no such range.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let first: u32 = text.split('-').next()?.parse().ok()?;
        let range = Self(first);
        // One way to write it, so that no number that merely looks like one reaches a file's name.
        (first.is_multiple_of(RANGE) && first <= LAST && text == range.to_string()).then_some(range)
    }
}

impl std::fmt::Display for GlyphRange {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}-{}", self.0, self.0 + RANGE - 1)
    }
}

/// The fonts that are there.
#[derive(Debug, Default)]
pub struct Fonts {
    /// Folders of the operator's pack by the name of the font. Requests are looked up here and never become a path.
    pack: BTreeMap<String, PathBuf>,
}

impl Fonts {
    /// The fonts of the program, and those of a folder.
    ///
    /// # Errors
    /// Where the folder cannot be read or holds no font.
    pub fn with_pack(path: &Path) -> Result<Self, FontsError> {
        let refuse = |source| FontsError::Folder {
            path: path.to_owned(),
            source,
        };
        let mut pack = BTreeMap::new();
        for entry in std::fs::read_dir(path).map_err(refuse)? {
            let entry = entry.map_err(refuse)?;
            let folder = entry.path();
            let is_font = std::fs::read_dir(&folder).is_ok_and(|files| {
                let mut files = files.filter_map(Result::ok);
                files.any(|file| range_of(&file.path()).is_some())
            });
            if let (true, Ok(name)) = (is_font, entry.file_name().into_string()) {
                pack.insert(name, folder);
            }
        }
        if pack.is_empty() {
            return Err(FontsError::NoFont {
                path: path.to_owned(),
            });
        }
        Ok(Self { pack })
    }

    /// The names of the fonts, those of the pack first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let own = (!self.pack.contains_key(OWN_FONT)).then_some(OWN_FONT);
        self.pack.keys().map(String::as_str).chain(own)
    }

    /// The glyphs of a range in the first font of a stack (names with commas between) that has it; an empty range where the fonts
    /// are known and have none.
    ///
    /// # Errors
    /// Where no font of the stack is here or a file of the pack cannot be read.
    pub fn glyphs(&self, stack: &str, range: GlyphRange) -> Result<Vec<u8>, GlyphError> {
        let mut known = None;
        for font in stack.split(',').map(str::trim) {
            if let Some(folder) = self.pack.get(font) {
                if let Some(glyphs) = from_folder(folder, range)? {
                    return Ok(glyphs);
                }
            } else if font == OWN_FONT {
                if let Some(file) = Glyphs::get(&format!("{font}/{range}.pbf")) {
                    return Ok(file.data.into_owned());
                }
            } else {
                continue;
            }
            known.get_or_insert(font);
        }
        let Some(font) = known else {
            return Err(GlyphError::UnknownFont {
                stack: stack.to_owned(),
                known: self.names().collect::<Vec<_>>().join(", "),
            });
        };
        Ok(empty(font, range))
    }
}

/// The range that a file of glyphs holds, by its name.
fn range_of(file: &Path) -> Option<GlyphRange> {
    let is_glyphs = file.extension().is_some_and(|suffix| suffix == "pbf");
    GlyphRange::parse(file.file_stem()?.to_str()?).filter(|_| is_glyphs)
}

fn from_folder(folder: &Path, range: GlyphRange) -> Result<Option<Vec<u8>>, GlyphError> {
    let path = folder.join(format!("{range}.pbf"));
    let refuse = |path: &Path, source| GlyphError::File {
        path: path.to_owned(),
        source,
    };
    match std::fs::metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refuse(&path, error)),
        Ok(file) if file.len() > LARGEST => return Err(GlyphError::TooLarge { path }),
        Ok(_) => {}
    }
    let bytes = std::fs::read(&path).map_err(|error| refuse(&path, error))?;
    Ok(Some(bytes))
}

/// A font stack without glyphs, in the form of the others: field 1 is the stack, in it field 1 its name and field 2 the range.
fn empty(font: &str, range: GlyphRange) -> Vec<u8> {
    let mut stack = Vec::new();
    put(&mut stack, 1, font.as_bytes());
    put(&mut stack, 2, range.to_string().as_bytes());
    let mut glyphs = Vec::new();
    put(&mut glyphs, 1, &stack);
    glyphs
}

/// A field of bytes in protobuf.
fn put(message: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    message.push(field << 3 | 2);
    // The length in groups of 7 bits, all but the last one marked.
    let mut left = bytes.len();
    loop {
        let [low, ..] = left.to_le_bytes();
        left >>= 7;
        if left == 0 {
            message.push(low & 0x7f);
            break;
        }
        message.push(low | 0x80);
    }
    message.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_256_code_points_written_in_one_way() {
        for text in ["0-255", "256-511", "65280-65535", "1113856-1114111"] {
            assert_eq!(GlyphRange::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "0",
            "0-254",
            "1-256",
            "00-255",
            "+0-255",
            "-256--1",
            "0-255-",
            "1114112-1114367",
            "4294967040-4294967295",
            "../x",
        ] {
            assert_eq!(GlyphRange::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_own_font_has_latin_and_an_empty_range_where_it_has_no_letters() {
        let fonts = Fonts::default();
        let range = |text| GlyphRange::parse(text).unwrap();
        let latin = fonts.glyphs(OWN_FONT, range("0-255")).unwrap();
        assert!(latin.len() > 50_000);
        let chinese = fonts.glyphs(OWN_FONT, range("19968-20223")).unwrap();
        assert_eq!(
            chinese,
            [b"\n\x20\n\x11Noto Sans Regular\x12\x0b19968-20223".as_slice()].concat()
        );
        let stacked = fonts
            .glyphs("Other, Noto Sans Regular", range("0-255"))
            .unwrap();
        assert_eq!(stacked, latin);
        let error = fonts
            .glyphs("../../etc/passwd", range("0-255"))
            .unwrap_err();
        assert!(
            error.to_string().contains("there are: Noto Sans Regular"),
            "{error}"
        );
    }

    #[test]
    fn a_pack_goes_first_and_what_it_lacks_comes_from_the_next_font() {
        let folder = tempfile::tempdir().unwrap();
        let font = folder.path().join("方正黑体");
        std::fs::create_dir(&font).unwrap();
        std::fs::write(font.join("19968-20223.pbf"), b"han").unwrap();
        std::fs::write(folder.path().join("0-255.pbf"), b"stray").unwrap();
        std::fs::create_dir(folder.path().join("empty")).unwrap();
        let fonts = Fonts::with_pack(folder.path()).unwrap();
        assert_eq!(fonts.names().collect::<Vec<_>>(), ["方正黑体", OWN_FONT]);
        let stack = format!("方正黑体,{OWN_FONT}");
        let range = |text| GlyphRange::parse(text).unwrap();
        assert_eq!(fonts.glyphs(&stack, range("19968-20223")).unwrap(), b"han");
        let latin = fonts.glyphs(&stack, range("0-255")).unwrap();
        assert_eq!(latin, fonts.glyphs(OWN_FONT, range("0-255")).unwrap());
        for name in ["empty", "..", ".", "", "/", "方正黑体/..", "../方正黑体"] {
            assert!(fonts.glyphs(name, range("0-255")).is_err(), "{name}");
        }
    }

    #[test]
    fn a_folder_without_fonts_is_refused_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let error = Fonts::with_pack(folder.path()).unwrap_err().to_string();
        assert!(error.contains("holds no font"), "{error}");
        let error = Fonts::with_pack(&folder.path().join("none"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("none cannot be read"), "{error}");
    }
}

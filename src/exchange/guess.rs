//! Which encoding text is in where nothing says so: one rule for every kind of file.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, WINDOWS_1252};

/// Where the text most likely comes from, which settles short doubtful texts.
const TLD: &[u8] = b"cn";
/// Well-formed characters that outweigh one malformed: a name cut within a character must not turn the whole file, and in
/// text of another encoding the well-formed ones are the few.
const OUTWEIGH: usize = 3;
/// The same for GB18030, in which most pairs of bytes are well-formed, those of other scripts too: there half of the words
/// end in half a pair.
const GB_OUTWEIGH: usize = 10;

/// The encoding that the share of malformed characters speaks for; `None` where all is ASCII.
pub(super) fn guess(text: &[u8]) -> Option<&'static Encoding> {
    if text.is_ascii() {
        return None;
    }
    if is_utf8(text) {
        return Some(UTF_8);
    }
    let (decoded, _) = GB18030.decode_without_bom_handling(text);
    let is_gb = is_mostly(
        decoded
            .chars()
            .filter(|&letter| letter != '\u{fffd}' && !letter.is_ascii())
            .count(),
        decoded.matches('\u{fffd}').count() * GB_OUTWEIGH,
    );
    let guess = detect(text, is_gb);
    // Bytes that GBK does not have are single bytes of western Europe.
    Some(if guess == GBK && !is_gb {
        WINDOWS_1252
    } else {
        guess
    })
}

/// The head of a text without the line that its end cuts.
pub(super) fn whole_lines(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|&byte| byte == b'\n');
    &text[..end.unwrap_or(text.len())]
}

fn is_utf8(text: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in text.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    is_mostly(good, bad * OUTWEIGH)
}

fn is_mostly(good: usize, weight_of_bad: usize) -> bool {
    good > 0 && weight_of_bad <= good
}

/// What the frequency of letters says. It excludes an encoding at its first malformed byte, so where GB has few of them the
/// lines that have one are left out.
fn detect(text: &[u8], is_gb: bool) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let is_fed =
        |line: &&[u8]| !(line.is_ascii() || is_gb && GB18030.decode_without_bom_handling(line).1);
    for line in text.split(|&byte| byte == b'\n').filter(is_fed) {
        detector.feed(line, false);
        detector.feed(b"\n", false);
    }
    detector.feed(b"", true);
    detector.guess(Some(TLD), Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_gbk(text: &str) -> Vec<u8> {
        GBK.encode(text).0.into_owned()
    }

    #[test]
    fn chinese_and_western_names_are_told_apart() {
        assert_eq!(
            guess(&in_gbk("珙县巡场镇第一网格\n珙泉镇第二网格")),
            Some(GBK)
        );
        for western in ["Ñandú\nMünchen\nCafé Zürich", "Café"] {
            let (latin, _, _) = WINDOWS_1252.encode(western);
            assert_eq!(guess(&latin), Some(WINDOWS_1252), "{western}");
        }
        assert_eq!(guess("珙县\nÑandú".as_bytes()), Some(UTF_8));
        assert_eq!(guess(b"plain"), None);
    }

    #[test]
    fn one_character_that_was_cut_does_not_turn_the_whole_file() {
        let mut utf8 = "巡场镇第一网格\n".repeat(50).into_bytes();
        utf8.extend(&"珙".as_bytes()[..2]);
        utf8.extend(b",104.7\n");
        assert_eq!(guess(&utf8), Some(UTF_8));
        let mut gbk = in_gbk(&"巡场镇第一网格,社区\n".repeat(50));
        gbk.extend(&in_gbk("珙")[..1]);
        gbk.extend(b",104.7\n");
        assert_eq!(guess(&gbk), Some(GBK));
    }

    #[test]
    fn russian_is_not_taken_for_chinese() {
        let text = "Красная площадь\nМосковская область\nУлица Ленина\n";
        let (russian, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        assert_eq!(guess(&russian), Some(encoding_rs::WINDOWS_1251));
    }
}

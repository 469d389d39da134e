//! Lists inside of a value: several categories, several grids that are served.

use serde_json::Value as Json;

/// What may stand between two texts of a list, the usual one first; the core splits by each of them.
const SEPARATORS: [&str; 4] = [",", ";", "|", "、"];

/// The texts as one, with a separator that none of them has; `None` where each is in some.
pub(super) fn joined<T: AsRef<str>>(texts: &[T]) -> Option<String> {
    let is_free = |separator: &&&str| !texts.iter().any(|text| text.as_ref().contains(**separator));
    let separator = SEPARATORS.iter().find(is_free)?;
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    Some(texts.join(separator))
}

/// A list of texts or numbers that is written as JSON, joined; `None` for anything else.
pub(super) fn of_json(text: &str) -> Option<String> {
    let list: Vec<Json> = serde_json::from_str(text.trim())
        .ok()
        .filter(|_| text.trim_start().starts_with('['))?;
    let texts: Option<Vec<String>> = list
        .into_iter()
        .map(|element| match element {
            Json::String(text) => Some(text),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect();
    joined(&texts?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_joined_by_what_none_of_its_texts_has_and_anything_else_is_left() {
        let of = |text: &str| of_json(text);
        assert_eq!(of("[ \"消防\", \"教育\" ]").as_deref(), Some("消防,教育"));
        assert_eq!(of("[\"a,b\",\"c\"]").as_deref(), Some("a,b;c"));
        assert_eq!(of("[511526101001,2]").as_deref(), Some("511526101001,2"));
        assert_eq!(of("[]").as_deref(), Some(""));
        for text in [
            "",
            "消防",
            "\"a\"",
            "[1,[2]]",
            "[null]",
            "[\"a,;|、\",\"b\"]",
            "{}",
            "[1",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}

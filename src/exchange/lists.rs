//! Lists inside of a value: several categories, several grids that are served.

use serde_json::Value as Json;

use crate::model::LIST_SEPARATORS;

/// The texts as one: joined by `,`, or as a JSON list where one of them has a separator itself.
pub(super) fn joined<T: AsRef<str>>(texts: &[T]) -> String {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    if texts.iter().any(|text| text.contains(LIST_SEPARATORS)) {
        return Json::from(texts).to_string();
    }
    texts.join(",")
}

/// A list of texts or numbers that is written as JSON, as one text, what is null left out; `None` for anything else.
pub(super) fn of_json(text: &str) -> Option<String> {
    let list: Vec<Json> = serde_json::from_str(text.trim())
        .ok()
        .filter(|_| text.trim_start().starts_with('['))?;
    let texts: Option<Vec<String>> = list
        .into_iter()
        .filter(|element| !element.is_null())
        .map(|element| match element {
            Json::String(text) => Some(text),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect();
    Some(joined(&texts?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_joined_by_commas_one_with_separators_in_it_stays_json_and_anything_else_is_left() {
        let of = |text: &str| of_json(text);
        assert_eq!(of("[ \"消防\", \"教育\" ]").as_deref(), Some("消防,教育"));
        assert_eq!(of("[\"a,b\", \"c\"]").as_deref(), Some("[\"a,b\",\"c\"]"));
        assert_eq!(of("[\"x、y\"]").as_deref(), Some("[\"x、y\"]"));
        assert_eq!(of("[511526101001,2]").as_deref(), Some("511526101001,2"));
        assert_eq!(of("[\"1\",2,null]").as_deref(), Some("1,2"));
        assert_eq!(of("[]").as_deref(), Some(""));
        for text in ["", "消防", "\"a\"", "[1,[2]]", "{}", "[1"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}

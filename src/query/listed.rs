//! Lists inside of a text: several categories, several grids that are served.

use serde_json::Value as Json;

use crate::model::LIST_SEPARATORS;

/// Whether one of the items of a list meets a condition: those of a JSON list, else what stands between separators; spaces around
/// them do not count, and an empty one is none.
pub(super) fn any_listed(list: &str, mut is_wanted: impl FnMut(&str) -> bool) -> bool {
    let mut is_item = |item: &str| {
        let item = item.trim();
        !item.is_empty() && is_wanted(item)
    };
    if list.trim_start().starts_with('[')
        && let Ok(items) = serde_json::from_str::<Vec<Json>>(list)
    {
        return items.iter().any(|item| match item {
            Json::String(text) => is_item(text),
            Json::Number(number) => is_item(&number.to_string()),
            _ => false,
        });
    }
    list.split(LIST_SEPARATORS).any(is_item)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(list: &str) -> Vec<String> {
        let mut items = Vec::new();
        any_listed(list, |item| {
            items.push(item.to_owned());
            false
        });
        items
    }

    #[test]
    fn a_list_is_split_as_people_write_it_and_a_json_list_keeps_separators_in_its_items() {
        assert_eq!(
            items("消防, 教育、环卫；G1|G2"),
            ["消防", "教育", "环卫", "G1", "G2"]
        );
        assert_eq!(
            items(r#"["a,b", "x、y", 7, null, ""]"#),
            ["a,b", "x、y", "7"]
        );
        assert_eq!(items("[a,b"), ["[a", "b"]);
        assert!(items(" , ").is_empty() && items("").is_empty());
    }
}

//! `/api/fonts`: letters for maps.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::app::{GlyphError, GlyphRange, OWN_FONT};

use super::parameters::Named;
use super::problem::Problem;
use super::{Service, blocking};

/// Letters stay what they are for a day.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
const PROTOBUF: HeaderValue = HeaderValue::from_static("application/x-protobuf");

/// `GET /api/fonts/{fontstack}/{range}.pbf`.
pub(super) async fn glyphs(
    State(service): State<Arc<Service>>,
    Named((stack, file)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let range = file.strip_suffix(".pbf").and_then(GlyphRange::parse);
    let range = range.ok_or_else(|| {
        let detail =
            format!("range is {file:?}; ask for 256 code points as 0-255.pbf, 256-511.pbf, …");
        Problem::bad_value("range", file, detail)
    })?;
    let found = blocking(move || service.fonts.glyphs(&stack, range)).await?;
    let glyphs = found.map_err(|error| match &error {
        GlyphError::UnknownFont { stack, .. } => {
            let detail = error.to_string();
            Problem::no_font(stack, detail)
        }
        GlyphError::File { .. } | GlyphError::TooLarge { .. } => Problem::internal(&error),
    })?;
    let headers = [
        (header::CONTENT_TYPE, PROTOBUF),
        (header::CACHE_CONTROL, A_DAY),
    ];
    Ok((headers, glyphs).into_response())
}

/// The fonts of ordinary and of strong names, by preference, of those that are there.
pub(super) fn stacks<'a>(names: impl Iterator<Item = &'a str>) -> (Vec<String>, Vec<String>) {
    let names: Vec<&str> = names.collect();
    let is_strong = |name: &str| {
        let name = name.to_lowercase();
        name.contains("bold") || name.contains("medium")
    };
    let is_plain = |name: &str| !is_strong(name) && !name.to_lowercase().contains("italic");
    let plain: Vec<String> = names
        .iter()
        .filter(|name| is_plain(name))
        .map(|name| (*name).to_owned())
        .collect();
    // A browser that draws Chinese itself takes the weight from the first name; a font by it need not be here.
    let strong = names.iter().find(|name| is_strong(name));
    let strong = strong.map_or_else(
        || OWN_FONT.replace("Regular", "Medium"),
        |name| (*name).to_owned(),
    );
    let strong = std::iter::once(strong).chain(plain.iter().cloned());
    let strong = strong.collect();
    (plain, strong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strong_names_take_a_strong_font_and_fall_back_to_the_plain_one() {
        let (plain, strong) = stacks(["Noto Sans Regular"].into_iter());
        assert_eq!(plain, ["Noto Sans Regular"]);
        assert_eq!(strong, ["Noto Sans Medium", "Noto Sans Regular"]);
        let pack = ["宋体", "宋体 Bold", "宋体 Italic", "Noto Sans Regular"];
        let (plain, strong) = stacks(pack.into_iter());
        assert_eq!(plain, ["宋体", "Noto Sans Regular"]);
        assert_eq!(strong, ["宋体 Bold", "宋体", "Noto Sans Regular"]);
    }
}

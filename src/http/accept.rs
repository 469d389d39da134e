//! What a request takes of the forms that an answer has (RFC 9110, 12.5.1).

use axum::http::{HeaderMap, header};

use super::problem::Problem;
use crate::model::TileFormat;

/// The form of tile that a request wants: the one of the higher quality, MLT only where it is named, as many who take all types
/// cannot read it. Who names neither gets MVT.
pub(super) fn tile_format(request: &HeaderMap) -> Result<TileFormat, Problem> {
    let given: Vec<&str> = request
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let given = given.join(", ");
    let ranges = ranges(&given);
    let mvt = quality(&ranges, TileFormat::Mvt.media_type());
    let mlt = quality(&ranges, TileFormat::Mlt.media_type())
        .filter(|found| found.is_named && found.weight > 0.0);
    match (mvt, mlt) {
        (Some(mvt), Some(mlt)) if mvt.weight > mlt.weight => Ok(TileFormat::Mvt),
        (_, Some(_)) => Ok(TileFormat::Mlt),
        (Some(mvt), None) if mvt.weight <= 0.0 => {
            let types = [TileFormat::Mvt, TileFormat::Mlt].map(TileFormat::media_type);
            Err(Problem::no_type_accepted(&given, &types.join(", ")))
        }
        _ => Ok(TileFormat::Mvt),
    }
}

/// How much a type is wanted.
#[derive(Clone, Copy, Debug)]
struct Quality {
    weight: f32,
    /// By its own name.
    is_named: bool,
}

/// The ranges of an `Accept` in lower case, each with its weight.
fn ranges(given: &str) -> Vec<(String, f32)> {
    let range = |part: &str| {
        let mut pieces = part
            .split(';')
            .map(|piece| piece.trim().to_ascii_lowercase());
        let name = pieces.next().unwrap_or_default();
        let weight = pieces.find_map(|piece| piece.strip_prefix("q=")?.trim().parse::<f32>().ok());
        (name, weight.unwrap_or(1.0))
    };
    given.split(',').map(range).collect()
}

/// By the most telling range that holds the type; `None` where none does.
fn quality(ranges: &[(String, f32)], kind: &str) -> Option<Quality> {
    let by = |wanted: &str| {
        let mut found = ranges.iter().filter(|(name, _)| name == wanted);
        found.next().map(|&(_, weight)| weight)
    };
    let named = by(kind).map(|weight| (weight, true));
    let found = named.or_else(|| {
        let wide = by("application/*").or_else(|| by("*/*"));
        wide.map(|weight| (weight, false))
    });
    found.map(|(weight, is_named)| Quality { weight, is_named })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(accept: &[&str]) -> Option<TileFormat> {
        let mut headers = HeaderMap::new();
        for value in accept {
            headers.append(header::ACCEPT, value.parse().unwrap());
        }
        tile_format(&headers).ok()
    }

    #[test]
    fn mlt_goes_to_whoever_names_it_and_wants_it_no_less_than_mvt() {
        let (mvt, mlt) = (
            "application/vnd.mapbox-vector-tile",
            "application/vnd.maplibre-tile",
        );
        for (accept, format) in [
            (vec![], TileFormat::Mvt),
            (vec!["*/*".to_owned()], TileFormat::Mvt),
            (vec!["application/x-protobuf".to_owned()], TileFormat::Mvt),
            (vec![mlt.to_owned()], TileFormat::Mlt),
            (vec![mlt.to_uppercase()], TileFormat::Mlt),
            (vec![format!("{mlt}, */*;q=0.8")], TileFormat::Mlt),
            (vec![format!("{mlt};q=0.5, {mvt};q=0.9")], TileFormat::Mvt),
            (
                vec![format!("{mlt} ; q=0.9 , {mvt} ; q=0.5")],
                TileFormat::Mlt,
            ),
            (vec![format!("{mlt};q=0.5, */*")], TileFormat::Mvt),
            (
                vec![format!("{mlt};q=0.5, application/*;q=0.1, */*")],
                TileFormat::Mlt,
            ),
            (vec![mvt.to_owned(), mlt.to_owned()], TileFormat::Mlt),
            (vec![format!("{mlt};q=0, */*")], TileFormat::Mvt),
            (vec![format!("{mlt};q=0")], TileFormat::Mvt),
            (vec![format!("{mvt};q=0, {mlt};q=0.001")], TileFormat::Mlt),
        ] {
            let accept: Vec<&str> = accept.iter().map(String::as_str).collect();
            assert_eq!(asked(&accept), Some(format), "{accept:?}");
        }
        assert_eq!(
            asked(&["application/vnd.mapbox-vector-tile;q=0, */*"]),
            None
        );
        assert_eq!(asked(&["*/*;q=0"]), None);
    }
}

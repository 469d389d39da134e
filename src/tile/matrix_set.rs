//! The tiling scheme in the words of OGC 17-083r4, Two Dimensional Tile Matrix Set: WebMercatorQuad.

use std::f64::consts::PI;

use serde_json::{Value, json};

use super::TileAddress;
use super::address::DEEPEST;
use super::mercator::{SIDE, world};
use crate::model::{Bounds, Coord, Zooms};

/// The scheme's id.
pub const MATRIX_SET: &str = "WebMercatorQuad";
/// Its address in OGC's register.
pub const MATRIX_SET_URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
/// Its coordinate reference system, in OGC's register.
pub const MATRIX_SET_CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";

/// Half of the world's side: half the equator of WGS 84's axis of 6,378,137 m.
const HALF_SIDE_M: f64 = PI * 6_378_137.0;
/// Cells along a tile's side, as the scheme counts them.
const CELLS: u32 = 256;
/// A cell of a screen as the standard takes it, metres.
const SCREEN_CELL_M: f64 = 0.000_28;

/// The description of the scheme, zooms 0 to 24.
#[must_use]
pub fn matrix_set() -> Value {
    let matrices: Vec<Value> = (0..=DEEPEST).map(matrix).collect();
    json!({
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": MATRIX_SET_URI,
        "crs": MATRIX_SET_CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": matrices,
    })
}

fn matrix(zoom: u8) -> Value {
    let count = 1_u32 << zoom;
    let cell = 2.0 * HALF_SIDE_M / f64::from(CELLS) / f64::from(count);
    json!({
        "id": zoom.to_string(),
        "scaleDenominator": cell / SCREEN_CELL_M,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF_SIDE_M, HALF_SIDE_M],
        "tileWidth": CELLS,
        "tileHeight": CELLS,
        "matrixWidth": count,
        "matrixHeight": count,
    })
}

/// Which rows and columns hold the ground of a box, zoom by zoom.
#[must_use]
pub fn matrix_limits(bounds: Bounds, zooms: Zooms) -> Vec<Value> {
    let north_west = Coord {
        lon: bounds.min.lon,
        lat: bounds.max.lat,
    };
    let south_east = Coord {
        lon: bounds.max.lon,
        lat: bounds.min.lat,
    };
    let limits = |zoom: u8| {
        let (first, last) = (holder(north_west, zoom), holder(south_east, zoom));
        json!({
            "tileMatrix": zoom.to_string(),
            "minTileRow": first.y(),
            "maxTileRow": last.y(),
            "minTileCol": first.x(),
            "maxTileCol": last.x(),
        })
    };
    (zooms.min..=zooms.max.min(DEEPEST)).map(limits).collect()
}

/// The tile in which a coordinate lies: of a border the one to the east and south, at the world's end the last.
fn holder(at: Coord, zoom: u8) -> TileAddress {
    let place = world(at, zoom);
    let last = (1_i64 << zoom) - 1;
    let index = |units: i64| u32::try_from((units / SIDE).clamp(0, last)).unwrap_or(0);
    TileAddress::new(zoom, index(place.x), index(place.y)).unwrap_or(TileAddress::WORLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_and_cells_are_those_of_the_standards_annex() {
        let set = matrix_set();
        let matrices = set["tileMatrices"].as_array().unwrap();
        assert_eq!(matrices.len(), 25);
        // OGC 17-083r4, annex D.1, WebMercatorQuad.
        for (zoom, scale, cell) in [
            (0, 559_082_264.028_717, 156_543.033_928_041),
            (1, 279_541_132.014_358, 78_271.516_964_020_4),
            (6, 8_735_660.375_448_71, 2_445.984_905_125_64),
            (12, 136_494.693_366_386, 38.218_514_142_588_1),
            (18, 2_132.729_583_849_78, 0.597_164_283_477_939),
            (24, 33.323_899_747_652_8, 0.009_330_691_929_342_8),
        ] {
            let matrix = &matrices[zoom];
            let near = |key: &str, wanted: f64| {
                let got = matrix[key].as_f64().unwrap();
                assert!((got / wanted - 1.0).abs() < 1e-9, "{zoom} {key} {got}");
            };
            near("scaleDenominator", scale);
            near("cellSize", cell);
            assert_eq!(matrix["id"], zoom.to_string());
            assert_eq!(matrix["matrixWidth"], 1_u32 << zoom);
            let origin = matrix["pointOfOrigin"].as_array().unwrap();
            let ends = [-20_037_508.342_789_2, 20_037_508.342_789_2];
            for (got, wanted) in origin.iter().zip(ends) {
                assert!((got.as_f64().unwrap() - wanted).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn limits_hold_the_box_and_the_corners_of_the_world() {
        let box_of = |west, south, east, north| Bounds {
            min: Coord {
                lon: west,
                lat: south,
            },
            max: Coord {
                lon: east,
                lat: north,
            },
        };
        let zooms = Zooms { min: 10, max: 10 };
        let town = matrix_limits(
            box_of(1_047_000_000, 284_000_000, 1_047_200_000, 284_200_000),
            zooms,
        );
        assert_eq!(
            town,
            [
                json!({"tileMatrix": "10", "minTileRow": 427, "maxTileRow": 427, "minTileCol": 809, "maxTileCol": 809})
            ]
        );
        let world = box_of(-1_800_000_000, -900_000_000, 1_800_000_000, 900_000_000);
        let all = matrix_limits(world, Zooms { min: 0, max: 24 });
        for (zoom, limits) in all.iter().enumerate() {
            let last = (1_u32 << zoom) - 1;
            assert_eq!(
                (&limits["minTileRow"], &limits["minTileCol"]),
                (&json!(0), &json!(0))
            );
            assert_eq!(
                (&limits["maxTileRow"], &limits["maxTileCol"]),
                (&json!(last), &json!(last))
            );
        }
    }
}

//! Tiles as other readers see them: fast-mvt's strict reader, @mapbox/vector-tile under node, GDAL's MVT driver; geometry
//! against geo's.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "a tile's places are small whole numbers, exact in f64 and in i32"
)]

mod adjacent;
mod bounded;
mod clusters;
mod content;
mod coverage;
mod edited;
mod fixtures;
mod footprint;
mod labels;
mod mlt;
mod nested;
mod pyramid;
mod readers;
pub(crate) mod real;
mod rim;
mod seams;
mod single;
mod supercluster;
mod support;
mod whole;

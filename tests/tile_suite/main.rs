//! Tiles as other readers see them: fast-mvt's strict reader, @mapbox/vector-tile under node, GDAL's MVT driver; geometry
//! against geo's.

mod content;
mod coverage;
mod readers;
mod seams;
mod single;
mod support;

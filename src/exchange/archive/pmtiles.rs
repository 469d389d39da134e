//! PMTiles 3: a header, directories of tiles by their place on the Hilbert curve, metadata, tiles. Equal tiles are kept once.

use std::fs::File;

use pmtiles::{Compression, PmTilesStreamWriter, PmTilesWriter, PmtResult, TileCoord, TileType};
use serde_json::json;

use super::ArchiveHead;
use crate::model::TileFormat;

/// A PMTiles file on its way.
pub(super) struct PmTiles(PmTilesStreamWriter<File>);

impl PmTiles {
    pub(super) fn create(file: File, head: &ArchiveHead) -> PmtResult<Self> {
        let kind = match head.format {
            TileFormat::Mvt => TileType::Mvt,
            TileFormat::Mlt => TileType::Mlt,
        };
        let [west, south, east, north] = head.bounds;
        let (lon, lat, zoom) = head.center;
        let writer = PmTilesWriter::new(kind)
            .precompressed(Compression::Gzip)
            .min_zoom(head.zooms.min)
            .max_zoom(head.zooms.max)
            .bounds(west, south, east, north)
            .center(lon, lat)
            .center_zoom(zoom)
            .metadata(metadata(head))
            .create(file)?;
        Ok(Self(writer))
    }

    pub(super) fn add(&mut self, z: u8, x: u32, y: u32, gzip: &[u8]) -> PmtResult<()> {
        self.0.add_tile(TileCoord::new(z, x, y)?, gzip)
    }

    pub(super) fn finish(self) -> PmtResult<()> {
        self.0.finalize()
    }
}

fn metadata(head: &ArchiveHead) -> String {
    let mut document = json!({
        "name": head.name,
        "type": "overlay",
        "vector_layers": head.vector_layers,
    });
    if !head.attribution.is_empty() {
        document["attribution"] = json!(head.attribution);
    }
    document.to_string()
}

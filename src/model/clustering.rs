//! How points that lie close together are drawn at low zooms.

/// Whether tiles hold clusters in the places of a layer's points.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clustering {
    /// At the zooms at which a tile would hold thousands of points: what a layer does for which nobody chose.
    #[default]
    WhereCrowded,
    /// Every point is drawn at every zoom.
    Never,
    /// At all zooms below a zoom.
    Below(Clusters),
}

/// The clusters of a layer of points.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Clusters {
    /// The first zoom at which each point is drawn by itself.
    pub to: u8,
    pub cell: ClusterCell,
    /// The field by whose values the members are counted.
    pub by: Option<String>,
}

/// The side of the square cells whose points become one: a power of two of pixels, so that no cell lies in two tiles.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "u16", into = "u16")]
pub struct ClusterCell(u16);

/// A number of pixels that is no cell's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given} pixels is no side of a cell; take 8, 16, 32, 64, 128 or 256")]
pub struct CellError {
    pub given: u16,
}

/// Pixels of a tile's side as MapLibre draws it.
const TILE_PX: u16 = 512;

impl ClusterCell {
    /// So many pixels of a tile that is 512 pixels wide.
    ///
    /// # Errors
    /// Where it is no power of two from 8 to 256.
    pub fn of_pixels(given: u16) -> Result<Self, CellError> {
        let is_side = given.is_power_of_two() && (8..=256).contains(&given);
        is_side.then_some(Self(given)).ok_or(CellError { given })
    }

    #[must_use]
    pub fn pixels(self) -> u16 {
        self.0
    }

    /// How often a tile is halved until its pieces are such cells.
    #[must_use]
    pub fn halvings(self) -> u8 {
        let cells = TILE_PX / self.0;
        cells.trailing_zeros().try_into().unwrap_or_default()
    }
}

/// 64 pixels: a circle of the usual size beside the next one.
impl Default for ClusterCell {
    fn default() -> Self {
        Self(64)
    }
}

impl TryFrom<u16> for ClusterCell {
    type Error = CellError;

    fn try_from(given: u16) -> Result<Self, CellError> {
        Self::of_pixels(given)
    }
}

impl From<ClusterCell> for u16 {
    fn from(cell: ClusterCell) -> Self {
        cell.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_halved_as_often_as_a_cell_says_has_pieces_of_its_side() {
        for pixels in [8, 16, 32, 64, 128, 256] {
            let cell = ClusterCell::of_pixels(pixels).unwrap();
            assert_eq!(
                (cell.pixels(), TILE_PX >> cell.halvings()),
                (pixels, pixels)
            );
        }
    }

    #[test]
    fn a_side_that_would_lie_in_two_tiles_is_refused_with_what_was_given() {
        for pixels in [0, 1, 4, 40, 63, 512, 65_535] {
            let error = ClusterCell::of_pixels(pixels).unwrap_err();
            assert!(error.to_string().starts_with(&format!("{pixels} pixels")));
        }
    }
}

//! Points as heat, in the place of their marks.

use serde_json::{Value, json};

use super::catalogue::Drawn;
use super::design::Design;
use super::expression::{number, part, with};
use super::zooms::PointZooms;
use crate::model::{Clustering, DEEPEST_ZOOM};

/// How far the heat of a point reaches, pixels.
const REACH: f64 = 44.0;
/// The same in sides of a cell, where all of its points are one in their mean: so the heat of neighbouring cells flows together.
const CELLS: f64 = 1.6;
/// Heat of a point where points lie apart: it can just be seen by itself.
const ALONE: f64 = 0.09;

/// A point layer and how its heat is to look.
pub(super) struct Heat<'a> {
    pub(super) drawn: &'a Drawn<'a>,
    pub(super) zooms: PointZooms,
    pub(super) design: &'a Design,
}

impl Heat<'_> {
    /// Not drawn until it is switched on.
    ///
    /// A pixel is as hot as points lie close on the ground around it, whatever the zoom: each zoom out brings four times as many
    /// into a pixel, and a quarter of the heat.
    pub(super) fn part(&self) -> Value {
        let (to, wide) = self.gathered();
        let count = json!(["number", ["get", "point_count"], 1]);
        // The same heat on more pixels.
        let share = number((REACH / wide).powi(2));
        let apart = self.zooms.apart;
        let first = number(apart - 12.0);
        let paint = json!({
            "heatmap-weight": ["step", ["zoom"], ["*", share, count], to, count],
            "heatmap-radius": ["step", ["zoom"], number(wide), to, REACH],
            "heatmap-intensity": ["interpolate", ["exponential", 4], ["zoom"], first, 0, number(apart), ALONE],
            "heatmap-color": self.colors(),
            "heatmap-opacity": number(self.design.heat.opacity),
        });
        let layout = json!({ "visibility": "none" });
        with(
            part(self.drawn, "heat", "heatmap"),
            [("layout", layout), ("paint", paint)],
        )
    }

    /// The zoom from which each point is drawn by itself, and how far the heat of many in one reaches before.
    fn gathered(&self) -> (u8, f64) {
        match &self.drawn.layer.clustering {
            Clustering::Below(clusters) => {
                let side = f64::from(clusters.cell.pixels());
                (clusters.to.min(DEEPEST_ZOOM), (side * CELLS).max(REACH))
            }
            Clustering::WhereCrowded | Clustering::Never => (0, REACH),
        }
    }

    /// From nothing, which is clear, to as many as the last colour. Each colour begins where the square of its number says: points
    /// lie tens of times closer in towns than in villages, and both are to have shades.
    fn colors(&self) -> Value {
        let shades = &self.design.heat.colors;
        let [red, green, blue] = shades[0].channels();
        let mut colors = vec![
            json!("interpolate"),
            json!(["linear"]),
            json!(["heatmap-density"]),
            json!(0),
            json!(format!("rgba({red},{green},{blue},0)")),
        ];
        for (step, shade) in (1..).zip(shades) {
            colors.extend([
                number((f64::from(step) / 5.0).powi(2)),
                json!(shade.to_string()),
            ]);
        }
        Value::Array(colors)
    }
}

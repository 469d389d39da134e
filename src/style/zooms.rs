//! At which zoom a layer becomes worth drawing: from how far apart its features lie, not from its name.

use crate::model::{Bounds, Clustering};

use super::catalogue::{Catalogue, Drawn, GridPlace};

/// Pixels of a MapLibre world at zoom 0.
const WORLD: f64 = 512.0;
/// Spacing of a layer without features, degrees.
const UNKNOWN: f64 = 0.01;

/// Zooms of a grid level: lines come in, are full; names come in, go out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct GridZooms {
    pub(super) line_from: f64,
    pub(super) line_full: f64,
    pub(super) label_from: f64,
    pub(super) label_to: f64,
}

/// Zooms of a point layer: dots come in, icons, names; where points lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PointZooms {
    pub(super) from: f64,
    pub(super) icon_from: f64,
    pub(super) label_from: f64,
    /// Where they lie a hundred pixels apart in the mean.
    pub(super) apart: f64,
}

/// Square degrees as they are at the equator.
fn area(bounds: Bounds) -> f64 {
    let (min, max) = (bounds.min.degrees(), bounds.max.degrees());
    let squeeze = f64::midpoint(min.lat, max.lat).to_radians().cos();
    ((max.lon - min.lon) * (max.lat - min.lat) * squeeze).max(1e-12)
}

/// Typical distance between features, degrees: the side of each one's square share of the ground.
fn spacing(drawn: &Drawn, catalogue: &Catalogue) -> f64 {
    let places: f64 = catalogue
        .places
        .iter()
        .map(|place| area(place.bounds))
        .sum();
    let extent = drawn.bounds.map_or(f64::INFINITY, area);
    let ground = extent.min(if places > 0.0 { places } else { f64::INFINITY });
    if !ground.is_finite() {
        return UNKNOWN;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a number of features, for a zoom"
    )]
    let count = drawn.count.max(1) as f64;
    (ground / count).sqrt()
}

/// The zoom at which a length in degrees takes so many pixels on the screen.
fn zoom_where(degrees: f64, pixels: f64) -> f64 {
    ((pixels * 360.0) / (WORLD * degrees)).log2()
}

impl GridZooms {
    pub(super) fn of(drawn: &Drawn, catalogue: &Catalogue) -> Self {
        let spacing = spacing(drawn, catalogue);
        // The top level has nothing above it that would show in its stead.
        let is_top = drawn.grid.is_some_and(GridPlace::is_top);
        let apart = if is_top { 8.0 } else { 24.0 };
        let min = f64::from(drawn.layer.zooms.min);
        let line_from = zoom_where(spacing, apart).max(min).clamp(0.0, 17.0);
        let label_from = zoom_where(spacing, 92.0).max(line_from).clamp(0.0, 19.0);
        Self {
            line_from: rounded(line_from),
            line_full: rounded(zoom_where(spacing, 70.0).max(line_from + 0.5)),
            label_from: rounded(label_from),
            label_to: rounded(zoom_where(spacing, 760.0).max(label_from + 1.5)),
        }
    }
}

impl PointZooms {
    pub(super) fn of(drawn: &Drawn, catalogue: &Catalogue) -> Self {
        let spacing = spacing(drawn, catalogue);
        let min = f64::from(drawn.layer.zooms.min);
        let from = match drawn.layer.clustering {
            // Tiles gather what lies close: whatever they hold can be drawn.
            Clustering::Below(_) => min,
            Clustering::WhereCrowded | Clustering::Never => {
                zoom_where(spacing, 17.0).clamp(0.0, 14.0).max(min)
            }
        };
        // Points lie closer in towns than in the mean.
        let icon_from = zoom_where(spacing, 190.0).clamp(11.5, 16.0).max(from + 1.0);
        let label_from = zoom_where(spacing, 300.0).clamp(13.5, 17.0).max(from);
        Self {
            from: rounded(from),
            icon_from: rounded(icon_from),
            label_from: rounded(label_from),
            apart: rounded(zoom_where(spacing, 100.0)),
        }
    }
}

/// Hundredths of a zoom: equal data make equal documents, and rounding keeps what ascends by more.
fn rounded(zoom: f64) -> f64 {
    (zoom * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::tests::{catalogue, polygons};
    use super::*;

    #[test]
    fn a_length_takes_the_asked_pixels_at_the_zoom_that_is_named() {
        let pixels = 0.5 * (512.0 * zoom_where(0.5, 90.0).exp2()) / 360.0;
        assert!((pixels - 90.0).abs() < 1e-9);
    }

    #[test]
    fn spacing_follows_the_ground_of_the_places_not_the_empty_land_between_them() {
        let catalogue = catalogue();
        let layer = polygons("base.grid");
        let with = |count| {
            let mut drawn = Drawn::of(&layer);
            drawn.count = count;
            drawn.bounds = Bounds::parse_degrees("bbox", "100,20,120,42").ok();
            spacing(&drawn, &catalogue)
        };
        assert!(with(1) < 0.5);
        assert!((with(400) - with(100) / 2.0).abs() < 1e-9);
    }

    #[test]
    fn zooms_of_a_level_rise_in_order_so_that_they_make_a_valid_style_whatever_the_count() {
        let catalogue = catalogue();
        for count in [0, 1, 6, 60, 1000, 25_053, 1_000_000] {
            for min in [0, 8, 14, 24] {
                let mut layer = polygons("base.grid");
                layer.zooms.min = min;
                let mut drawn = Drawn::of(&layer);
                drawn.count = count;
                let zooms = GridZooms::of(&drawn, &catalogue);
                assert!(zooms.line_from < zooms.line_full, "{zooms:?}");
                assert!(zooms.line_full < zooms.label_to, "{zooms:?}");
                assert!(zooms.label_from < zooms.label_to, "{zooms:?}");
                let points = PointZooms::of(&drawn, &catalogue);
                assert!(points.from < points.icon_from, "{points:?}");
                assert!(points.from >= f64::from(min) && points.from <= points.label_from);
            }
        }
    }

    #[test]
    fn denser_points_come_in_later() {
        let (catalogue, layer) = (catalogue(), polygons("camera"));
        let from = |count| {
            let mut drawn = Drawn::of(&layer);
            drawn.count = count;
            PointZooms::of(&drawn, &catalogue).from
        };
        assert!(from(10_000) > from(100));
    }
}

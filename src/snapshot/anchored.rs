//! Where the features of a layer count, how large they are and what they count as.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::index::{Anchor, Anchors, ZPlace, longer_side};
use crate::model::{
    Bounds, Clustering, DEEPEST_ZOOM, Feature, Geometry, GeometryKind, Layer, Validity, Value, each,
};

use super::features::{Features, is_withdrawn};
use super::pages::Pages;

/// The zoom of what is smaller than a pixel at every zoom.
const NEVER: u8 = DEEPEST_ZOOM + 1;
/// Values that are counted each by itself; all others together.
const CATEGORIES: usize = 16;
/// Features whose anchors one thread looks for at a time.
const PIECE: usize = 16_384;
/// A tile with more points of a layer than so many is crowded.
const CROWD: usize = 4096;

/// The anchors of a layer's features, and the zoom from which each is as large as a pixel.
#[derive(Clone, Debug)]
pub struct Anchored {
    anchors: Anchors,
    /// By position.
    from_zoom: Pages<u8>,
    /// How many features begin at each zoom.
    beginning: [u32; NEVER as usize + 1],
    crowded: Option<u8>,
    categories: Categories,
}

impl Anchored {
    /// The n-th box is that of the feature at position n.
    pub(super) fn build(
        layer: &Layer,
        features: &Features,
        boxes: &[Bounds],
        threads: usize,
    ) -> Self {
        let categories = Categories::of(layer, features);
        let pieces = each(
            boxes.len().div_ceil(PIECE),
            threads,
            |(): &mut (), piece| {
                let positions = piece * PIECE..boxes.len().min((piece + 1) * PIECE);
                let at = positions.map(|at| anchor(at, &features[at], boxes[at], &categories));
                at.collect::<Vec<_>>()
            },
        );
        let found: Vec<Anchor> = pieces.into_iter().flatten().collect();
        let from_zoom: Vec<u8> = found.iter().map(|anchor| anchor.from_zoom).collect();
        let mut beginning = [0; NEVER as usize + 1];
        for zoom in &from_zoom {
            beginning[usize::from(*zoom)] += 1;
        }
        let anchors = Anchors::build(found, threads);
        Self {
            crowded: crowded(layer, &anchors),
            anchors,
            from_zoom: Pages::new(&from_zoom, NEVER),
            beginning,
            categories,
        }
    }

    /// The same with other features at some positions: each with the one before, where there was one.
    pub(super) fn changed<'a>(
        &self,
        layer: &Layer,
        changed: impl Iterator<Item = (usize, Option<&'a Feature>, &'a Feature)>,
    ) -> Self {
        let mut next = self.clone();
        let (mut gone, mut fresh) = (Vec::new(), Vec::new());
        for (position, was, is) in changed {
            if let Some(was) = was.filter(|was| !is_withdrawn(was)) {
                let anchor = anchor(position, was, was.geometry.bounds(), &self.categories);
                let count = &mut next.beginning[usize::from(anchor.from_zoom)];
                *count = count.saturating_sub(1);
                next.from_zoom.set(position, NEVER);
                gone.push(anchor);
            }
            if !is_withdrawn(is) {
                next.categories.learn(is);
                let anchor = anchor(position, is, is.geometry.bounds(), &next.categories);
                next.beginning[usize::from(anchor.from_zoom)] += 1;
                next.from_zoom.set(position, anchor.from_zoom);
                fresh.push(anchor);
            }
        }
        next.anchors = self.anchors.changed(&gone, fresh);
        if next.anchors.is_settled() {
            next.crowded = crowded(layer, &next.anchors);
        }
        next
    }

    #[must_use]
    pub fn anchors(&self) -> &Anchors {
        &self.anchors
    }

    /// The first zoom at which the feature at a position is as large as a pixel; beyond the deepest where it never is.
    #[must_use]
    pub fn from_zoom(&self, position: usize) -> u8 {
        self.from_zoom.at(position)
    }

    /// How many features are as large as a pixel at a zoom.
    #[must_use]
    pub fn large_at(&self, zoom: u8) -> usize {
        let until = self.beginning.iter().take(usize::from(zoom) + 1);
        until.map(|count| *count as usize).sum()
    }

    /// The deepest zoom at which a tile holds thousands of points, where the layer asks for that. What changed since the
    /// anchors were put in order does not count.
    #[must_use]
    pub fn crowded_zoom(&self) -> Option<u8> {
        self.crowded
    }

    /// What the features count as.
    #[must_use]
    pub fn categories(&self) -> &Categories {
        &self.categories
    }
}

/// Where a feature counts, and the first zoom at which it is as large as a pixel.
pub(super) fn counts_at(feature: &Feature, bounds: Bounds) -> (ZPlace, u8) {
    let geometry = &feature.geometry;
    (place(geometry, bounds), from_zoom(geometry, bounds))
}

fn crowded(layer: &Layer, anchors: &Anchors) -> Option<u8> {
    let asks =
        layer.geometry == GeometryKind::Point && layer.clustering == Clustering::WhereCrowded;
    let level = asks.then(|| anchors.crowded_level(CROWD)).flatten()?;
    Some(level.min(DEEPEST_ZOOM))
}

/// Points count where the first of them is, lines and polygons in the middle of their box.
fn place(geometry: &Geometry, bounds: Bounds) -> ZPlace {
    let first = (geometry.kind() == GeometryKind::Point)
        .then(|| geometry.coords().next())
        .flatten();
    first.map_or_else(|| ZPlace::middle(bounds), ZPlace::of)
}

fn anchor(position: usize, feature: &Feature, bounds: Bounds, categories: &Categories) -> Anchor {
    let (place, from_zoom) = counts_at(feature, bounds);
    Anchor {
        place,
        position: u32::try_from(position).unwrap_or(u32::MAX),
        from_zoom,
        category: categories.number(feature),
        is_always: feature.validity == Validity::ALWAYS,
    }
}

/// The first zoom at which the longest part is as long as a pixel of a tile that is shown at 256 pixels, and a sixteenth: so
/// much that rounding to tile units, sixteen a pixel, cannot make it shorter than a pixel and let it vanish.
fn from_zoom(geometry: &Geometry, bounds: Bounds) -> u8 {
    if geometry.kind() == GeometryKind::Point {
        return 0;
    }
    let side = if geometry.part_count() == 1 {
        longer_side(bounds)
    } else {
        let parts = geometry
            .parts()
            .filter_map(|mut part| part.next()?.bounds());
        parts.map(longer_side).max().unwrap_or_default()
    };
    let pixels = u64::from(side) * 16 / 17;
    // At the deepest zoom a pixel is one place long.
    let zoom = pixels
        .checked_ilog2()
        .map(|log| u32::from(DEEPEST_ZOOM).saturating_sub(log));
    zoom.and_then(|zoom| zoom.try_into().ok()).unwrap_or(NEVER)
}

/// The values of one field, as which a layer's features count.
#[derive(Clone, Debug)]
pub struct Categories {
    /// The field's number, where the layer counts by one.
    field: Option<usize>,
    /// Those that are counted each by itself.
    values: Arc<[Box<str>]>,
}

impl Categories {
    /// The number of what has none of the values.
    pub const OTHER: u8 = u8::MAX;

    /// The most frequent values of the field by which the layer counts; of equally frequent ones the first as text.
    fn of(layer: &Layer, features: &Features) -> Self {
        let by = match &layer.clustering {
            Clustering::Below(clusters) => clusters.by.as_deref(),
            Clustering::WhereCrowded | Clustering::Never => None,
        };
        let field = by.and_then(|by| layer.fields.iter().position(|field| field.name == by));
        let mut counts: HashMap<Cow<'_, str>, usize> = HashMap::new();
        if let Some(field) = field {
            for value in features.iter().filter_map(|feature| text(feature, field)) {
                *counts.entry(value).or_default() += 1;
            }
        }
        let mut counts: Vec<(Cow<'_, str>, usize)> = counts.into_iter().collect();
        counts.sort_unstable_by(|(a, more), (b, less)| less.cmp(more).then_with(|| a.cmp(b)));
        let frequent = counts.into_iter().take(CATEGORIES);
        Self {
            field,
            values: frequent.map(|(value, _)| value.into()).collect(),
        }
    }

    /// Takes in the value of a feature while there is room: the order of those that are known must last until the layer is
    /// built anew.
    fn learn(&mut self, feature: &Feature) {
        let value = self.field.and_then(|field| text(feature, field));
        if let Some(value) = value
            && self.values.len() < CATEGORIES
            && !self.values.iter().any(|known| **known == *value)
        {
            let known = self.values.iter().cloned();
            self.values = known.chain([value.into()]).collect();
        }
    }

    fn number(&self, feature: &Feature) -> u8 {
        let value = self.field.and_then(|field| text(feature, field));
        let place = value.and_then(|value| self.values.iter().position(|known| **known == *value));
        place
            .and_then(|place| place.try_into().ok())
            .unwrap_or(Self::OTHER)
    }

    /// Whether these are others with values learned since: all that is counted is counted as before.
    pub(super) fn goes_on_from(&self, others: &Self) -> bool {
        self.field == others.field && self.values.starts_with(&others.values)
    }

    /// The number among the layer's fields of that by which it counts.
    #[must_use]
    pub fn field(&self) -> Option<usize> {
        self.field
    }

    /// The values that are counted each by itself, by their numbers.
    #[must_use]
    pub fn values(&self) -> &[Box<str>] {
        &self.values
    }
}

/// A feature's value as text; `None` where it has none.
fn text(feature: &Feature, field: usize) -> Option<Cow<'_, str>> {
    match feature.values.get(field)? {
        Value::Null => None,
        Value::Text(text) => Some(Cow::Borrowed(text)),
        other => Some(Cow::Owned(other.to_string())),
    }
}

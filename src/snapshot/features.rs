//! A layer's features in shared pages: a layer with one feature redrawn copies one page and the list of pages.

use std::ops::Index;
use std::sync::Arc;

use crate::model::{Bounds, Feature, FeatureId, Geometry, Validity};

/// Features of a full page: few enough that copying one page takes microseconds, many enough that the list of a million
/// features' pages does too.
const PAGE: usize = 256;

/// All features of a layer, in the order of their ids, each at a position that it keeps.
///
/// What was taken out keeps its place and holds at no time ([`Validity::NEVER`]); no index finds it. Building a layer anew
/// closes such gaps.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// All full but the last.
    pages: Vec<Page>,
    len: usize,
    withdrawn: usize,
}

#[derive(Clone, Debug)]
struct Page {
    features: Arc<[Feature]>,
    /// Around those that were not taken out.
    bounds: Option<Bounds>,
}

impl Page {
    fn new(features: Arc<[Feature]>) -> Self {
        let present = features.iter().filter(|feature| !is_withdrawn(feature));
        let bounds = present.map(|feature| feature.geometry.bounds());
        Self {
            bounds: bounds.reduce(Bounds::union),
            features,
        }
    }
}

/// Whether a feature was taken out of its layer and only keeps its place.
pub(super) fn is_withdrawn(feature: &Feature) -> bool {
    feature.validity == Validity::NEVER
}

impl Features {
    /// How many positions there are, those of features that were taken out too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many features were taken out and keep their places.
    #[must_use]
    pub fn withdrawn(&self) -> usize {
        self.withdrawn
    }

    /// The feature at a position.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<&Feature> {
        self.pages
            .get(position / PAGE)?
            .features
            .get(position % PAGE)
    }

    /// All features by position, those that were taken out too.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            pages: self.pages.iter(),
            page: [].iter(),
            left: self.len,
        }
    }

    /// The position of the feature with an id, else where it would be put.
    ///
    /// # Errors
    /// Where there is none with that id.
    pub fn position(&self, id: FeatureId) -> Result<usize, usize> {
        let after = |page: &Page| page.features.last().is_some_and(|last| last.id < id);
        let number = self.pages.partition_point(after);
        let page = self
            .pages
            .get(number)
            .map_or(&[][..], |page| &page.features);
        let start = number * PAGE;
        match page.binary_search_by_key(&id, |feature| feature.id) {
            Ok(place) => Ok(start + place),
            Err(_) if page.is_empty() => Err(self.len),
            Err(place) => Err(start + place),
        }
    }

    /// The box around all features that were not taken out.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        let bounds = self.pages.iter().filter_map(|page| page.bounds);
        bounds.reduce(Bounds::union)
    }

    /// Puts other geometries of the same vertices in the places of the features' own, where there are such.
    pub(super) fn redraw(&mut self, drawn: &mut impl Iterator<Item = Option<Geometry>>) {
        for page in &mut self.pages {
            let features = Arc::make_mut(&mut page.features);
            for (feature, drawn) in features.iter_mut().zip(&mut *drawn) {
                if let Some(geometry) = drawn {
                    feature.geometry = geometry;
                }
            }
        }
    }

    /// The same features with these in the places of those at their positions, ascending; the positions from `len` on are
    /// new and without gaps.
    pub(super) fn with(&self, placed: Vec<(usize, Feature)>) -> Self {
        let mut next = self.clone();
        let mut placed = placed.into_iter().peekable();
        while let Some(&(position, _)) = placed.peek() {
            let number = position / PAGE;
            let mut page = self
                .pages
                .get(number)
                .map_or_else(Vec::new, |page| page.features.to_vec());
            while let Some((position, feature)) = placed.next_if(|&(at, _)| at / PAGE == number) {
                next.withdrawn += usize::from(is_withdrawn(&feature));
                if let Some(place) = page.get_mut(position % PAGE) {
                    next.withdrawn -= usize::from(is_withdrawn(place));
                    *place = feature;
                } else {
                    page.push(feature);
                    next.len += 1;
                }
            }
            let page = Page::new(page.into());
            if let Some(place) = next.pages.get_mut(number) {
                *place = page;
            } else {
                next.pages.push(page);
            }
        }
        next
    }
}

impl Features {
    /// Features of which none was taken out, and the box of each, by so many threads.
    pub(super) fn present(
        features: impl Iterator<Item = Feature>,
        threads: usize,
    ) -> (Self, Vec<Bounds>) {
        let mut features = features.fuse();
        let (mut made, mut page) = (Self::default(), Vec::with_capacity(PAGE));
        loop {
            page.extend(features.by_ref().take(PAGE));
            if page.is_empty() {
                break;
            }
            made.len += page.len();
            made.pages.push(Page {
                features: page.drain(..).collect(),
                bounds: None,
            });
        }
        let all = boxes(&mut made.pages, threads);
        (made, all)
    }
}

/// The boxes of all features, none of which was taken out; the pages are told theirs.
fn boxes(pages: &mut [Page], threads: usize) -> Vec<Bounds> {
    let part = pages.len().div_ceil(threads.max(1)).max(1);
    let look = |pages: &mut [Page]| {
        let mut all = Vec::with_capacity(pages.len() * PAGE);
        for page in pages {
            let start = all.len();
            all.extend(page.features.iter().map(|one| one.geometry.bounds()));
            page.bounds = all[start..].iter().copied().reduce(Bounds::union);
        }
        all
    };
    let (mine, others) = pages.split_at_mut(part.min(pages.len()));
    std::thread::scope(|scope| {
        let others: Vec<_> = others
            .chunks_mut(part)
            .map(|pages| scope.spawn(move || look(pages)))
            .collect();
        let mut all = look(mine);
        for other in others {
            let boxes = other.join();
            all.extend(boxes.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        all
    })
}

impl Index<usize> for Features {
    type Output = Feature;

    /// # Panics
    /// Where there is no such position.
    fn index(&self, position: usize) -> &Feature {
        &self.pages[position / PAGE].features[position % PAGE]
    }
}

impl<'a> IntoIterator for &'a Features {
    type Item = &'a Feature;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Goes through all features of a layer.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    pages: std::slice::Iter<'a, Page>,
    page: std::slice::Iter<'a, Feature>,
    left: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a Feature;

    fn next(&mut self) -> Option<&'a Feature> {
        loop {
            if let Some(feature) = self.page.next() {
                self.left -= 1;
                return Some(feature);
            }
            self.page = self.pages.next()?.features.iter();
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Iter<'_> {}

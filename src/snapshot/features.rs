//! A layer's features in shared pages: a layer with one feature redrawn copies one page and the list of pages.

use std::ops::Index;
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::model::{Bounds, Coord, Feature, FeatureId, Geometry, Validity};

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

    /// The positions at which others, of which these may be a copy that was changed, may have other features.
    pub(super) fn unshared(&self, other: &Self) -> impl Iterator<Item = usize> {
        let is_shared = |number: &usize| {
            let pages = (self.pages.get(*number), other.pages.get(*number));
            matches!(pages, (Some(page), Some(other)) if Arc::ptr_eq(&page.features, &other.features))
        };
        let count = self.pages.len().max(other.pages.len());
        let unshared = (0..count).filter(move |number| !is_shared(number));
        unshared.flat_map(|number| number * PAGE..(number + 1) * PAGE)
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

    /// The same features, some of which have other geometries of the same vertices.
    pub(super) fn redrawn(&self, drawn: Vec<(usize, Geometry)>) -> Self {
        let mut next = self.clone();
        for (position, geometry) in drawn {
            let Some(page) = next.pages.get_mut(position / PAGE) else {
                continue;
            };
            let features = Arc::make_mut(&mut page.features);
            if let Some(feature) = features.get_mut(position % PAGE) {
                feature.geometry = geometry;
            }
        }
        next
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
    /// Features of which none was taken out, and the box of each, by so many threads: while one puts features into pages, others
    /// look at those that are there.
    pub(super) fn present(
        features: impl Iterator<Item = Feature>,
        threads: usize,
    ) -> (Self, Vec<Bounds>) {
        let mut made = Self::default();
        let (queue, waiting) = mpsc::channel();
        let waiting = Mutex::new(waiting);
        let look = || boxes_of(&waiting);
        let boxes = thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(look)).collect();
            for features in pages(features) {
                made.len += features.len();
                // Who takes them is there until the queue ends.
                let _ = queue.send((made.pages.len(), Arc::clone(&features)));
                let bounds = None;
                made.pages.push(Page { features, bounds });
            }
            drop(queue);
            let mut boxes = look();
            for other in others {
                let looked = other.join();
                boxes.extend(looked.unwrap_or_else(|panic| resume_unwind(panic)));
            }
            boxes
        });
        let mut all = vec![Bounds::of(Coord { lon: 0, lat: 0 }); made.len];
        for (number, boxes) in boxes {
            made.pages[number].bounds = boxes.iter().copied().reduce(Bounds::union);
            all[number * PAGE..][..boxes.len()].copy_from_slice(&boxes);
        }
        (made, all)
    }
}

/// Features in pages, all full but the last.
fn pages(features: impl Iterator<Item = Feature>) -> impl Iterator<Item = Arc<[Feature]>> {
    let (mut features, mut page) = (features.fuse(), Vec::with_capacity(PAGE));
    std::iter::from_fn(move || {
        page.extend(features.by_ref().take(PAGE));
        (!page.is_empty()).then(|| page.drain(..).collect())
    })
}

/// A page, by its number.
type Numbered<T> = (usize, T);

/// The boxes of the features of the pages that come, until no more do.
fn boxes_of(waiting: &Mutex<Receiver<Numbered<Arc<[Feature]>>>>) -> Vec<Numbered<Vec<Bounds>>> {
    let take = || {
        let next = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        next.ok()
    };
    let look = |(number, page): Numbered<Arc<[Feature]>>| {
        let boxes = page.iter().map(|feature| feature.geometry.bounds());
        (number, boxes.collect())
    };
    std::iter::from_fn(take).map(look).collect()
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

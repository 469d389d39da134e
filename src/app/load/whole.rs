//! Whole layers from the store: several threads read and index them, a piece of a layer each.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::slice;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::{Feature, LayerName, Scheme};
use crate::snapshot::LayerSnapshot;
use crate::store::{Reader, StoreError, StoredLayer, Twin};

use super::{threads, warn};

/// Ids of one piece: some 20 ms of reading.
const PIECE: u64 = 16_384;
/// Pieces of one layer at most, however far its ids are spread.
const PIECES: u64 = 1_024;

/// A layer that is being read.
struct Part {
    stored: StoredLayer,
    pieces: Vec<RangeInclusive<i64>>,
    /// Pieces that are not read yet.
    left: AtomicUsize,
    read: Mutex<Vec<Vec<Feature>>>,
    built: Mutex<Option<LayerSnapshot>>,
}

impl Part {
    fn new(reader: &Reader<'_>, stored: StoredLayer) -> Result<Self, StoreError> {
        let span = reader.span(&stored.layer)?;
        let pieces = span.map_or_else(|| vec![0..=0], |span| pieces(&span));
        Ok(Self {
            left: AtomicUsize::new(pieces.len()),
            read: Mutex::new(vec![Vec::new(); pieces.len()]),
            built: Mutex::new(None),
            pieces,
            stored,
        })
    }

    /// Reads one piece; who reads the last one builds the layer.
    fn read(&self, reader: &Reader<'_>, piece: usize) -> Result<(), StoreError> {
        let ids = self.pieces[piece].clone();
        let (features, faults) = reader.features_within(&self.stored.layer, ids)?;
        warn(&faults);
        lock(&self.read)[piece] = features;
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            let read = std::mem::take(&mut *lock(&self.read));
            let StoredLayer { layer, version, .. } = self.stored.clone();
            let features = read.into_iter().flatten();
            *lock(&self.built) = Some(LayerSnapshot::build(layer, version, features));
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A span of ids in pieces of about equal length.
fn pieces(span: &RangeInclusive<i64>) -> Vec<RangeInclusive<i64>> {
    let length = span.start().abs_diff(*span.end());
    let step = PIECE.max(length / PIECES + 1);
    let starts = (0..=length / step).map(|n| span.start().saturating_add_unsigned(n * step));
    starts
        .map(|start| start..=start.saturating_add_unsigned(step - 1).min(*span.end()))
        .collect()
}

/// Reads and indexes layers: on this thread, and on one for each of the others, which read the same version.
pub(super) fn read(
    reader: &Reader<'_>,
    others: &mut [Twin],
    wanted: Vec<StoredLayer>,
) -> Result<Vec<LayerSnapshot>, StoreError> {
    let parts = wanted.into_iter().map(|stored| Part::new(reader, stored));
    let mut parts = parts.collect::<Result<Vec<_>, _>>()?;
    // The longest first: its index is built while the others are read.
    parts.sort_by_key(|part| std::cmp::Reverse(part.pieces.len()));
    let pieces = |part: &Part| 0..part.pieces.len();
    let all: Vec<(&Part, usize)> = parts
        .iter()
        .flat_map(|part| pieces(part).map(move |piece| (part, piece)))
        .collect();
    let next = AtomicUsize::new(0);
    let work = |reader: &Reader<'_>| -> Result<(), StoreError> {
        while let Some((part, piece)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            // The first failure ends the work of all.
            part.read(reader, *piece)
                .inspect_err(|_| next.store(all.len(), Ordering::Relaxed))?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let work = &work;
        let start = |twin: &mut Twin| work(&twin.reader());
        let started: Vec<_> = others
            .iter_mut()
            .map(|twin| scope.spawn(move || start(twin)))
            .collect();
        work(reader)?;
        started.into_iter().try_for_each(|thread| {
            let done = thread.join();
            done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })?;
    drop(all);
    let built = parts.into_iter().filter_map(|part| {
        let built = part.built.into_inner();
        built.unwrap_or_else(PoisonError::into_inner)
    });
    Ok(built.collect())
}

/// Layers that were read whole, with the borders that polygons of one scheme, or of one layer, share kept once. Other levels of
/// their schemes are taken from `made` and come back with the same borders, as a snapshot of this version shows them first.
pub(super) fn shared(
    mut layers: Vec<LayerSnapshot>,
    made: &mut BTreeMap<LayerName, Arc<LayerSnapshot>>,
    schemes: &[Scheme],
    version: u64,
) -> Vec<LayerSnapshot> {
    let mut done = Vec::with_capacity(layers.len());
    for scheme in schemes {
        let levels = scheme.levels();
        let is_level = |layer: &mut LayerSnapshot| {
            levels.iter().any(|level| level.layer == layer.layer().name)
        };
        let mut of: Vec<LayerSnapshot> = layers.extract_if(.., is_level).collect();
        if !of.is_empty() {
            let others = levels.iter().filter_map(|level| made.remove(&level.layer));
            of.extend(others.map(|layer| Arc::unwrap_or_clone(layer).shown_from(version)));
        }
        LayerSnapshot::share(&mut of, threads());
        done.append(&mut of);
    }
    for layer in &mut layers {
        LayerSnapshot::share(slice::from_mut(layer), threads());
    }
    done.append(&mut layers);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_a_span_without_gap_or_overlap() {
        let spans = [
            (0, 0),
            (1, 16_384),
            (1, 16_385),
            (-5, 1_000_000),
            (i64::MIN, i64::MAX),
            (i64::MAX - 3, i64::MAX),
        ];
        for (first, last) in spans {
            let pieces = pieces(&(first..=last));
            assert!(pieces.len() <= 1_025, "{}", pieces.len());
            assert_eq!(
                (*pieces[0].start(), *pieces[pieces.len() - 1].end()),
                (first, last)
            );
            for pair in pieces.windows(2) {
                assert_eq!(pair[0].end() + 1, *pair[1].start());
            }
        }
    }
}

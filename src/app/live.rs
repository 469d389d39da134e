//! What changed lately, for those who listen: a bounded ring that all of them read from.
//!
//! A client has nothing here but the number of the event that it read last, and is woken when there are later ones: however slow
//! it is, it holds no memory. Who falls behind the ring is told so, and begins anew with what is served then.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::change::LayerChange;
use super::now;

/// Events that are kept for those who come back.
const KEPT: usize = 1024;

/// One change of what is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveEvent {
    /// Grows from event to event, and from one run of the service to the next.
    pub id: u64,
    /// Of the store, as it is served since.
    pub version: u64,
    /// Empty where only schemes or staff changed.
    pub layers: Vec<LayerChange>,
    /// Cached tiles that were forgotten.
    pub tiles_dropped: usize,
}

/// How far events have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last event's number.
    pub last: u64,
    /// No more will come.
    pub is_closed: bool,
}

/// Events after one that is not known any more, or not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

/// The events of a service.
#[derive(Debug)]
pub struct Live {
    ring: Mutex<Ring>,
    head: watch::Sender<Head>,
}

#[derive(Debug)]
struct Ring {
    /// The number before that of the first event.
    floor: u64,
    events: VecDeque<Arc<LiveEvent>>,
}

impl Default for Live {
    fn default() -> Self {
        // A run has fewer events than it lasts milliseconds, so that no number is given out again, and what a former run gave out
        // lies below all of this one.
        let floor = u64::try_from(now().millis()).unwrap_or_default();
        Self {
            ring: Mutex::new(Ring {
                floor,
                events: VecDeque::new(),
            }),
            head: watch::Sender::new(Head {
                last: floor,
                is_closed: false,
            }),
        }
    }
}

impl Live {
    /// How far events have come; wakes who waits for more.
    #[must_use]
    pub fn head(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    /// The events after the one with a number.
    ///
    /// # Errors
    /// Where some of them are not there any more, or the number is none that was given out.
    pub fn since(&self, id: u64) -> Result<Vec<Arc<LiveEvent>>, Lost> {
        let ring = self.ring();
        let last = ring.last();
        if !(ring.floor..=last).contains(&id) {
            return Err(Lost);
        }
        let later = ring.events.iter().filter(|event| event.id > id);
        Ok(later.cloned().collect())
    }

    /// Adds an event.
    pub(super) fn publish(&self, version: u64, layers: Vec<LayerChange>, tiles_dropped: usize) {
        let mut ring = self.ring();
        let id = ring.last() + 1;
        ring.events.push_back(Arc::new(LiveEvent {
            id,
            version,
            layers,
            tiles_dropped,
        }));
        if ring.events.len() > KEPT
            && let Some(first) = ring.events.pop_front()
        {
            ring.floor = first.id;
        }
        // Before the ring is free again: who sees the number finds the event.
        self.head.send_modify(|head| head.last = id);
    }

    /// Ends all streams: the service stops.
    pub fn close(&self) {
        self.head.send_modify(|head| head.is_closed = true);
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    fn last(&self) -> u64 {
        self.events.back().map_or(self.floor, |event| event.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_growing_numbers_and_are_read_after_any_of_the_last_thousand() {
        let live = Live::default();
        let start = live.head().borrow().last;
        for version in 0..2000 {
            live.publish(version, Vec::new(), 0);
        }
        let head = *live.head().borrow();
        assert_eq!((head.last, head.is_closed), (start + 2000, false));
        let since = |back: u64| live.since(head.last - back).map(|events| events.len());
        assert_eq!((since(0), since(3), since(1024)), (Ok(0), Ok(3), Ok(1024)));
        assert_eq!(
            (since(1025), live.since(head.last + 1)),
            (Err(Lost), Err(Lost))
        );
        assert!(
            live.since(head.last - 2)
                .unwrap()
                .is_sorted_by_key(|event| event.id)
        );
        assert_eq!(live.since(7), Err(Lost), "an id of a former run");
    }
}

//! New chords that would cross another border, or lie on one, are taken back.
//!
//! Zoom by zoom, from the deepest: what is drawn one zoom deeper does not cross but where the polygons themselves do. Where two
//! chords do, at least one of which is new, they get the vertices that are drawn one zoom deeper: nothing changes there.

use crate::model::{Bounds, Coord, FirstZooms, turn};

use super::super::simplify::steps_of;
use super::region::{Region, Spot};
use super::{REACH, Word, Words};

/// A chord as a polygon draws it.
#[derive(Clone, Copy, Debug)]
struct Chord<'r> {
    ends: (Coord, Coord),
    /// The vertices between them that are drawn one zoom deeper.
    inner: &'r [Spot],
    bounds: Bounds,
    is_new: bool,
}

/// Lowers zooms until no new chord crosses another one, or lies on it, at any zoom.
pub(super) fn keep_apart(region: &mut Region<'_, '_>) {
    for zoom in (0..FirstZooms::DEEP).rev() {
        region.shorten(zoom + 1);
        loop {
            let new = new_chords(region, zoom);
            if new.is_empty() {
                return;
            }
            let reach = steps_of(REACH, zoom);
            for bounds in &new {
                region.ask(bounds.grown(reach));
            }
            let stay = crossed(&chords(region, zoom, &new), zoom);
            if stay.is_empty() {
                break;
            }
            // Others may run through them far from the new chord.
            for &at in stay.keys() {
                region.ask(Bounds::of(at).grown(reach));
            }
            region.say(&stay);
        }
    }
}

/// Goes through the chords of all polygons that are drawn at a zoom.
fn for_each_chord<'r>(region: &'r Region<'_, '_>, zoom: u8, mut with: impl FnMut(Chord<'r>)) {
    let tracks = region.tracks.iter().filter(|track| track.zoom <= zoom);
    for ring in tracks.flat_map(|track| &track.rings) {
        let mut drawn = (0..ring.len()).filter(|&at| ring[at].zoom <= zoom);
        let Some(mut from) = drawn.next() else {
            continue;
        };
        for to in drawn.chain([ring.len()]) {
            let (a, b) = (ring[from], ring[to % ring.len()]);
            if a.at != b.at {
                with(Chord {
                    ends: (a.at, b.at),
                    inner: &ring[from + 1..to],
                    bounds: Bounds::of(a.at).union(Bounds::of(b.at)),
                    is_new: a.is_new || b.is_new,
                });
            }
            from = to;
        }
    }
}

/// The boxes of the new chords.
fn new_chords(region: &Region<'_, '_>, zoom: u8) -> Vec<Bounds> {
    let mut new = Vec::new();
    for_each_chord(region, zoom, |chord| {
        if chord.is_new {
            new.push(chord.bounds);
        }
    });
    new
}

/// The chords near new ones, from west to east.
fn chords<'r>(region: &'r Region<'_, '_>, zoom: u8, new: &[Bounds]) -> Vec<Chord<'r>> {
    let mut chords = Vec::new();
    let around = new.iter().copied().reduce(Bounds::union);
    for_each_chord(region, zoom, |chord| {
        if around.is_some_and(|around| around.meets(chord.bounds)) {
            chords.push(chord);
        }
    });
    chords.sort_unstable_by_key(|chord| chord.bounds.min.lon);
    chords
}

/// The vertices that must stay lest a new chord crosses another one.
fn crossed(chords: &[Chord<'_>], zoom: u8) -> Words {
    let widths = chords
        .iter()
        .map(|chord| chord.bounds.max.lon.abs_diff(chord.bounds.min.lon));
    let widest = widths.max().unwrap_or(0);
    let mut stay = Words::new();
    for new in chords.iter().filter(|chord| chord.is_new) {
        let west = new.bounds.min.lon.saturating_sub_unsigned(widest);
        let start = chords.partition_point(|chord| chord.bounds.min.lon < west);
        let near = chords[start..]
            .iter()
            .take_while(|chord| chord.bounds.min.lon <= new.bounds.max.lon);
        for other in near.filter(|other| new.clashes(other)) {
            let inner = new.inner.iter().chain(other.inner);
            let is_new = true;
            stay.extend(inner.map(|spot| (spot.at, Word { zoom, is_new })));
        }
    }
    stay
}

impl Chord<'_> {
    /// Whether they share more than an end, and did not so one zoom deeper; or are the same in place of other vertices.
    fn clashes(&self, other: &Self) -> bool {
        if self.inner.is_empty() && other.inner.is_empty() || !self.bounds.meets(other.bounds) {
            return false;
        }
        let ((a, b), (c, d)) = (self.ends, other.ends);
        if (a, b) == (c, d) {
            return !is_same(self.inner.iter(), other.inner.iter());
        }
        if (a, b) == (d, c) {
            return !is_same(self.inner.iter(), other.inner.iter().rev());
        }
        let on = |a: Coord, b: Coord, bounds: Bounds, at: Coord| {
            at != a && at != b && bounds.holds(at) && turn(a, b, at) == 0
        };
        let (own, others) = (self.bounds, other.bounds);
        if on(a, b, own, c) || on(a, b, own, d) || on(c, d, others, a) || on(c, d, others, b) {
            return true;
        }
        let parts = |a, b, c, d| turn(a, b, c).signum() * turn(a, b, d).signum() < 0;
        parts(a, b, c, d) && parts(c, d, a, b)
    }
}

fn is_same<'r>(one: impl Iterator<Item = &'r Spot>, other: impl Iterator<Item = &'r Spot>) -> bool {
    one.map(|spot| spot.at).eq(other.map(|spot| spot.at))
}

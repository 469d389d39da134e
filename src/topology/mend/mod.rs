//! Polygons that came in after borders were simplified, brought to those around them.
//!
//! Where a fresh polygon runs along known borders, it takes over from which zoom on their vertices are drawn. An edge that nobody
//! had ends at *nodes*, which all who run through them draw from then on; between nodes the fresh border is simplified by itself,
//! once for all fresh polygons that share it ([`borders`]). Taking edges away asks for nothing: who stays is drawn as before.
//!
//! Zoom by zoom, from the deepest, the chords that are new are looked at: where one crosses another or lies on it, both get the
//! vertices that are drawn one zoom deeper ([`apart`]). What lies farther away is not touched ([`region`]).

mod apart;
mod borders;
mod region;

use std::collections::BTreeMap;

use crate::model::{Bounds, Coord, Geometry};

use super::simplify::{Drawn, drawn_from, steps_of};
use borders::Borders;
use region::{Region, Track};

/// How far from its polygon a drawn border may lie at most, tile units: twice the tolerance, and something for the latitude.
const REACH: f64 = 8.0;
/// Vertices of a ring around which the ground is looked at at once.
const PIECE: usize = 64;

/// What the caller knows a polygon by: its layer, and its place there.
pub type Number = (usize, usize);

/// A polygon whose vertices do not say yet from which zoom on they are drawn.
#[derive(Clone, Debug)]
pub struct Fresh<'a> {
    pub number: Number,
    pub is: Drawn<'a>,
    /// In whose place it came.
    pub was: Option<Drawn<'a>>,
}

/// The polygons among which others are fresh.
#[derive(Clone, Copy)]
pub struct Around<'a, 'f> {
    /// Those whose boxes meet one.
    pub near: &'f dyn Fn(Bounds) -> Vec<Number>,
    pub polygon: &'f dyn Fn(Number) -> Option<Drawn<'a>>,
}

/// What is said of a vertex.
#[derive(Clone, Copy, Debug)]
struct Word {
    /// From which zoom on it is drawn.
    zoom: u8,
    /// Whether an edge that nobody drew before ends there.
    is_new: bool,
}

type Words = BTreeMap<Coord, Word>;

/// The fresh polygons, and those around that draw other vertices than before, with vertices that say from which zoom on they are
/// drawn. All others must say it already.
#[must_use]
pub fn mend<'a>(fresh: &[Fresh<'a>], around: Around<'a, '_>) -> Vec<(Number, Geometry)> {
    let mut region = Region::new(around, fresh.iter().map(|fresh| fresh.number));
    let mut borders = Borders::default();
    for &Fresh { is, .. } in fresh {
        borders.add(is.0, drawn_from(is.1, is.2));
        look_around(is, &mut region);
    }
    let former = fresh.iter().filter_map(|fresh| {
        let (geometry, bounds, from) = fresh.was?;
        let was = Track::new(fresh.number, geometry, drawn_from(bounds, from));
        // Whoever is fresh itself says nothing.
        geometry.first_zooms().is_some().then_some(was)
    });
    former.for_each(|track| borders.know(&track));
    region.tracks.iter().for_each(|track| borders.know(track));
    region.say(&borders.words());
    for &Fresh { number, is, .. } in fresh {
        region.add(Track::fresh(number, is.0, drawn_from(is.1, is.2)));
    }
    apart::keep_apart(&mut region);
    region.finish()
}

/// Looks at what lies along the rings of a polygon.
fn look_around((geometry, bounds, from): Drawn<'_>, region: &mut Region<'_, '_>) {
    let reach = steps_of(REACH, drawn_from(bounds, from));
    for run in geometry.runs() {
        let mut edges = run.edges().peekable();
        while edges.peek().is_some() {
            let piece = edges.by_ref().take(PIECE);
            let boxes = piece.map(|(a, b)| Bounds::of(a).union(Bounds::of(b)));
            if let Some(around) = boxes.reduce(Bounds::union) {
                region.ask(around.grown(reach));
            }
        }
    }
}

//! Polygons that border on each other, of a layer and of the levels of a scheme, meet vertex by vertex, and each is valid: from
//! here on in tile units.

use super::clean::{clean, overlay};
use super::encode::Sheet;
use super::knot::knot;
use super::outlines::{Outlines, Runs};
use super::route::route;
use super::thread::{as_threads, may_close};
use super::touch::Sweep;
use crate::model::{GeometryKind, Layer};

/// Makes the polygons of a tile meet and be valid; what leaves nothing goes.
pub(super) fn meet(sheets: &mut [Sheet<'_>]) {
    let names: Vec<String> = sheets.iter().map(|sheet| ground(sheet.layer)).collect();
    for (first, name) in names.iter().enumerate() {
        if names[..first].contains(name) {
            continue;
        }
        let own = names.iter().enumerate();
        let own: Vec<usize> = own
            .filter(|(_, other)| *other == name)
            .map(|(at, _)| at)
            .collect();
        meet_together(sheets, &own);
    }
    for sheet in sheets {
        sheet.drop_empty();
    }
}

/// What polygons of a layer lie upon: those of all levels of a scheme on the same.
fn ground(layer: &Layer) -> String {
    let scheme = layer.name.scheme_and_level().map(|(scheme, _)| scheme);
    scheme.unwrap_or(layer.name.as_str()).to_owned()
}

/// Makes the polygons of some sheets meet.
fn meet_together(sheets: &mut [Sheet<'_>], own: &[usize]) {
    let polygons = |at: &&usize| sheets[**at].layer.geometry == GeometryKind::Polygon;
    let own: Vec<usize> = own.iter().filter(polygons).copied().collect();
    let fine: Vec<Outlines> = own
        .iter()
        .map(|at| std::mem::take(&mut sheets[*at].outlines))
        .collect();
    let mut routed = route(&fine);
    let mut sweep = Sweep::default();
    let mut are_clean = found_clean(&routed, &mut sweep);
    if knot(&mut routed, &are_clean) {
        are_clean = found_clean(&routed, &mut sweep);
    }
    let all = own.into_iter().zip(routed).zip(fine.iter().zip(are_clean));
    for ((at, routed), (fine, are_clean)) in all {
        let closed = |(now, before): (Runs<'_>, Runs<'_>)| now.is_empty() && !before.is_empty();
        let has_closed = routed.shapes().zip(fine.shapes()).any(closed);
        sheets[at].outlines = if !has_closed && are_clean.iter().all(|is_clean| *is_clean) {
            routed
        } else {
            cleaned(&routed, &are_clean, fine, &mut sweep)
        };
    }
}

/// Which shapes are surely valid.
fn found_clean(all: &[Outlines], sweep: &mut Sweep) -> Vec<Vec<bool>> {
    all.iter()
        .map(|one| one.shapes().map(|shape| sweep.finds_clean(shape)).collect())
        .collect()
}

/// The same polygons, valid; of those that leave nothing a thread, where they may have closed.
fn cleaned(routed: &Outlines, are_clean: &[bool], fine: &Outlines, sweep: &mut Sweep) -> Outlines {
    let mut all = Outlines::default();
    for (number, (shape, is_clean)) in routed.shapes().zip(are_clean).enumerate() {
        let before = all.run_count();
        if *is_clean {
            all.add_runs(shape);
        } else {
            all.add_polygons(&overlay(shape));
        }
        // It was not to vanish: what is below a pixel and leaves nothing did not come so far.
        let fine = fine.shape(number);
        if all.run_count() == before && may_close(fine) {
            let threads = Outlines::of(&[as_threads(fine.outer(), 0)]);
            all.add_polygons(&clean(threads.shape(0), sweep));
        }
        all.end_shape();
    }
    all
}

//! Polygons that border on each other, of a layer and of the levels of a scheme, meet vertex by vertex, and each is valid: from
//! here on in tile units.

use super::clean::{clean, overlay};
use super::encode::Sheet;
use super::knot::knot;
use super::outlines::Outlines;
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
    let are_clean: Vec<Vec<bool>> = routed
        .iter()
        .map(|all| all.shapes().map(|shape| sweep.finds_clean(shape)).collect())
        .collect();
    let is_knotted = knot(&mut routed, &are_clean);
    for (index, (at, routed)) in own.into_iter().zip(routed).enumerate() {
        let are_clean = &are_clean[index];
        sheets[at].outlines = if !is_knotted && are_clean.iter().all(|is_clean| *is_clean) {
            routed
        } else {
            let is_known = |number: usize| !is_knotted && are_clean[number];
            cleaned(&routed, is_known, &fine[index], &mut sweep)
        };
    }
}

/// The same polygons, valid; of those that leave nothing a thread, where they may have closed. `is_known`: those that are valid.
fn cleaned(
    routed: &Outlines,
    is_known: impl Fn(usize) -> bool,
    fine: &Outlines,
    sweep: &mut Sweep,
) -> Outlines {
    let mut all = Outlines::default();
    for (number, shape) in routed.shapes().enumerate() {
        let before = all.run_count();
        if is_known(number) || sweep.finds_clean(shape) {
            all.add_runs(shape);
        } else {
            all.add_polygons(&overlay(shape));
        }
        // It was not to vanish: what is below a pixel and leaves nothing did not come so far.
        if all.run_count() == before && may_close(fine.shape(number)) {
            let threads = Outlines::of(&[as_threads(fine.shape(number).outer(), 0)]);
            all.add_polygons(&clean(threads.shape(0), sweep));
        }
        all.end_shape();
    }
    all
}

//! Polygons that border on each other, of a layer and of the levels of a scheme, meet vertex by vertex, and each is valid: from
//! here on in tile units.

use super::clean::clean;
use super::encode::Sheet;
use super::knot::knot;
use super::ring::{Polygon, Shape};
use super::route::route;
use super::thread::{as_threads, may_close};
use super::touch::is_clean;
use crate::model::Layer;

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
        sheet.features.retain(|(_, shape)| !shape.is_empty());
    }
}

/// What polygons of a layer lie upon: those of all levels of a scheme on the same.
fn ground(layer: &Layer) -> String {
    let scheme = layer.name.scheme_and_level().map(|(scheme, _)| scheme);
    scheme.unwrap_or(layer.name.as_str()).to_owned()
}

/// Makes the polygons of some sheets meet.
fn meet_together(sheets: &mut [Sheet<'_>], own: &[usize]) {
    let mut shapes: Vec<Vec<Polygon>> = Vec::new();
    each(sheets, own, |polygons| {
        shapes.push(std::mem::take(polygons));
    });
    let mut routed = route(&shapes);
    let are_clean: Vec<bool> = routed.iter().map(|shape| is_clean(shape)).collect();
    let is_knotted = knot(&mut routed, &are_clean);
    let mut all = shapes.into_iter().zip(routed.into_iter().zip(are_clean));
    each(sheets, own, |polygons| {
        let Some((fine, (shape, is_clean))) = all.next() else {
            return;
        };
        *polygons = if is_clean && !is_knotted {
            shape
        } else {
            clean(shape)
        };
        // It was not to vanish: what is below a pixel and leaves nothing did not come so far.
        if polygons.is_empty() && may_close(&fine) {
            *polygons = clean(as_threads(&fine, 0));
        }
    });
}

/// Visits the polygons of each feature.
fn each(sheets: &mut [Sheet<'_>], own: &[usize], mut visit: impl FnMut(&mut Vec<Polygon>)) {
    for &at in own {
        for (_, shape) in &mut sheets[at].features {
            if let Shape::Polygons(polygons) = shape {
                visit(polygons);
            }
        }
    }
}

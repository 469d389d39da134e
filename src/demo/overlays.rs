//! Overlay schemes: the same ground divided once more, without regard to the base scheme.

use std::collections::BTreeMap;

use super::DemoError;
use super::borders::{Crook, borders};
use super::dice::Dice;
use super::ground::{Ground, numbered};
use super::mesh::Mesh;
use super::seeds::{Density, Town, scatter};
use super::sheets::{Draft, Sheets};
use super::written::WrittenOverlay;

/// Borders of overlays: half of them straight.
const CROOK: Crook = Crook {
    share: 0.5,
    piece: 80.0,
};
/// Overlay grids are denser in the town, but less than base grids.
const PEAK: f64 = 4.0;

pub(super) fn write(ground: &Ground, sheets: &mut Sheets) -> Result<(), DemoError> {
    for overlay in &ground.place.written.overlays {
        write_one(ground, overlay, sheets)?;
    }
    Ok(())
}

fn write_one(
    ground: &Ground,
    overlay: &WrittenOverlay,
    sheets: &mut Sheets,
) -> Result<(), DemoError> {
    let (place, plane) = (ground.place, &ground.plane);
    let mut dice = Dice::named(&format!("{}/{}", place.code, overlay.layer));
    let density = Density {
        towns: vec![Town {
            at: plane.spot(place.centre),
            peak: PEAK,
            radius: place.written.radius,
        }],
    };
    let mut seeds = scatter(ground.region(), plane, &density, overlay.count, &mut dice);
    numbered(&mut seeds, |&seed| seed);
    let lines = borders(&seeds, plane, CROOK, &mut dice).unwrap_or_default();
    let mesh = Mesh::cut(ground.region(), plane, seeds, &lines)?;
    let group: Vec<Option<usize>> = (0..mesh.len()).map(Some).collect();
    for (number, geometry) in (1..).zip(mesh.dissolve(&group, mesh.len())?) {
        let name = overlay.name.replace("{place}", &place.name);
        let draft = Draft {
            code: format!("{}{}{number:03}", place.code, overlay.mark),
            name: name.replace("{n}", &format!("{number}")),
            parent: None,
            geometry,
            values: BTreeMap::new(),
        };
        sheets.add(&overlay.layer, draft)?;
    }
    Ok(())
}

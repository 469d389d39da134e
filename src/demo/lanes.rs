//! Lanes: short lines in town micro-grids, each with a leader of its own.

use std::collections::BTreeMap;

use crate::model::Geometry;

use super::DemoError;
use super::dice::Dice;
use super::ground::{Ground, Unit};
use super::plane::Spot;
use super::points::inside;
use super::sheets::{Draft, Sheets, text_value};
use super::written::Among;

/// Made-up lane names are two of these.
const WORDS: [&str; 12] = [
    "仁", "和", "福", "安", "桂", "柳", "石", "井", "书", "院", "清", "泉",
];

pub(super) fn write(ground: &Ground, sheets: &mut Sheets) -> Result<(), DemoError> {
    let mut dice = Dice::named(&format!("{}/lanes", ground.place.code));
    let towns = ground.among(&Among {
        town: Some(true),
        ..Among::default()
    });
    for number in 1..=ground.place.written.lanes {
        let Some(&community) = dice.pick(&towns) else {
            break;
        };
        let Some(micro) = dice.pick(ground.micro_grids_of(community)) else {
            continue;
        };
        let word = |dice: &mut Dice| dice.pick(&WORDS).copied().unwrap_or_default();
        let name = format!("{}{}巷", word(&mut dice), word(&mut dice));
        let code = ground.communities[community].code.as_str();
        let draft = Draft {
            code: format!("{}-lane-{number:03}", ground.place.code),
            name,
            parent: None,
            geometry: lane(ground, micro, &mut dice)?,
            values: BTreeMap::from([("community".to_owned(), text_value(code))]),
        };
        sheets.add("lane", draft)?;
    }
    Ok(())
}

/// A line through three points of a micro-grid, in the order in which they lie along its longer side.
fn lane(ground: &Ground, micro: &Unit, dice: &mut Dice) -> Result<Geometry, DemoError> {
    let mut spots: Vec<Spot> = (0..8)
        .map(|_| ground.plane.spot(inside(ground, micro, dice)))
        .collect();
    let reach = |of: fn(&Spot) -> f64| {
        let low = spots.iter().map(of).fold(f64::INFINITY, f64::min);
        spots.iter().map(of).fold(f64::NEG_INFINITY, f64::max) - low
    };
    let wide = reach(|spot| spot.x) > reach(|spot| spot.y);
    let along = |spot: &Spot| if wide { spot.x } else { spot.y };
    spots.sort_by(|a, b| along(a).total_cmp(&along(b)));
    let ends = [spots[0], spots[4], spots[7]];
    Ok(Geometry::lines([ends
        .map(|spot| ground.plane.coord(spot))
        .to_vec()])?)
}

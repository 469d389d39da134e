//! Blocks of buildings: rows of slabs inside one micro-grid, with or without a compound around them and doors in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Coord, Geometry, Value};

use super::DemoError;
use super::dice::Dice;
use super::ground::{Ground, Unit};
use super::plane::float;
use super::plots::{Block, block};
use super::sheets::{Draft, Sheets, text_value};
use super::written::WrittenBlocks;

/// Made-up compound names are one of each.
const FIRST: [&str; 20] = [
    "阳光", "锦绣", "翠竹", "金桂", "滨江", "和平", "幸福", "丽景", "书香", "东湖", "南苑", "紫荆",
    "康宁", "明珠", "春晓", "福星", "青年", "银杏", "望江", "长虹",
];
const LAST: [&str; 10] = [
    "花园", "家园", "小区", "苑", "新村", "雅居", "华庭", "公寓", "名邸", "里",
];

pub(super) fn write(ground: &Ground, sheets: &mut Sheets) -> Result<(), DemoError> {
    let mut taken = BTreeSet::new();
    let mut numbers = Numbers::default();
    for written in &ground.place.written.blocks {
        write_one(ground, written, &mut taken, &mut numbers, sheets)?;
    }
    Ok(())
}

/// The last numbers given in a place.
#[derive(Default)]
struct Numbers {
    compounds: usize,
    buildings: usize,
    doors: usize,
}

/// What one block gets of a count.
struct Portion {
    buildings: usize,
    units: usize,
    doors: usize,
}

/// The part of `whole` that falls to the one at `index` of `parts`; all together are `whole`.
fn even(whole: usize, index: usize, parts: usize) -> usize {
    (index + 1) * whole / parts - index * whole / parts
}

fn write_one(
    ground: &Ground,
    written: &WrittenBlocks,
    taken: &mut BTreeSet<String>,
    numbers: &mut Numbers,
    sheets: &mut Sheets,
) -> Result<(), DemoError> {
    let words = format!("{}/blocks/{}", ground.place.code, written.purpose);
    let mut dice = Dice::named(&words);
    let found = find(ground, written, taken, &mut dice)?;
    for (index, (micro, block)) in found.into_iter().enumerate() {
        let even = |whole| even(whole, index, written.blocks);
        let site = Site {
            ground,
            written,
            micro,
            name: name(written, &mut dice),
        };
        if written.compound {
            numbers.compounds += 1;
            let covered = even(written.covered) > 0;
            site.compound(&block, numbers.compounds, covered, sheets)?;
        }
        let portion = Portion {
            buildings: even(written.buildings),
            units: even(written.units),
            doors: even(written.doors),
        };
        site.buildings(&block, &portion, numbers, &mut dice, sheets)?;
    }
    Ok(())
}

fn name(written: &WrittenBlocks, dice: &mut Dice) -> String {
    let first = dice.pick(&FIRST).copied().unwrap_or_default();
    let last = if written.compound {
        dice.pick(&LAST).copied().unwrap_or_default()
    } else {
        written.purpose.as_str()
    };
    format!("{first}{last}")
}

/// Untaken micro-grids with room for a block, in a random order.
fn find<'a>(
    ground: &'a Ground,
    written: &WrittenBlocks,
    taken: &mut BTreeSet<String>,
    dice: &mut Dice,
) -> Result<Vec<(&'a Unit, Block)>, DemoError> {
    let communities = ground.among(&written.among);
    let micros = communities
        .iter()
        .flat_map(|&community| ground.micro_grids_of(community));
    let mut micros: Vec<&Unit> = micros.collect();
    dice.shuffle(&mut micros);
    let wanted = written.buildings.div_ceil(written.blocks.max(1));
    let mut found = Vec::new();
    for micro in micros {
        if found.len() == written.blocks {
            break;
        }
        if taken.contains(&micro.code) {
            continue;
        }
        if let Some(block) = block(ground, micro, wanted, dice.between(-0.15, 0.15)) {
            taken.insert(micro.code.clone());
            found.push((micro, block));
        }
    }
    if found.len() < written.blocks {
        return Err(DemoError::NoRoom {
            place: ground.place.code.clone(),
            what: written.purpose.clone(),
            found: found.len(),
            wanted: written.blocks,
        });
    }
    Ok(found)
}

/// A block with its owner and name.
struct Site<'a> {
    ground: &'a Ground<'a>,
    written: &'a WrittenBlocks,
    micro: &'a Unit,
    name: String,
}

impl Site<'_> {
    fn community(&self) -> &str {
        self.micro.code.get(..12).unwrap_or_default()
    }

    /// A position at shares of plots, from the block's corner.
    fn coord(&self, block: &Block, (x, y): (f64, f64)) -> Coord {
        let spot = block.corner.moved(block.along, x).moved(block.across, y);
        self.ground.plane.coord(spot)
    }

    /// A ring at shares of plots, from the block's corner.
    fn ring(&self, block: &Block, corners: &[(f64, f64)]) -> Result<Geometry, DemoError> {
        let ring = corners.iter().map(|&at| self.coord(block, at)).collect();
        Ok(Geometry::polygons([vec![ring]])?)
    }

    fn code(&self, layer: &str, number: usize) -> String {
        format!("{}-{layer}-{number:04}", self.ground.place.code)
    }

    fn compound(
        &self,
        block: &Block,
        number: usize,
        covered: bool,
        sheets: &mut Sheets,
    ) -> Result<(), DemoError> {
        let (x, y) = (float(block.columns), float(block.rows));
        let values = [
            ("community", text_value(self.community())),
            ("covered", Value::Boolean(covered)),
        ];
        let draft = Draft {
            code: self.code("compound", number),
            name: self.name.clone(),
            parent: None,
            geometry: self.ring(block, &[(0.0, 0.0), (x, 0.0), (x, y), (0.0, y)])?,
            values: values
                .map(|(field, value)| (field.to_owned(), value))
                .into(),
        };
        sheets.add("compound", draft)
    }

    fn buildings(
        &self,
        block: &Block,
        portion: &Portion,
        numbers: &mut Numbers,
        dice: &mut Dice,
        sheets: &mut Sheets,
    ) -> Result<(), DemoError> {
        let compound = self
            .written
            .compound
            .then(|| self.code("compound", numbers.compounds));
        // Slabs of one block are alike: one number of floors, with a storey more or less here and there.
        let usual = dice.whole(self.written.floors[0], self.written.floors[1]);
        for index in 0..portion.buildings {
            let even = |whole| even(whole, index, portion.buildings);
            numbers.buildings += 1;
            let floors = (usual + dice.whole(-1, 1)).max(1);
            let mut values = self.values(floors, even(portion.units), dice);
            values.extend(
                compound
                    .as_deref()
                    .map(|code| ("compound".to_owned(), text_value(code))),
            );
            let corners = footprint(block, index, dice);
            let building = Draft {
                code: self.code("building", numbers.buildings),
                name: format!("{}{}号楼", self.name, index + 1),
                parent: None,
                geometry: self.ring(block, &corners)?,
                values,
            };
            let front = [corners[0], corners[1]];
            let doors = self.doors(block, front, even(portion.doors), &building, numbers)?;
            sheets.add("building", building)?;
            for door in doors {
                sheets.add("door", door)?;
            }
        }
        Ok(())
    }

    fn values(&self, floors: i64, units: usize, dice: &mut Dice) -> BTreeMap<String, Value> {
        let storeys = i32::try_from(floors).map_or(1.0, f64::from);
        let height = storeys * self.written.storey + dice.between(0.6, 1.8);
        let grid = self.micro.code.get(..15).unwrap_or_default();
        let units = i64::try_from(units).ok().filter(|&units| units > 0);
        [
            ("community", text_value(self.community())),
            ("grid", text_value(grid)),
            ("micro_grid", text_value(&self.micro.code)),
            ("use", text_value(&self.written.purpose)),
            ("floors", Value::Integer(floors)),
            ("height", Value::Real((height * 10.0).round() / 10.0)),
            ("units", units.map_or(Value::Null, Value::Integer)),
        ]
        .map(|(field, value)| (field.to_owned(), value))
        .into()
    }

    /// Doors at even distances along the front of a building.
    fn doors(
        &self,
        block: &Block,
        [from, to]: [(f64, f64); 2],
        count: usize,
        building: &Draft,
        numbers: &mut Numbers,
    ) -> Result<Vec<Draft>, DemoError> {
        let door = |index: usize| {
            numbers.doors += 1;
            let share = (float(index) + 0.5) / float(count);
            let at = (
                from.0 + share * (to.0 - from.0),
                from.1 + share * (to.1 - from.1),
            );
            let values = [
                ("community", self.community()),
                ("micro_grid", &self.micro.code),
                ("building", &building.code),
            ];
            Ok(Draft {
                code: self.code("door", numbers.doors),
                name: format!("{}{}号门", building.name, index + 1),
                parent: None,
                geometry: Geometry::points([self.coord(block, at)])?,
                values: values
                    .map(|(field, code)| (field.to_owned(), text_value(code)))
                    .into(),
            })
        };
        (0..count).map(door).collect()
    }
}

/// The corners of a slab along the south of its plot, its front first; one in six has a wing to the north.
fn footprint(block: &Block, index: usize, dice: &mut Dice) -> Vec<(f64, f64)> {
    let (x, y) = (float(index % block.columns), float(index / block.columns));
    let (west, east) = (x + dice.between(0.06, 0.14), x + dice.between(0.86, 0.94));
    let (south, north) = (y + dice.between(0.08, 0.14), y + dice.between(0.44, 0.52));
    if dice.unit() > 1.0 / 6.0 {
        return vec![(west, south), (east, south), (east, north), (west, north)];
    }
    let (inner, far) = (west + dice.between(0.22, 0.3), y + dice.between(0.78, 0.9));
    vec![
        (west, south),
        (east, south),
        (east, north),
        (inner, north),
        (inner, far),
        (west, far),
    ]
}

//! A place cut into streets, communities, grids and micro-grids that nest exactly.

use std::collections::BTreeMap;

use crate::model::{FieldKind, Geometry, Value};

use super::DemoError;
use super::borders::{Crook, borders};
use super::claims::{Claim, claims, density, is_urban};
use super::dice::Dice;
use super::mesh::Mesh;
use super::place::{Community, Place};
use super::plane::{Plane, Spot, float, mean};
use super::seeds::{Density, scatter};
use super::shares::{Share, deal};
use super::sheets::{Draft, Sheets, text_value, typed};
use super::written::{Among, WrittenMark};

/// One grid of the base scheme.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) parent: Option<String>,
    pub(super) town: bool,
    pub(super) geometry: Geometry,
    /// Middle of its cells; of a micro-grid its seed, which lies inside.
    pub(super) middle: Spot,
    pub(super) values: BTreeMap<String, Value>,
}

/// A place's base scheme; each list is in the order of the codes, so that the units of one parent stand together.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) place: &'a Place,
    pub(super) plane: Plane,
    pub(super) county: Unit,
    pub(super) streets: Vec<Unit>,
    pub(super) communities: Vec<Unit>,
    pub(super) grids: Vec<Unit>,
    pub(super) micro_grids: Vec<Unit>,
}

/// Borders of the base scheme: two of three follow water and ridges, the others are roads.
const CROOK: Crook = Crook {
    share: 0.65,
    piece: 45.0,
};

impl<'a> Ground<'a> {
    /// Cuts a place by the counts of `data/places.toml`.
    pub(super) fn of(place: &'a Place) -> Result<Self, DemoError> {
        let plane = Plane::over(place.bounds());
        let claims = claims(place);
        let density = density(place, &plane, &claims)?;
        let mesh = mesh(place, &plane, &density, &claims)?;
        let all: Vec<u32> = (0..).take(mesh.len()).collect();
        let mut levels = Levels::default();
        let shares: Vec<Share> = claims.iter().map(Claim::share).collect();
        let centre = plane.spot(place.centre);
        for (claim, cells) in claims.iter().zip(deal(&mesh, &all, &shares, centre)?) {
            levels.street(&mesh, claim, &density, cells, place)?;
        }
        let county = Pile {
            code: place.county.clone(),
            name: place.county_name.clone(),
            parent: None,
            town: true,
            cells: all,
        };
        let mut ground = Self {
            place,
            plane,
            county: units(&mesh, vec![county])?.remove(0),
            streets: units(&mesh, levels.streets)?,
            communities: units(&mesh, levels.communities)?,
            grids: units(&mesh, levels.grids)?,
            micro_grids: units(&mesh, levels.micro_grids)?,
        };
        ground.people();
        ground.describe()?;
        Ok(ground)
    }

    /// Households of each micro-grid by chance, those above by sum.
    fn people(&mut self) {
        let mut dice = Dice::named(&format!("{}/people", self.place.code));
        let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for micro in &mut self.micro_grids {
            let homes = if micro.town {
                dice.whole(40, 140)
            } else {
                dice.whole(20, 70)
            };
            let people = homes * dice.whole(22, 32) / 10;
            settle(micro, (homes, people));
            for length in [12, 15] {
                if let Some(code) = micro.code.get(..length) {
                    let sum = sums.entry(code.to_owned()).or_default();
                    *sum = (sum.0 + homes, sum.1 + people);
                }
            }
        }
        for unit in self.communities.iter_mut().chain(&mut self.grids) {
            let sum = sums.get(&unit.code).copied().unwrap_or_default();
            settle(unit, sum);
        }
    }

    /// Kinds and marks.
    fn describe(&mut self) -> Result<(), DemoError> {
        for street in &mut self.streets {
            let kind = if street.town { "街道" } else { "乡镇" };
            street.values.insert("kind".to_owned(), text_value(kind));
        }
        for unit in self.communities.iter_mut().chain(&mut self.grids) {
            let kind = if unit.town { "社区" } else { "村" };
            unit.values.insert("kind".to_owned(), text_value(kind));
        }
        for mark in &self.place.written.marks {
            let chosen = self.among(&mark.among);
            self.mark(mark, chosen)?;
        }
        Ok(())
    }

    fn mark(&mut self, mark: &WrittenMark, mut chosen: Vec<usize>) -> Result<(), DemoError> {
        let mut dice = Dice::named(&format!("{}/{}", self.place.code, mark.field));
        dice.shuffle(&mut chosen);
        if chosen.len() < mark.count {
            return Err(DemoError::Nowhere {
                place: self.place.code.clone(),
                what: mark.field.clone(),
            });
        }
        for (index, value) in chosen
            .into_iter()
            .take(mark.count)
            .zip(mark.values.iter().cycle())
        {
            let kinds = [FieldKind::Text, FieldKind::Integer, FieldKind::Boolean];
            let value = kinds.iter().find_map(|&kind| typed(value, kind));
            self.communities[index]
                .values
                .extend(value.map(|value| (mark.field.clone(), value)));
        }
        Ok(())
    }

    /// Positions of the communities that meet some conditions.
    pub(super) fn among(&self, among: &Among) -> Vec<usize> {
        let meets = |unit: &Unit| {
            let street = unit.parent.as_ref();
            (among.streets.is_empty() || street.is_some_and(|code| among.streets.contains(code)))
                && among.town.is_none_or(|town| town == unit.town)
                && among
                    .marked
                    .as_ref()
                    .is_none_or(|field| unit.values.contains_key(field))
        };
        (0..self.communities.len())
            .filter(|&index| meets(&self.communities[index]))
            .collect()
    }

    /// The micro-grids of a community.
    pub(super) fn micro_grids_of(&self, community: usize) -> &[Unit] {
        let code = self.communities[community].code.as_str();
        let below = |unit: &Unit| unit.code.get(..12).unwrap_or_default() < code;
        let start = self.micro_grids.partition_point(below);
        let rest = &self.micro_grids[start..];
        &rest[..rest.partition_point(|unit| unit.code.starts_with(code))]
    }

    /// The polygon of the place itself.
    pub(super) fn region(&self) -> &Geometry {
        let street = self
            .streets
            .iter()
            .find(|unit| unit.code == self.place.code);
        &street.unwrap_or(&self.county).geometry
    }

    pub(super) fn write(&self, sheets: &mut Sheets) -> Result<(), DemoError> {
        let county = std::slice::from_ref(&self.county);
        for (layer, units) in [
            ("base.county", county),
            ("base.street", &self.streets),
            ("base.community", &self.communities),
            ("base.grid", &self.grids),
            ("base.micro_grid", &self.micro_grids),
        ] {
            for unit in units.iter().cloned() {
                let draft = Draft {
                    code: unit.code,
                    name: unit.name,
                    parent: unit.parent,
                    geometry: unit.geometry,
                    values: unit.values,
                };
                sheets.add(layer, draft)?;
            }
        }
        Ok(())
    }
}

fn settle(unit: &mut Unit, (homes, people): (i64, i64)) {
    let set = [("households", homes), ("population", people)];
    let set = set.map(|(field, number)| (field.to_owned(), Value::Integer(number)));
    unit.values.extend(set);
}

fn mesh(
    place: &Place,
    plane: &Plane,
    density: &Density,
    claims: &[Claim],
) -> Result<Mesh, DemoError> {
    let outlined = claims.iter().filter(|claim| claim.communities.is_empty());
    let cells = place.written.micro_grids + outlined.map(|claim| claim.cells).sum::<usize>();
    let mut dice = Dice::named(&format!("{}/cells", place.code));
    let seeds = scatter(&place.boundary, plane, density, cells, &mut dice);
    let lines = borders(&seeds, plane, CROOK, &mut dice).unwrap_or_default();
    Mesh::cut(&place.boundary, plane, seeds, &lines)
}

/// A unit as a pile of cells.
struct Pile {
    code: String,
    name: String,
    parent: Option<String>,
    town: bool,
    cells: Vec<u32>,
}

#[derive(Default)]
struct Levels {
    streets: Vec<Pile>,
    communities: Vec<Pile>,
    grids: Vec<Pile>,
    micro_grids: Vec<Pile>,
}

impl Levels {
    fn street(
        &mut self,
        mesh: &Mesh,
        claim: &Claim,
        density: &Density,
        cells: Vec<u32>,
        place: &Place,
    ) -> Result<(), DemoError> {
        if !claim.communities.is_empty() {
            let shares: Vec<Share> = claim.communities.iter().map(share_of).collect();
            let densest = cells.iter().map(|&cell| mesh.seed(cell));
            let centre = densest.max_by(|&a, &b| density.at(a).total_cmp(&density.at(b)));
            let centre = centre.unwrap_or(Spot::new(0.0, 0.0));
            let parts = deal(mesh, &cells, &shares, centre)?;
            for (&(community, grids), cells) in claim.communities.iter().zip(parts) {
                self.community(mesh, community, grids, cells, &claim.street.code)?;
            }
        }
        self.streets.push(Pile {
            code: claim.street.code.clone(),
            name: claim.street.name.clone(),
            parent: Some(place.county.clone()),
            town: is_urban(claim.street),
            cells,
        });
        Ok(())
    }

    fn community(
        &mut self,
        mesh: &Mesh,
        community: &Community,
        grids: usize,
        cells: Vec<u32>,
        street: &str,
    ) -> Result<(), DemoError> {
        let share = Share {
            weight: 1,
            least: 1,
            most: None,
            urban: false,
        };
        let middle = middle(mesh, &cells);
        let mut parts = deal(mesh, &cells, &vec![share; grids], middle)?;
        numbered(&mut parts, |part| self::middle(mesh, part));
        for (number, cells) in (1..).zip(parts) {
            self.grid(mesh, community, number, cells);
        }
        self.communities.push(Pile {
            code: community.code.clone(),
            name: community.name.clone(),
            parent: Some(street.to_owned()),
            town: community.town,
            cells,
        });
        Ok(())
    }

    fn grid(&mut self, mesh: &Mesh, community: &Community, number: usize, cells: Vec<u32>) {
        let code = format!("{}{number:03}", community.code);
        let name = format!("{}第{number}网格", community.name);
        let mut order = cells.clone();
        numbered(&mut order, |&cell| mesh.seed(cell));
        for (number, cell) in (1..).zip(order) {
            self.micro_grids.push(Pile {
                code: format!("{code}{number:02}"),
                name: format!("{name}{number:02}微网格"),
                parent: Some(code.clone()),
                town: community.town,
                cells: vec![cell],
            });
        }
        self.grids.push(Pile {
            code,
            name,
            parent: Some(community.code.clone()),
            town: community.town,
            cells,
        });
    }
}

fn share_of(&(community, grids): &(&Community, usize)) -> Share {
    Share {
        weight: grids,
        least: grids,
        most: None,
        urban: community.town,
    }
}

fn middle(mesh: &Mesh, cells: &[u32]) -> Spot {
    mean(cells.iter().map(|&cell| mesh.seed(cell)))
}

/// Puts parts in the order in which grids are numbered: in rows from north to south, in a row from west to east.
pub(super) fn numbered<T>(parts: &mut [T], middle: impl Fn(&T) -> Spot) {
    let north = |part: &T| middle(part).y;
    let top = parts.iter().map(north).fold(f64::NEG_INFINITY, f64::max);
    let bottom = parts.iter().map(north).fold(f64::INFINITY, f64::min);
    let band = (top - bottom) / float(parts.len()).sqrt().ceil() + 1e-9;
    parts.sort_by(|a, b| {
        let row = |part: &T| ((top - north(part)) / band).floor();
        row(a)
            .total_cmp(&row(b))
            .then(middle(a).x.total_cmp(&middle(b).x))
    });
}

fn units(mesh: &Mesh, mut piles: Vec<Pile>) -> Result<Vec<Unit>, DemoError> {
    piles.sort_by(|a, b| a.code.cmp(&b.code));
    let mut group = vec![None; mesh.len()];
    for (index, pile) in piles.iter().enumerate() {
        for &cell in &pile.cells {
            group[cell as usize] = Some(index);
        }
    }
    let shapes = mesh.dissolve(&group, piles.len())?;
    let units = piles.into_iter().zip(shapes).map(|(pile, geometry)| Unit {
        middle: middle(mesh, &pile.cells),
        code: pile.code,
        name: pile.name,
        parent: pile.parent,
        town: pile.town,
        geometry,
        values: BTreeMap::new(),
    });
    Ok(units.collect())
}

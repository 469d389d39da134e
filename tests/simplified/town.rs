//! A coverage that is edited at random, and what readers see of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wangge::model::{Bounds, Coord, Feature, FeatureId, Geometry, Scheme, Validity};
use wangge::snapshot::{LayerSnapshot, Snapshot};

use super::{Edge, apart, clash, edges};
use crate::national_coverage::Dice;

type Ring = Vec<Coord>;
/// The rings of each polygon of a level, by its id.
type Level = BTreeMap<i64, Vec<Ring>>;

/// What becomes of polygons: of a level, those with an id get these rings, or are taken out.
pub(super) type Edit = Vec<(usize, i64, Option<Vec<Ring>>)>;

/// A coverage that is edited, and what readers see of it.
pub(super) struct Town {
    levels: Vec<Level>,
    snapshot: Snapshot,
    dice: Dice,
}

impl Town {
    /// Layers of one scheme in the order of their names.
    pub(super) fn new(layers: Vec<LayerSnapshot>, seed: u64) -> Self {
        let level = |layer: &LayerSnapshot| {
            let features = layer.features().iter();
            let rings = |shape: &Geometry| shape.runs().map(Iterator::collect).collect();
            let each = features.map(|feature| (feature.id.0, rings(&feature.geometry)));
            each.collect()
        };
        let levels: Vec<Level> = layers.iter().map(level).collect();
        let names: Vec<String> = layers
            .iter()
            .map(|layer| layer.layer().name.as_str().to_owned())
            .collect();
        let names = names.iter().filter_map(|name| name.split_once('.'));
        let scheme = names.clone().map(|(scheme, _)| scheme).next().unwrap();
        let levels_of = names.clone().map(|(_, level)| level);
        let scheme = Scheme::new(scheme, levels_of, false, 0).unwrap();
        let named = layers.into_iter().map(|layer| {
            let layer = Arc::new(layer);
            (layer.layer().name.clone(), layer)
        });
        Self {
            snapshot: Snapshot {
                schemes: [scheme].into(),
                layers: named.collect(),
                ..Snapshot::default()
            },
            levels,
            dice: Dice::new(seed),
        }
    }

    fn below(&mut self, count: usize) -> usize {
        self.dice.below(u32::try_from(count).unwrap()) as usize
    }

    /// Some polygon of a level.
    fn pick(&mut self, level: usize) -> (i64, Vec<Ring>) {
        let at = self.below(self.levels[level].len());
        let (id, rings) = self.levels[level].iter().nth(at).unwrap();
        (*id, rings.clone())
    }

    fn near(&mut self, at: Coord, reach: usize) -> Coord {
        let [lon, lat] = [at.lon, at.lat].map(|number| number - i32::try_from(reach / 2).unwrap());
        Coord {
            lon: lon.saturating_add_unsigned(u32::try_from(self.below(reach)).unwrap()),
            lat: lat.saturating_add_unsigned(u32::try_from(self.below(reach)).unwrap()),
        }
    }

    /// Moves a vertex of all who have it, or of one only.
    fn moved(&mut self, level: usize, of_all: bool) -> Edit {
        let (id, rings) = self.pick(level);
        let ring = &rings[self.below(rings.len())];
        let from = ring[self.below(ring.len())];
        let reach = [300, 3000, 30_000][self.below(3)];
        let to = self.near(from, reach);
        let mut edit = Edit::new();
        for (number, level_of) in self.levels.iter().enumerate() {
            for (other, rings) in level_of {
                let is_it = (number, *other) == (level, id);
                if (of_all || is_it) && rings.iter().flatten().any(|at| *at == from) {
                    let mut rings = rings.clone();
                    let all = rings.iter_mut().flatten();
                    all.filter(|at| **at == from).for_each(|at| *at = to);
                    edit.push((number, *other, Some(rings)));
                }
            }
        }
        edit
    }

    /// Splits a polygon along a crooked line between two of its vertices.
    pub(super) fn split(&mut self, level: usize) -> Edit {
        let (id, rings) = self.pick(level);
        let [ring] = &*rings else {
            return Edit::new();
        };
        let (from, to) = (self.below(ring.len()), self.below(ring.len()));
        let (from, to) = (from.min(to), from.max(to));
        if from == to {
            return Edit::new();
        }
        let (a, b) = (ring[from], ring[to]);
        let count = self.below(12);
        let line: Vec<Coord> = (1..=count)
            .map(|step| {
                let part = |a: i32, b: i32| {
                    let (a, b) = (i64::from(a), i64::from(b));
                    let step = i64::try_from(step).unwrap();
                    i32::try_from(a + (b - a) * step / (i64::try_from(count).unwrap() + 1)).unwrap()
                };
                let at = Coord {
                    lon: part(a.lon, b.lon),
                    lat: part(a.lat, b.lat),
                };
                self.near(at, 2500)
            })
            .collect();
        let one: Ring = ring[from..=to]
            .iter()
            .chain(line.iter().rev())
            .copied()
            .collect();
        let rest = ring[to..].iter().chain(&ring[..=from]);
        let other: Ring = rest.chain(&line).copied().collect();
        let next = self.levels[level].last_key_value().unwrap().0 + 1;
        vec![
            (level, id, Some(vec![one])),
            (level, next, Some(vec![other])),
        ]
    }

    /// Makes one of two polygons that share a stretch of border.
    fn merged(&mut self, level: usize) -> Edit {
        let (id, rings) = self.pick(level);
        let own: BTreeSet<Edge> = edges(&rings).collect();
        let is_beside = |(other, rings): &(&i64, &Vec<Ring>)| {
            **other != id && edges(rings).any(|(a, b)| own.contains(&(b, a)))
        };
        let Some((&other, others)) = self.levels[level].iter().find(is_beside) else {
            return Edit::new();
        };
        let all: BTreeSet<Edge> = own.iter().copied().chain(edges(others)).collect();
        let open = all.iter().filter(|(a, b)| !all.contains(&(*b, *a)));
        let mut ways: BTreeMap<Coord, Coord> = open.clone().copied().collect();
        if ways.len() < open.count() {
            return Edit::new();
        }
        let mut rings = Vec::new();
        while let Some((start, mut at)) = ways.pop_first() {
            let mut ring = vec![start];
            while let Some(next) = ways.remove(&at) {
                ring.push(at);
                at = next;
            }
            rings.push(ring);
        }
        if rings.len() > 1 {
            return Edit::new();
        }
        vec![(level, id, Some(rings)), (level, other, None)]
    }

    /// Takes a vertex at which two edges meet out of all who have it.
    fn straightened(&mut self, level: usize) -> Edit {
        let (_, rings) = self.pick(level);
        let gone = rings[0][self.below(rings[0].len())];
        let all = self.levels.iter().flatten();
        let all = all.flat_map(|(_, rings)| edges(rings));
        let beside = all.filter_map(|(a, b)| match (a == gone, b == gone) {
            (true, _) => Some(b),
            (_, true) => Some(a),
            _ => None,
        });
        let mut edit = Edit::new();
        if beside.collect::<BTreeSet<Coord>>().len() > 2 {
            return edit;
        }
        for (number, level) in self.levels.iter().enumerate() {
            for (id, rings) in level {
                if rings.iter().flatten().any(|at| *at == gone) {
                    let ring =
                        |ring: &Ring| ring.iter().copied().filter(|at| *at != gone).collect();
                    edit.push((number, *id, Some(rings.iter().map(ring).collect())));
                }
            }
        }
        edit
    }

    /// Whether no edge of what is changed shares more than an end with any other.
    pub(super) fn is_sound(&self, edit: &Edit) -> bool {
        let gone: BTreeSet<(usize, i64)> =
            edit.iter().map(|(level, id, _)| (*level, *id)).collect();
        let new = || edit.iter().filter_map(|(.., rings)| rings.as_ref());
        let area = |ring: &Ring| wangge::model::doubled_area(ring);
        let is_solid = |rings: &Vec<Ring>| {
            let mut all = rings.iter();
            area(&rings[0]) > 0 && all.all(|ring| ring.len() > 2 && area(ring) != 0)
        };
        if edit.is_empty() || !new().all(is_solid) {
            return false;
        }
        let changed = apart(new().flat_map(|rings| edges(rings)));
        let Some(around) = Bounds::around(changed.iter().flat_map(|(a, b)| [*a, *b])) else {
            return true;
        };
        let levels = self.levels.iter().enumerate();
        let stay = levels.flat_map(|(number, level)| {
            let stays = level
                .iter()
                .filter(|(id, _)| !gone.contains(&(number, **id)));
            stays
                .collect::<Vec<_>>()
                .into_iter()
                .map(|(_, rings)| rings)
        });
        let all = stay.chain(new()).flat_map(|rings| edges(rings));
        let near = all.filter(|(a, b)| Bounds::of(*a).union(Bounds::of(*b)).meets(around));
        let near = apart(near);
        changed.iter().all(|&one| {
            one.0 != one.1 && near.iter().all(|&other| one == other || !clash(one, other))
        })
    }

    /// Takes an edit over, and shows it; many as one change.
    pub(super) fn show(&mut self, edit: Edit) {
        let before = self.snapshot.clone();
        let version = before.version + 1;
        let mut next = Snapshot {
            version,
            ..before.clone()
        };
        for (number, layer) in before.layers.values().enumerate() {
            let (mut changed, mut gone) = (Vec::new(), Vec::new());
            for (_, id, rings) in edit.iter().filter(|(level, ..)| *level == number) {
                match rings {
                    Some(rings) => changed.push(feature(*id, rings)),
                    None => gone.push(FeatureId(*id)),
                }
            }
            if changed.is_empty() && gone.is_empty() {
                continue;
            }
            let redrawn = layer.changed(version, changed, &gone).unwrap();
            let name = layer.layer().name.clone();
            next.layers.insert(name, Arc::new(redrawn.layer));
        }
        let is_new = edit.iter().any(|(.., rings)| rings.is_some());
        assert_eq!(next.mend(&before, 2), is_new);
        assert!(!next.clone().mend(&before, 2));
        for (level, id, rings) in edit {
            match rings {
                Some(rings) => self.levels[level].insert(id, rings),
                None => self.levels[level].remove(&id),
            };
        }
        self.snapshot = next;
    }

    /// Some edit that makes nothing cross; `fits`: one after which children still fill their parents.
    pub(super) fn edit(&mut self, fits: bool) {
        let lowest = self.levels.len() - 1;
        loop {
            let few = self.levels[lowest].len() < 10;
            let kind = self.below(if fits || few { 5 } else { 7 });
            let level = self.below(self.levels.len());
            let edit = match kind {
                0 => self.moved(level, true),
                3 if !few => self.merged(lowest),
                1..4 => self.split(lowest),
                4 => self.straightened(level),
                5 => self.moved(level, false),
                _ => vec![(lowest, self.pick(lowest).0, None)],
            };
            if self.is_sound(&edit) {
                return self.show(edit);
            }
        }
    }

    /// What readers see, layer by layer.
    pub(super) fn layers(&self) -> Vec<LayerSnapshot> {
        let layers = self.snapshot.layers.values();
        layers.map(|layer| LayerSnapshot::clone(layer)).collect()
    }

    /// Whether what is shown is the truth, vertex by vertex.
    pub(super) fn check_truth(&self) {
        for (layer, level) in self.snapshot.layers.values().zip(&self.levels) {
            assert_eq!(layer.count(), level.len());
            for (id, rings) in level {
                let position = layer.features().position(FeatureId(*id)).unwrap();
                let shown = &layer.features()[position].geometry;
                assert!(*shown == feature(*id, rings).geometry);
                assert_eq!(shown.outline(), feature(*id, rings).geometry.outline());
                assert!(shown.first_zooms().is_some());
            }
        }
    }
}

/// A polygon of these rings, each part's outer one before its holes.
fn feature(id: i64, rings: &[Ring]) -> Feature {
    let mut parts: Vec<Vec<Ring>> = Vec::new();
    for ring in rings {
        match parts.last_mut() {
            Some(part) if wangge::model::doubled_area(ring) < 0 => part.push(ring.clone()),
            _ => parts.push(vec![ring.clone()]),
        }
    }
    Feature {
        id: FeatureId(id),
        code: None,
        name: None,
        parent: None,
        validity: Validity::ALWAYS,
        geometry: Geometry::polygons(parts).unwrap(),
        values: Box::default(),
    }
}

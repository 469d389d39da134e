//! Levels that nest, tile by tile: what the grids of a level fill together is the grid above them, edge by edge.

use std::collections::{HashMap, HashSet};

use fast_mvt::{MvtFeature, MvtGeometry, MvtValue};
use geo::LineString;
use wangge::model::{Access, Feature};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileAddress, TileOptions, tile};

use super::adjacent::{Edge, is_thread};
use super::support::{polygons, read};

/// How often each edge is walked, less how often the other way: what polygons share comes to nothing.
pub(super) type Outline = HashMap<Edge, i32>;

/// Where tiles are cut, in tile units: edges there are of no border.
const CUTS: [i64; 2] = [-64, 4160];

fn is_cut((a, b): Edge) -> bool {
    let lies = |one: i64, other: i64| one == other && CUTS.contains(&one);
    lies(a.0, b.0) || lies(a.1, b.1)
}

/// Adds the border of a polygon, outer rings one way round and holes the other.
pub(super) fn add(outline: &mut Outline, feature: &MvtFeature) {
    let mut ring = |ring: &LineString<f64>, is_outer: bool| {
        let place = |at: geo::Coord<f64>| (at.x as i64, at.y as i64);
        let edges: Vec<Edge> = ring
            .lines()
            .map(|l| (place(l.start), place(l.end)))
            .collect();
        let area: i64 = edges.iter().map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
        let turns = if (area > 0) == is_outer { 1 } else { -1 };
        for (a, b) in edges {
            if is_cut((a, b)) {
                continue;
            }
            let way = if a < b { turns } else { -turns };
            *outline.entry((a.min(b), a.max(b))).or_default() += way;
        }
    };
    for polygon in &polygons(&feature.geometry) {
        ring(polygon.exterior(), true);
        polygon
            .interiors()
            .iter()
            .for_each(|hole| ring(hole, false));
    }
}

pub(super) fn settled(mut outline: Outline) -> Vec<(Edge, i32)> {
    outline.retain(|_, times| *times != 0);
    let mut all: Vec<_> = outline.into_iter().collect();
    all.sort_unstable();
    all
}

fn text(feature: &MvtFeature, key: &str) -> Option<String> {
    let found = feature.properties.iter().find(|(name, _)| name == key);
    match &found?.1 {
        MvtValue::String(text) => Some(text.clone()),
        other => panic!("{key} is {other:?}"),
    }
}

/// The code of the parent, where it says none: that of a division of six digits ends with one pair of zeros more (GB/T 2260).
fn parent(grid: &Feature) -> Option<String> {
    let said = grid.parent.as_deref().map(str::to_owned);
    said.or_else(|| above_code(grid.code.as_deref()?))
}

fn above_code(code: &str) -> Option<String> {
    let own = code.trim_end_matches("00").len();
    (code.len() == 6 && own > 2).then(|| format!("{:0<6}", &code[..(own - 1) / 2 * 2]))
}

/// The grids of the level above whose border is that of the grids below them on the lattice, edge by edge. In real data a few have
/// vertices there that others lack.
pub(super) fn filled(above: &LayerSnapshot, below: &LayerSnapshot) -> HashSet<String> {
    let add = |outline: &mut HashMap<_, i32>, grid: &Feature| {
        for (a, b) in grid.geometry.edges() {
            *outline.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
        }
    };
    let mut outlines: HashMap<String, HashMap<_, i32>> = HashMap::new();
    for grid in below.features() {
        if let Some(parent) = parent(grid) {
            add(outlines.entry(parent).or_default(), grid);
        }
    }
    let grids = above.features().iter();
    let filled = grids.filter_map(|grid| {
        let code = grid.code.as_deref()?;
        let mut outline = outlines.remove(code)?;
        for times in outline.values_mut() {
            *times = -*times;
        }
        add(&mut outline, grid);
        let is_filled = outline.values().all(|times| *times == 0);
        is_filled.then(|| code.to_owned())
    });
    filled.collect()
}

/// What a tile shows of two levels.
struct Both {
    above: Vec<MvtFeature>,
    below: Vec<MvtFeature>,
}

impl Both {
    fn of(above: &LayerSnapshot, below: &LayerSnapshot, address: TileAddress) -> Self {
        let at = wangge::app::now();
        let options = TileOptions {
            most: usize::MAX,
            ..TileOptions::default()
        };
        let bytes = tile(&[above, below], address, at, Access::LOCAL, &options).unwrap();
        let layers = bytes.map_or_else(Vec::new, |bytes| read(&bytes));
        let of = |layer: &LayerSnapshot| {
            let name = layer.layer().name.to_string();
            let found = layers.iter().find(|layer| layer.name == name);
            found.map_or_else(Vec::new, |layer| layer.features.clone())
        };
        Self {
            above: of(above),
            below: of(below),
        }
    }
}

/// Compares every grid of the level above that is filled on the lattice and of which all grids below are drawn, none of them as a
/// thread; answers how many there were, and how those differ that do. None where the level below is not drawn.
pub(super) fn compare(
    above: &LayerSnapshot,
    below: &LayerSnapshot,
    filled: &HashSet<String>,
    address: TileAddress,
) -> (usize, Vec<String>) {
    let zooms = below.layer().zooms;
    if !(zooms.min..=zooms.max).contains(&address.z()) {
        return (0, Vec::new());
    }
    let both = Both::of(above, below, address);
    let is_area = |feature: &&MvtFeature| !matches!(feature.geometry, MvtGeometry::Point(_));
    let small = below.features().iter().enumerate();
    let mut small: HashSet<String> = small
        .filter(|(position, _)| below.anchored().from_zoom(*position) > address.z())
        .filter_map(|(_, grid)| parent(grid))
        .collect();
    let mut outlines: HashMap<String, Outline> = HashMap::new();
    for grid in both.below.iter().filter(is_area) {
        let code = text(grid, "code");
        if let Some(parent) = text(grid, "parent").or_else(|| above_code(&code?)) {
            if polygons(&grid.geometry).iter().all(is_thread) {
                small.insert(parent.clone());
            }
            add(outlines.entry(parent).or_default(), grid);
        }
    }
    let mut checked = 0;
    let mut wrong = Vec::new();
    for parent in both.above.iter().filter(is_area) {
        let Some(code) = text(parent, "code") else {
            continue;
        };
        if small.contains(&code) || !filled.contains(&code) {
            continue;
        }
        let mut own = Outline::new();
        add(&mut own, parent);
        let below = settled(outlines.remove(&code).unwrap_or_default());
        let own = settled(own);
        let lacks = |one: &[(Edge, i32)], other: &[(Edge, i32)]| -> Vec<(Edge, i32)> {
            one.iter()
                .filter(|edge| !other.contains(edge))
                .copied()
                .collect()
        };
        let (more, less) = (lacks(&below, &own), lacks(&own, &below));
        if !more.is_empty() || !less.is_empty() {
            wrong.push(format!(
                "{code} in {address:?}: below also {more:?}, above also {less:?}"
            ));
        }
        checked += 1;
    }
    (checked, wrong)
}

/// The same, none of which may differ; answers how many there were.
pub(super) fn check(
    above: &LayerSnapshot,
    below: &LayerSnapshot,
    filled: &HashSet<String>,
    address: TileAddress,
) -> usize {
    let (checked, wrong) = compare(above, below, filled, address);
    assert!(wrong.is_empty(), "{wrong:#?}");
    checked
}

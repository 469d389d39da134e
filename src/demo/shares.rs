//! Cells shared out among the parts of a division, so that each part is in one piece and has enough.

use std::f64::consts::FRAC_1_SQRT_2;

use super::DemoError;
use super::mesh::Mesh;
use super::plane::Spot;

/// One part's claim.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    /// Its size, relative to the others.
    pub(super) weight: usize,
    /// Cells that it must have.
    pub(super) least: usize,
    /// Cells that it may have at most, where a count is given; else no bound.
    pub(super) most: Option<usize>,
    /// Urban parts lie around the centre.
    pub(super) urban: bool,
}

/// Directions across which a cut may run: unit vectors by steps of 22.5 degrees.
const DIRECTIONS: [(f64, f64); 8] = [
    (1.0, 0.0),
    (0.923_879_5, 0.382_683_4),
    (FRAC_1_SQRT_2, FRAC_1_SQRT_2),
    (0.382_683_4, 0.923_879_5),
    (0.0, 1.0),
    (-0.382_683_4, 0.923_879_5),
    (-FRAC_1_SQRT_2, FRAC_1_SQRT_2),
    (-0.923_879_5, 0.382_683_4),
];

/// Deals cells to shares, in the order of the shares: urban ones from the disc around the centre, then halves of halves across
/// the longest direction; stray pieces go to a neighbour where the giver keeps enough.
///
/// # Errors
/// Where there are fewer cells than the shares must have.
pub(super) fn deal(
    mesh: &Mesh,
    cells: &[u32],
    shares: &[Share],
    centre: Spot,
) -> Result<Vec<Vec<u32>>, DemoError> {
    let mut parts = sketch(mesh.seeds(), cells, shares, centre)?;
    join(mesh, shares, &mut parts);
    Ok(parts)
}

/// The same without regard to who is whose neighbour.
pub(super) fn sketch(
    seeds: &[Spot],
    cells: &[u32],
    shares: &[Share],
    centre: Spot,
) -> Result<Vec<Vec<u32>>, DemoError> {
    let needed: usize = shares.iter().map(|share| share.least).sum();
    if cells.len() < needed || shares.is_empty() {
        return Err(DemoError::TooFewCells {
            cells: cells.len(),
            needed,
        });
    }
    let (urban, rural): (Vec<usize>, Vec<usize>) =
        (0..shares.len()).partition(|&index| shares[index].urban);
    let mut parts = vec![Vec::new(); shares.len()];
    let mut near = cells.to_vec();
    sort_by(&mut near, |cell| seeds[cell as usize].apart(centre));
    let far = near.split_off(cut(&urban, &rural, shares, cells.len()));
    halve(seeds, near, &urban, shares, &mut parts);
    halve(seeds, far, &rural, shares, &mut parts);
    Ok(parts)
}

fn sort_by(cells: &mut [u32], key: impl Fn(u32) -> f64) {
    cells.sort_by(|&a, &b| key(a).total_cmp(&key(b)).then(a.cmp(&b)));
}

/// How many of some cells the first of two groups gets: its share by weight, but enough for both.
fn cut(first: &[usize], second: &[usize], shares: &[Share], cells: usize) -> usize {
    let sum = |group: &[usize], of: fn(&Share) -> usize| -> usize {
        group.iter().map(|&index| of(&shares[index])).sum()
    };
    if second.is_empty() {
        return cells;
    }
    let (one, two) = (sum(first, |s| s.weight), sum(second, |s| s.weight));
    let fair = (cells * one + usize::midpoint(one, two)) / (one + two).max(1);
    let most = cells - sum(second, |s| s.least);
    fair.max(sum(first, |s| s.least)).min(most)
}

fn halve(
    seeds: &[Spot],
    mut cells: Vec<u32>,
    group: &[usize],
    shares: &[Share],
    parts: &mut [Vec<u32>],
) {
    if let [] | [_] = group {
        if let Some(&only) = group.first() {
            parts[only] = cells;
        }
        return;
    }
    let (first, second) = group.split_at(group.len() / 2);
    let direction = longest(seeds, &cells);
    sort_by(&mut cells, |cell| seeds[cell as usize].dot(direction));
    let rest = cells.split_off(cut(first, second, shares, cells.len()));
    halve(seeds, cells, first, shares, parts);
    halve(seeds, rest, second, shares, parts);
}

/// The direction in which the cells reach farthest.
fn longest(seeds: &[Spot], cells: &[u32]) -> Spot {
    let reach = |direction: Spot| {
        let along = || {
            cells
                .iter()
                .map(|&cell| seeds[cell as usize].dot(direction))
        };
        along().fold(f64::NEG_INFINITY, f64::max) - along().fold(f64::INFINITY, f64::min)
    };
    DIRECTIONS
        .iter()
        .map(|&(x, y)| Spot::new(x, y))
        .max_by(|&a, &b| reach(a).total_cmp(&reach(b)))
        .unwrap_or(Spot::new(1.0, 0.0))
}

/// Rounds of joining; strays that pass from hand to hand settle after two.
const ROUNDS: usize = 4;

fn join(mesh: &Mesh, shares: &[Share], parts: &mut [Vec<u32>]) {
    let mut owner: Vec<Option<usize>> = vec![None; mesh.len()];
    for (index, part) in parts.iter().enumerate() {
        for &cell in part {
            owner[cell as usize] = Some(index);
        }
    }
    for _ in 0..ROUNDS {
        for index in 0..parts.len() {
            for piece in strays(mesh, &parts[index]) {
                if parts[index].len() < shares[index].least + piece.len() {
                    continue;
                }
                let Some(taker) = taker(mesh, &piece, &owner, |part| {
                    let most = shares[part].most.unwrap_or(usize::MAX);
                    part != index && parts[part].len() + piece.len() <= most
                }) else {
                    continue;
                };
                for &cell in &piece {
                    owner[cell as usize] = Some(taker);
                }
                parts[index].retain(|cell| !piece.contains(cell));
                parts[taker].extend(piece);
            }
        }
    }
    for part in parts {
        part.sort_unstable();
    }
}

/// The pieces of a part, but for the largest one, smallest first.
fn strays(mesh: &Mesh, part: &[u32]) -> Vec<Vec<u32>> {
    let mut left: std::collections::BTreeSet<u32> = part.iter().copied().collect();
    let mut pieces = Vec::new();
    while let Some(start) = left.pop_first() {
        let mut piece = vec![start];
        let mut next = 0;
        while let Some(&cell) = piece.get(next) {
            next += 1;
            for other in mesh.neighbours(cell) {
                if left.remove(other) {
                    piece.push(*other);
                }
            }
        }
        pieces.push(piece);
    }
    pieces.sort_by_key(Vec::len);
    pieces.pop();
    pieces
}

/// The part that touches a piece at most cells.
fn taker(
    mesh: &Mesh,
    piece: &[u32],
    owner: &[Option<usize>],
    takes: impl Fn(usize) -> bool,
) -> Option<usize> {
    let mut touches: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for &cell in piece {
        for &other in mesh.neighbours(cell) {
            if let Some(part) = owner[other as usize].filter(|&part| takes(part)) {
                *touches.entry(part).or_default() += 1;
            }
        }
    }
    let most = touches
        .into_iter()
        .max_by_key(|&(part, count)| (count, std::cmp::Reverse(part)));
    most.map(|(part, _)| part)
}

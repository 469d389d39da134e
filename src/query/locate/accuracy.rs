//! How much a disc around the point leaves open.

use crate::model::{Feature, GeometryKind};
use crate::snapshot::LayerSnapshot;

use super::answer::{Candidate, SchemeAnswer};
use super::ask::Ask;
use super::disc::Disc;
use super::holders::rank;
use super::lines;
use super::measure::border_distance;
use super::near::near;
use super::outcome::Outcome;
use super::units::is_same_footprint;

/// Looks whether the whole disc of the given accuracy lies in the owner; where not, names the grids that it meets with their
/// shares, the largest first.
pub(super) fn weigh<'a>(ask: &Ask<'a>, answer: &mut SchemeAnswer<'a>) {
    if ask.accuracy().is_zero() {
        return;
    }
    let Some(layer) = ask.layer(ask.lowest()) else {
        return;
    };
    let candidates = match layer.layer().geometry {
        GeometryKind::Line => open_lines(ask, layer, answer),
        GeometryKind::Polygon => open_grids(ask, layer, answer),
        GeometryKind::Point => None,
    };
    let Some(candidates) = candidates.filter(|found| !found.is_empty()) else {
        return;
    };
    answer.candidates = candidates;
    // What is so already at the point itself, in the lowest level, says more.
    let is_open_anyway = answer.outcome == Outcome::AmbiguousUnit
        || (answer.lowest().is_some() && answer.outcome != Outcome::Inside);
    if !is_open_anyway {
        answer.outcome = Outcome::NearBoundary;
    }
}

/// The owner where the point itself lies in it alone.
fn sure_owner<'a>(answer: &SchemeAnswer<'a>) -> Option<&'a Feature> {
    let owner = answer.lowest().map(|owner| owner.grid);
    owner.filter(|_| answer.outcome == Outcome::Inside)
}

/// The lines whose buffers the disc meets; `None` where it lies in that of one line, and in no other.
fn open_lines<'a>(
    ask: &Ask<'a>,
    layer: &'a LayerSnapshot,
    answer: &SchemeAnswer<'a>,
) -> Option<Vec<Candidate<'a>>> {
    let (rules, disc) = (&ask.snapshot().rules, ask.accuracy());
    let mut found = lines::reached(rules, layer, ask.at(), disc, ask.time());
    found.retain(|line| ask.admits(line.grid));
    if let ([line], Some(_)) = (&*found, sure_owner(answer)) {
        let rest = lines::buffer(rules, layer, line.grid).value() - line.distance_m;
        if rest >= disc.value() {
            return None;
        }
    }
    let candidate = |line: super::holders::Holder<'a>| Candidate {
        owner: ask.owner(ask.lowest(), line.grid),
        share: None,
        distance_m: line.distance_m,
    };
    Some(found.into_iter().map(candidate).collect())
}

/// The grids that the disc meets; `None` where it lies in one, and in no other.
fn open_grids<'a>(
    ask: &Ask<'a>,
    layer: &'a LayerSnapshot,
    answer: &SchemeAnswer<'a>,
) -> Option<Vec<Candidate<'a>>> {
    let owner = sure_owner(answer);
    let mut met = near(layer, ask.at(), ask.accuracy(), ask.time());
    met.retain(|(grid, _)| {
        // Units beside the one that was named are not meant.
        let is_other_unit = |owner: &Feature| {
            owner.id != grid.id && is_same_footprint(&owner.geometry, &grid.geometry)
        };
        ask.admits(grid) && !owner.is_some_and(is_other_unit)
    });
    if let Some(owner) = owner
        && met.iter().all(|(grid, _)| grid.id == owner.id)
        && border_distance(ask.at(), &owner.geometry) >= ask.accuracy().value()
    {
        return None;
    }
    Some(shared_out(ask, answer, met))
}

/// The candidates of the disc, with those of a gap that it does not reach.
fn shared_out<'a>(
    ask: &Ask<'a>,
    answer: &SchemeAnswer<'a>,
    met: Vec<(&'a Feature, f64)>,
) -> Vec<Candidate<'a>> {
    let disc = Disc::around(ask.at(), ask.accuracy());
    let share = |grid: &Feature| disc.as_ref().map(|disc| disc.share_in(&grid.geometry));
    let mut candidates: Vec<Candidate> = met
        .into_iter()
        .map(|(grid, distance_m)| Candidate {
            owner: ask.owner(ask.lowest(), grid),
            share: share(grid),
            distance_m,
        })
        .collect();
    if answer.outcome == Outcome::Gap {
        let is_met = |id| candidates.iter().any(|met| met.owner.grid.id == id);
        let beyond = answer.candidates.iter().copied();
        let beyond: Vec<_> = beyond
            .filter(|other| !is_met(other.owner.grid.id))
            .collect();
        candidates.extend(beyond.into_iter().map(|other| Candidate {
            share: Some(0.0).filter(|_| disc.is_some()),
            ..other
        }));
    }
    scale_down(&mut candidates);
    // Without shares, around a pole, the nearest come first.
    let share = |found: &Candidate| found.share.unwrap_or(0.0);
    candidates.sort_by(|a, b| {
        let larger = share(b).total_cmp(&share(a));
        let nearer = a.distance_m.total_cmp(&b.distance_m);
        let by_rank = || rank(a.owner.grid).cmp(&rank(b.owner.grid));
        larger.then(nearer).then_with(by_rank)
    });
    candidates
}

/// Where grids overlap, what they have in common is counted for each: brings the shares down to one disc.
fn scale_down(candidates: &mut [Candidate<'_>]) {
    let all: f64 = candidates.iter().filter_map(|found| found.share).sum();
    if all > 1.0 {
        for share in candidates
            .iter_mut()
            .filter_map(|found| found.share.as_mut())
        {
            *share /= all;
        }
    }
}

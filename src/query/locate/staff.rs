//! Who is on duty.

use crate::model::{Staff, Time};
use crate::snapshot::Snapshot;

use super::answer::{Answer, Owner, SchemeAnswer};

/// A person's duty, and the grid that it is for.
#[derive(Clone, Copy, Debug)]
pub struct Duty<'a> {
    pub owner: Owner<'a>,
    pub staff: &'a Staff,
}

/// The duties for a grid that hold at a time.
#[must_use]
pub fn staff_of<'a>(snapshot: &'a Snapshot, owner: Owner<'a>, time: Time) -> Vec<Duty<'a>> {
    let Some(code) = &owner.grid.code else {
        return Vec::new();
    };
    let duties = snapshot.staff.of(&owner.level.layer, code);
    duties
        .iter()
        .filter(|duty| duty.validity.holds_at(time))
        .map(|staff| Duty { owner, staff })
        .collect()
}

/// The duties for the owner; where there are none, those for the community.
#[must_use]
pub fn responsible<'a>(
    snapshot: &'a Snapshot,
    owner: Option<Owner<'a>>,
    community: Option<Owner<'a>>,
    time: Time,
) -> Vec<Duty<'a>> {
    let of = |owner| staff_of(snapshot, owner, time);
    let own = owner.map(of).unwrap_or_default();
    if own.is_empty() {
        // A point outside everything has no community either.
        community.map(of).unwrap_or_default()
    } else {
        own
    }
}

impl<'a> Answer<'a> {
    /// The community of the point: of the first scheme, or of the next that has one, as a dedicated grid lies in one too.
    #[must_use]
    pub fn community(&self) -> Option<Owner<'a>> {
        let first = self.first.as_ref()?;
        let is_dedicated = first.scheme.is_overlay();
        let base = || {
            self.overlays
                .iter()
                .find(|answer| is_dedicated && !answer.scheme.is_overlay())
        };
        let of = |answer: &SchemeAnswer<'a>| answer.community;
        of(first).or_else(|| base().and_then(of))
    }

    /// The community for a grid of an overlay: its own, or that of the point, as the grid lies in one too.
    #[must_use]
    pub fn community_of(&self, overlay: &SchemeAnswer<'a>) -> Option<Owner<'a>> {
        let of_point = || overlay.owner().and_then(|_| self.community());
        overlay.community.or_else(of_point)
    }
}

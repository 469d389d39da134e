//! The coverage after years of work: some leaves were drawn anew, and what they were is still known.

use wangge::model::{Feature, FeatureId, Time, Validity};

use super::{Dice, LEAF, National};

/// One leaf in so many was drawn anew.
const ONE_IN: u32 = 50;

/// Which leaves were drawn anew, and when.
pub(crate) struct Past {
    /// Their positions among the leaves, ascending.
    redrawn: Vec<usize>,
    /// How many leaves there are at any time.
    leaves: usize,
    since: Time,
}

impl Past {
    pub(crate) fn of(national: National, since: Time) -> Self {
        let leaves = national.count(LEAF);
        let mut dice = Dice::new(7);
        Self {
            redrawn: (0..leaves).filter(|_| dice.below(ONE_IN) == 0).collect(),
            leaves,
            since,
        }
    }

    /// The features of all levels as a store has them: a version that ended keeps its row, the one that follows it has a row at
    /// the end.
    pub(crate) fn feature_levels(&self, national: National) -> Vec<Vec<Feature>> {
        let mut levels = national.feature_levels();
        let leaves = &mut levels[LEAF];
        for &position in &self.redrawn {
            let id = i64::try_from(leaves.len()).expect("few leaves") + 1;
            let mut next = leaves[position].clone();
            next.id = FeatureId(id);
            next.validity.from = Some(self.since);
            leaves.push(next);
            leaves[position].validity = Validity {
                from: None,
                to: Some(self.since),
            };
        }
        levels
    }

    /// Where the leaf at a position is in the coverage without a past.
    pub(crate) fn without(&self, position: u32) -> u32 {
        let follows = (position as usize).checked_sub(self.leaves);
        let replaced = follows.and_then(|number| self.redrawn.get(number));
        replaced.map_or(position, |&replaced| {
            u32::try_from(replaced).expect("few leaves")
        })
    }
}

//! Features of one code in one file: dated versions of a grid follow each other, they do not overlap.

use std::collections::{BTreeMap, HashMap};

use super::shape::Refusal;
use crate::model::{Feature, Time, Validity};

/// Disjoint times by where they begin, each with its end and its line.
type Times = BTreeMap<Option<Time>, (Option<Time>, u64)>;

/// The times of each code.
#[derive(Default)]
pub(super) struct Versions(HashMap<Box<str>, Times>);

impl Versions {
    /// Adds a feature, or refuses it where an earlier one has its code at some of its time.
    pub(super) fn add(&mut self, line: u64, feature: &Feature) -> Result<(), Refusal> {
        let Some(code) = &feature.code else {
            return Ok(());
        };
        let Validity { from, to } = feature.validity;
        let times = self.0.entry(code.clone()).or_default();
        let before = times.range(..=from).next_back();
        let before =
            before.filter(|(_, (end, _))| end.is_none_or(|end| from.is_none_or(|from| end > from)));
        let after = times.range(from..).next();
        let after =
            after.filter(|(begin, _)| to.is_none_or(|to| begin.is_none_or(|begin| begin < to)));
        if let Some((begin, (end, other))) = before.or(after) {
            let is_always =
                feature.validity == Validity::ALWAYS && begin.is_none() && end.is_none();
            let when = if is_always {
                ""
            } else {
                ", valid at some of the same time"
            };
            let reason = format!("code {code} is already on line {other}{when}");
            return Err(Refusal::new("duplicate_code", reason));
        }
        times.insert(from, (to, line));
        Ok(())
    }
}

//! In which order schemes answer, and what their levels are called beside one another.

use crate::model::{Level, Scheme};
use crate::snapshot::Snapshot;

/// The schemes in the order in which they answer: the one asked for (else the base scheme) where there is one, then the
/// others, the higher priority first, then by name.
#[must_use]
pub fn schemes_in_order<'a>(
    snapshot: &'a Snapshot,
    asked: Option<&'a Scheme>,
) -> (Option<&'a Scheme>, Vec<&'a Scheme>) {
    let base = asked.or_else(|| snapshot.base_scheme());
    let is_other = |scheme: &&Scheme| base.is_none_or(|base| base.name() != scheme.name());
    let mut others: Vec<&Scheme> = snapshot.schemes.iter().filter(is_other).collect();
    others.sort_by(|a, b| {
        b.priority()
            .cmp(&a.priority())
            .then_with(|| a.name().cmp(b.name()))
    });
    (base, others)
}

/// A name for each level of these schemes: the level's own, or `SCHEME.LEVEL` where two schemes share it or it is taken.
#[must_use]
pub fn level_names(schemes: &[&Scheme], taken: &[String]) -> Vec<String> {
    let levels = || schemes.iter().flat_map(|scheme| scheme.levels());
    let name = |level: &Level| {
        let is_shared = levels().filter(|other| other.name == level.name).count() > 1;
        let is_taken = taken.iter().any(|name| **name == *level.name);
        if is_shared || is_taken {
            level.layer.to_string()
        } else {
            level.name.to_string()
        }
    };
    levels().map(name).collect()
}

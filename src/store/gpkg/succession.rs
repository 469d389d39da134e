//! Which version of its code a feature is: versions of one code follow each other and never hold at the same time.

use crate::model::{Time, Validity};

/// A version of a code that the layer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub fid: i64,
    pub validity: Validity,
}

/// Where a feature goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Over the row of a version, which then holds so long.
    Over(Version),
    /// Into a new row that holds so long; the version that is named ends where it begins.
    New {
        validity: Validity,
        ends: Option<i64>,
    },
}

/// The code ended; it is never given out again, so that an old event never finds a new grid under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Retired {
    pub since: Time,
}

/// Finds a feature's place among the versions of its code.
///
/// A feature without dates corrects the version of now, else the next one. A feature with dates corrects the version that
/// begins when it does, else it begins a version of its own: the one that holds then ends, and a later one bounds it.
pub(super) fn place(versions: &[Version], given: Validity, now: Time) -> Result<Place, Retired> {
    if given == Validity::ALWAYS {
        return correct(versions, now);
    }
    let next = versions
        .iter()
        .filter_map(|known| known.validity.from)
        .filter(|from| Some(*from) > given.from)
        .min();
    if let Some(same) = versions
        .iter()
        .find(|known| known.validity.from == given.from)
    {
        let to = earlier(given.to.or(same.validity.to), next);
        return Ok(Place::Over(Version {
            fid: same.fid,
            validity: Validity {
                from: given.from,
                to,
            },
        }));
    }
    let before = given
        .from
        .and_then(|from| versions.iter().find(|known| known.validity.holds_at(from)));
    if let Some(before) = before {
        let to = earlier(given.to.or(before.validity.to), next);
        return Ok(Place::New {
            validity: Validity {
                from: given.from,
                to,
            },
            ends: Some(before.fid),
        });
    }
    let since = versions.iter().filter_map(|known| known.validity.to).max();
    match (given.from, since, next) {
        (Some(from), Some(since), None) if since < from => Err(Retired { since }),
        _ => Ok(Place::New {
            validity: Validity {
                from: given.from,
                to: earlier(given.to, next),
            },
            ends: None,
        }),
    }
}

/// The place of a feature without dates.
fn correct(versions: &[Version], now: Time) -> Result<Place, Retired> {
    let current = versions.iter().find(|known| known.validity.holds_at(now));
    let future = || {
        versions
            .iter()
            .filter(|known| known.validity.from > Some(now))
            .min_by_key(|known| known.validity.from)
    };
    let since = versions.iter().filter_map(|known| known.validity.to).max();
    match (current.or_else(future), since) {
        (Some(known), _) => Ok(Place::Over(*known)),
        (None, Some(since)) => Err(Retired { since }),
        (None, None) => Ok(Place::New {
            validity: Validity::ALWAYS,
            ends: None,
        }),
    }
}

/// The earlier of two ends, of which `None` is never.
fn earlier(a: Option<Time>, b: Option<Time>) -> Option<Time> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn held(from: Option<i64>, to: Option<i64>) -> Validity {
        Validity {
            from: from.map(Time::from_millis),
            to: to.map(Time::from_millis),
        }
    }

    fn version(fid: i64, from: Option<i64>, to: Option<i64>) -> Version {
        Version {
            fid,
            validity: held(from, to),
        }
    }

    const NOW: Time = Time::from_millis(50);

    #[test]
    fn a_feature_without_dates_corrects_the_version_of_now_else_the_next() {
        let (past, current, future) = (
            version(1, None, Some(40)),
            version(2, Some(40), Some(60)),
            version(3, Some(60), None),
        );
        assert_eq!(
            place(&[past, current, future], Validity::ALWAYS, NOW),
            Ok(Place::Over(current))
        );
        assert_eq!(
            place(&[past, future], Validity::ALWAYS, NOW),
            Ok(Place::Over(future))
        );
        let new = Place::New {
            validity: Validity::ALWAYS,
            ends: None,
        };
        assert_eq!(place(&[], Validity::ALWAYS, NOW), Ok(new));
    }

    #[test]
    fn a_code_that_ended_is_not_given_out_again() {
        let ended = [version(1, None, Some(40))];
        let retired = Err(Retired {
            since: Time::from_millis(40),
        });
        assert_eq!(place(&ended, Validity::ALWAYS, NOW), retired);
        assert_eq!(place(&ended, held(Some(45), None), NOW), retired);
        let follows = Place::New {
            validity: held(Some(40), None),
            ends: None,
        };
        assert_eq!(place(&ended, held(Some(40), None), NOW), Ok(follows));
    }

    #[test]
    fn a_dated_feature_ends_the_version_before_and_is_bounded_by_the_one_after() {
        let versions = [version(1, None, Some(60)), version(2, Some(60), None)];
        let between = Place::New {
            validity: held(Some(30), Some(60)),
            ends: Some(1),
        };
        assert_eq!(place(&versions, held(Some(30), None), NOW), Ok(between));
        let over = Place::Over(version(1, None, Some(60)));
        assert_eq!(place(&versions, held(None, Some(90)), NOW), Ok(over));
    }

    proptest! {
        #[test]
        fn versions_of_one_code_never_hold_at_the_same_time(
            given in prop::collection::vec((prop::option::of(0..20i64), prop::option::of(1..20i64)), 1..20),
            now in 0..20i64,
        ) {
            let mut versions: Vec<Version> = Vec::new();
            for (fid, (from, length)) in (1..).zip(given) {
                let to = length.map(|length| from.unwrap_or(0) + length);
                match place(&versions, held(from, to), Time::from_millis(now)) {
                    Err(Retired { .. }) => {}
                    Ok(Place::Over(known)) => {
                        let row = versions.iter_mut().find(|version| version.fid == known.fid).unwrap();
                        *row = known;
                    }
                    Ok(Place::New { validity, ends }) => {
                        if let Some(before) = versions.iter_mut().find(|version| Some(version.fid) == ends) {
                            before.validity.to = validity.from;
                        }
                        versions.push(Version { fid, validity });
                    }
                }
                for time in -1..45 {
                    let time = Time::from_millis(time);
                    let holding = versions.iter().filter(|version| version.validity.holds_at(time)).count();
                    prop_assert!(holding <= 1, "{versions:?} at {time:?}");
                }
            }
        }
    }
}

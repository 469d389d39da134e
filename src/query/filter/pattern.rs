//! Patterns of LIKE: % stands for any characters, _ for one, and \ takes the meaning from what follows.

use super::error::FilterFault;

/// One piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece {
    Any,
    One,
    Just(char),
}

/// A pattern, ready to be compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern(Box<[Piece]>);

impl Pattern {
    pub(super) fn parse(text: &str) -> Result<Self, FilterFault> {
        let mut pieces = Vec::new();
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            pieces.push(match character {
                '%' => Piece::Any,
                '_' => Piece::One,
                '\\' => Piece::Just(characters.next().ok_or(FilterFault::OpenEscape)?),
                other => Piece::Just(other),
            });
        }
        Ok(Self(pieces.into()))
    }

    /// Whether the whole text fits. Where it does not go on, only the last % takes one character more, so that the time is at
    /// most the product of both lengths.
    pub(super) fn fits(&self, text: &str) -> bool {
        let (mut rest, mut place) = (text.chars(), 0);
        let mut retry = None;
        loop {
            let before = rest.clone();
            match (self.0.get(place), rest.next()) {
                (Some(Piece::Any), _) => {
                    retry = Some((place, before.clone()));
                    (rest, place) = (before, place + 1);
                    continue;
                }
                (None, None) => return true,
                (Some(Piece::One), Some(_)) => {
                    place += 1;
                    continue;
                }
                (Some(Piece::Just(wanted)), Some(found)) if *wanted == found => {
                    place += 1;
                    continue;
                }
                _ => {}
            }
            let Some((any, mut from)) = retry.take() else {
                return false;
            };
            if from.next().is_none() {
                return false;
            }
            retry = Some((any, from.clone()));
            (rest, place) = (from, any + 1);
        }
    }
}

//! Whatever text or bytes users and files hand over, no parser fails, and what one accepts keeps what it promises.

mod binary;
mod configuration;
mod files;
mod points;
mod questions;
mod requests;
mod stored;
mod tables;
mod words;

use proptest::prelude::*;

/// Text made of the pieces that a parser looks for, with anything in between.
fn text_of(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(pieces).prop_map(str::to_owned),
        1 => "\\PC{0,3}",
        1 => "[0-9]{1,4}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// One small damage to a run of bytes.
#[derive(Clone, Debug)]
enum Damage {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Drop(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = || any::<prop::sample::Index>();
    // Bytes that counts, flags and separators are made of come up more often.
    let byte = prop_oneof![
        prop::sample::select(b"\0\x01\x20\x80\xff\"',;=[]{}\n".as_slice()),
        any::<u8>()
    ];
    prop_oneof![
        6 => (place(), byte).prop_map(|(at, byte)| Damage::Set(at, byte)),
        1 => place().prop_map(Damage::Cut),
        2 => (place(), 1..40_usize).prop_map(|(at, length)| Damage::Drop(at, length)),
        2 => (place(), 1..40_usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
        2 => (place(), prop::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

/// The bytes after all damages.
fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for damage in damages {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        let span = |at: &prop::sample::Index, count: usize| {
            let at = at.index(length);
            at..length.min(at + count)
        };
        match damage {
            Damage::Set(at, byte) => bytes[at.index(length)] = *byte,
            Damage::Cut(at) => bytes.truncate(at.index(length)),
            Damage::Drop(at, count) => drop(bytes.drain(span(at, *count))),
            Damage::Repeat(at, count) => {
                let again = bytes[span(at, *count)].to_vec();
                bytes.splice(at.index(length)..at.index(length), again);
            }
            Damage::Insert(at, more) => {
                bytes.splice(at.index(length)..at.index(length), more.iter().copied());
            }
        }
    }
    bytes
}

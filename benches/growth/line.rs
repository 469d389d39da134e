//! What a line of memory costs, where each read waits for the one before: what no lookup that waits for its line can pass.

use memmap2::{Advice, MmapMut};

use super::contest::rounds::timed;
use super::national::dice::Dice;

/// Numbers in a line of memory, 64 bytes.
const WORDS: usize = 8;
/// Reads of one turn.
const READS: u32 = 2_000_000;
/// Bytes of a huge page.
const HUGE: usize = 2 << 20;

/// Nanoseconds a line of so many bytes, read in the order of a ring through all lines, in huge pages as the index has them.
pub(crate) fn line_ns(bytes: usize, rounds: usize) -> std::io::Result<f64> {
    let mut map = MmapMut::map_anon(bytes.next_multiple_of(HUGE))?;
    map.advise(Advice::HugePage)?;
    let words: &mut [u64] = bytemuck::cast_slice_mut(&mut map);
    let lines = u32::try_from(bytes / size_of::<[u64; WORDS]>())
        .unwrap_or(u32::MAX)
        .max(2);
    lay_ring(words, lines);
    let turns = (0..rounds.max(1))
        .map(|_| timed(|| walk(words)).1)
        .collect();
    let turn = super::contest::rounds::median(turns);
    Ok(turn.as_secs_f64() * 1e9 / f64::from(READS))
}

/// Each line names the next; one ring through all of them (Sattolo's shuffle).
fn lay_ring(words: &mut [u64], lines: u32) {
    let place = |line: u32| line as usize * WORDS;
    (0..lines).for_each(|line| words[place(line)] = line.into());
    let mut dice = Dice::new(7);
    for line in (1..lines).rev() {
        words.swap(place(line), place(dice.below(line)));
    }
}

fn walk(words: &[u64]) -> u64 {
    (0..READS).fold(0, |line, _| {
        words[usize::try_from(line).unwrap_or_default() * WORDS]
    })
}

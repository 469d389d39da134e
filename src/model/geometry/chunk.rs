//! Vertices as steps from one to the next, in chunks: each step in as many bits as the longest of its chunk needs.
//!
//! A chunk is a header of 16 bits (from the lowest: steps less one in 6, bits of a step's longitude less one in 5, of its
//! latitude less one in 5) and then its steps, longitude before latitude, from the lowest bit of each byte, to the end of a byte.
//! A number is kept with half of what its bits can hold added to it. It has at least four bits, so that a chunk has at least as
//! many bytes as vertices ([`super::zooms`]).
//! Steps wrap at 32 bits, so that any two vertices are one step apart.

use super::super::Coord;

/// Most steps of a chunk.
const MOST: usize = 64;
/// Bytes of a chunk's header.
const HEADER: usize = 2;
/// Bits of a number at least.
const NARROWEST: u32 = 4;
/// A step of more bits than this is kept as two whole numbers: any other lies within eight bytes, wherever it begins in one.
const WIDEST: usize = 57;

/// Bits of the numbers of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Width {
    lon: u8,
    lat: u8,
}

impl Width {
    fn of(from: Coord, to: Coord) -> Self {
        let bits = |from: i32, to: i32| {
            let step = to.wrapping_sub(from);
            (33 - (step ^ step >> 31).leading_zeros()).max(NARROWEST)
        };
        #[expect(clippy::cast_possible_truncation, reason = "at most 32")]
        Self {
            lon: bits(from.lon, to.lon) as u8,
            lat: bits(from.lat, to.lat) as u8,
        }
    }

    fn max(self, other: Self) -> Self {
        Self {
            lon: self.lon.max(other.lon),
            lat: self.lat.max(other.lat),
        }
    }

    fn bits(self) -> usize {
        usize::from(self.lon) + usize::from(self.lat)
    }
}

/// The width of all of the next steps, and how many bits at most could be saved by cutting them.
fn whole(coords: &[Coord]) -> (usize, Width, usize) {
    let (mut steps, mut width, mut bits) = (0, Width::default(), 0);
    for &[from, to] in coords.array_windows().take(MOST) {
        let step = Width::of(from, to);
        width = width.max(step);
        bits += step.bits();
        steps += 1;
    }
    (steps, width, steps * width.bits() - bits)
}

/// How many of the next steps are a chunk: a longer step ends it, and so do shorter ones, where what that saves exceeds `cost`
/// bits.
fn chunk(coords: &[Coord], cost: usize) -> (usize, Width) {
    let (steps, width, spare) = whole(coords);
    if spare <= cost {
        return (steps, width);
    }
    let mut whole = Width::default();
    // The steps since the last that needed the whole width.
    let (mut start, mut before, mut rest) = (0, whole, Width::default());
    let mut steps = 0;
    for &[from, to] in coords.array_windows().take(MOST) {
        let width = Width::of(from, to);
        let grown = whole.max(width);
        if steps * (grown.bits() - whole.bits()) > cost {
            return (steps, whole);
        }
        steps += 1;
        if grown != whole || width.lon == whole.lon || width.lat == whole.lat {
            (start, before, rest) = (steps, grown, Width::default());
        } else {
            rest = rest.max(width);
            if (steps - start) * (whole.bits() - rest.bits()) > cost {
                return (start, before);
            }
        }
        whole = grown;
    }
    (steps, whole)
}

/// Writes the steps from each vertex to the next and tells where each chunk begins, and how many steps it has. A new chunk must
/// save more than `cost` bits.
pub(super) fn write(
    mut coords: &[Coord],
    cost: usize,
    out: &mut Vec<u8>,
    mut begins: impl FnMut(usize, usize),
) {
    while coords.len() > 1 {
        let (steps, mut width) = chunk(coords, cost);
        if width.bits() > WIDEST {
            width = Width { lon: 32, lat: 32 };
        }
        begins(out.len(), steps);
        let header =
            (steps - 1) | usize::from(width.lon - 1) << 6 | usize::from(width.lat - 1) << 11;
        #[expect(clippy::cast_possible_truncation, reason = "6, 5 and 5 bits")]
        out.extend((header as u16).to_le_bytes());
        write_steps(&coords[..=steps], width, out);
        coords = &coords[steps..];
    }
}

fn write_steps(coords: &[Coord], width: Width, out: &mut Vec<u8>) {
    // A half of what the bits can hold is added, so that no number is negative.
    let number = |from: i32, to: i32, bits: u8| {
        let half = 1_u32 << (bits - 1);
        u64::from(
            to.wrapping_sub(from)
                .wrapping_add_unsigned(half)
                .cast_unsigned(),
        )
    };
    let start = out.len();
    let (mut held, mut bits) = (0_u64, 0);
    for &[from, to] in coords.array_windows() {
        let step =
            number(from.lon, to.lon, width.lon) | number(from.lat, to.lat, width.lat) << width.lon;
        held |= step << bits;
        bits += width.bits();
        if bits >= 64 {
            out.extend(held.to_le_bytes());
            bits -= 64;
            held = step.unbounded_shr(u32::try_from(width.bits() - bits).unwrap_or(0));
        }
    }
    out.extend(held.to_le_bytes());
    out.truncate(start + ((coords.len() - 1) * width.bits()).div_ceil(8));
}

/// The steps of a chunk that are yet to be made.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Steps {
    /// Where the next step begins.
    bit: usize,
    /// Bits from a step to the next one that is made.
    stride: isize,
    /// Bits of the longitude.
    shift: u8,
    pub left: u8,
    lon: Number,
    lat: Number,
    /// All bits set where the steps are made backwards.
    flip: u32,
}

/// How a number is read: what its bits are, and what takes off the half that was added to make it positive.
#[derive(Clone, Copy, Debug, Default)]
struct Number {
    mask: u32,
    add: u32,
}

impl Number {
    #[inline]
    fn of(bits: usize, is_forward: bool) -> Self {
        let half = 1_u32 << (bits - 1);
        Self {
            mask: u32::MAX >> (32 - bits),
            // To turn all bits of a number makes it negative, and one less.
            add: if is_forward {
                half.wrapping_neg()
            } else {
                half.wrapping_add(1)
            },
        }
    }
}

impl Steps {
    /// The steps of the chunk that a reference says, in the direction that it says.
    #[inline]
    pub(super) fn by(chunks: &[u8], reference: u32) -> Self {
        let place = reference as usize >> 1;
        if reference & 1 == 0 {
            Self::forward(chunks, place).0
        } else {
            Self::backward(chunks, place)
        }
    }

    /// The steps of the chunk at a place, and where it ends.
    #[inline]
    pub(super) fn forward(chunks: &[u8], place: usize) -> (Self, usize) {
        Self::read(chunks, place, true)
    }

    /// The steps of the chunk at a place from its end to its start.
    #[inline]
    pub(super) fn backward(chunks: &[u8], place: usize) -> Self {
        let (steps, _) = Self::read(chunks, place, false);
        let last = usize::from(steps.left - 1) * steps.stride.unsigned_abs();
        Self {
            bit: steps.bit + last,
            stride: -steps.stride,
            flip: u32::MAX,
            ..steps
        }
    }

    #[inline]
    fn read(chunks: &[u8], place: usize, is_forward: bool) -> (Self, usize) {
        let header = usize::from(u16::from_le_bytes(bytes(chunks, place)));
        let (count, lon, lat) = (
            (header & 63) + 1,
            (header >> 6 & 31) + 1,
            (header >> 11) + 1,
        );
        let (bits, start) = (lon + lat, place + HEADER);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_possible_wrap,
            reason = "at most 64"
        )]
        let steps = Self {
            bit: start * 8,
            stride: bits as isize,
            shift: lon as u8,
            left: count as u8,
            lon: Number::of(lon, is_forward),
            lat: Number::of(lat, is_forward),
            flip: 0,
        };
        (steps, start + (count * bits).div_ceil(8))
    }

    /// Makes a step; `left` is the caller's to look at.
    #[inline]
    pub(super) fn step(&mut self, chunks: &[u8], at: Coord) -> Coord {
        let word = u64::from_le_bytes(bytes(chunks, self.bit >> 3)) >> (self.bit & 7);
        self.bit = self.bit.wrapping_add_signed(self.stride);
        self.left = self.left.wrapping_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "numbers of at most 32 bits"
        )]
        let moved = |at: i32, word: u64, number: Number| {
            let step = (word as u32 & number.mask ^ self.flip).wrapping_add(number.add);
            at.wrapping_add_unsigned(step)
        };
        Coord {
            lon: moved(at.lon, word, self.lon),
            lat: moved(at.lat, word >> (self.shift & 63), self.lat),
        }
    }
}

/// The bytes from a place on, zeros beyond the end.
#[inline]
fn bytes<const N: usize>(chunks: &[u8], place: usize) -> [u8; N] {
    let end = place.saturating_add(N);
    match chunks.get(place..end).and_then(<[u8]>::first_chunk) {
        Some(bytes) => *bytes,
        None => last_bytes(chunks, place),
    }
}

#[cold]
fn last_bytes<const N: usize>(chunks: &[u8], place: usize) -> [u8; N] {
    let mut bytes = [0; N];
    let rest = chunks.get(place..).unwrap_or_default();
    for (to, from) in bytes.iter_mut().zip(rest) {
        *to = *from;
    }
    bytes
}

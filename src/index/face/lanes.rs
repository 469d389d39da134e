//! Eight edges of a slot at once, where the machine can (AVX2).

use std::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm_setr_epi8, _mm256_abs_epi32, _mm256_and_si256,
    _mm256_andnot_si256, _mm256_broadcastsi128_si256, _mm256_castsi128_si256, _mm256_castsi256_ps,
    _mm256_cmpeq_epi32, _mm256_cmpgt_epi16, _mm256_cmpgt_epi32, _mm256_inserti128_si256,
    _mm256_madd_epi16, _mm256_max_epi16, _mm256_min_epi16, _mm256_movemask_ps, _mm256_mullo_epi16,
    _mm256_or_si256, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_sign_epi16, _mm256_srai_epi16, _mm256_sub_epi16, _mm256_xor_si256,
};

use crate::model::Coord;

use super::door::door;
use super::seek::Lanes;
use super::slot::{Crossed, HEAD, MIDDLE, REACH, Slot};
use super::{Face, FaceIndex, Then};

door! {
    /// Eight edges at once.
    Eight, "avx2,bmi1,bmi2,popcnt,lzcnt", "avx2" "bmi1" "bmi2" "popcnt" "lzcnt"
}

impl Lanes for Eight {
    #[inline(always)]
    fn sum(self, slot: &Slot<'_>, place: (i32, i32)) -> Option<u32> {
        slot.sum(self.compare(slot, place))
    }
}

impl Eight {
    /// What the edges of a slot are to a point; bits at which no edge begins may say anything.
    #[expect(clippy::unused_self, reason = "who has it has asked the machine")]
    #[inline(always)]
    fn compare(self, slot: &Slot<'_>, place: (i32, i32)) -> Crossed {
        #[expect(
            unsafe_code,
            reason = "half the time of a lookup in a batch, by the locate bench"
        )]
        // SAFETY: the machine was asked; the last of the 64 bytes of a slot that is read is `8 + 3 + 36 + 15`.
        unsafe {
            let vertices = slot.words.as_ptr().cast::<u8>().add(4 * HEAD);
            let all = _mm256_set1_epi32;
            // From the middle of coarse steps.
            let p = all((place.0 - MIDDLE) & 0xffff | (place.1 - MIDDLE) << 16);
            let (reach, beyond) = (_mm256_set1_epi16(REACH), _mm256_set1_epi16(-REACH));
            // From (x, y) to (y, -x): a sum of products is then the turn from one vertex to another around the point.
            let swapped = _mm256_broadcastsi128_si256(_mm_setr_epi8(
                2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,
            ));
            let signs = all(0xffff_0001_u32.cast_signed());
            let mut crossed = Crossed::default();
            for first in [0, 8] {
                let at = vertices.add(3 * first);
                let a = _mm256_sub_epi16(eight(at), p);
                let b = _mm256_sub_epi16(eight(at.add(3)), p);
                let turned = _mm256_sign_epi16(_mm256_shuffle_epi8(b, swapped), signs);
                let turn = _mm256_madd_epi16(a, turned);
                let (least, most) = (_mm256_min_epi16(a, b), _mm256_max_epi16(a, b));
                let low = _mm256_cmpgt_epi16(least, reach);
                let high = _mm256_cmpgt_epi16(beyond, most);
                let beside = _mm256_or_si256(low, high);
                let is_by = _mm256_cmpeq_epi32(beside, _mm256_setzero_si256());
                // Less than 2^15: the numbers of two vertices differ by less than 2^12.
                let size = _mm256_sub_epi16(most, least);
                let doubt = _mm256_madd_epi16(size, reach);
                let large = _mm256_cmpgt_epi32(_mm256_abs_epi32(turn), doubt);
                let spans = _mm256_xor_si256(a, b);
                let edges = _mm256_andnot_si256(_mm256_xor_si256(a, turn), spans);
                crossed.edges |= signs_of(edges) << first;
                crossed.up |= signs_of(a) << first;
                crossed.near |= signs_of(_mm256_andnot_si256(large, is_by)) << first;
            }
            crossed
        }
    }
}

/// Eight vertices from the three bytes of each, as words of two 16-bit numbers in 8ths.
///
/// # Safety
/// 40 bytes must be readable.
#[target_feature(enable = "avx2")]
#[inline]
#[expect(unsafe_code, reason = "vectors are read through pointers")]
unsafe fn eight(at: *const u8) -> __m256i {
    // SAFETY: 16 bytes from here, and from 12 further on.
    let (low, high) = unsafe {
        (
            _mm_loadu_si128(at.cast()),
            _mm_loadu_si128(at.add(12).cast()),
        )
    };
    let both = _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(low), high);
    let spread = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11,
    ));
    let words = _mm256_shuffle_epi8(both, spread);
    // The lower half has four bits of the other number above its own, the upper half has them below.
    let shifted = _mm256_mullo_epi16(words, _mm256_set1_epi32(0x0001_0010));
    // As 16ths.
    let numbers = _mm256_and_si256(shifted, _mm256_set1_epi32(0xfff0_fff0_u32.cast_signed()));
    _mm256_srai_epi16::<1>(numbers)
}

/// The signs of eight lanes.
#[target_feature(enable = "avx2")]
#[inline]
fn signs_of(lanes: __m256i) -> u32 {
    _mm256_movemask_ps(_mm256_castsi256_ps(lanes)).cast_unsigned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cell::Scale;
    use super::super::part::Part;
    use super::super::seek::One;
    use super::super::sixteen::Sixteen;
    use super::super::slot::WORDS;
    use super::*;

    /// Numbers that a slot can hold, many of them small.
    fn number() -> impl Strategy<Value = i32> {
        prop_oneof![-2048..2048, -3..3]
    }

    /// A point of a cell, in 8ths.
    fn place() -> impl Strategy<Value = i32> {
        prop_oneof![-8_192..8_192, -30..30]
    }

    proptest! {
        #[test]
        fn however_many_edges_are_compared_at_once_the_same_is_told(
            chains in prop::collection::vec(
                (any::<i32>(), prop::collection::vec((number(), number()), 2..9)),
                0..6,
            ),
            places in prop::collection::vec((place(), place()), 32),
        ) {
            let mut parts = Vec::new();
            let chains = chains.iter().map(|(step, vertices)| (*step, &vertices[..]));
            Part::deal(chains, &mut parts);
            for part in &parts {
                let words = part.words(7, Scale { x: 3, y: 4 }, None, part.size(false));
                let size = part.size(false);
                let slot = Slot { words: &words, size };
                prop_assert!(size <= WORDS);
                for &place in &places {
                    let one = One.sum(&slot, place);
                    if let Some(eight) = Eight::here() {
                        prop_assert_eq!(eight.sum(&slot, place), one);
                    }
                    if let Some(sixteen) = Sixteen::here() {
                        prop_assert_eq!(sixteen.sum(&slot, place), one);
                    }
                }
            }
        }
    }
}

//! Eight edges of a block at once, where the machine can (AVX2).
//!
//! Products of lattice numbers are taken in `f32`, whose error is known: where the sign is not sure, the block is summed again in
//! whole numbers.

use std::arch::x86_64::{
    __m256, __m256i, _CMP_LE_OQ, _mm256_add_ps, _mm256_and_ps, _mm256_castsi256_ps, _mm256_cmp_ps,
    _mm256_cmpgt_epi32, _mm256_cvtepi32_ps, _mm256_loadu_si256, _mm256_movemask_ps, _mm256_mul_ps,
    _mm256_set1_epi32, _mm256_set1_ps, _mm256_setzero_si256, _mm256_slli_epi32, _mm256_srai_epi32,
    _mm256_sub_epi32, _mm256_sub_ps,
};

use crate::model::Coord;

use super::block::{Block, MOST_VERTICES, Sum};
use super::seek::Lanes;
use super::{Face, FaceIndex};

/// Eight edges at once; to be called only where [`is_here`] is true.
#[derive(Clone, Copy, Debug)]
pub(super) struct Eight;

/// Whether this machine has what [`Eight`] needs.
pub(super) fn is_here() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("lzcnt")
}

/// A product of two numbers below 2^16 is within 2^7 of the true one in `f32`. A point of a wide cell may be farther from the
/// vertices than that; then an edge that spans its height has both ends on the same side of it, and two products of opposite
/// signs are subtracted, which cannot change the sign of the turn.
const NEAR_DOUBT: f32 = 512.0;
/// A product of numbers below 2^31, each rounded, is within its 2^22nd part of the true one.
const FAR_DOUBT: f32 = 1.0 / 1_048_576.0;

/// A bit for each vertex, or for each edge from a vertex to the next.
#[derive(Clone, Copy, Default)]
struct Bits {
    /// The vertex lies above the point.
    above: u64,
    /// The vertex lies below the point.
    below: u64,
    /// The point lies right of the edge.
    right: u64,
    /// The point may lie on the edge's line.
    unsure: u64,
}

impl Lanes for Eight {
    #[inline(always)]
    fn near(block: &Block<'_>, x: i32, y: i32) -> Sum {
        // Vertices are read in eights, and the one after them.
        if block.vertices().len() <= MOST_VERTICES {
            return block.sum_near(x, y);
        }
        #[expect(
            unsafe_code,
            reason = "half the time of a lookup in a batch, by the locate bench"
        )]
        // SAFETY: more words than the most vertices are in the words, and the machine was asked.
        let bits = unsafe { near_bits(block, x, y) };
        value(block, bits).unwrap_or_else(|| block.sum_near(x, y))
    }

    #[inline(always)]
    fn far(block: &Block<'_>, x: i32, y: i32) -> Sum {
        if block.vertices().len() <= 2 * MOST_VERTICES {
            return block.sum_far(x, y);
        }
        #[expect(unsafe_code, reason = "as for near blocks")]
        // SAFETY: more words than twice the most vertices are in the words, and the machine was asked.
        let bits = unsafe { far_bits(block, x, y) };
        value(block, bits).unwrap_or_else(|| block.sum_far(x, y))
    }
}

/// The face value by what the vertices' lanes say; `None` where a sign is not sure.
#[inline(always)]
fn value(block: &Block<'_>, bits: Bits) -> Option<Sum> {
    let Bits {
        above,
        below,
        right,
        unsure,
    } = bits;
    // Below the last end, all bits but the ends are edges.
    let edges = !block.ends & u64::MAX >> block.ends.leading_zeros();
    let beside = above & above >> 1 | below & below >> 1;
    if unsure & !beside & edges != 0 {
        return None;
    }
    let (up, down) = (!above & above >> 1, above & !(above >> 1));
    let mut crossed = (up & right | down & !right) & edges;
    let mut value = block.base;
    // Few blocks have more than three edges west of a point; that there are fewer is not worth a branch that is often missed.
    for _ in 0..3 {
        let bit = crossed & crossed.wrapping_neg();
        let chain = (block.ends & bit.wrapping_sub(1)).count_ones() as usize;
        // Without a crossing the chain is one after the last, where the vertices begin.
        let step = block.words[chain];
        let step = if up & bit == 0 {
            step
        } else {
            step.wrapping_neg()
        };
        value = value.wrapping_add(if bit == 0 { 0 } else { step });
        crossed ^= bit;
    }
    while crossed != 0 {
        let bit = crossed & crossed.wrapping_neg();
        let step = block.words[(block.ends & (bit - 1)).count_ones() as usize];
        value = if up & bit == 0 {
            value.wrapping_add(step)
        } else {
            value.wrapping_sub(step)
        };
        crossed ^= bit;
    }
    Some(Sum::Value(value))
}

/// The faces of all points.
#[target_feature(enable = "avx2,fma,bmi1,bmi2,popcnt,lzcnt")]
pub(super) fn find_all(index: &FaceIndex, points: &[Coord], faces: &mut [Face]) {
    index.find_all_with::<Eight>(points, faces);
}

/// The face of one point.
#[target_feature(enable = "avx2,fma,bmi1,bmi2,popcnt,lzcnt")]
pub(super) fn find(index: &FaceIndex, at: Coord) -> Face {
    index.find_with::<Eight>(at)
}

#[target_feature(enable = "avx2,fma,bmi1,bmi2,popcnt,lzcnt")]
#[expect(unsafe_code, reason = "vectors are read through pointers")]
#[inline]
unsafe fn near_bits(block: &Block<'_>, x: i32, y: i32) -> Bits {
    let (x, y) = (_mm256_set1_epi32(x), _mm256_set1_epi32(y));
    let mut bits = Bits::default();
    for first in (0..block.count).step_by(8) {
        // SAFETY: `first` is a multiple of 8 below 64, and there are more than 64 words.
        let (a, b) = unsafe {
            let at = block.vertices().as_ptr().add(first);
            (
                _mm256_loadu_si256(at.cast()),
                _mm256_loadu_si256(at.add(1).cast()),
            )
        };
        let from = |words| {
            let low = _mm256_srai_epi32::<16>(_mm256_slli_epi32::<16>(words));
            let high = _mm256_srai_epi32::<16>(words);
            (_mm256_sub_epi32(low, x), _mm256_sub_epi32(high, y))
        };
        let (a, b) = (from(a), from(b));
        let (right_product, left_product) = products(a, b);
        let turn = _mm256_sub_ps(left_product, right_product);
        let doubt = _mm256_set1_ps(NEAR_DOUBT);
        bits.note(first, a.1, turn, doubt);
    }
    bits
}

#[target_feature(enable = "avx2,fma,bmi1,bmi2,popcnt,lzcnt")]
#[expect(unsafe_code, reason = "vectors are read through pointers")]
#[inline]
unsafe fn far_bits(block: &Block<'_>, x: i32, y: i32) -> Bits {
    let (x, y) = (_mm256_set1_epi32(x), _mm256_set1_epi32(y));
    let mut bits = Bits::default();
    for first in (0..block.count).step_by(8) {
        // SAFETY: `first` is a multiple of 8 below 64, and there are more than 128 words.
        let [ax, bx, ay, by] = unsafe {
            let lon = block.vertices().as_ptr().add(first);
            let lat = lon.add(block.count);
            [lon, lon.add(1), lat, lat.add(1)].map(|at| _mm256_loadu_si256(at.cast()))
        };
        let from = |lon, lat| (_mm256_sub_epi32(lon, x), _mm256_sub_epi32(lat, y));
        let (a, b) = (from(ax, ay), from(bx, by));
        let (right_product, left_product) = products(a, b);
        let turn = _mm256_sub_ps(left_product, right_product);
        let size = _mm256_add_ps(absolute(left_product), absolute(right_product));
        let doubt = _mm256_mul_ps(size, _mm256_set1_ps(FAR_DOUBT));
        bits.note(first, a.1, turn, doubt);
    }
    bits
}

/// The two products whose difference is the turn from `a` to `b` around the point that both are relative to.
#[target_feature(enable = "avx2")]
#[inline]
fn products(a: (__m256i, __m256i), b: (__m256i, __m256i)) -> (__m256, __m256) {
    let real = |number| _mm256_cvtepi32_ps(number);
    (
        _mm256_mul_ps(real(a.1), real(b.0)),
        _mm256_mul_ps(real(a.0), real(b.1)),
    )
}

#[target_feature(enable = "avx2")]
#[inline]
fn absolute(lanes: __m256) -> __m256 {
    _mm256_and_ps(lanes, _mm256_castsi256_ps(_mm256_set1_epi32(i32::MAX)))
}

impl Bits {
    /// Takes down eight vertices from the `first` on: their heights above the point, the turns of the edges that begin there,
    /// and how small a turn is in doubt.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn note(&mut self, first: usize, heights: __m256i, turn: __m256, doubt: __m256) {
        let above = _mm256_cmpgt_epi32(heights, _mm256_setzero_si256());
        let small = _mm256_cmp_ps::<_CMP_LE_OQ>(absolute(turn), doubt);
        self.above |= signs(_mm256_castsi256_ps(above)) << first;
        self.below |= signs(_mm256_castsi256_ps(heights)) << first;
        self.right |= signs(turn) << first;
        self.unsure |= signs(small) << first;
    }
}

/// The signs of eight lanes.
#[target_feature(enable = "avx2")]
#[inline]
fn signs(lanes: __m256) -> u64 {
    u64::from(_mm256_movemask_ps(lanes).cast_unsigned())
}

//! All sixteen edges of a slot at once, where the machine can (AVX-512).

use std::arch::x86_64::{
    __m512i, _mm512_abs_epi32, _mm512_and_si512, _mm512_cmple_epi32_mask, _mm512_loadu_si512,
    _mm512_madd_epi16, _mm512_mask_sub_epi16, _mm512_mask_sub_epi32, _mm512_maskz_mov_epi32,
    _mm512_max_epi16, _mm512_min_epi16, _mm512_movepi32_mask, _mm512_mullo_epi16, _mm512_or_si512,
    _mm512_permutexvar_epi8, _mm512_permutexvar_epi32, _mm512_popcnt_epi32,
    _mm512_reduce_add_epi32, _mm512_rol_epi32, _mm512_set1_epi16, _mm512_set1_epi32,
    _mm512_setzero_si512, _mm512_srai_epi16, _mm512_srli_epi16, _mm512_sub_epi16, _mm512_sub_epi32,
    _mm512_subs_epi16, _mm512_test_epi32_mask,
};

use crate::model::Coord;

use super::door::door;
use super::seek::Lanes;
use super::slot::{Crossed, HEAD, MOST_VERTICES, REACH, Slot};
use super::{Face, FaceIndex, Then};

door! {
    /// Sixteen edges at once.
    Sixteen, "avx512f,avx512bw,avx512dq,avx512vbmi,avx512vpopcntdq,bmi1,bmi2,popcnt,lzcnt",
    "avx512f" "avx512bw" "avx512dq" "avx512vbmi" "avx512vpopcntdq" "bmi1" "bmi2" "popcnt" "lzcnt"
}

/// The bytes of a line that the vertices from the `first` on are spread from: three to a word, the middle one twice.
const fn spread(first: usize) -> [u8; 64] {
    let mut bytes = [0; 64];
    let mut lane = 0;
    while lane < MOST_VERTICES {
        #[expect(clippy::cast_possible_truncation, reason = "within a line")]
        let at = (4 * HEAD + 3 * (first + lane)) as u8;
        bytes[4 * lane] = at;
        bytes[4 * lane + 1] = at + 1;
        bytes[4 * lane + 2] = at + 1;
        bytes[4 * lane + 3] = at + 2;
        lane += 1;
    }
    bytes
}

/// For each vertex the bits of those before it.
const fn before() -> [u32; 16] {
    let mut bits = [0; 16];
    let mut lane = 0;
    while lane < MOST_VERTICES {
        bits[lane] = (1 << lane) - 1;
        lane += 1;
    }
    bits
}

const BEGINS: [u8; 64] = spread(0);
const ENDS: [u8; 64] = spread(1);
const BEFORE: [u32; 16] = before();

impl Lanes for Sixteen {
    #[inline(always)]
    fn compare(self, slot: &Slot<'_>, place: (i32, i32)) -> Crossed {
        #[expect(
            unsafe_code,
            reason = "half the time of a lookup in a batch, by the locate bench"
        )]
        // SAFETY: the machine was asked, and a slot is 64 bytes.
        unsafe {
            let line = _mm512_loadu_si512(slot.words.as_ptr().cast());
            let all = _mm512_set1_epi32;
            let p = all(place.0 & 0xffff | place.1 << 16);
            // The lower half has four bits of the other number above its own, the upper half has them below.
            let shift = all(0x0001_0010);
            let bits = all(0xfff0_fff0_u32.cast_signed());
            let vertices = |from: &[u8; 64]| {
                let spread =
                    _mm512_permutexvar_epi8(_mm512_loadu_si512(from.as_ptr().cast()), line);
                let sixteenths = _mm512_and_si512(_mm512_mullo_epi16(spread, shift), bits);
                _mm512_sub_epi16(_mm512_srai_epi16::<1>(sixteenths), p)
            };
            let (a, b) = (vertices(&BEGINS), vertices(&ENDS));
            // From (x, y) to (y, -x): a sum of products is then the turn from one vertex to another around the point.
            let turned = _mm512_rol_epi32::<16>(b);
            let turned = _mm512_mask_sub_epi16(turned, 0xaaaa_aaaa, _mm512_setzero_si512(), turned);
            let turn = _mm512_madd_epi16(a, turned);
            let (up, ends, right) = (
                _mm512_movepi32_mask(a),
                _mm512_movepi32_mask(b),
                _mm512_movepi32_mask(turn),
            );
            let (least, most) = (_mm512_min_epi16(a, b), _mm512_max_epi16(a, b));
            // Halved, the width and height fit their numbers; both are even.
            let size = _mm512_srli_epi16::<1>(_mm512_sub_epi16(most, least));
            let doubt = _mm512_madd_epi16(size, _mm512_set1_epi16(2 * REACH));
            let small = _mm512_cmple_epi32_mask(_mm512_abs_epi32(turn), doubt);
            let reach = _mm512_set1_epi16(REACH);
            let east = _mm512_subs_epi16(reach, least);
            let west = _mm512_subs_epi16(most, _mm512_set1_epi16(-REACH));
            let beside = _mm512_test_epi32_mask(
                _mm512_or_si512(east, west),
                all(0x8000_8000_u32.cast_signed()),
            );
            Crossed {
                edges: u32::from((up ^ ends) & !(up ^ right)),
                up: u32::from(up),
                near: u32::from(small & !beside),
            }
        }
    }

    #[inline(always)]
    fn steps(self, slot: &Slot<'_>, crossed: Crossed) -> u32 {
        #[expect(unsafe_code, reason = "no branch and no wait for the number of edges")]
        // SAFETY: as above.
        unsafe {
            let line = _mm512_loadu_si512(slot.words.as_ptr().cast());
            let before: __m512i = _mm512_loadu_si512(BEFORE.as_ptr().cast());
            let all = |number: u32| _mm512_set1_epi32(number.cast_signed());
            let chain = _mm512_popcnt_epi32(_mm512_and_si512(all(slot.ends()), before));
            #[expect(clippy::cast_possible_truncation, reason = "at most a line")]
            let places = _mm512_sub_epi32(all(slot.first_step() as u32), chain);
            let steps = _mm512_permutexvar_epi32(places, line);
            #[expect(clippy::cast_possible_truncation, reason = "one bit a lane")]
            let (edges, up) = (crossed.edges as u16, crossed.up as u16);
            let signed = _mm512_mask_sub_epi32(steps, up, _mm512_setzero_si512(), steps);
            _mm512_reduce_add_epi32(_mm512_maskz_mov_epi32(edges, signed)).cast_unsigned()
        }
    }
}

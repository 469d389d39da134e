//! All sixteen edges of a slot at once, where the machine can (AVX-512).

use std::arch::asm;
use std::arch::x86_64::{
    __m512i, __mmask16, _mm512_abs_epi32, _mm512_add_epi16, _mm512_alignr_epi32, _mm512_and_si512,
    _mm512_loadu_si512, _mm512_madd_epi16, _mm512_mask_cmple_epi32_mask, _mm512_mask_set1_epi16,
    _mm512_mask_sub_epi16, _mm512_mask_sub_epi32, _mm512_mask_test_epi32_mask,
    _mm512_mask_testn_epi32_mask, _mm512_maskz_permutexvar_epi32, _mm512_max_epi16,
    _mm512_min_epi16, _mm512_or_si512, _mm512_permutexvar_epi8, _mm512_popcnt_epi32,
    _mm512_reduce_add_epi32, _mm512_rol_epi32, _mm512_set1_epi16, _mm512_set1_epi32,
    _mm512_setzero_si512, _mm512_sllv_epi16, _mm512_srai_epi16, _mm512_sub_epi16, _mm512_sub_epi32,
    _mm512_ternarylogic_epi32, _mm512_test_epi32_mask,
};

use crate::model::Coord;

use super::door::door;
use super::seek::Lanes;
use super::slot::{HEAD, LINKED, MIDDLE, MOST_VERTICES, REACH, Slot};
use super::{Face, FaceIndex, Then};

door! {
    /// Sixteen edges at once.
    Sixteen, "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vpopcntdq,bmi1,bmi2,popcnt,lzcnt",
    "avx512f" "avx512bw" "avx512dq" "avx512vl" "avx512vbmi" "avx512vpopcntdq" "bmi1" "bmi2" "popcnt" "lzcnt"
}

/// The places of the bytes that the vertices of a line are spread from: three to a word, the middle one twice.
const fn spread() -> [u32; 16] {
    let mut places = [0; 16];
    let mut lane = 0;
    while lane < MOST_VERTICES {
        #[expect(clippy::cast_possible_truncation, reason = "within a line")]
        let at = (4 * HEAD + 3 * lane) as u8;
        places[lane] = u32::from_le_bytes([at, at + 1, at + 1, at + 2]);
        lane += 1;
    }
    places
}

/// What of a slot's second word comes before the step of each vertex: the ends of chains before it, and the words of a link.
const fn before() -> [u32; 16] {
    let mut bits = [0; 16];
    let mut lane = 0;
    while lane < MOST_VERTICES {
        bits[lane] = ((1 << lane) - 1) | LINKED;
        lane += 1;
    }
    bits
}

const SPREAD: [u32; 16] = spread();
const BEFORE: [u32; 16] = before();
const SIGN: i32 = i32::MIN;

/// The edges of a slot around a point: the vertices that they begin and end at, in 8ths from the point, longitudes in the lower
/// halves.
#[derive(Clone, Copy)]
struct Edges {
    a: __m512i,
    b: __m512i,
    /// How `b` turns around the point from `a`.
    turn: __m512i,
    /// Which there are.
    are: __mmask16,
}

impl Edges {
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    #[inline]
    fn new(line: __m512i, slot: &Slot<'_>, place: (i32, i32)) -> Self {
        let all = _mm512_set1_epi32;
        #[expect(clippy::cast_possible_truncation, reason = "within 2^13")]
        let (lon, lat) = (place.0 as i16, place.1 as i16);
        let point = _mm512_mask_set1_epi16(_mm512_set1_epi16(lon), 0xaaaa_aaaa, lat);
        let spread = _mm512_permutexvar_epi8(words(&SPREAD), line);
        // The lower half has four bits of the other number above its own, the upper half has them below.
        let eighths = _mm512_srai_epi16::<1>(_mm512_sllv_epi16(spread, all(4)));
        let (bits, middle) = (
            all(0xfff8_fff8_u32.cast_signed()),
            all(MIDDLE << 16 | MIDDLE),
        );
        // (eighths & bits) | middle.
        let vertices = _mm512_ternarylogic_epi32::<0xea>(eighths, bits, middle);
        let a = _mm512_sub_epi16(vertices, point);
        // The last of sixteen vertices begins no edge.
        let b = _mm512_alignr_epi32::<1>(a, a);
        // From (x, y) to (y, -x): a sum of products is then the turn from one vertex to another around the point.
        let turned = _mm512_rol_epi32::<16>(b);
        let turned = _mm512_mask_sub_epi16(turned, 0xaaaa_aaaa, _mm512_setzero_si512(), turned);
        #[expect(clippy::cast_possible_truncation, reason = "a bit for each vertex")]
        let are = slot.edges() as u16;
        Self {
            a,
            b,
            turn: _mm512_madd_epi16(a, turned),
            are,
        }
    }

    /// Those that are near the point.
    #[target_feature(enable = "avx512f,avx512bw")]
    #[inline]
    fn near(self) -> __mmask16 {
        let Self { a, b, turn, are } = self;
        let reach = _mm512_set1_epi16(REACH);
        let (least, most) = (_mm512_min_epi16(a, b), _mm512_max_epi16(a, b));
        // Less than 2^15: the numbers of two vertices differ by less than 2^12.
        let size = _mm512_sub_epi16(most, least);
        let doubt = _mm512_madd_epi16(size, reach);
        let small = _mm512_mask_cmple_epi32_mask(are, _mm512_abs_epi32(turn), doubt);
        let beside = _mm512_or_si512(
            _mm512_sub_epi16(reach, least),
            _mm512_add_epi16(most, reach),
        );
        let signs = _mm512_set1_epi32(0x8000_8000_u32.cast_signed());
        _mm512_mask_testn_epi32_mask(small, beside, signs)
    }

    /// The sum of the steps of those that the way from the far west crosses.
    #[target_feature(enable = "avx512f,avx512vpopcntdq")]
    #[inline]
    fn steps(self, line: __m512i, slot: &Slot<'_>) -> u32 {
        let Self { a, b, turn, are } = self;
        let all = |number: u32| _mm512_set1_epi32(number.cast_signed());
        let before = _mm512_popcnt_epi32(_mm512_and_si512(all(slot.words[1]), words(&BEFORE)));
        #[expect(clippy::cast_possible_truncation, reason = "at most a line")]
        let last = slot.size.wrapping_sub(1) as u32;
        let places = _mm512_sub_epi32(all(last), before);
        // (a ^ b) & !(a ^ turn) in the signs.
        let crossed = _mm512_ternarylogic_epi32::<0x24>(a, b, turn);
        let signs = _mm512_set1_epi32(SIGN);
        let crossed = _mm512_mask_test_epi32_mask(are, crossed, signs);
        let up = _mm512_test_epi32_mask(a, signs);
        let steps = _mm512_maskz_permutexvar_epi32(crossed, places, line);
        let signed = _mm512_mask_sub_epi32(steps, up, _mm512_setzero_si512(), steps);
        _mm512_reduce_add_epi32(signed).cast_unsigned()
    }
}

/// The words of a vector.
#[target_feature(enable = "avx512f")]
#[inline]
fn words(of: &[u32; 16]) -> __m512i {
    #[expect(unsafe_code, reason = "vectors are read through pointers")]
    // SAFETY: 16 words.
    unsafe {
        _mm512_loadu_si512(of.as_ptr().cast())
    }
}

/// The words of a slot. Hidden from the compiler, which would take single words from the vector that lie in memory as well.
#[target_feature(enable = "avx512f")]
#[inline]
fn line(slot: &Slot<'_>) -> __m512i {
    let line;
    #[expect(
        unsafe_code,
        reason = "a tenth of the time of one point, by the locate bench"
    )]
    // SAFETY: a slot is 64 bytes.
    unsafe {
        asm!(
            "vmovdqu64 {line}, [{from}]",
            line = lateout(zmm_reg) line,
            from = in(reg) slot.words.as_ptr(),
            options(pure, readonly, nostack, preserves_flags)
        );
    }
    line
}

impl Lanes for Sixteen {
    #[inline(always)]
    fn sum(self, slot: &Slot<'_>, place: (i32, i32)) -> Option<u32> {
        let base = slot.words[0];
        #[expect(
            unsafe_code,
            reason = "half the time of a lookup in a batch, by the locate bench"
        )]
        // SAFETY: the machine was asked.
        unsafe {
            let line = line(slot);
            let edges = Edges::new(line, slot, place);
            (edges.near() == 0).then(|| edges.steps(line, slot).wrapping_add(base))
        }
    }
}

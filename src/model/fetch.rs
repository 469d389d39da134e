//! Asking the memory ahead.

/// Asks the memory for the line of an item, and goes on; nothing where there is no such item.
#[expect(
    clippy::inline_always,
    reason = "a call would cost more than what it asks for"
)]
#[inline(always)]
pub(crate) fn fetch<T>(items: &[T], at: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(item) = items.get(at) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        #[expect(
            unsafe_code,
            reason = "without it a batch waits for each line: three times slower"
        )]
        // SAFETY: a prefetch reads nothing, and the address is that of an item.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(item).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (items, at);
}

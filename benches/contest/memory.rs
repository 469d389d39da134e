//! Bytes that live on the heap, counted while something is built and not while anything is timed.

#![expect(
    unsafe_code,
    reason = "an allocator is unsafe by its trait; this one only counts"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering::Relaxed};

/// The system's allocator, which counts where it is told to.
pub(crate) struct Counting;

static IS_ON: AtomicBool = AtomicBool::new(false);
static LIVE: AtomicIsize = AtomicIsize::new(0);

fn count(bytes: usize, sign: isize) {
    if IS_ON.load(Relaxed) {
        LIVE.fetch_add(sign * bytes.cast_signed(), Relaxed);
    }
}

// SAFETY: every call is handed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        // SAFETY: the caller keeps the trait's terms.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        // SAFETY: the caller keeps the trait's terms.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(layout.size(), -1);
        // SAFETY: the caller keeps the trait's terms.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(layout.size(), -1);
        count(size, 1);
        // SAFETY: the caller keeps the trait's terms.
        unsafe { System.realloc(at, layout, size) }
    }
}

/// Does something, and says by how many bytes the heap has grown.
pub(crate) fn grown<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = LIVE.load(Relaxed);
    IS_ON.store(true, Relaxed);
    let done = work();
    IS_ON.store(false, Relaxed);
    let grown = LIVE.load(Relaxed) - before;
    (done, grown.max(0).cast_unsigned())
}

//! Numbers as a tile's address: there if and only if its zoom has that column and row.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::tile::TileAddress;

fuzz_target!(|given: (u8, u32, u32)| {
    let (z, x, y) = given;
    let is_there = z <= 24 && u64::from(x.max(y)) < 1_u64 << z.min(63);
    assert_eq!(TileAddress::new(z, x, y).is_ok(), is_there);
});

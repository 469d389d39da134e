//! A tile whose bytes, as they are sent, stay within a bound: what is over it is drawn less singly.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::model::{Access, TileFormat, Time};
use crate::snapshot::LayerSnapshot;
use crate::tile::{Drawn, Dropped, Share, TileAddress, TileError, TileOptions, draw, mlt};

/// Most bytes of a tile as it is sent, gzipped: what tippecanoe allows too, and what a slow line carries in a second or two.
pub const MOST_BYTES: usize = 500_000;
/// Above this a tile is worth compressing, bytes; a smaller one fits a network packet as it is.
const WORTH: usize = 1024;
/// How often a tile is drawn, at most; the last time each layer is one point.
const ATTEMPTS: usize = 6;
/// Bytes that are compressed between two looks at the bound.
const PIECE: usize = 1 << 16;

/// A tile in a form, within the bound.
#[derive(Debug)]
pub(super) struct Bounded {
    pub(super) bytes: Vec<u8>,
    /// Where that is worth while.
    pub(super) gzip: Option<Vec<u8>>,
    pub(super) dropped: Vec<Dropped>,
}

/// What is drawn, and how it is packed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawing<'a> {
    pub(super) layers: &'a [&'a LayerSnapshot],
    pub(super) at: Time,
    pub(super) access: Access,
    pub(super) options: TileOptions<'a>,
    pub(super) format: TileFormat,
    pub(super) level: Compression,
}

impl Drawing<'_> {
    /// Draws a tile; while it is over the bound, so many features less as it is over. `None` where nothing is drawn.
    ///
    /// # Errors
    /// Where the tile cannot be encoded.
    pub(super) fn bounded(&self, address: TileAddress) -> Result<Option<Bounded>, TileError> {
        let mut options = self.options;
        for left in (0..ATTEMPTS).rev() {
            let drawn = draw(self.layers, address, self.at, self.access, &options)?;
            let Drawn {
                bytes: Some(bytes),
                dropped,
                shares,
            } = drawn
            else {
                return Ok(None);
            };
            let length = bytes.len();
            let bytes = match self.format {
                TileFormat::Mvt => bytes,
                TileFormat::Mlt => mlt(&bytes)?,
            };
            let bound = if left > 0 { MOST_BYTES } else { usize::MAX };
            match pack(&bytes, self.level, bound) {
                Packing::Fits(gzip) => {
                    return Ok(Some(Bounded {
                        bytes,
                        gzip,
                        dropped,
                    }));
                }
                Packing::Over { packed } if left > 1 => {
                    // A tenth less: fewer and larger features have more bytes each.
                    // Shares are those of the form in which it is drawn.
                    let room = packed as u128 * length as u128 / bytes.len().max(1) as u128;
                    let room = usize::try_from(room / 10 * 9).unwrap_or(usize::MAX);
                    options.most = most_within(&shares, options.most, room);
                }
                Packing::Over { .. } => options.most = 0,
            }
        }
        Ok(None)
    }
}

/// How many features a layer may have, fewer than now, so that all layers come to so many bytes.
fn most_within(shares: &[Share], now: usize, room: usize) -> usize {
    let bytes = |share: &Share, most: usize| {
        let features = share.features.max(1);
        share.bytes * most.min(features) / features
    };
    let fits = |most: usize| shares.iter().map(|one| bytes(one, most)).sum::<usize>() <= room;
    let (mut low, mut high) = (0, now);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if fits(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// What becomes of bytes that are packed.
pub(super) enum Packing {
    /// They are within the bound: gzipped, or as they are where gzip makes them no shorter.
    Fits(Option<Vec<u8>>),
    /// So many of them fill the bound.
    Over { packed: usize },
}

/// Packs bytes as long as they stay within a bound.
pub(super) fn pack(bytes: &[u8], level: Compression, bound: usize) -> Packing {
    let gzip = (bytes.len() > WORTH).then(|| gzip(bytes, level, bound));
    match gzip {
        Some(Err(packed)) => Packing::Over { packed },
        Some(Ok(Some(gzip))) => Packing::Fits(Some(gzip)),
        _ if bytes.len() > bound => Packing::Over { packed: bound },
        _ => Packing::Fits(None),
    }
}

/// Gzipped bytes; `None` where they are no shorter; an error with how many of them fill the bound where they are longer than that.
fn gzip(bytes: &[u8], level: Compression, bound: usize) -> Result<Option<Vec<u8>>, usize> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), level);
    let mut packed = 0;
    for piece in bytes.chunks(PIECE) {
        if encoder.write_all(piece).is_err() {
            return Ok(None);
        }
        packed += piece.len();
        if encoder.get_ref().len() > bound {
            return Err(packed);
        }
    }
    let Ok(gzip) = encoder.finish() else {
        return Ok(None);
    };
    if gzip.len() > bound {
        return Err(packed);
    }
    Ok((gzip.len() < bytes.len()).then_some(gzip))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn layers_with_many_features_give_way_to_those_with_few() {
        let share = |features, bytes| Share { features, bytes };
        let shares = [share(9000, 900_000), share(10, 50_000), share(0, 10)];
        assert_eq!(most_within(&shares, 10_000, 150_010), 1000);
        assert_eq!(most_within(&shares, 10_000, 40_000), 7);
        assert_eq!(most_within(&shares, 500, 900_000), 499);
    }

    /// Bytes that gzip makes hardly shorter.
    fn noise(count: u32) -> Vec<u8> {
        let mut state = 1_u64;
        let byte = |_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[4]
        };
        (0..count).map(byte).collect()
    }

    #[test]
    fn what_fits_comes_packed_and_what_is_over_says_how_much_of_it_fills_the_bound() {
        let bytes = vec![7; 300_000];
        let Packing::Fits(Some(gzip)) = pack(&bytes, Compression::fast(), MOST_BYTES) else {
            panic!("it fits");
        };
        let mut unpacked = Vec::new();
        GzDecoder::new(&*gzip).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, bytes);
        assert!(matches!(
            pack(&bytes[..99], Compression::fast(), 99),
            Packing::Fits(None)
        ));
        assert!(matches!(
            pack(&bytes[..99], Compression::fast(), 98),
            Packing::Over { packed: 98 }
        ));
        let Packing::Over { packed } = pack(&noise(1_000_000), Compression::fast(), 100_000) else {
            panic!("it is over");
        };
        assert!((50_000..1_000_000).contains(&packed), "{packed}");
    }
}

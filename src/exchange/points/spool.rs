//! Points that wait: 16 bytes each, in memory while they are few, beyond that in a file that has no name.

use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use tempfile::SpooledTempFile;

use super::{PIECE, RowPoint};
use crate::model::LonLat;

/// Bytes that are kept in memory: a million points.
const IN_MEMORY: usize = 16 << 20;
/// Stands in place of the longitude where text follows instead of a point; no number that is read is this.
const BAD: u64 = 0x7ff8_0000_0000_0bad;
/// Stands there where a row has no coordinates.
const NONE: u64 = 0x7ff8_0000_0000_0000;

/// Points being written, in order.
#[derive(Debug)]
pub struct PointSpool {
    out: BufWriter<SpooledTempFile>,
    count: u64,
    bytes: u64,
}

/// Points being read back.
#[derive(Debug)]
pub struct SpooledPoints(BufReader<SpooledTempFile>, u64);

impl Default for PointSpool {
    fn default() -> Self {
        let file = SpooledTempFile::new(IN_MEMORY);
        Self {
            out: BufWriter::with_capacity(64 << 10, file),
            count: 0,
            bytes: 0,
        }
    }
}

impl PointSpool {
    /// Appends a point.
    ///
    /// # Errors
    /// Where the temporary file cannot be written.
    pub fn push(&mut self, point: &RowPoint) -> io::Result<()> {
        self.count += 1;
        self.bytes += 16;
        match point {
            RowPoint::At(LonLat { lon, lat }) => self.pair(lon.to_bits(), lat.to_bits()),
            RowPoint::None => self.pair(NONE, 0),
            RowPoint::Bad(reason) => {
                self.pair(BAD, reason.len() as u64)?;
                self.bytes += reason.len() as u64;
                self.out.write_all(reason.as_bytes())
            }
        }
    }

    /// Bytes that wait.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn pair(&mut self, lon: u64, lat: u64) -> io::Result<()> {
        let mut pair = [0; 16];
        pair[..8].copy_from_slice(&lon.to_le_bytes());
        pair[8..].copy_from_slice(&lat.to_le_bytes());
        self.out.write_all(&pair)
    }

    /// Goes back to the first point.
    ///
    /// # Errors
    /// Where the temporary file cannot be written.
    pub fn rewind(self) -> io::Result<SpooledPoints> {
        let count = self.count;
        let mut file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(SpooledPoints(
            BufReader::with_capacity(64 << 10, file),
            count,
        ))
    }
}

impl SpooledPoints {
    /// Reads the next points, a piece at most; none after the last.
    ///
    /// # Errors
    /// Where the temporary file cannot be read.
    pub fn read(&mut self, points: &mut Vec<RowPoint>) -> io::Result<()> {
        points.clear();
        while points.len() < PIECE && self.1 > 0 {
            points.push(self.next()?);
            self.1 -= 1;
        }
        Ok(())
    }

    fn next(&mut self) -> io::Result<RowPoint> {
        let (lon, lat) = (self.number()?, self.number()?);
        Ok(match lon {
            BAD => {
                let mut reason = String::new();
                (&mut self.0).take(lat).read_to_string(&mut reason)?;
                RowPoint::Bad(reason.into())
            }
            NONE => RowPoint::None,
            _ => RowPoint::At(LonLat {
                lon: f64::from_bits(lon),
                lat: f64::from_bits(lat),
            }),
        })
    }

    fn number(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.0.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_come_back_as_they_went_from_memory_and_from_a_file() {
        for count in [0_usize, 3, PIECE + 1, 2 * IN_MEMORY / 16] {
            #[expect(clippy::cast_precision_loss, reason = "small test numbers")]
            let point = |n: usize| match n % 7 {
                5 => RowPoint::None,
                6 => RowPoint::Bad(format!("第{n}行").into()),
                _ => RowPoint::At(LonLat::new(n as f64, -0.0)),
            };
            let mut spool = PointSpool::default();
            for n in 0..count {
                spool.push(&point(n)).unwrap();
            }
            let mut spooled = spool.rewind().unwrap();
            let (mut piece, mut read) = (Vec::new(), 0);
            loop {
                spooled.read(&mut piece).unwrap();
                if piece.is_empty() {
                    break;
                }
                let are_same = piece.iter().enumerate().all(|(n, p)| *p == point(read + n));
                assert!(are_same, "behind {read} of {count}");
                read += piece.len();
            }
            assert_eq!(read, count);
        }
    }
}

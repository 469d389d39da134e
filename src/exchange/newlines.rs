//! Every end of a line as one line feed, so that lines are counted as an editor counts them.

use std::io::{self, Read};

/// Text of another reader with CRLF and CR as LF, and an LF at its very end.
pub(super) struct Newlines<R> {
    text: R,
    after_return: bool,
    is_ended: bool,
}

impl<R> Newlines<R> {
    pub(super) fn new(text: R) -> Self {
        Self {
            text,
            after_return: false,
            is_ended: true,
        }
    }

    /// Rewrites the bytes in place and answers how many are left.
    fn settle(&mut self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = bytes[at];
            let is_second = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if !is_second {
                bytes[kept] = if byte == b'\r' { b'\n' } else { byte };
                self.is_ended = bytes[kept] == b'\n';
                kept += 1;
            }
        }
        kept
    }
}

impl<R: Read> Read for Newlines<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            let read = self.text.read(out)?;
            if read == 0 {
                let last = usize::from(!self.is_ended);
                out[..last].fill(b'\n');
                self.is_ended = true;
                return Ok(last);
            }
            let kept = self.settle(&mut out[..read]);
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_one_way_wherever_the_reads_are_cut() {
        for size in 1..6 {
            let mut lines = Newlines::new(&b"a\r\nb\r\r\n\nc\rd"[..]);
            let mut out = Vec::<u8>::new();
            let mut piece = vec![0; size];
            loop {
                let read = lines.read(&mut piece).unwrap();
                if read == 0 {
                    break;
                }
                out.extend(&piece[..read]);
            }
            assert_eq!(out, b"a\nb\n\n\nc\nd\n", "{size}");
        }
    }
}

//! A window on bytes that arrive: what was read and is not yet taken stands in one piece.

use std::io::{self, Read};

/// Bytes that are read at once; also what a window holds at least.
const SIZE: usize = 256 << 10;

/// The bytes of an input from the first that was not taken to the last that was read.
pub(super) struct Window<R> {
    input: R,
    bytes: Vec<u8>,
    from: usize,
    to: usize,
    /// Bytes that were taken since the beginning.
    taken: u64,
    is_ended: bool,
}

impl<R: Read> Window<R> {
    /// A window on `head` and what `input` yields after it.
    pub(super) fn new(head: &[u8], input: R) -> Self {
        let mut bytes = vec![0; SIZE.max(head.len())];
        bytes[..head.len()].copy_from_slice(head);
        Self {
            input,
            bytes,
            from: 0,
            to: head.len(),
            taken: 0,
            is_ended: false,
        }
    }

    /// What the bytes come from.
    pub(super) fn input(&self) -> &R {
        &self.input
    }

    pub(super) fn held(&self) -> &[u8] {
        &self.bytes[self.from..self.to]
    }

    /// Drops the first bytes that are held.
    pub(super) fn take(&mut self, count: usize) {
        self.from = self.to.min(self.from + count);
        self.taken += count as u64;
    }

    /// How many bytes were taken.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// Whether nothing comes after what is held.
    pub(super) fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// Reads once behind what is held, which moves; at the end nothing.
    pub(super) fn read_on(&mut self) -> io::Result<()> {
        if self.from > 0 {
            self.bytes.copy_within(self.from..self.to, 0);
            self.to -= self.from;
            self.from = 0;
        }
        if self.to == self.bytes.len() {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        loop {
            match self.input.read(&mut self.bytes[self.to..]) {
                Ok(count) => {
                    self.is_ended = count == 0;
                    self.to += count;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Reads until `is_enough` of what was read, `most` bytes, or the end.
pub(super) fn head_of(
    input: &mut impl Read,
    most: usize,
    is_enough: impl Fn(&[u8]) -> bool,
) -> io::Result<Vec<u8>> {
    let mut head = vec![0; most];
    let mut filled = 0;
    while filled < most && !is_enough(&head[..filled]) {
        match input.read(&mut head[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(filled);
    Ok(head)
}

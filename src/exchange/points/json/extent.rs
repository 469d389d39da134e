//! Where a value of JSON ends, told from its brackets and quotes.

/// How far a value reaches, told from its brackets and quotes alone.
#[derive(Default)]
pub(super) struct Extent {
    at: usize,
    depth: usize,
    in_text: bool,
}

impl Extent {
    /// Where the value ends with which `bytes` begin, of which a part may have been looked at before.
    pub(super) fn of(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\\' if self.in_text => self.at += 1,
                b'"' => {
                    self.in_text = !self.in_text;
                    if !self.in_text && self.depth == 0 {
                        return Some(self.at + 1);
                    }
                }
                _ if self.in_text => {}
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' | b',' if self.depth == 0 => return Some(self.at),
                b']' | b'}' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(self.at + 1);
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        None
    }

    /// Lets go what was looked at of `held` bytes and answers how many these are: they may be dropped.
    pub(super) fn forget(&mut self, held: usize) -> usize {
        let looked = self.at.min(held);
        self.at -= looked;
        looked
    }
}

/// Whether each bracket that opens is closed by one of its kind.
pub(super) fn has_pairs(bytes: &[u8]) -> bool {
    let mut open = Vec::new();
    let mut bytes = bytes.iter();
    let mut in_text = false;
    while let Some(&byte) = bytes.next() {
        match byte {
            b'\\' if in_text => drop(bytes.next()),
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            b']' | b'}' if open.pop() != Some(byte) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// How many blanks of JSON stand at the beginning.
pub(super) fn blanks(bytes: &[u8]) -> usize {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    bytes.iter().take_while(is_blank).count()
}

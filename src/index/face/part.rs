//! A cell's edges on their way into a slot, and into the parts that it links to.

use std::ops::Range;

use super::cell::{COARSE, Scale};
use super::slot::{EIGHTHS, HEAD, Kind, Link, MIDDLE, MOST_VERTICES, REACH, Reached, WORDS, rough};

impl Reached {
    /// By the edges of a part, and of what others reach.
    fn by(part: &Part, others: Option<Self>) -> Self {
        let mut reached = others.unwrap_or(Self {
            west: i8::MAX,
            south: i8::MAX,
            north: i8::MIN,
        });
        let outward = |coarse: i32, by: i16| {
            let number = rough((coarse << EIGHTHS) + MIDDLE + i32::from(by));
            i8::try_from(number).unwrap_or(if number < 0 { i8::MIN } else { i8::MAX })
        };
        for &(x, y) in &part.vertices[..part.count] {
            reached.west = reached.west.min(outward(x, -REACH));
            reached.south = reached.south.min(outward(y, -REACH));
            reached.north = reached.north.max(outward(y, REACH));
        }
        reached
    }
}

/// What follows a part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest {
    link: Link,
    reached: Reached,
}

impl Rest {
    /// A part that lies at a place, and what follows it.
    pub(super) fn of(part: &Part, link: Link, rest: Option<Self>) -> Self {
        Self {
            link,
            reached: Reached::by(part, rest.map(|rest| rest.reached)),
        }
    }
}

/// A chain among the vertices of a cell, and the ground that it can matter to: at its heights, not west of it.
#[derive(Clone, Debug)]
pub(super) struct Spanned {
    step: i32,
    vertices: Range<usize>,
    west: i32,
    south: i32,
    north: i32,
}

impl Spanned {
    pub(super) fn new(step: i32, vertices: Range<usize>, all: &[(i32, i32)]) -> Self {
        let mut chain = Self {
            step,
            vertices,
            west: i32::MAX,
            south: i32::MAX,
            north: i32::MIN,
        };
        for &(x, y) in &all[chain.vertices.clone()] {
            chain.west = chain.west.min(x);
            chain.south = chain.south.min(y);
            chain.north = chain.north.max(y);
        }
        chain
    }
}

/// A slot's edges before they are written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    steps: [i32; WORDS],
    chains: usize,
    ends: u32,
    vertices: [(i32, i32); MOST_VERTICES],
    count: usize,
}

impl Part {
    /// Whether so many more vertices and chains have room in a slot, and a link where one must follow.
    fn has_room(&self, vertices: usize, chains: usize, link: bool) -> bool {
        has_room(self.count + vertices, self.chains + chains, link)
    }

    fn end(&mut self) {
        if let Some(last) = self.count.checked_sub(1) {
            self.ends |= 1 << last;
        }
    }

    /// How many words it takes.
    pub(super) fn size(&self, link: bool) -> usize {
        size(self.count, self.chains, link)
    }

    fn begin(&mut self, step: i32, vertex: (i32, i32)) {
        self.steps[self.chains] = step;
        self.chains += 1;
        self.push(vertex);
    }

    fn push(&mut self, vertex: (i32, i32)) {
        self.vertices[self.count] = vertex;
        self.count += 1;
    }

    /// Deals chains out to as many parts as they need, in that order in which what has no room in the first part matters to the
    /// least ground. `orders`: memory to sort in.
    pub(super) fn deal_best(
        chains: &[Spanned],
        vertices: &[(i32, i32)],
        [best, order]: &mut [Vec<(i64, usize)>; 2],
        parts: &mut Vec<Self>,
    ) {
        let dealt = |chain: &Spanned| (chain.step, &vertices[chain.vertices.clone()]);
        let all = chains.iter().map(|chain| chain.vertices.len()).sum();
        if has_room(all, chains.len(), false) {
            return Self::deal(chains.iter().map(dealt), parts);
        }
        // The rest in the east, in the north, in the south; always in one order, whatever it was before.
        let mut least = i64::MAX;
        for key in [
            |chain: &Spanned| chain.west,
            |chain: &Spanned| chain.south,
            |chain: &Spanned| -chain.north,
        ] {
            order.clear();
            order.extend(chains.iter().enumerate().map(|(number, chain)| {
                // By the key, and then by where they begin among fewer than 2^32 vertices.
                let start = i64::try_from(chain.vertices.start).unwrap_or(i64::MAX);
                (i64::from(key(chain)) << 32 | start, number)
            }));
            order.sort_unstable();
            let rest = Self::rest_of(order.iter().map(|&(_, number)| &chains[number]));
            if rest < least {
                least = rest;
                std::mem::swap(best, order);
            }
        }
        let chains = best.iter().map(|&(_, number)| dealt(&chains[number]));
        Self::deal(chains, parts);
    }

    /// To how much ground the chains matter that have no room in the first part, in squares of coarse steps.
    fn rest_of<'a>(chains: impl Iterator<Item = &'a Spanned>) -> i64 {
        let (mut vertices, mut count) = (0, 0);
        let has_room = |chain: &&Spanned| {
            vertices += chain.vertices.len();
            count += 1;
            has_room(vertices, count, true)
        };
        let rest = chains.skip_while(has_room);
        let ground = rest.map(|chain| (chain.west, chain.south, chain.north));
        let ground = ground.reduce(|one, other| {
            let (west, south) = (one.0.min(other.0), one.1.min(other.1));
            (west, south, one.2.max(other.2))
        });
        let half = 1 << COARSE;
        ground.map_or(0, |(west, south, north)| {
            let wide = half - west.max(-half);
            let high = north.min(half) - south.max(-half);
            i64::from(wide.max(0)) * i64::from(high.max(0))
        })
    }

    /// Deals chains, given by their steps and coarse vertices, out to as many parts as they need.
    pub(super) fn deal<'a>(
        chains: impl Iterator<Item = (i32, &'a [(i32, i32)])> + Clone,
        parts: &mut Vec<Self>,
    ) {
        let all = chains.clone().map(|(_, vertices)| vertices.len()).sum();
        let link = !has_room(all, chains.clone().count(), false);
        parts.clear();
        let mut part = Self::default();
        for (step, vertices) in chains {
            let mut is_open = false;
            for &[from, to] in vertices.array_windows() {
                let (vertices, chains) = if is_open { (1, 0) } else { (2, 1) };
                if link && !part.has_room(vertices, chains, link) {
                    part.end();
                    parts.push(std::mem::take(&mut part));
                    is_open = false;
                }
                if !is_open {
                    part.begin(step, from);
                    is_open = true;
                }
                part.push(to);
            }
            part.end();
        }
        parts.push(part);
    }

    /// The words of the part, whose steps end at the word `end`.
    pub(super) fn words(
        &self,
        base: i32,
        scale: Scale,
        rest: Option<Rest>,
        end: usize,
    ) -> [u32; WORDS] {
        let mut words = [0; WORDS];
        let kind = if rest.is_some() {
            Kind::Part
        } else {
            Kind::Whole
        };
        words[0] = base.cast_unsigned();
        let beyond = 0xffff << self.count & 0xffff;
        words[1] = kind.meta_of(self.ends | beyond, scale);
        // Three bytes each, four vertices to three words.
        for (vertices, words) in self.vertices[..self.count]
            .chunks(4)
            .zip(words[HEAD..].chunks_mut(3))
        {
            let mut four = [0; 4];
            for (number, &(x, y)) in four.iter_mut().zip(vertices) {
                *number = x.cast_unsigned() & 0xfff | (y.cast_unsigned() & 0xfff) << 12;
            }
            let [a, b, c, d] = four;
            let three = [a | b << 24, b >> 8 | c << 16, c >> 16 | d << 8];
            for (word, bits) in words.iter_mut().zip(three) {
                *word = bits;
            }
        }
        let steps = self.steps[..self.chains]
            .iter()
            .map(|step| step.cast_unsigned());
        let rest = rest.map(|Rest { link, reached }| [link.word(), reached.word()]);
        let back = rest.into_iter().flatten().chain(steps);
        for (at, word) in back.enumerate() {
            words[end - 1 - at] = word;
        }
        words
    }
}

/// Words of so many vertices and chains.
fn size(vertices: usize, chains: usize, link: bool) -> usize {
    HEAD + (3 * vertices).div_ceil(4) + chains + if link { 2 } else { 0 }
}

/// Whether so many vertices and chains have room in a slot, and a link where one must follow.
fn has_room(vertices: usize, chains: usize, link: bool) -> bool {
    vertices <= MOST_VERTICES && size(vertices, chains, link) <= WORDS
}

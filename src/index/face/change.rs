//! From an index to the one after a change: only the tiles that it touches are built anew, all others are shared.

use std::sync::Arc;

use crate::model::Bounds;

use super::slab::{Line, Place, Slab, pack};
use super::tile::{Built, Square};
use super::{Face, FaceIndex, Grids, Tile, build_tiles};

/// An index of no more tiles that grids grow out of is planned anew, for the ground that they have now.
const FEW_TILES: usize = 8;
/// Fewer tiles are not worth another thread.
const TILES_PER_THREAD: usize = 4;

impl FaceIndex {
    /// The index after grids have changed within these boxes, which hold both what they were and what they are. Only the tiles
    /// there are built anew, with up to so many threads.
    #[must_use]
    pub fn changed(&self, grids: &Grids<'_>, boxes: &[Bounds], threads: usize) -> Self {
        let is_wider = self.overview.beyond() == Face::ASK;
        let may_reach = is_wider || !boxes.iter().all(|bounds| self.root.holds(*bounds));
        let is_left = may_reach && self.root.is_left_by(grids);
        if is_left
            && self.tiles.len() <= FEW_TILES
            && let Some(anew) = Self::build(grids, threads)
        {
            return anew;
        }
        let touched = self.touched(boxes);
        let squares: Vec<Square> = touched.iter().map(|&at| self.squares[at]).collect();
        let threads = threads.min(touched.len().div_ceil(TILES_PER_THREAD));
        let built = build_tiles(grids, &squares, self.root.frame, threads);
        let mut next = self.clone();
        next.replace(&touched, &built, threads);
        if is_left != is_wider {
            let beyond = if is_left { Face::ASK } else { Face::NONE };
            Arc::make_mut(&mut next.overview).say_beyond(&self.root, beyond);
        }
        next
    }

    /// The numbers of the tiles that boxes touch, ascending.
    fn touched(&self, boxes: &[Bounds]) -> Vec<usize> {
        let mut is_touched = vec![false; self.tiles.len()];
        for &bounds in boxes {
            if self.root.cells_near(bounds) > self.tiles.len() {
                for (is_touched, square) in is_touched.iter_mut().zip(&*self.squares) {
                    *is_touched |= bounds.meets(square.area().bounds(0));
                }
            } else {
                let each = |tile: u32| is_touched[tile as usize] = true;
                self.root.each_tile(bounds, each);
            }
        }
        let numbers = is_touched.iter().enumerate();
        numbers
            .filter_map(|(tile, is_touched)| is_touched.then_some(tile))
            .collect()
    }

    /// Puts tiles that were built anew into the places of the former ones, together with those of slabs that are mostly dead or
    /// not much larger, by so many threads.
    pub(super) fn replace(&mut self, touched: &[usize], built: &[Built], threads: usize) {
        let mut fresh: Vec<Option<&Built>> = vec![None; self.tiles.len()];
        for (&tile, built) in touched.iter().zip(built) {
            fresh[tile] = Some(built);
        }
        let is_left = self.slabs_left(&fresh);
        let is_moved = |tile: &Tile| is_left.get(tile.place.slab as usize) == Some(&false);
        // In the order of the ground.
        let copied = (0..self.tiles.len()).filter_map(|at| match fresh[at] {
            Some(Built::Even(_)) => None,
            Some(Built::Cut { lines, .. }) => Some((at, &lines[..])),
            None => is_moved(&self.tiles[at]).then(|| (at, self.lines(at))),
        });
        let (copied, lines): (Vec<usize>, Vec<&[Line]>) = copied.unzip();
        let (slabs, places) = pack(&lines, threads);
        self.drop_slabs(&is_left);
        for (&at, built) in touched.iter().zip(built) {
            self.tiles[at] = Tile::of(self.squares[at], built);
            self.lengths[at] = built.length();
        }
        let first = u32::try_from(self.slabs.len()).expect("fewer slabs than tiles");
        for (&at, place) in copied.iter().zip(&places) {
            let slab = first + place.slab;
            self.tiles[at].place = Place { slab, ..*place };
        }
        self.slabs.extend(slabs);
        self.look_over(touched, built);
    }

    /// Brings what lookups see first up to the tiles that were built anew.
    fn look_over(&mut self, touched: &[usize], built: &[Built]) {
        let tiles = touched.iter().zip(built);
        let changes = tiles.flat_map(|(&at, built)| {
            let tile = u32::try_from(at).expect("fewer tiles than 2^30");
            self.overview.changes(self.squares[at], tile, built)
        });
        let changes: Vec<_> = changes.collect();
        if !changes.is_empty() {
            Arc::make_mut(&mut self.overview).change(&changes);
        }
    }

    /// Which slabs stay as they are. More than two thirds of each of them are alive, and it is more than twice as large as what
    /// is written now: so there are few, and each word is copied few times.
    fn slabs_left(&self, fresh: &[Option<&Built>]) -> Vec<bool> {
        let mut alive = vec![0; self.slabs.len()];
        let mut written = 0;
        for ((tile, &length), fresh) in self.tiles.iter().zip(&self.lengths).zip(fresh) {
            match (fresh, alive.get_mut(tile.place.slab as usize)) {
                (Some(built), _) => written += built.length() as usize,
                (None, Some(alive)) => *alive += length as usize,
                (None, None) => {}
            }
        }
        let is_alive = |(slab, alive): (&Slab, &usize)| alive * 3 > slab.filled() * 2;
        let mut is_left: Vec<bool> = self.slabs.iter().zip(&alive).map(is_alive).collect();
        let moved = alive.iter().zip(&is_left);
        written += moved
            .filter_map(|(alive, is_left)| (!is_left).then_some(alive))
            .sum::<usize>();
        let mut by_size: Vec<usize> = (0..alive.len()).filter(|&slab| is_left[slab]).collect();
        by_size.sort_unstable_by_key(|&slab| alive[slab]);
        for slab in by_size {
            if alive[slab] > 2 * written {
                break;
            }
            is_left[slab] = false;
            written += alive[slab];
        }
        is_left
    }

    /// Drops the slabs that do not stay; the others move up.
    fn drop_slabs(&mut self, is_left: &[bool]) {
        let mut next = 0;
        let moved: Vec<u32> = is_left
            .iter()
            .map(|&is_left| {
                next += u32::from(is_left);
                next.wrapping_sub(1)
            })
            .collect();
        for tile in &mut self.tiles {
            if let Some(&moved) = moved.get(tile.place.slab as usize) {
                tile.place.slab = moved;
            }
        }
        let mut is_left = is_left.iter();
        self.slabs.retain(|_| is_left.next() == Some(&true));
    }

    fn lines(&self, tile: usize) -> &[Line] {
        let Place { slab, start } = self.tiles[tile].place;
        &self.slabs[slab as usize].lines()[start as usize..][..self.lengths[tile] as usize]
    }
}

//! The face index against each grid's own exact test, on ground with holes, islands, gaps and overlaps.

use proptest::prelude::*;
use wangge::index::{BoundsTree, Face, FaceIndex, Grids, Holders};
use wangge::model::{Backward, Bounds, Coord, Geometry, Side, turn};

use crate::locate::ground::{Probe, Scale, ground, probe, province, scale, village};
use crate::locate::slips::slipped_ground;

/// Grids with the index of them, as it is built or as it has become.
pub(crate) struct Indexed {
    shapes: Vec<Option<Geometry>>,
    tree: BoundsTree,
    pub(crate) index: FaceIndex,
}

fn tree_of(shapes: &[Option<Geometry>]) -> BoundsTree {
    let nowhere = Bounds::of(Coord {
        lon: 0,
        lat: -900_000_000,
    });
    let bounds = |shape: &Option<Geometry>| shape.as_ref().map_or(nowhere, Geometry::bounds);
    BoundsTree::build(shapes.iter().map(bounds))
}

impl Indexed {
    pub(crate) fn build(shapes: Vec<Option<Geometry>>) -> Self {
        let tree = tree_of(&shapes);
        let geometry = |grid: usize| shapes[grid].as_ref();
        let index = FaceIndex::build(&Grids::new(&tree, &geometry, shapes.len()), 2).unwrap();
        Self {
            shapes,
            tree,
            index,
        }
    }

    /// One grid takes another shape, or goes, or comes.
    pub(crate) fn redraw(&mut self, grid: usize, shape: Option<Geometry>) {
        self.redraw_all([(grid, shape)]);
    }

    /// Many grids change at once.
    fn redraw_all(&mut self, shapes: impl IntoIterator<Item = (usize, Option<Geometry>)>) {
        let mut boxes: Vec<Bounds> = Vec::new();
        for (grid, shape) in shapes {
            let old = std::mem::replace(&mut self.shapes[grid], shape);
            let both = [old.as_ref(), self.shapes[grid].as_ref()];
            boxes.extend(both.into_iter().flatten().map(Geometry::bounds));
        }
        self.tree = tree_of(&self.shapes);
        let geometry = |grid: usize| self.shapes[grid].as_ref();
        self.index = self.index.changed(
            &Grids::new(&self.tree, &geometry, self.shapes.len()),
            &boxes,
            2,
        );
    }

    /// What must be answered: the grid that alone holds the point, not on its border; nothing; or that it must be asked.
    fn expected(&self, at: Coord) -> Face {
        let side = |grid: usize| {
            let shape = self.shapes[grid].as_ref();
            shape.map_or(Side::Outside, |shape| shape.side(at))
        };
        let near = self.tree.holding(at).map(|grid| (grid, side(grid)));
        let found: Vec<(usize, Side)> = near.filter(|(_, side)| *side != Side::Outside).collect();
        match found[..] {
            [] => Face::NONE,
            [(grid, Side::Inside)] => Face::of_grid(u32::try_from(grid).unwrap()),
            _ => Face::ASK,
        }
    }

    /// How near an edge the vertices of its ground, a thousand to the side of a cell, cannot tell its sides: a 128th of the ground,
    /// and two steps.
    fn blur(&self) -> f64 {
        let shapes = self.shapes.iter().flatten();
        let ground = shapes.map(Geometry::bounds).reduce(Bounds::union);
        ground.map_or(0.0, |ground| {
            let wide = f64::from(ground.max.lon) - f64::from(ground.min.lon);
            let high = f64::from(ground.max.lat) - f64::from(ground.min.lat);
            wide.max(high) / 128.0 + 2.0
        })
    }

    /// Whether a point is no farther from an edge.
    fn is_near_edge(&self, at: Coord, blur: f64) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "a 128th of the Earth")]
        let reach = blur.ceil() as i32;
        let near = Bounds {
            min: Coord {
                lon: at.lon.saturating_sub(reach),
                lat: at.lat.saturating_sub(reach),
            },
            max: Coord {
                lon: at.lon.saturating_add(reach),
                lat: at.lat.saturating_add(reach),
            },
        };
        let shapes = self.tree.meeting(near);
        let shapes = shapes.filter_map(|grid| self.shapes[grid].as_ref());
        let mut edges = shapes.flat_map(Geometry::edges);
        edges.any(|(a, b)| distance(at, a, b) <= blur)
    }

    /// Whether a grid winds otherwise than once or not at all around a point, or a box in which it winds backward is near.
    fn is_crooked_at(&self, at: Coord, blur: f64) -> bool {
        let off = |low: i32, at: i32, high: i32| f64::from(at.clamp(low, high)) - f64::from(at);
        let is_near = |bounds: Bounds| {
            let (min, max) = (bounds.min, bounds.max);
            let (lon, lat) = (off(min.lon, at.lon, max.lon), off(min.lat, at.lat, max.lat));
            lon.abs().max(lat.abs()) <= blur
        };
        let mut crooked = self
            .shapes
            .iter()
            .flatten()
            .filter(|shape| shape.is_crooked());
        crooked.any(|shape| match Backward::places(shape) {
            _ if !(0..=1).contains(&winding(shape, at)) => true,
            None => is_near(shape.bounds()),
            Some(places) => places.iter().any(|place| is_near(place.bounds)),
        })
    }

    /// All ways to ask answer alike; where `may_ask`, also that a crowded place must be asked, never anything wrong.
    pub(crate) fn check(&self, points: &[Coord], may_ask: bool) -> Result<(), TestCaseError> {
        let mut faces = vec![Face::NONE; points.len()];
        self.index.find_all(points, &mut faces);
        let mut portable = faces.clone();
        self.index.find_all_portably(points, &mut portable);
        prop_assert_eq!(&faces, &portable);
        let blur = self.blur();
        for (&at, &face) in points.iter().zip(&faces) {
            prop_assert_eq!(face, self.index.find(at), "{:?}", at);
            let expected = self.expected(at);
            let is_near = || may_ask || self.is_near_edge(at, blur) || self.is_crooked_at(at, blur);
            let is_right = face == expected || face == Face::ASK && is_near();
            prop_assert!(is_right, "{:?}: {:?}, not {:?}", at, face, expected);
            if face == Face::ASK {
                self.check_doubt(at)?;
            }
        }
        Ok(())
    }

    /// What is known of a point that may have to be asked is so, and helps to the same sides.
    fn check_doubt(&self, at: Coord) -> Result<(), TestCaseError> {
        let doubt = self.index.doubt(at);
        let beside = self.index.beside(at, &doubt);
        if doubt.holders == Holders::Any && beside.is_none() {
            return Ok(());
        }
        let near = self.tree.holding(at);
        let near = near.filter_map(|grid| Some((grid, self.shapes[grid].as_ref()?)));
        let near: Vec<(usize, &Geometry, Side)> = near
            .map(|(grid, shape)| (grid, shape, shape.side(at)))
            .collect();
        let has_border = near.iter().any(|(_, _, side)| *side == Side::Border);
        let inside = near.iter().filter(|(_, _, side)| *side == Side::Inside);
        let inside: Vec<usize> = inside.map(|(grid, _, _)| *grid).collect();
        match doubt.holders {
            Holders::One(_) => prop_assert!(has_border || inside.len() == 1, "{:?}", at),
            Holders::Two(sum) => {
                let sum = sum as usize;
                let winds_twice = |&(grid, shape, _): &(usize, &Geometry, Side)| {
                    2 * grid == sum && shape.is_crooked()
                };
                let grids = near.iter().map(|(grid, _, _)| *grid);
                let pairs = grids.clone().filter(|grid| {
                    let mut others = grids.clone();
                    others.any(|other| *grid < other && grid + other == sum)
                });
                if pairs.count() == 1 && !near.iter().any(winds_twice) {
                    let found = (has_border, inside.len(), inside.iter().sum());
                    prop_assert_eq!(found, (false, 2, sum), "{:?}", at);
                }
            }
            Holders::Any => {}
        }
        if let Some((beside, face)) = beside {
            prop_assert!(beside.lon == at.lon || beside.lat == at.lat);
            prop_assert_eq!(face, self.expected(beside), "{:?}", beside);
            for (grid, shape, side) in near {
                let is_inside = face.grid() == u32::try_from(grid).ok();
                prop_assert_eq!(shape.side_by(at, beside, is_inside), side, "{:?}", at);
            }
        }
        Ok(())
    }
}

/// How often a polygon winds around a point that is on none of its edges.
pub(crate) fn winding(polygon: &Geometry, p: Coord) -> i32 {
    let times = polygon.edges().map(|(a, b)| {
        // Where the edge crosses the height of the point, from it eastward.
        let is_east = (turn(a, b, p) > 0) == (a.lat < b.lat);
        match (a.lat <= p.lat, b.lat <= p.lat) {
            (true, false) if is_east => 1,
            (false, true) if is_east => -1,
            _ => 0,
        }
    });
    times.sum()
}

/// Steps from a point to an edge.
pub(crate) fn distance(at: Coord, a: Coord, b: Coord) -> f64 {
    let from = |to: Coord| {
        (
            f64::from(to.lon) - f64::from(at.lon),
            f64::from(to.lat) - f64::from(at.lat),
        )
    };
    let ((ax, ay), (bx, by)) = (from(a), from(b));
    let (dx, dy) = (bx - ax, by - ay);
    let along = (-(ax * dx + ay * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (ax + along * dx).hypot(ay + along * dy)
}

/// Where nothing is asked without need: grids are larger than a few metres and smaller than a tenth of the Earth.
fn may_ask(scale: Scale) -> bool {
    !(1_000..5_000_000).contains(&scale.unit())
}

fn case() -> impl Strategy<Value = (Scale, Vec<Geometry>, Vec<Probe>)> {
    let scales = prop_oneof![3 => scale(), 1 => Just(village()), 1 => Just(province())];
    scales.prop_flat_map(|scale| {
        let ground = prop_oneof![ground(scale), slipped_ground(scale)];
        let shapes = ground.prop_map(|ground| {
            ground
                .levels
                .into_iter()
                .flatten()
                .map(|feature| feature.geometry)
                .collect()
        });
        (Just(scale), shapes, prop::collection::vec(probe(), 64))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn every_lattice_point_has_the_face_that_the_grids_say(
        (scale, mut shapes, probes) in case(),
        turned in any::<bool>(),
    ) {
        if turned {
            shapes.reverse();
        }
        let points: Vec<Coord> = {
            let shapes: Vec<&Geometry> = shapes.iter().collect();
            probes.iter().map(|probe| probe.coord(scale, &shapes)).collect()
        };
        let indexed = Indexed::build(shapes.into_iter().map(Some).collect());
        indexed.check(&points, may_ask(scale))?;
    }

    #[test]
    fn after_any_change_the_index_answers_as_one_built_anew(
        (scale, mut shapes, probes) in case(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>()), 1..6),
    ) {
        let points: Vec<Coord> = {
            let shapes: Vec<&Geometry> = shapes.iter().collect();
            probes.iter().map(|probe| probe.coord(scale, &shapes)).collect()
        };
        // So that no change reaches beyond the ground.
        shapes.extend([scale.triangle((-3, -3)), scale.triangle((70, 70))]);
        let others = shapes.clone();
        let there = shapes.len() / 2;
        let known = shapes.into_iter().enumerate();
        let mut indexed = Indexed::build(known.map(|(n, shape)| (n < there || n % 2 == 0 || n + 2 >= others.len()).then_some(shape)).collect());
        for (grid, other, is_gone) in changes {
            let shape = (!is_gone && others.len() > 2).then(|| others[other.index(others.len())].clone());
            if others.len() > 2 {
                indexed.redraw(grid.index(others.len() - 2), shape);
            }
        }
        indexed.check(&points, may_ask(scale))?;
    }
}

/// A place by a fixed hash of two numbers, up to `reach` away from 0 on each axis.
fn shaken(a: i32, b: i32, reach: i32) -> (i32, i32) {
    let mixed = (u64::from(a.cast_unsigned()) << 32 | u64::from(b.cast_unsigned()))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let part = |bits: u64| {
        i32::try_from((mixed >> bits & 0xffff) % u64::from(2 * reach.unsigned_abs() + 1)).unwrap()
            - reach
    };
    (part(16), part(40))
}

/// A mesh of `cells` × `cells` grids of some lattice steps, with crooked borders of five pieces.
fn mesh(cells: i32, side: i32, west: i32, south: i32) -> Vec<Option<Geometry>> {
    let node = |x: i32, y: i32| {
        let (dx, dy) = shaken(x, y, side / 15);
        Coord {
            lon: west + x * side / 5 + dx,
            lat: south + y * side / 5 + dy,
        }
    };
    let cell = |column: i32, row: i32| {
        let (x, y) = (5 * column, 5 * row);
        let ring = (0..5)
            .map(|n| node(x + n, y))
            .chain((0..5).map(|n| node(x + 5, y + n)))
            .chain((0..5).map(|n| node(x + 5 - n, y + 5)))
            .chain((0..5).map(|n| node(x, y + 5 - n)));
        Some(Geometry::polygons([vec![ring.collect()]]).unwrap())
    };
    (0..cells * cells)
        .map(|n| cell(n % cells, n / cells))
        .collect()
}

/// Points of a box on a fixed pattern, and all vertices of some shapes with what lies one step beside them.
fn points(shapes: &[Option<Geometry>], count: i32) -> Vec<Coord> {
    let bounds = shapes
        .iter()
        .flatten()
        .map(Geometry::bounds)
        .reduce(Bounds::union)
        .unwrap();
    let (wide, high) = (
        i64::from(bounds.max.lon) - i64::from(bounds.min.lon),
        i64::from(bounds.max.lat) - i64::from(bounds.min.lat),
    );
    let at = |low: i32, length: i64, part: i32| {
        i32::try_from(i64::from(low) + length * i64::from(part + 30_000) / 60_000).unwrap()
    };
    let scattered = (0..count).map(|n| {
        let (x, y) = shaken(n, 77, 30_100);
        Coord {
            lon: at(bounds.min.lon, wide, x),
            lat: at(bounds.min.lat, high, y),
        }
    });
    let vertices = shapes
        .iter()
        .flatten()
        .step_by(shapes.len() / 40 + 1)
        .flat_map(Geometry::coords);
    let beside = vertices.flat_map(|at| {
        [(0, 0), (1, 0), (0, -1), (-1, 1)].map(|(dx, dy)| Coord {
            lon: at.lon + dx,
            lat: at.lat + dy,
        })
    });
    scattered.chain(beside).collect()
}

#[test]
fn a_mesh_of_many_tiles_in_cells_of_every_kind_is_answered_exactly() {
    for (cells, side) in [
        (20, 800),
        (40, 3_000),
        (40, 40_000),
        (24, 2_000_000),
        (12, 20_000_000),
        (6, 60_000_000),
    ] {
        let shapes = mesh(cells, side, 1_047_000_000, 284_000_000);
        let points = points(&shapes, 4_000);
        Indexed::build(shapes).check(&points, false).unwrap();
    }
}

#[test]
fn near_the_border_of_two_grids_mostly_one_of_them_is_known_to_hold_the_point() {
    let shapes = mesh(24, 2_000_000, 1_047_000_000, 284_000_000);
    let points = points(&shapes, 30_000);
    let indexed = Indexed::build(shapes);
    let is_asked = |at: &&Coord| {
        let side = indexed.expected(**at);
        indexed.index.find(**at) == Face::ASK && side.grid().is_some()
    };
    let (mut asked, mut known, mut sure) = (0, 0, 0);
    for &at in points.iter().filter(is_asked) {
        let (owner, doubt) = (indexed.expected(at).grid(), indexed.index.doubt(at));
        asked += 1;
        if let Holders::One(likely) = doubt.holders {
            known += usize::from(likely.contains(&owner));
        }
        sure += usize::from(indexed.index.beside(at, &doubt).is_some());
    }
    assert!(asked > 100, "{asked}");
    let enough = asked * 9 / 10;
    assert!(
        known > enough && sure > enough,
        "{known} and {sure} of {asked}"
    );
}

#[test]
fn a_point_in_two_grids_is_told_by_the_sum_of_their_numbers() {
    let side = 40_000;
    let mut shapes = mesh(4, side, 1_047_000_000, 284_000_000);
    let (lon, lat) = (1_047_000_000 + side, 284_000_000 + side);
    shapes.push(Some(square(lon, lat, side)));
    let indexed = Indexed::build(shapes);
    let half = side / 2;
    let middle = Coord {
        lon: lon + half,
        lat: lat + half,
    };
    assert_eq!(indexed.index.find(middle), Face::ASK);
    assert_eq!(indexed.index.doubt(middle).holders, Holders::Two(5 + 16));
    // A third one is counted, but not told.
    let mut shapes = indexed.shapes;
    shapes.push(Some(square(lon + half - 9, lat + half - 9, 2_000)));
    let indexed = Indexed::build(shapes);
    let three = Coord {
        lon: middle.lon + 1_000,
        lat: middle.lat + 1_000,
    };
    assert_eq!(indexed.index.doubt(three).holders, Holders::Any);
}

#[test]
fn a_mesh_across_the_middle_of_the_lattice_is_answered_exactly() {
    let shapes = mesh(20, 40_000, -400_000, -410_000);
    let points = points(&shapes, 4_000);
    Indexed::build(shapes).check(&points, false).unwrap();
}

#[test]
fn grids_that_share_their_arcs_are_answered_as_with_vertices_of_their_own() {
    let mut shapes = mesh(10, 30_000_000, 900_000_000, 200_000_000);
    shapes.extend(mesh(30, 3_000, 1_000_000_123, 300_000_321));
    let boxed: Vec<(&Geometry, Bounds)> = shapes
        .iter()
        .flatten()
        .map(|shape| (shape, shape.bounds()))
        .collect();
    let shared = wangge::topology::share(&boxed, 2);
    assert!(shared.iter().all(Option::is_some));
    let points = points(&shapes[100..], 2_000);
    let [mut own, mut shared] = [shapes, shared].map(Indexed::build);
    assert_eq!(own.index.size(), shared.index.size());
    shared.check(&points, false).unwrap();
    // With one that has vertices of its own again, borders are still one.
    let drawn = own.shapes[300].clone();
    own.redraw(301, None);
    shared.redraw_all([(301, None), (300, drawn)]);
    let faces = [&own, &shared].map(|indexed| {
        let mut faces = vec![Face::NONE; points.len()];
        indexed.index.find_all(&points, &mut faces);
        faces
    });
    assert_eq!(faces[0], faces[1]);
}

#[test]
fn a_dense_town_in_a_wide_land_is_answered_exactly() {
    let mut shapes = mesh(10, 30_000_000, 900_000_000, 200_000_000);
    shapes.extend(mesh(30, 3_000, 1_000_000_123, 300_000_321));
    let points = points(&shapes[100..], 2_000);
    let indexed = Indexed::build(shapes);
    indexed.check(&points, false).unwrap();
}

#[test]
fn grids_stacked_a_hundred_deep_are_asked_and_do_not_blow_up_the_index() {
    let one = mesh(1, 60_000, 1_047_000_000, 284_000_000)
        .remove(0)
        .unwrap();
    let moved = |n: i32| {
        let ring = one.coords().map(|at| Coord {
            lon: at.lon + 7 * n,
            lat: at.lat - 3 * n,
        });
        Some(Geometry::polygons([vec![ring.collect()]]).unwrap())
    };
    let shapes: Vec<_> = (0..100).map(moved).collect();
    let points = points(&shapes, 2_000);
    let indexed = Indexed::build(shapes);
    indexed.check(&points, true).unwrap();
    assert!(
        indexed.index.size() < 20_000_000,
        "{} bytes",
        indexed.index.size()
    );
}

#[test]
fn ground_without_an_edge_under_so_many_grids_that_their_sum_begins_anew_is_asked() {
    const SIDE: i32 = 400;
    let bottom = (0..SIDE).map(|n| (n, 0));
    let right = (0..SIDE).map(|n| (SIDE, n));
    let top = (1..=SIDE).rev().map(|n| (n, SIDE));
    let left = (1..=SIDE).rev().map(|n| (0, n));
    let corner = |(x, y): (i32, i32)| Coord {
        lon: 1_047_000_000 + 10_000 * x,
        lat: 284_000_000 + 10_000 * y,
    };
    let ring = bottom.chain(right).chain(top).chain(left).map(corner);
    let one = Geometry::polygons([vec![ring.collect()]]).unwrap();
    for count in [1, 2, 65] {
        let indexed = Indexed::build(vec![Some(one.clone()); count]);
        let inner = (1..20).map(|n| corner((n * SIDE / 20, n * SIDE / 21)));
        for at in inner {
            let face = indexed.index.find(at);
            assert_eq!(face == Face::ASK, count > 1, "{count} {at:?}");
        }
    }
}

#[test]
fn equal_grids_are_asked_however_many_there_are() {
    let one = mesh(1, 60_000, 1_047_000_000, 284_000_000).remove(0);
    for count in [2, 31, 32, 33, 63, 64, 65, 128] {
        let shapes: Vec<_> = (0..count).map(|_| one.clone()).collect();
        let points = points(&shapes, 100);
        Indexed::build(shapes).check(&points, true).unwrap();
    }
}

#[test]
fn an_index_of_nothing_answers_nothing() {
    let indexed = Indexed::build(vec![]);
    indexed.check(&[Coord { lon: 0, lat: 0 }], false).unwrap();
    let mut indexed = Indexed::build(vec![None]);
    indexed.check(&[Coord { lon: 0, lat: 0 }], false).unwrap();
    // What comes where no tile is must be asked.
    indexed.redraw(0, mesh(1, 60_000, 0, 0).remove(0));
    indexed
        .check(
            &[Coord {
                lon: 30_000,
                lat: 30_000,
            }],
            true,
        )
        .unwrap();
}

#[test]
fn the_whole_earth_is_a_grid() {
    let (far, pole) = (1_800_000_000, 900_000_000);
    let ring = [(-far, -pole), (far, -pole), (far, pole), (-far, pole)];
    let ring = ring.map(|(lon, lat)| Coord { lon, lat }).to_vec();
    let mut shapes = vec![Some(Geometry::polygons([vec![ring]]).unwrap())];
    shapes.extend(mesh(5, 40_000, 1_047_000_000, 284_000_000));
    let points = points(&shapes, 2_000);
    Indexed::build(shapes).check(&points, true).unwrap();
}

#[test]
fn a_border_one_column_beside_the_first_cell_of_the_numbers_is_not_taken_for_another() {
    // Its west border is where the second cell of the only tile begins; vertices in the north make that tile have two cells.
    let (west, east, lat) = (-1_073_741_824, 100_000_000, 10_000_000);
    let north = (0..16).map(|n| Coord {
        lon: east - n * 78_000_000,
        lat,
    });
    let corners = [(west, lat), (west, -lat), (east, -lat)].map(|(lon, lat)| Coord { lon, lat });
    let ring = north.chain(corners).collect();
    let shape = Geometry::polygons([vec![ring]]).unwrap();
    let indexed = Indexed::build(vec![Some(shape)]);
    let at = |lon, lat| Coord { lon, lat };
    let clear = [
        (at(-1_000_000_000, 500_000_000), Face::NONE),
        (at(-500_000_000, -500_000_000), Face::NONE),
        (at(-1_200_000_000, 0), Face::NONE),
        (at(-500_000_000, 0), Face::of_grid(0)),
    ];
    for (at, face) in clear {
        assert_eq!(indexed.index.find(at), face, "{at:?}");
    }
}

#[test]
fn after_many_changes_in_one_place_the_index_has_not_grown() {
    let shapes = mesh(30, 40_000, 1_047_000_000, 284_000_000);
    let points = points(&shapes, 500);
    let mut indexed = Indexed::build(shapes.clone());
    let mut sizes = Vec::new();
    for n in 0..150 {
        let grid = 400 + n % 3;
        let shape = if n % 2 == 0 {
            None
        } else {
            shapes[grid].clone()
        };
        indexed.redraw(grid, shape);
        sizes.push(indexed.index.size());
    }
    indexed.check(&points, false).unwrap();
    let most = |sizes: &[usize]| sizes.iter().copied().max();
    assert!(most(&sizes[100..]) <= most(&sizes[..50]), "{sizes:?}");
}

#[test]
fn after_a_thousand_changes_anywhere_the_index_is_less_than_twice_as_large_as_one_built_anew() {
    let shapes = mesh(16, 40_000, 1_047_000_000, 284_000_000);
    let points = points(&shapes, 500);
    let mut indexed = Indexed::build(shapes.clone());
    for n in 0..1_000 {
        let (grid, _) = shaken(n, 5, 127);
        let grid = usize::try_from(grid + 127).unwrap();
        let shape = match indexed.shapes[grid] {
            Some(_) => None,
            None => shapes[grid].clone(),
        };
        indexed.redraw(grid, shape);
        if n % 100 == 99 {
            let fresh = Indexed::build(indexed.shapes.clone()).index.size();
            let size = indexed.index.size();
            assert!(size < 2 * fresh, "{size} bytes, anew {fresh}, after {n}");
        }
    }
    indexed.check(&points, false).unwrap();
}

#[test]
fn half_of_all_grids_may_change_at_once() {
    let shapes = mesh(40, 40_000, 1_047_000_000, 284_000_000);
    let points = points(&shapes, 1_000);
    let half = |n: &usize| n % 3 != n / 40 % 2;
    let without: Vec<_> = (0..shapes.len())
        .map(|n| shapes[n].clone().filter(|_| half(&n)))
        .collect();
    let mut indexed = Indexed::build(without);
    let others = (0..shapes.len()).filter(|n| !half(n));
    indexed.redraw_all(others.map(|n| (n, shapes[n].clone())));
    indexed.check(&points, false).unwrap();
    // And none of them is left.
    indexed.redraw_all((0..shapes.len()).map(|n| (n, None)));
    indexed.check(&points, false).unwrap();
}

#[test]
fn a_grid_that_came_back_from_beyond_the_ground_leaves_nothing_to_ask() {
    // So many that the index is not planned anew for one that leaves.
    let shapes = mesh(70, 40_000, 1_047_000_000, 284_000_000);
    let points = points(&shapes, 500);
    let far = |lon: i32, lat: i32| Coord {
        lon: 1_047_000_000 + lon,
        lat: 284_000_000 + lat,
    };
    let places = [
        (-90_000_000, 0),
        (90_000_000, 0),
        (0, -90_000_000),
        (0, 90_000_000),
    ];
    for (lon, lat) in places {
        let mut indexed = Indexed::build(shapes.clone());
        let Coord { lon, lat } = far(lon, lat);
        indexed.redraw(55, Some(square(lon, lat, 40_000)));
        let inside = Coord {
            lon: lon + 100,
            lat: lat + 100,
        };
        assert_eq!(indexed.index.find(inside), Face::ASK);
        // A change elsewhere does not forget it.
        indexed.redraw(0, None);
        assert_eq!(indexed.index.find(inside), Face::ASK);
        indexed.redraw(55, shapes[55].clone());
        indexed.check(&[inside], false).unwrap();
        indexed.check(&points, false).unwrap();
    }
}

#[test]
fn a_small_index_that_a_grid_leaves_or_that_was_empty_is_planned_anew() {
    let shapes = mesh(5, 40_000, 1_047_000_000, 284_000_000);
    let points = points(&shapes, 500);
    let mut indexed = Indexed::build(shapes.clone());
    indexed.redraw(12, Some(square(900_000_000, 200_000_000, 4_000_000)));
    let inside = Coord {
        lon: 902_000_000,
        lat: 202_000_000,
    };
    assert_eq!(indexed.index.find(inside), Face::of_grid(12));
    indexed.check(&points, false).unwrap();
    let mut indexed = Indexed::build(vec![None; shapes.len()]);
    indexed.redraw_all(shapes.into_iter().enumerate());
    assert!(
        points
            .iter()
            .any(|&at| indexed.index.find(at).grid().is_some())
    );
    indexed.check(&points, false).unwrap();
}

#[test]
fn ground_that_an_edge_comes_to_and_leaves_again_is_told_at_first_sight_before_and_after() {
    // A cluster of small grids and far from it one large one: most of the root's cells have one face.
    let mut shapes = mesh(40, 4_000, 1_047_000_000, 284_000_000);
    shapes.push(Some(square(1_050_000_000, 284_000_000, 60_000_000)));
    shapes.push(None);
    let last = shapes.len() - 1;
    let points = points(&shapes, 2_000);
    let mut indexed = Indexed::build(shapes);
    let within = square(1_070_000_000, 300_000_000, 3_000_000);
    for _ in 0..2 {
        indexed.check(&points, false).unwrap();
        let before = indexed.index.clone();
        indexed.redraw(last, Some(within.clone()));
        let inside = Coord {
            lon: 1_071_000_000,
            lat: 301_000_000,
        };
        // In two grids now; who holds the index of before sees what was.
        assert_eq!(indexed.index.find(inside), Face::ASK);
        assert_eq!(before.find(inside).grid(), u32::try_from(last - 1).ok());
        indexed.check(&points, false).unwrap();
        indexed.redraw(last, None);
    }
    indexed.check(&points, false).unwrap();
}

#[test]
fn a_strip_of_ground_does_not_blow_up_the_index() {
    // 60° long and a grid wide: grids of a hundred vertices, far from each other.
    let grid = |n: i32| {
        let at = |x: i32, y: i32| Coord {
            lon: 700_000_000 + n * 3_000_000 + x * 200,
            lat: 300_000_000 + y + shaken(x, n, 50).0,
        };
        let ring = (0..50)
            .map(|x| at(x, 0))
            .chain((0..50).rev().map(|x| at(x, 5_000)));
        Geometry::polygons([vec![ring.collect()]]).ok()
    };
    let strip: Vec<_> = (0..200).map(grid).collect();
    let points = points(&strip, 500);
    let indexed = Indexed::build(strip);
    indexed.check(&points, false).unwrap();
    let size = indexed.index.size();
    assert!(size < 2_000_000, "{size} bytes of 20,000 vertices");
}

#[test]
fn grids_stacked_over_a_degree_are_asked_and_do_not_blow_up_the_index() {
    let ring = [(0, 0), (1 << 24, 0), (1 << 24, 1 << 24), (0, 1 << 24)];
    let ring = ring.map(|(x, y)| Coord {
        lon: 1_000_000_007 + x,
        lat: 300_000_003 + y,
    });
    let one = Geometry::polygons([vec![ring.to_vec()]]).unwrap();
    let shapes: Vec<_> = (0..40).map(|_| Some(one.clone())).collect();
    let points = points(&shapes, 500);
    let indexed = Indexed::build(shapes);
    indexed.check(&points, true).unwrap();
    let size = indexed.index.size();
    assert!(size < 1_000_000, "{size} bytes");
}

/// A square with its south-west corner at a place.
fn square(lon: i32, lat: i32, side: i32) -> Geometry {
    let ring = [(0, 0), (side, 0), (side, side), (0, side)];
    let ring = ring.map(|(x, y)| Coord {
        lon: lon + x,
        lat: lat + y,
    });
    Geometry::polygons([vec![ring.to_vec()]]).unwrap()
}

#[test]
fn a_grid_redrawn_beyond_the_ground_of_all_others_is_found() {
    let mut shapes = vec![Some(square(900_000_000, 200_000_000, 1_000_000))];
    for n in 0..4900 {
        let (x, y) = (n % 70 * 400, n / 70 * 400);
        shapes.push(Some(square(1_100_000_000 + x, 400_000_000 + y, 400)));
    }
    let last = shapes.len() - 1;
    for side in [10_000, 30_000, 100_000, 300_000] {
        let mut indexed = Indexed::build(shapes.clone());
        let beyond = square(1_100_028_000, 400_027_600, side);
        indexed.redraw(last, Some(beyond));
        let inside = Coord {
            lon: 1_100_028_000 + side / 2,
            lat: 400_027_600 + side / 2,
        };
        indexed.check(&[inside], true).unwrap();
    }
}

/// Thin triangles from one side of a square of a degree to the other, which nearly all cross each other.
fn diagonals(count: i32) -> Vec<Option<Geometry>> {
    let diagonal = |n: i32| {
        let ((from, to), (aside, _)) = (shaken(n, 3, 5_000_000), shaken(n, 4, 5_000_000));
        let at = |x: i32, y: i32| Coord {
            lon: 1_000_000_007 + x,
            lat: 300_000_003 + y,
        };
        let ring = if n % 2 == 0 {
            [at(-5_000_000, from), at(5_000_000, to), at(aside, to)]
        } else {
            [
                at(from, -5_000_000),
                at(to, 5_000_000),
                at(from + 999, -5_000_000),
            ]
        };
        Geometry::polygons([vec![ring.to_vec()]]).ok()
    };
    (0..count).map(diagonal).collect()
}

#[test]
fn long_edges_that_all_cross_are_asked_and_do_not_blow_up_the_index() {
    let shapes = diagonals(3_000);
    let points = points(&shapes, 100);
    let indexed = Indexed::build(shapes);
    indexed.check(&points, true).unwrap();
    // A few tiles of 2 MiB at most.
    let size = indexed.index.size();
    assert!(size < 16_000_000, "{size} bytes");
}

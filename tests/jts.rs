//! The test cases of JTS on points and areas: where a point lies, and which polygons are valid.
//!
//! Those of the fixture always run; all of them where the shared data is at hand.

mod cases;
mod lattice;
mod matrix;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use gdal::vector::Geometry as Geos;
use wangge::exchange::{ReadOptions, Verdict, read};
use wangge::model::{Coord, FeatureId, Geometry, GeometryKind, LonLat, Run, Scheme, Side, Time};
use wangge::query::{Batch, Outcome};
use wangge::snapshot::{LayerSnapshot, Snapshot};

use crate::support::program::shared;
use crate::support::{covered, grid, layer};
use cases::{File, Operation, Shape, archive, folder, operations, shape};
use lattice::Fit;
use matrix::Matrix;

/// Cases that we answer otherwise, by a part of their place, and why.
const EXPLAINED: [(&str, &str); 2] = [
    (
        "point to empty polygon: distance",
        "JTS calls the distance to nothing 0",
    ),
    (
        "A - empty shell and holes (valid)",
        "an area without vertices is no grid and refused",
    ),
];

/// How the cases came out.
#[derive(Debug, Default)]
struct Tally {
    agreed: usize,
    explained: BTreeMap<&'static str, usize>,
    /// Where nothing explains the difference.
    differing: Vec<String>,
}

impl Tally {
    fn explain(&mut self, reason: &'static str) {
        *self.explained.entry(reason).or_default() += 1;
    }

    fn settle(&mut self, place: &str, agrees: bool, what: &str) {
        let known = EXPLAINED.iter().find(|(part, _)| place.contains(part));
        match (agrees, known) {
            (true, _) => self.agreed += 1,
            (false, Some((_, reason))) => self.explain(reason),
            (false, None) => self.differing.push(format!("{place}: {what}")),
        }
    }

    /// Prints the counts; panics where a difference is not explained.
    fn close(self, what: &str) -> usize {
        #[expect(clippy::print_stdout, reason = "counts are for a reader")]
        {
            println!(
                "{what}: {} agreed, explained: {:?}",
                self.agreed, self.explained
            );
        }
        assert!(self.differing.is_empty(), "{:#?}", self.differing);
        self.agreed
    }
}

fn fixture() -> Vec<File> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/jts");
    folder(&path)
}

fn all_files() -> Option<Vec<File>> {
    shared("topo/jts_testxml.tgz").map(|path| archive(&path))
}

/// The area on the lattice; `None` where there is none.
fn area(parts: &[Vec<Vec<[f64; 2]>>], fit: Fit) -> Option<Geometry> {
    let ring = |ring: &Vec<[f64; 2]>| ring.iter().map(|&spot| fit.coord(spot)).collect();
    let polygons = parts.iter().map(|rings| rings.iter().map(ring).collect());
    Geometry::polygons(polygons).ok()
}

const NOW: Time = Time::from_millis(0);

/// A service that knows this area only, with its index.
fn snapshot_of(area: &Geometry) -> Snapshot {
    let scheme = Scheme::new("base", ["grid"], false, 0).unwrap();
    let mut feature = grid("1", None, area.clone());
    feature.id = FeatureId(1);
    let name = scheme.levels()[0].layer.clone();
    let layer = layer(name.as_str(), GeometryKind::Polygon, vec![]);
    let built = LayerSnapshot::build(layer, 1, vec![feature]);
    let snapshot = Snapshot {
        version: 1,
        schemes: [scheme].into(),
        layers: [(name, Arc::new(built))].into(),
        ..Snapshot::default()
    };
    covered(snapshot, NOW)
}

/// The sides of points by the geometry itself; what locate says must be the same.
fn sides(area: Option<&Geometry>, points: &[Coord]) -> Vec<Side> {
    let Some(area) = area else {
        return vec![Side::Outside; points.len()];
    };
    let snapshot = snapshot_of(area);
    let (mut found, mut grids) = (Vec::new(), Vec::new());
    Batch::new(&snapshot, &[&snapshot.schemes[0]], NOW).locate(points, &mut found, &mut grids);
    let located = found.iter().map(|found| match found.outcome {
        Outcome::Inside => Side::Inside,
        Outcome::Boundary => Side::Border,
        _ => Side::Outside,
    });
    let sides: Vec<Side> = points.iter().map(|&at| area.side(at)).collect();
    assert_eq!(located.collect::<Vec<_>>(), sides);
    sides
}

/// Settles one operation on points and an area.
fn relate(operation: &Operation, tally: &mut Tally) {
    let shapes = (shape(&operation.first), shape(&operation.second));
    let (points, parts, points_first) = match &shapes {
        (Some(Shape::Points(points)), Some(Shape::Area(parts))) => (points, parts, true),
        (Some(Shape::Area(parts)), Some(Shape::Points(points))) => (points, parts, false),
        _ => return,
    };
    let spots: Vec<[f64; 2]> = parts
        .iter()
        .flatten()
        .flatten()
        .chain(points)
        .copied()
        .collect();
    let Some(fit) = Fit::of(&spots) else {
        return tally.explain("finer or wider than a lattice of 32 bits");
    };
    let area = area(parts, fit);
    let points: Vec<Coord> = points.iter().map(|&spot| fit.coord(spot)).collect();
    let sides = sides(area.as_ref(), &points);
    let matrix = Matrix::of(&sides, area.is_none());
    let matrix = if points_first {
        matrix
    } else {
        matrix.turned()
    };
    let is_empty = points.is_empty() && area.is_none();
    let answer = match operation.name.as_str() {
        "relate" => matrix.matches(&operation.pattern),
        // Of a distance we know whether it is none.
        "distance" => {
            let is_none = operation.expected.parse() == Ok(0.0);
            let touches = sides.iter().any(|side| *side != Side::Outside);
            return tally.settle(&operation.place, is_none == touches, "distance");
        }
        name => match matrix.predicate(name, points_first, is_empty) {
            Some(answer) => answer,
            None => return,
        },
    };
    let agrees = operation.expected == answer.to_string();
    tally.settle(&operation.place, agrees, &format!("answers {answer}"));
}

/// JTS's point inside an area must be inside.
fn interior_point(operation: &Operation, tally: &mut Tally) {
    let shapes = (
        shape(&operation.first),
        shape(&operation.expected.to_uppercase()),
    );
    let (Some(Shape::Area(parts)), Some(Shape::Points(points))) = &shapes else {
        return;
    };
    let spots: Vec<[f64; 2]> = parts
        .iter()
        .flatten()
        .flatten()
        .chain(points)
        .copied()
        .collect();
    let Some(fit) = Fit::of(&spots) else {
        return tally.explain("finer or wider than a lattice of 32 bits");
    };
    let points: Vec<Coord> = points.iter().map(|&spot| fit.coord(spot)).collect();
    let sides = sides(area(parts, fit).as_ref(), &points);
    let agrees = sides.iter().all(|side| *side == Side::Inside);
    tally.settle(&operation.place, agrees, "a point inside is not");
}

fn points_and_areas(files: &[File]) -> usize {
    let mut tally = Tally::default();
    for operation in files.iter().flat_map(operations) {
        match operation.name.as_str() {
            "getinteriorpoint" | "interiorpoint" => interior_point(&operation, &mut tally),
            _ => relate(&operation, &mut tally),
        }
    }
    tally.close("points and areas")
}

#[test]
fn a_point_lies_in_an_area_of_the_fixture_as_jts_says() {
    assert!(points_and_areas(&fixture()) > 460);
}

#[test]
fn a_point_lies_in_every_area_of_all_cases_as_jts_says() {
    if let Some(files) = all_files() {
        assert!(points_and_areas(&files) > 650);
    }
}

/// A polygon that is to be valid or not, in degrees.
struct Claim {
    place: String,
    rings: Vec<Vec<Vec<[f64; 2]>>>,
    is_valid: bool,
}

/// What JTS says of the validity of areas, those left out that do not fit the lattice.
fn claims(files: &[File], tally: &mut Tally) -> Vec<Claim> {
    let mut claims = Vec::new();
    for operation in files.iter().flat_map(operations) {
        if operation.name != "isvalid" {
            continue;
        }
        let Some(Shape::Area(parts)) = shape(&operation.first) else {
            if operation.first.contains("POLYGON") && !operation.first.contains("COLLECTION") {
                tally.explain("no WKT of finite numbers, which no reader takes");
            }
            continue;
        };
        let spots: Vec<[f64; 2]> = parts.iter().flatten().flatten().copied().collect();
        match Fit::of(&spots) {
            _ if parts.is_empty() => tally.explain("empty, which is no grid"),
            None => tally.explain("finer or wider than a lattice of 32 bits"),
            Some(fit) => {
                let spot = |spot: &[f64; 2]| {
                    let LonLat { lon, lat } = fit.coord(*spot).degrees();
                    [lon, lat]
                };
                let ring = |ring: &Vec<[f64; 2]>| ring.iter().map(spot).collect();
                let polygons = parts.iter().map(|rings| rings.iter().map(ring).collect());
                claims.push(Claim {
                    place: operation.place,
                    rings: polygons.collect(),
                    is_valid: operation.expected == "true",
                });
            }
        }
    }
    claims
}

/// The same lattice polygon as GEOS has it, in whole steps.
pub(crate) fn geos(geometry: &Geometry) -> Geos {
    let spot = |at: Coord| format!("{} {}", at.lon, at.lat);
    let ring = |ring: Run<'_>| {
        let first = ring.first();
        let spots = ring.chain(first).map(spot);
        format!("({})", spots.collect::<Vec<_>>().join(","))
    };
    let parts = geometry.parts().map(|rings| {
        let rings: Vec<String> = rings.map(ring).collect();
        format!("({})", rings.join(","))
    });
    let text = format!("MULTIPOLYGON({})", parts.collect::<Vec<_>>().join(","));
    Geos::from_wkt(&text).unwrap()
}

/// Whether every vertex is on the border, and vertices' midpoints lie where GEOS says.
fn agrees_with_geos(geometry: &Geometry) -> bool {
    let theirs = geos(geometry);
    let coords: Vec<Coord> = geometry.coords().collect();
    let side = |at: Coord| {
        let point = Geos::from_wkt(&format!("POINT({} {})", at.lon, at.lat)).unwrap();
        match (theirs.contains(&point), theirs.intersects(&point)) {
            (true, _) => Side::Inside,
            (false, true) => Side::Border,
            (false, false) => Side::Outside,
        }
    };
    let middle = |n: usize| {
        let (a, b) = (coords[n], coords[(n * 7 + 3) % coords.len()]);
        Coord {
            lon: i32::midpoint(a.lon, b.lon),
            lat: i32::midpoint(a.lat, b.lat),
        }
    };
    theirs.is_valid()
        && coords.iter().all(|&at| geometry.side(at) == Side::Border)
        && (0..coords.len())
            .map(middle)
            .all(|at| geometry.side(at) == side(at))
}

fn validity(files: &[File]) -> usize {
    let mut tally = Tally::default();
    let claims = claims(files, &mut tally);
    let features = claims.iter().enumerate().map(|(n, claim)| {
        serde_json::json!({
            "type": "Feature", "properties": { "code": n.to_string() },
            "geometry": { "type": "MultiPolygon", "coordinates": claim.rings },
        })
    });
    let features: Vec<serde_json::Value> = features.collect();
    let collection = serde_json::json!({ "type": "FeatureCollection", "features": features });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.geojson");
    std::fs::write(&path, collection.to_string()).unwrap();
    let name = "case".parse().unwrap();
    let reading = read(&path, name, None, &ReadOptions::default(), &mut |_, _| {}).unwrap();
    for (n, claim) in claims.iter().enumerate() {
        let code = n.to_string();
        let taken = reading
            .features
            .iter()
            .find(|feature| feature.code.as_deref() == Some(&*code));
        let mut remarks = reading.remarks.iter();
        let remark = remarks.find(|remark| remark.code.as_deref() == Some(&*code));
        let is_changed = remark.is_some_and(|remark| remark.verdict != Verdict::Noted);
        let agrees = match (claim.is_valid, taken) {
            (true, None) => false,
            (true, Some(feature)) => !is_changed && agrees_with_geos(&feature.geometry),
            (false, None) => remark.is_some(),
            // A remark of any kind: a touch that decimal degrees hide is noted, not counted as a repair.
            (false, Some(feature)) => remark.is_some() && agrees_with_geos(&feature.geometry),
        };
        tally.settle(&claim.place, agrees, &format!("{remark:?} {taken:?}"));
    }
    tally.close("validity")
}

#[test]
fn invalid_polygons_of_the_fixture_are_refused_or_repaired_to_what_geos_finds_valid() {
    assert!(validity(&fixture()) > 70);
}

#[test]
fn polygons_of_all_cases_are_taken_as_they_are_where_jts_finds_them_valid() {
    if let Some(files) = all_files() {
        assert!(validity(&files) > 390);
    }
}

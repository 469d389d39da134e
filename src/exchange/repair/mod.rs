//! Polygons on the lattice → polygons that are valid there, with what that cost in area.

mod area;
mod layout;

use gdal::cpl::CslStringList;

use super::messages;
use super::shape::{Refusal, Shape};
use super::snap::{Polygons, tidy};
use crate::model::{Geometry, LonLat, STEPS_PER_DEGREE};
use area::area_change;
use layout::{lay_out, polygons_of};

pub(super) use layout::is_valid;

/// Greatest share of the area that a repair may change.
const AREA_LIMIT: f64 = 0.01;
/// Share of the area that a repair changes only where next to nothing was left of the area before.
const CANCELLED: f64 = 10.0;
/// Rounding a repaired polygon to the lattice can break it again; it settles in one or two rounds, or never.
const ROUNDS: usize = 5;

/// What GEOS finds wrong, and where.
#[derive(Clone, Debug, PartialEq)]
struct Fault {
    reason: String,
    at: Option<LonLat>,
}

/// Valid polygons and what was done to get them.
#[derive(Debug)]
pub(super) struct Repaired {
    pub geometry: Geometry,
    /// `None` where nothing had to be done.
    pub change: Option<Change>,
}

/// A repair.
#[derive(Debug)]
pub(super) struct Change {
    /// What was wrong, and where.
    pub reason: String,
    pub problem: &'static str,
    /// |after − before| ÷ before, of geodesic areas.
    pub area: f64,
    /// The source was valid; only the lattice broke it.
    pub only_snapped: bool,
}

/// Checks snapped polygons and repairs them where needed. `degrees` is the same shape before snapping, on WGS 84; `lost` the
/// rings that snapping already cost; `source_is_valid` is asked only where something is wrong.
pub(super) fn repair(
    polygons: Polygons,
    lost: usize,
    degrees: &Shape,
    strict: bool,
    source_is_valid: impl FnOnce() -> bool,
) -> Result<Repaired, Refusal> {
    let fault = match (check(&polygons), lost) {
        (None, 0) => {
            let change = None;
            return geometry(polygons).map(|geometry| Repaired { geometry, change });
        }
        (None, lost) => Fault {
            reason: format!("{lost} rings without area"),
            at: None,
        },
        (Some(fault), _) => fault,
    };
    let only_snapped = source_is_valid();
    let (problem, told) = describe(&fault, only_snapped);
    if strict && !only_snapped {
        return Err(Refusal::new(problem, told));
    }
    let repaired =
        settle(polygons).map_err(|why| Refusal::new(problem, format!("{told}; {why}")))?;
    let area_change = area_change(degrees, &repaired);
    if area_change > CANCELLED {
        let why = "the areas of its parts cancel out, as in a bow-tie, so that no repair could keep its area";
        return Err(Refusal::new(problem, format!("{told}; {why}")));
    }
    if area_change > AREA_LIMIT {
        return Err(Refusal::new(
            problem,
            format!(
                "{told}; a repair would change its area by {:.2} %, more than {} %",
                area_change * 100.0,
                AREA_LIMIT * 100.0
            ),
        ));
    }
    let change = Some(Change {
        reason: told,
        problem,
        area: area_change,
        only_snapped,
    });
    geometry(repaired).map(|geometry| Repaired { geometry, change })
}

fn geometry(polygons: Polygons) -> Result<Geometry, Refusal> {
    Geometry::polygons(polygons).map_err(|error| Refusal::new("no_area", error.to_string()))
}

/// The machine's word and the planner's sentence for a fault.
fn describe(fault: &Fault, only_snapped: bool) -> (&'static str, String) {
    let place = fault.at.map_or_else(String::new, |at| {
        format!(" at or near {:.7}, {:.7}", at.lon, at.lat)
    });
    let reason = &fault.reason;
    if only_snapped {
        let told = format!(
            "{reason}{place}, only after rounding to 1e-7 degree (1 cm); the source is valid"
        );
        return ("snapped", told);
    }
    let problem = match reason.to_ascii_lowercase().as_str() {
        word if word.contains("self-intersection") => "self_intersection",
        word if word.contains("hole") || word.contains("nested") => "misplaced_ring",
        word if word.contains("duplicate ring") => "duplicate_ring",
        word if word.contains("interior") => "split_interior",
        _ => "invalid_polygon",
    };
    (problem, format!("{reason}{place}"))
}

/// What GEOS says against the polygons as they lie on the lattice; `None` where they are valid.
fn check(polygons: &Polygons) -> Option<Fault> {
    let unreadable = |reason: String| Some(Fault { reason, at: None });
    if polygons.is_empty() {
        return unreadable("no ring with an area".into());
    }
    messages::take();
    let ogr = match lay_out(polygons) {
        Ok(ogr) => ogr,
        Err(reason) => return unreadable(reason),
    };
    if ogr.is_valid() {
        return None;
    }
    let said = messages::take();
    let text = said
        .first()
        .map_or("invalid polygon", |message| message.text.as_str());
    Some(locate(text))
}

/// Takes the place out of GEOS's sentence and turns its lattice steps into degrees.
fn locate(text: &str) -> Fault {
    let whole = Fault {
        reason: text.to_owned(),
        at: None,
    };
    let Some((reason, place)) = text.split_once(" at or near point ") else {
        return whole;
    };
    let mut numbers = place.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(x)), Some(Ok(y))) => Fault {
            reason: reason.to_owned(),
            at: Some(LonLat::new(x / STEPS_PER_DEGREE, y / STEPS_PER_DEGREE)),
        },
        _ => whole,
    }
}

/// Repairs and rounds until GEOS is content on the lattice.
fn settle(mut polygons: Polygons) -> Result<Polygons, String> {
    for _ in 0..ROUNDS {
        polygons = make_valid(&polygons)?;
        if polygons.is_empty() {
            return Err("nothing with an area is left of it".into());
        }
        if check(&polygons).is_none() {
            return Ok(polygons);
        }
    }
    Err("it cannot be repaired".into())
}

fn make_valid(polygons: &Polygons) -> Result<Polygons, String> {
    if polygons.is_empty() {
        return Ok(Vec::new());
    }
    let mut options = CslStringList::new();
    let structure = options.set_name_value("METHOD", "STRUCTURE");
    let ogr = lay_out(polygons)?;
    let fixed = structure
        .and_then(|()| ogr.make_valid(&options))
        .map_err(|error| {
            messages::failure(&messages::take()).unwrap_or_else(|| error.to_string())
        })?;
    messages::take();
    Ok(tidy(polygons_of(&fixed)).0)
}

#[cfg(test)]
mod tests {
    use super::area::area;
    use super::*;
    use crate::model::{Coord, doubled_area};

    const DEGREE: i32 = 10_000_000;

    fn ring(points: &[(i32, i32)]) -> Vec<Coord> {
        points
            .iter()
            .map(|&(lon, lat)| Coord { lon, lat })
            .collect()
    }

    fn degrees(polygons: &Polygons) -> Shape {
        let line = |ring: &Vec<Coord>| ring.iter().map(|at| at.degrees()).collect();
        Shape::Polygons(
            polygons
                .iter()
                .map(|rings| rings.iter().map(line).collect())
                .collect(),
        )
    }

    fn repair_all(polygons: Polygons, strict: bool) -> Result<Repaired, Refusal> {
        messages::listen();
        let shape = degrees(&polygons);
        repair(polygons, 0, &shape, strict, || false)
    }

    /// A square of one degree whose east side folds back over itself by `deep` steps.
    fn folded(deep: i32) -> Polygons {
        let d = DEGREE;
        vec![vec![ring(&[
            (0, 0),
            (d, 0),
            (d, d / 2 + deep),
            (d - deep, d / 2),
            (d + deep, d / 2),
            (d, d),
            (0, d),
        ])]]
    }

    #[test]
    fn a_valid_polygon_passes_untouched() {
        let square = vec![vec![ring(&[
            (0, 0),
            (DEGREE, 0),
            (DEGREE, DEGREE),
            (0, DEGREE),
        ])]];
        let repaired = repair_all(square.clone(), true).unwrap();
        assert!(repaired.change.is_none());
        assert_eq!(repaired.geometry, Geometry::polygons(square).unwrap());
    }

    #[test]
    fn a_bow_tie_is_refused_because_a_repair_would_change_its_area() {
        let d = DEGREE;
        let tie = vec![vec![ring(&[(0, 0), (d, d), (d, 0), (0, d)])]];
        let refusal = repair_all(tie, false).unwrap_err();
        assert_eq!(refusal.problem, "self_intersection");
        assert!(
            refusal.reason.contains("at or near 0.5000000, 0.5000000"),
            "{}",
            refusal.reason
        );
        assert!(
            refusal.reason.contains("cancel out") && !refusal.reason.contains('%'),
            "{}",
            refusal.reason
        );
    }

    #[test]
    fn a_small_fold_is_repaired_and_says_where_and_by_how_much() {
        let repaired = repair_all(folded(5000), false).unwrap();
        let change = repaired.change.unwrap();
        assert!(change.area > 0.0 && change.area < 0.001, "{change:?}");
        assert_eq!(change.problem, "self_intersection");
        assert!(
            change
                .reason
                .starts_with("Self-intersection at or near 1.0"),
            "{}",
            change.reason
        );
        let area: i128 = repaired.geometry.runs().map(doubled_area).sum();
        let square = 2 * i128::from(DEGREE) * i128::from(DEGREE);
        assert!((area - square).abs() < square / 1000, "{area}");
    }

    #[test]
    fn strict_refuses_what_would_be_repaired() {
        assert_eq!(
            repair_all(folded(5000), true).unwrap_err().problem,
            "self_intersection"
        );
    }

    #[test]
    fn what_only_the_lattice_broke_is_repaired_but_said_to_be_so() {
        messages::listen();
        let polygons = folded(3);
        let shape = degrees(&polygons);
        let change = repair(polygons, 0, &shape, true, || true)
            .unwrap()
            .change
            .unwrap();
        assert!(change.only_snapped && change.problem == "snapped");
        assert!(
            change.reason.contains("the source is valid"),
            "{}",
            change.reason
        );
    }

    #[test]
    fn polygons_of_nothing_are_refused() {
        assert!(repair_all(Vec::new(), false).is_err());
        let flat = vec![vec![ring(&[(0, 0), (5, 5), (9, 9)])]];
        assert!(repair_all(flat, false).is_err());
    }

    #[test]
    fn a_cell_has_its_area_on_the_ellipsoid() {
        let corners = [
            (104.70, 28.43),
            (104.71, 28.43),
            (104.71, 28.44),
            (104.70, 28.44),
        ];
        let ring = corners.map(|(lon, lat)| LonLat::new(lon, lat)).to_vec();
        // By GeographicLib, as PROJ has it.
        assert!((area(&[ring]) - 1_085_701.221_8).abs() < 1e-3);
    }
}

//! Real sets with invalid polygons, where they are at hand: they come in and answer as brute force does on what was repaired.

use wangge::exchange::{ReadOptions, Verdict, read};
use wangge::model::Bounds;

use super::many::{check, points};
use super::*;
use crate::national_coverage::Dice;
use crate::support::program::shared;

/// The features of a file that were repaired, and those whose bounds meet theirs; each with a code of its own.
fn repaired(file: &str, fields: &str, count: usize) -> Option<Vec<Feature>> {
    let path = shared(file)?;
    let options = ReadOptions {
        fields: fields.parse().unwrap(),
        ..ReadOptions::default()
    };
    let reading = read(
        &path,
        "layer".parse().unwrap(),
        None,
        &options,
        &mut |_, _| {},
    )
    .unwrap();
    let remarks = reading.remarks.iter();
    let remarks = remarks.filter(|remark| matches!(remark.verdict, Verdict::Repaired { .. }));
    let lines: Vec<usize> = remarks
        .map(|remark| usize::try_from(remark.line).unwrap())
        .collect();
    assert_eq!(lines.len(), count, "{file}: as GEOS counts in the source");
    // The lines are numbers of features only where none was refused.
    let is_refused = |verdict: &Verdict| matches!(verdict, Verdict::Refused);
    assert!(
        reading
            .remarks
            .iter()
            .all(|remark| !is_refused(&remark.verdict))
    );
    let mut features = reading.features;
    for (number, feature) in (1..).zip(&mut features) {
        feature.code = Some(format!("{number}").into());
        feature.parent = None;
    }
    let boxes = lines
        .iter()
        .map(|line| features[line - 1].geometry.bounds());
    let boxes: Vec<Bounds> = boxes.collect();
    let meets = |feature: &Feature| {
        boxes
            .iter()
            .any(|near| near.meets(feature.geometry.bounds()))
    };
    Some(features.into_iter().filter(meets).collect())
}

#[test]
fn two_sets_with_invalid_polygons_come_in_and_answer_as_brute_force_does() {
    for (file, fields, count, asked) in [
        ("uk_london/london_oa.geojson.zst", "code=OA11CD", 14, 600),
        ("bldg/shenzhen_nanshan_building.geojson.zst", "", 2, 60),
    ] {
        let Some(features) = repaired(file, fields, count) else {
            continue;
        };
        assert!(features.len() >= count);
        let ground = Ground {
            levels: [vec![], vec![], features],
        };
        let mut other = ground.clone();
        other.levels[2].reverse();
        check(&ground, &other, &points(&mut Dice::new(1), &ground, asked));
    }
}

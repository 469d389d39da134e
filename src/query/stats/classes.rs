//! Classes of values for a legend.

/// How many classes there are at most: what eyes tell apart in one colour's shades.
const CLASSES: usize = 5;

/// Grids with values from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    pub from: f64,
    pub to: f64,
    pub grids: usize,
}

/// Quantiles in which equal values stay together: each class takes its share of the values that are left, and all that equal
/// the last of these. So many grids without anything are one class, and the others still get four.
pub(super) fn classes(values: impl Iterator<Item = f64>) -> Vec<Class> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let mut rest = &sorted[..];
    let mut classes = Vec::new();
    for left in (1..=CLASSES).rev() {
        let Some(&from) = rest.first() else { break };
        let to = rest[rest.len().div_ceil(left) - 1];
        let grids = rest.partition_point(|value| *value <= to);
        classes.push(Class { from, to, grids });
        rest = &rest[grids..];
    }
    classes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(values: &[i32]) -> Vec<(f64, f64, usize)> {
        let classes = classes(values.iter().map(|value| f64::from(*value)));
        classes
            .into_iter()
            .map(|class| (class.from, class.to, class.grids))
            .collect()
    }

    #[test]
    fn values_that_differ_are_shared_out_evenly() {
        let ten: Vec<i32> = (1..=10).collect();
        let expected = [
            (1.0, 2.0, 2),
            (3.0, 4.0, 2),
            (5.0, 6.0, 2),
            (7.0, 8.0, 2),
            (9.0, 10.0, 2),
        ];
        assert_eq!(told(&ten), expected);
    }

    #[test]
    fn grids_without_anything_are_one_class_and_leave_four_to_the_others() {
        let mut values = vec![0; 80];
        values.extend(1..=8);
        let counts: Vec<usize> = told(&values).iter().map(|class| class.2).collect();
        assert_eq!(counts, [80, 2, 2, 2, 2]);
    }

    #[test]
    fn few_values_make_few_classes_and_none_makes_none() {
        assert_eq!(told(&[7, 7, 7]), [(7.0, 7.0, 3)]);
        assert_eq!(told(&[3, 1]), [(1.0, 1.0, 1), (3.0, 3.0, 1)]);
        assert_eq!(told(&[]), []);
    }

    proptest! {
        #[test]
        fn every_value_is_in_one_class(values in prop::collection::vec(-9..30_i32, 0..200)) {
            let classes = told(&values);
            prop_assert!(classes.len() <= CLASSES);
            prop_assert!(classes.windows(2).all(|pair| pair[0].1 < pair[1].0));
            for (from, to, grids) in classes {
                let within = |value: &&i32| from <= f64::from(**value) && f64::from(**value) <= to;
                prop_assert!(from <= to);
                prop_assert_eq!(values.iter().filter(within).count(), grids);
            }
        }
    }
}

//! `[locate]`: how points are located.

use serde::Deserialize;

use crate::model::{Bounds, Coord, LocateRules, LonLat, Metres};

use super::ConfigError;

/// As written; what is not keeps the default of [`LocateRules`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRules {
    community_levels: Option<Vec<String>>,
    gap_limit_m: Option<f64>,
    line_buffer_m: Option<f64>,
    largest_line_buffer_m: Option<f64>,
    largest_accuracy_m: Option<f64>,
    most_candidates: Option<usize>,
    /// West, south, east, north, degrees.
    extent: Option<[f64; 4]>,
}

impl WrittenRules {
    pub(super) fn checked(self) -> Result<LocateRules, ConfigError> {
        let default = LocateRules::default();
        let levels = self.community_levels;
        Ok(LocateRules {
            community_levels: levels.map_or(default.community_levels, |levels| {
                levels.into_iter().map(String::into_boxed_str).collect()
            }),
            gap_limit: metres("gap_limit_m", self.gap_limit_m, default.gap_limit)?,
            line_buffer: metres("line_buffer_m", self.line_buffer_m, default.line_buffer)?,
            largest_line_buffer: metres(
                "largest_line_buffer_m",
                self.largest_line_buffer_m,
                default.largest_line_buffer,
            )?,
            largest_accuracy: metres(
                "largest_accuracy_m",
                self.largest_accuracy_m,
                default.largest_accuracy,
            )?,
            most_candidates: self.most_candidates.unwrap_or(default.most_candidates),
            extent: self.extent.map(extent).transpose()?,
        })
    }
}

fn metres(field: &'static str, given: Option<f64>, default: Metres) -> Result<Metres, ConfigError> {
    let checked = given.map(|given| Metres::up_to(Metres::LONGEST, given));
    let checked = checked.transpose().map_err(|error| ConfigError::Rule {
        field,
        reason: error.to_string(),
    })?;
    Ok(checked.unwrap_or(default))
}

fn extent([west, south, east, north]: [f64; 4]) -> Result<Bounds, ConfigError> {
    let refuse = |reason: String| ConfigError::Rule {
        field: "extent",
        reason,
    };
    let snap =
        |lon, lat| Coord::snap(LonLat { lon, lat }).map_err(|error| refuse(error.to_string()));
    let bounds = Bounds {
        min: snap(west, south)?,
        max: snap(east, north)?,
    };
    if bounds.min.lon > bounds.max.lon || bounds.min.lat > bounds.max.lat {
        return Err(refuse(
            "write [west, south, east, north], west before east and south before north".to_owned(),
        ));
    }
    Ok(bounds)
}

#[cfg(test)]
mod tests {
    use crate::config::Configuration;

    use super::*;

    #[test]
    fn rules_that_are_written_replace_the_defaults_and_the_others_stay() {
        let text = "[locate]\ncommunity_levels = [\"片区\"]\ngap_limit_m = 20\nextent = [104, 28, 105, 29.5]\n";
        let rules = Configuration::parse(text).unwrap().locate.unwrap();
        assert_eq!(&*rules.community_levels[0], "片区");
        assert_eq!(rules.gap_limit, Metres::whole(20));
        assert_eq!(rules.extent.unwrap().max.lat, 295_000_000);
        assert_eq!(rules.line_buffer, LocateRules::default().line_buffer);
        assert_eq!(Configuration::parse("").unwrap().locate, None);
    }

    #[test]
    fn a_rule_that_cannot_be_is_refused_by_name_and_with_its_range() {
        for (line, words) in [
            ("gap_limit_m = -1", "gap_limit_m"),
            ("gap_limit_m = nan", "0 and 100000"),
            ("largest_accuracy_m = 1e9", "largest_accuracy_m"),
            ("extent = [105, 28, 104, 29]", "west before east"),
            ("extent = [105, 98, 106, 99]", "extent"),
            ("gap_limit = 3", "gap_limit"),
        ] {
            let error = Configuration::parse(&format!("[locate]\n{line}\n")).unwrap_err();
            assert!(error.to_string().contains(words), "{line}: {error}");
        }
    }
}

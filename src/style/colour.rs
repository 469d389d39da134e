//! Shades of a colour.

/// A colour, 0 to 255 a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

impl Colour {
    pub(super) const BLACK: Self = Self([0; 3]);
    pub(super) const WHITE: Self = Self([255; 3]);

    /// Reads `#rrggbb`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#')?;
        if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(hex, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// Red, green and blue.
    pub(super) fn channels(self) -> [u8; 3] {
        self.0
    }

    /// A share of `other`, 0 to 1, mixed in.
    pub(super) fn mix(self, other: Self, share: f64) -> Self {
        let mut mixed = self.0;
        for (channel, toward) in mixed.iter_mut().zip(other.0) {
            let (from, to) = (f64::from(*channel), f64::from(toward));
            *channel = rounded(from + (to - from) * share);
        }
        Self(mixed)
    }

    /// Mixed with `toward` by as little as makes it stand out from the ground.
    pub(super) fn standing_out(self, ground: Self, toward: Self, contrast: f64) -> Self {
        (0..=20)
            .map(|step| self.mix(toward, f64::from(step) / 20.0))
            .find(|mixed| mixed.contrast(ground) >= contrast)
            .unwrap_or(toward)
    }

    /// How much two colours differ in lightness, 1 to 21 (WCAG 2.2, contrast ratio).
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a byte"
)]
fn rounded(channel: f64) -> u8 {
    channel.round().clamp(0.0, 255.0) as u8
}

impl std::fmt::Display for Colour {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(out, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl<'de> serde::Deserialize<'de> for Colour {
    fn deserialize<D: serde::Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(given)?;
        let refuse = || serde::de::Error::custom(format!("{text:?} is no #rrggbb"));
        Self::parse(&text).ok_or_else(refuse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    #[test]
    fn a_mix_lies_between_its_colours() {
        let (black, white) = (colour("#000000"), colour("#ffffff"));
        assert_eq!(black.mix(white, 0.5).to_string(), "#808080");
        assert_eq!(colour("#102030").mix(white, 0.0).to_string(), "#102030");
        assert_eq!(colour("#102030").mix(white, 1.0), white);
    }

    #[test]
    fn contrast_is_that_of_the_web_guidelines() {
        let white = colour("#ffffff");
        assert!((colour("#000000").contrast(white) - 21.0).abs() < 1e-9);
        // The darkest grey that the guidelines' own examples pass at 4.5.
        assert!((colour("#767676").contrast(white) - 4.54).abs() < 0.01);
        assert!((white.contrast(white) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_colour_that_stands_out_is_left_and_one_that_does_not_is_brought_there() {
        let (black, white) = (colour("#000000"), colour("#ffffff"));
        let red = colour("#c00000");
        assert_eq!(red.standing_out(white, black, 3.0), red);
        let pale = colour("#eeeeaa").standing_out(white, black, 3.0);
        assert!(pale.contrast(white) >= 3.0 && pale != black, "{pale}");
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for text in ["", "#fff", "tomato", "#12345g", "#1234567", "#é0123"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }
}

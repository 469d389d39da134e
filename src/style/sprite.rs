//! The sheet of a design's icons: one picture and where each icon lies in it.

use resvg::tiny_skia::{Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg::{Options, Tree};
use serde_json::{Map, Value, json};

use super::colour::Colour;
use super::design::Design;
use super::icons::drawings;

/// Pixels between icons, so that none takes colour from its neighbour when it is scaled.
const APART: u32 = 2;
/// Icons in a row.
const COLUMNS: usize = 8;

/// A picture of all icons, and its index as the style specification has it.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub index: Value,
    pub png: Vec<u8>,
}

/// An icon that cannot be drawn, which the program's tests exclude.
#[derive(Debug, thiserror::Error)]
#[error("icon {icon} cannot be drawn: {reason}")]
pub struct SpriteError {
    icon: String,
    reason: String,
}

/// Draws a design's sheet with so many pixels a unit.
///
/// # Errors
/// Where an icon of this program cannot be drawn.
pub fn sheet(design: &Design, ratio: u8) -> Result<Sheet, SpriteError> {
    let mut icons = Vec::new();
    for drawing in drawings() {
        let ink = match drawing.name {
            "hatch" => design.building.hatch,
            _ => design.point.glyph,
        };
        let side = drawing.side * u32::from(ratio);
        let drawn = draw(&drawing.svg, ink, side).map_err(|reason| SpriteError {
            icon: drawing.name.to_owned(),
            reason,
        })?;
        icons.push((drawing.name, drawn));
    }
    arranged(&icons, ratio).map_err(|reason| SpriteError {
        icon: "sheet".to_owned(),
        reason,
    })
}

/// The icons in rows, each in a square that the largest fills.
fn arranged(icons: &[(&'static str, Pixmap)], ratio: u8) -> Result<Sheet, String> {
    let largest = icons.iter().map(|(_, icon)| icon.width()).max();
    let square = largest.unwrap_or(1) + APART;
    let rows = icons.chunks(COLUMNS);
    let (across, down) = (u32::try_from(COLUMNS), u32::try_from(rows.len().max(1)));
    let sides = across.ok().zip(down.ok());
    let mut picture = sides
        .and_then(|(across, down)| Pixmap::new(across * square, down * square))
        .ok_or("it has no size")?;
    let mut index = Map::new();
    for (row, y) in rows.zip((0..).step_by(square as usize)) {
        for ((name, icon), x) in row.iter().zip((0..).step_by(square as usize)) {
            copy(icon, &mut picture, x, y);
            index.insert(
                (*name).to_owned(),
                json!({ "x": x, "y": y, "width": icon.width(), "height": icon.height(), "pixelRatio": ratio }),
            );
        }
    }
    Ok(Sheet {
        index: Value::Object(index),
        png: picture.encode_png().map_err(|error| error.to_string())?,
    })
}

/// A square drawing in one colour: what it covers, in the ink.
fn draw(svg: &[u8], ink: Colour, side: u32) -> Result<Pixmap, String> {
    let tree = Tree::from_data(svg, &Options::default()).map_err(|error| error.to_string())?;
    let mut drawn = Pixmap::new(side, side).ok_or_else(|| "it has no size".to_owned())?;
    #[expect(clippy::cast_precision_loss, reason = "some tens of pixels")]
    let scale = side as f32 / tree.size().width().max(tree.size().height());
    let scaled = Transform::from_scale(scale, scale);
    resvg::render(&tree, scaled, &mut drawn.as_mut());
    for pixel in drawn.pixels_mut() {
        let covered = u16::from(pixel.alpha());
        let [red, green, blue] = ink.channels().map(|channel| {
            let share = u16::from(channel) * covered / 255;
            u8::try_from(share).unwrap_or(u8::MAX)
        });
        if let Some(inked) = PremultipliedColorU8::from_rgba(red, green, blue, pixel.alpha()) {
            *pixel = inked;
        }
    }
    Ok(drawn)
}

fn copy(icon: &Pixmap, picture: &mut Pixmap, x: u32, y: u32) {
    let (across, wide) = (icon.width() as usize, picture.width() as usize);
    for (row, pixels) in icon.pixels().chunks(across).enumerate() {
        let start = (y as usize + row) * wide + x as usize;
        picture.pixels_mut()[start..start + across].copy_from_slice(pixels);
    }
}

#[cfg(test)]
mod tests {
    use super::super::design::{DESIGNS, design};
    use super::*;

    #[test]
    fn every_icon_is_drawn_in_the_designs_ink_and_lies_within_the_sheet() {
        for (id, ratio) in DESIGNS.into_iter().flat_map(|id| [(id, 1), (id, 2)]) {
            let design = design(id).unwrap().unwrap();
            let sheet = sheet(design, ratio).unwrap();
            let picture = Pixmap::decode_png(&sheet.png).unwrap();
            for (name, place) in sheet.index.as_object().unwrap() {
                let side = |key: &str| u32::try_from(place[key].as_u64().unwrap()).unwrap();
                let (x, y, width, height) = (side("x"), side("y"), side("width"), side("height"));
                assert!(x + width <= picture.width() && y + height <= picture.height());
                let expected = if name == "hatch" { 8 } else { 15 };
                assert_eq!(
                    (width, height),
                    (expected * u32::from(ratio), expected * u32::from(ratio)),
                    "{name}"
                );
                let pixels = (0..width * height)
                    .filter_map(|at| picture.pixel(x + at % width, y + at / width));
                let solid = if name == "hatch" { 100 } else { 200 };
                let ink: Vec<_> = pixels.filter(|pixel| pixel.alpha() > solid).collect();
                assert!(ink.len() >= 8, "{name} is empty");
                if name != "hatch" {
                    let [red, green, blue] = design.point.glyph.channels();
                    assert!(
                        ink.iter()
                            .map(PremultipliedColorU8::demultiply)
                            .all(|pixel| {
                                let near = |a: u8, b: u8| a.abs_diff(b) <= 1;
                                near(pixel.red(), red)
                                    && near(pixel.green(), green)
                                    && near(pixel.blue(), blue)
                            }),
                        "{name}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_same_sheet_is_drawn_each_time() {
        let design = design("dark").unwrap().unwrap();
        assert_eq!(sheet(design, 2).unwrap().png, sheet(design, 2).unwrap().png);
    }
}

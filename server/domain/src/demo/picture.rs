//! Small pictures for attachments, drawn rather than taken: a thing in a room, a box, a document.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use super::dice::Dice;

const WIDTH: u32 = 480;
const HEIGHT: u32 = 360;

/// Walls, floors and things.
const PALETTES: [[[u8; 3]; 3]; 6] = [
    [[232, 224, 212], [196, 170, 140], [180, 83, 42]],
    [[222, 230, 228], [150, 140, 128], [63, 125, 88]],
    [[238, 234, 230], [205, 190, 170], [70, 84, 120]],
    [[226, 218, 208], [120, 96, 76], [208, 154, 31]],
    [[240, 240, 238], [180, 176, 170], [58, 58, 62]],
    [[230, 222, 226], [168, 142, 124], [150, 70, 90]],
];

/// Different pictures; conversations share them, each with a file of its own.
const DIFFERENT: usize = 10;

/// A PNG and its size in pixels.
#[derive(Clone)]
pub struct Picture {
    pub bytes: Vec<u8>,
    pub width: i64,
    pub height: i64,
}

/// Draws all pictures.
pub fn album(dice: &mut Dice) -> Vec<Picture> {
    (0..DIFFERENT).filter_map(|_| draw(dice)).collect()
}

/// Draws a picture; nothing when it cannot be encoded.
fn draw(dice: &mut Dice) -> Option<Picture> {
    let [wall, floor, thing] = *dice.pick(&PALETTES);
    let horizon = u32::try_from(dice.between(210, 260)).unwrap_or(230);
    let mut image = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let base = if y < horizon { wall } else { floor };
        // Light falls from the upper left.
        shade(base, 1.06 - 0.14 * (f64::from(x) / f64::from(WIDTH)) - 0.08 * (f64::from(y) / f64::from(HEIGHT)))
    });
    match dice.between(0, 3) {
        0 => table(&mut image, thing, horizon),
        1 => lamp(&mut image, thing, horizon),
        2 => parcel(&mut image, horizon),
        _ => document(&mut image),
    }
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).ok()?;
    Some(Picture { bytes: bytes.into_inner(), width: i64::from(WIDTH), height: i64::from(HEIGHT) })
}

fn shade(colour: [u8; 3], factor: f64) -> Rgb<u8> {
    Rgb(colour.map(|part| (f64::from(part) * factor).clamp(0.0, 255.0) as u8))
}

fn fill(image: &mut RgbImage, colour: [u8; 3], is_inside: impl Fn(f64, f64) -> bool) {
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let (x, y) = (f64::from(x), f64::from(y));
        if is_inside(x, y) {
            *pixel = shade(colour, 1.05 - 0.2 * (x / f64::from(WIDTH)));
        }
    }
}

fn between(value: f64, low: f64, high: f64) -> bool {
    value >= low && value < high
}

fn table(image: &mut RgbImage, colour: [u8; 3], horizon: u32) {
    let top = f64::from(horizon) - 40.0;
    fill(image, [90, 80, 72], |x, y| between(x, 100.0, 400.0) && between(y, top + 108.0, top + 116.0));
    fill(image, colour, |x, y| between(x, 90.0, 390.0) && between(y, top, top + 18.0));
    fill(image, colour, |x, y| (between(x, 104.0, 118.0) || between(x, 362.0, 376.0)) && between(y, top, top + 110.0));
}

fn lamp(image: &mut RgbImage, colour: [u8; 3], horizon: u32) {
    let foot = f64::from(horizon) + 60.0;
    fill(image, [250, 236, 190], |x, y| (x - 240.0).hypot(y - 90.0) < 74.0);
    fill(image, colour, |x, y| between(y, 60.0, 120.0) && (x - 240.0).abs() < 34.0 + (y - 60.0) * 0.4);
    fill(image, [60, 54, 50], |x, y| between(x, 237.0, 243.0) && between(y, 120.0, foot));
    fill(image, [60, 54, 50], |x, y| ((x - 240.0) / 44.0).hypot((y - foot) / 9.0) < 1.0);
}

/// A box with a torn corner.
fn parcel(image: &mut RgbImage, horizon: u32) {
    let top = f64::from(horizon) - 110.0;
    let is_torn = |x: f64, y: f64| x - 330.0 > (y - top) * 1.3 - 20.0 && y < top + 60.0 && x > 320.0;
    fill(image, [190, 150, 104], |x, y| between(x, 120.0, 370.0) && between(y, top, top + 180.0) && !is_torn(x, y));
    fill(image, [214, 190, 150], |x, y| between(x, 232.0, 258.0) && between(y, top, top + 180.0));
    fill(image, [245, 245, 240], |x, y| between(x, 150.0, 214.0) && between(y, top + 110.0, top + 158.0));
    fill(image, [110, 84, 58], |x, y| between(x, 318.0, 366.0) && (y - top - (x - 318.0) * 0.9).abs() < 2.5);
}

fn document(image: &mut RgbImage) {
    fill(image, [252, 252, 250], |x, y| between(x, 130.0, 350.0) && between(y, 30.0, 340.0));
    fill(image, [40, 90, 160], |x, y| between(x, 150.0, 250.0) && between(y, 50.0, 66.0));
    fill(image, [200, 200, 204], |x, y| {
        between(x, 150.0, 330.0) && between(y, 90.0, 280.0) && (y as u32 / 9).is_multiple_of(2)
    });
    fill(image, [30, 30, 30], |x, y| {
        between(x, 150.0, 330.0) && between(y, 296.0, 326.0) && (x as u32 * 7 / 5 + x as u32 / 3).is_multiple_of(3)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_small_and_can_be_read() {
        let mut dice = Dice::new(5);
        let album = album(&mut dice);
        assert_eq!(album.len(), DIFFERENT);
        for picture in album {
            assert!(picture.bytes.len() < 60_000, "{}", picture.bytes.len());
            assert_eq!(image::load_from_memory(&picture.bytes).unwrap().width(), WIDTH);
        }
    }
}

//! Faces: a picture, or initials on a tone that belongs to the name.

use crate::dom::{El, el};

/// How many tones the design has for names.
const TONES: u32 = 8;

/// A face of the size its surroundings give it.
pub fn avatar(name: &str, picture: &str) -> El {
    if !picture.is_empty() {
        return el("img").attr("class", "avatar").attr("src", picture).attr("alt", "");
    }
    let class = ["avatar tone-", &tone(name).to_string()].concat();
    el("span").attr("class", &class).attr("aria-hidden", "true").text(&initials(name))
}

/// The first letters of the first and the last word; the style makes them capitals.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let letters = [words.next(), words.next_back()];
    letters.into_iter().flatten().filter_map(|word| word.chars().next()).collect()
}

fn tone(name: &str) -> u32 {
    name.chars().fold(0u32, |sum, c| sum.wrapping_mul(31).wrapping_add(u32::from(c))) % TONES
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_the_outer_words() {
        assert_eq!(initials("Ana Maria de Souza"), "AS");
        assert_eq!(initials("élodie"), "é");
        assert_eq!(initials("  "), "");
    }
}

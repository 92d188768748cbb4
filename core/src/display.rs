//! Text from elsewhere, made fit to stand on a page.
//!
//! `campaign` and `code` are text that strangers choose, a service's message is text nobody here
//! wrote. The page shows them as text, never as markup; this module makes sure that they cannot
//! disturb what stands around them either.

/// How much of a text a table cell shows.
pub const CELL_CHARACTERS: usize = 120;

/// The text with what would disturb the page made visible, and cut to `longest` characters (an ellipsis then
/// says so).
///
/// Of a text in which nothing can be seen each character becomes `�`: it must not pass for no text.
/// Control characters become their pictures (`␀`, `␊`). Characters that reverse the order of the
/// text after them become `�`: a code must read on the page as it would be typed.
pub fn inert(text: &str, longest: usize) -> String {
    let mut shown: String = text.chars().take(longest).map(visible).collect();
    if shown.chars().all(is_invisible) {
        shown = shown.chars().map(|_| '\u{fffd}').collect();
    }
    if text.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}

/// White space, control characters, and what Unicode shows nothing for (Default_Ignorable_Code_Point).
pub fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn visible(character: char) -> char {
    match character {
        '\u{0}'..='\u{1f}' | '\u{7f}' => picture(character),
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => '\u{fffd}',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        other => other,
    }
}

/// The picture of a control character of ASCII (`␀`); any other character is its own.
pub fn picture(character: char) -> char {
    match character {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_of_any_script_stays_as_it_is() {
        for text in [
            "spring-launch",
            "ربيع",
            "春のキャンペーン",
            "<b>&amp;",
            "e\u{301}",
        ] {
            assert_eq!(inert(text, 120), text);
        }
    }

    #[test]
    fn what_is_invisible_or_reverses_text_is_shown() {
        assert_eq!(inert("a\0b\nc\u{7f}", 120), "a␀b␊c␡");
        assert_eq!(inert("\u{202e}321", 120), "\u{fffd}321");
        assert_eq!(inert("\u{2067}x\u{2069}", 120), "\u{fffd}x\u{fffd}");
    }

    #[test]
    fn a_text_of_nothing_visible_can_be_seen() {
        assert_eq!(inert("\u{200f}\u{feff}", 120), "\u{fffd}\u{fffd}");
        assert_eq!(inert("a\u{200f}", 120), "a\u{200f}");
        assert_eq!(inert("", 120), "");
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        assert_eq!(inert("abc", 3), "abc");
        assert_eq!(inert("abcd", 3), "abc…");
        assert_eq!(inert(&"é".repeat(10_000), 120).chars().count(), 121);
    }
}

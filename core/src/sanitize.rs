//! Makes text from outside safe to show.
//!
//! Strangers choose `campaign` and `code`, and a service writes its messages. The page shows them as
//! text, never as markup. This module also keeps them from disturbing the text around them.

/// The most characters of a text that a table cell shows.
pub const CELL_CHARACTERS: usize = 120;

/// Makes a text safe to show, and cuts it to `longest` characters and an ellipsis.
///
/// - ASCII control characters become their symbols (`␀`, `␊`); other control characters and line
///   separators become `�`.
/// - Characters that change the direction of the text after them become `�`: a code must read as it is
///   typed.
/// - In a text without any visible character, each one becomes `�`, so that it does not
///   look like a missing text.
pub fn sanitize(text: &str, longest: usize) -> String {
    let mut shown: String = text.chars().take(longest).map(visible).collect();
    if shown.chars().all(is_invisible) {
        shown = shown.chars().map(|_| '\u{fffd}').collect();
    }
    if text.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}

/// Whether a character is white space, a control character, or one that Unicode shows nothing for
/// (Default_Ignorable_Code_Point).
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

/// The symbol for an ASCII control character (`␀`); any other character is unchanged.
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
    fn plain_text_of_any_script_is_unchanged() {
        for text in [
            "spring-launch",
            "ربيع",
            "春のキャンペーン",
            "<b>&amp;",
            "e\u{301}",
        ] {
            assert_eq!(sanitize(text, 120), text);
        }
    }

    #[test]
    fn control_and_direction_characters_become_visible() {
        assert_eq!(sanitize("a\0b\nc\u{7f}", 120), "a␀b␊c␡");
        assert_eq!(sanitize("\u{202e}321", 120), "\u{fffd}321");
        assert_eq!(sanitize("\u{2067}x\u{2069}", 120), "\u{fffd}x\u{fffd}");
    }

    #[test]
    fn an_invisible_text_becomes_visible() {
        assert_eq!(sanitize("\u{200f}\u{feff}", 120), "\u{fffd}\u{fffd}");
        assert_eq!(sanitize("a\u{200f}", 120), "a\u{200f}");
        assert_eq!(sanitize("", 120), "");
    }

    #[test]
    fn long_text_is_cut_with_an_ellipsis() {
        assert_eq!(sanitize("abc", 3), "abc");
        assert_eq!(sanitize("abcd", 3), "abc…");
        assert_eq!(sanitize(&"é".repeat(10_000), 120).chars().count(), 121);
    }
}

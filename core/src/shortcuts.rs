//! The keys that act on the page, and what each does.
//!
//! They act only while the focus is in the page, never where a key is typed, and never together with a
//! modifier. WCAG 2.1.4 asks that of keys of a single character, and so no key is taken from a host page.

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Focuses the search.
    Search,
    /// Goes to the next row, or shows the next event in the details.
    Next,
    /// Goes to the previous row, or shows the previous event in the details.
    Previous,
    /// Opens the export menu.
    Export,
    /// Shows which keys there are.
    Help,
    /// Closes the dialog that has the focus.
    Close,
}

/// The layer that has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The page itself.
    Page,
    /// The dialog with the details of an event.
    Details,
    /// The dialog with the keys.
    Help,
}

/// What has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A field that is typed into, or a list that letters choose from. It needs its keys.
    Typing,
    /// A row of the table.
    Row,
    /// Anything else.
    Other,
}

/// A key without a modifier other than Shift, as a browser reports it.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// What it stands for in the user's layout: `KeyboardEvent.key`.
    pub key: &'a str,
    /// Where it is on the keyboard: `KeyboardEvent.code`.
    pub code: &'a str,
    /// Whether Shift is held.
    pub shift: bool,
}

impl Key<'_> {
    /// The character that it is known by. In a layout of another script it is the one that a Latin layout
    /// has in its place, so that the keys work in Arabic, too.
    fn character(self) -> Option<char> {
        let mut characters = self.key.chars();
        let character = characters.next()?;
        if characters.next().is_some() {
            return None;
        }
        if character.is_ascii() {
            return Some(character.to_ascii_lowercase());
        }
        match self.code {
            "Slash" if self.shift => Some('?'),
            "Slash" => Some('/'),
            code => {
                let letter = code.strip_prefix("Key")?;
                letter
                    .chars()
                    .next()
                    .map(|letter| letter.to_ascii_lowercase())
            }
        }
    }
}

/// What a key does; `None` if it is not the page's. `is_rtl` is whether the page is read from right to left.
///
/// In the details, the arrows up and down are the browser's: they scroll. Left and right go on and back in
/// the direction of reading, as in a series of pictures; J and K do so everywhere, as in other lists.
pub fn action(key: Key<'_>, layer: Layer, focus: Focus, is_rtl: bool) -> Option<Action> {
    let forwards = if is_rtl { "ArrowLeft" } else { "ArrowRight" };
    match (layer, key.key) {
        (Layer::Page, "Escape") => return None,
        (Layer::Details | Layer::Help, "Escape") => return Some(Action::Close),
        _ if focus == Focus::Typing => return None,
        (Layer::Page, "ArrowDown") if focus == Focus::Row => return Some(Action::Next),
        (Layer::Page, "ArrowUp") if focus == Focus::Row => return Some(Action::Previous),
        (Layer::Details, name @ ("ArrowLeft" | "ArrowRight")) if !key.shift => {
            let is_next = name == forwards;
            return Some(if is_next {
                Action::Next
            } else {
                Action::Previous
            });
        }
        _ => {}
    }
    match (layer, key.character()?) {
        (Layer::Page, '/') => Some(Action::Search),
        (Layer::Page, 'e') => Some(Action::Export),
        (Layer::Page | Layer::Details, 'j') => Some(Action::Next),
        (Layer::Page | Layer::Details, 'k') => Some(Action::Previous),
        (Layer::Page | Layer::Details, '?') => Some(Action::Help),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: &str) -> Key<'_> {
        Key {
            key,
            code: "",
            shift: false,
        }
    }

    fn of(name: &str, layer: Layer, focus: Focus) -> Option<Action> {
        action(key(name), layer, focus, false)
    }

    #[test]
    fn each_key_acts_on_the_page() {
        for (name, expected) in [
            ("/", Some(Action::Search)),
            ("j", Some(Action::Next)),
            ("J", Some(Action::Next)),
            ("k", Some(Action::Previous)),
            ("e", Some(Action::Export)),
            ("?", Some(Action::Help)),
            ("Escape", None),
            ("Enter", None),
            ("End", None),
            ("Tab", None),
            ("x", None),
            ("", None),
            ("ArrowLeft", None),
        ] {
            assert_eq!(of(name, Layer::Page, Focus::Other), expected, "{name}");
            assert_eq!(of(name, Layer::Page, Focus::Row), expected, "{name}");
        }
    }

    #[test]
    fn arrows_move_from_a_row_only() {
        for (name, expected) in [("ArrowDown", Action::Next), ("ArrowUp", Action::Previous)] {
            assert_eq!(of(name, Layer::Page, Focus::Row), Some(expected));
            assert_eq!(of(name, Layer::Page, Focus::Other), None);
            assert_eq!(of(name, Layer::Details, Focus::Other), None, "it scrolls");
        }
    }

    #[test]
    fn what_is_typed_into_keeps_its_keys() {
        for name in ["/", "j", "k", "e", "?", "ArrowDown", "ArrowRight"] {
            for layer in [Layer::Page, Layer::Details, Layer::Help] {
                assert_eq!(of(name, layer, Focus::Typing), None, "{name} {layer:?}");
            }
        }
    }

    #[test]
    fn the_details_take_the_keys_that_lead_on_and_close() {
        for (name, expected) in [
            ("Escape", Some(Action::Close)),
            ("j", Some(Action::Next)),
            ("K", Some(Action::Previous)),
            ("ArrowRight", Some(Action::Next)),
            ("ArrowLeft", Some(Action::Previous)),
            ("?", Some(Action::Help)),
            ("/", None),
            ("e", None),
        ] {
            assert_eq!(of(name, Layer::Details, Focus::Other), expected, "{name}");
        }
        let to_the_left = action(key("ArrowLeft"), Layer::Details, Focus::Other, true);
        assert_eq!(to_the_left, Some(Action::Next));
        // With Shift it extends a selection.
        let selects = Key {
            shift: true,
            ..key("ArrowRight")
        };
        assert_eq!(action(selects, Layer::Details, Focus::Other, false), None);
    }

    #[test]
    fn the_list_of_keys_only_closes() {
        for name in ["/", "j", "k", "e", "?", "ArrowRight", "Enter"] {
            assert_eq!(of(name, Layer::Help, Focus::Other), None, "{name}");
        }
        assert_eq!(of("Escape", Layer::Help, Focus::Other), Some(Action::Close));
    }

    #[test]
    fn a_layout_of_another_script_has_the_keys_in_their_places() {
        for (name, code, shift, expected) in [
            ("ت", "KeyJ", false, Some(Action::Next)),
            ("О", "KeyJ", true, Some(Action::Next)),
            ("л", "KeyK", false, Some(Action::Previous)),
            ("ظ", "Slash", false, Some(Action::Search)),
            ("؟", "Slash", true, Some(Action::Help)),
            ("ش", "KeyA", false, None),
            ("é", "Digit2", false, None),
            // A Latin layout with another order goes by what its keys say.
            ("j", "KeyC", false, Some(Action::Next)),
            ("c", "KeyJ", false, None),
        ] {
            let key = Key {
                key: name,
                code,
                shift,
            };
            assert_eq!(
                action(key, Layer::Page, Focus::Other, false),
                expected,
                "{name} {code}"
            );
        }
    }
}

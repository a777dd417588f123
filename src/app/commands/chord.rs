//! A key with its modifiers, by name.

/// A key with its modifiers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    /// Ctrl (the command key on a Mac).
    pub ctrl: bool,
    /// Shift; not told for signs, which already need it or not by the keyboard.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
    /// The key by name ("N", "PageDown", "Plus").
    pub key: String,
}

impl Chord {
    /// Signs: where they are on the keyboard, and so whether they need Shift, is not ours to say.
    const SIGNS: [&'static str; 6] = ["Plus", "Minus", "Questionmark", "Equals", "Period", "Comma"];

    /// Reads `Ctrl+Shift+Z`, `N`, `Ctrl++`, `?`.
    pub fn parse(text: &str) -> Option<Chord> {
        let (modifiers, key) = match text.strip_suffix('+').filter(|rest| rest.is_empty() || rest.ends_with('+')) {
            Some(rest) => (rest.trim_end_matches('+'), "+"),
            None => text.rsplit_once('+').unwrap_or(("", text)),
        };
        let mut chord = Chord { ctrl: false, shift: false, alt: false, key: String::new() };
        for modifier in modifiers.split('+').filter(|part| !part.is_empty()) {
            match modifier {
                "Ctrl" => chord.ctrl = true,
                "Shift" => chord.shift = true,
                "Alt" => chord.alt = true,
                _ => return None,
            }
        }
        chord.key = match key {
            "+" => "Plus".into(),
            "-" => "Minus".into(),
            "?" => "Questionmark".into(),
            "." => "Period".into(),
            "" => return None,
            name => name.into(),
        };
        Some(chord)
    }

    /// The chord of a key that was pressed.
    pub fn pressed(ctrl: bool, shift: bool, alt: bool, key: &str) -> Chord {
        // The keyboard's `=` is the unshifted `+`.
        let key = if key == "Equals" { "Plus" } else { key };
        Chord { ctrl, shift: shift && !Self::SIGNS.contains(&key), alt, key: key.into() }
    }

    /// Does it type a character? Then it acts only while no text field has the focus.
    pub fn types(&self) -> bool {
        let function_key = self.key.starts_with('F') && self.key.len() > 1;
        !(self.ctrl || self.alt || function_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read_as_written() {
        let chord = |ctrl, shift, key: &str| Some(Chord { ctrl, shift, alt: false, key: key.into() });
        assert_eq!(Chord::parse("Ctrl+Shift+Z"), chord(true, true, "Z"));
        assert_eq!(Chord::parse("Ctrl++"), chord(true, false, "Plus"));
        assert_eq!(Chord::parse("+"), chord(false, false, "Plus"));
        assert_eq!(Chord::parse("?"), chord(false, false, "Questionmark"));
        assert_eq!(Chord::parse("Hyper+X"), None);
        assert_eq!(Some(Chord::pressed(false, true, false, "Questionmark")), Chord::parse("?"));
        assert_eq!(Some(Chord::pressed(true, false, false, "Equals")), Chord::parse("Ctrl++"));
        assert!(Chord::parse("N").is_some_and(|chord| chord.types()));
        assert!(Chord::parse("F1").is_some_and(|chord| !chord.types()));
    }
}

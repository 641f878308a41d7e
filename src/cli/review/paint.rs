//! Colours of a terminal, where they are wanted.

/// Whether and how text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    Plain,
    Colours,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Title,
    Added,
    Removed,
    Place,
    Plain,
}

impl Kind {
    /// Of a line of a unified diff.
    pub(super) fn of_line(line: &str) -> Self {
        match line.as_bytes() {
            [b'+', b'+', b'+', b' ', ..] | [b'-', b'-', b'-', b' ', ..] => Self::Title,
            [b'+', ..] => Self::Added,
            [b'-', ..] => Self::Removed,
            [b'@', b'@', ..] => Self::Place,
            _ => Self::Plain,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Title => "1",
            Self::Added => "32",
            Self::Removed => "31",
            Self::Place => "36",
            Self::Plain => "",
        }
    }
}

impl Paint {
    /// The text in the colour of what it is.
    pub(super) fn text(self, kind: Kind, text: &str) -> String {
        match (self, kind) {
            (Self::Plain, _) | (Self::Colours, Kind::Plain) => text.to_owned(),
            (Self::Colours, Kind::Title | Kind::Added | Kind::Removed | Kind::Place) => {
                format!("\x1b[{}m{text}\x1b[0m", kind.code())
            }
        }
    }
}

//! Words inside names and values that no catalogue declares: they mean the same in every library.
//! Knows nothing of where they stand.

use super::tree::Language;

/// What `head of X` is spelled with; a blank and the body follow. The first of a language is the one that is written.
pub const HEAD_OF: [(Language, &str); 3] =
    [(Language::English, "head of"), (Language::English, "heads of"), (Language::Vietnamese, "người đứng đầu")];

/// The value of a fact `is a level or none` where there is no level.
pub const NO_LEVEL: [(Language, &str); 2] = [(Language::English, "none"), (Language::Vietnamese, "không có")];

/// The values of a fact `is yes or no`, true first.
pub const YES_NO: [(Language, [&str; 2]); 2] =
    [(Language::English, ["yes", "no"]), (Language::Vietnamese, ["có", "không"])];

//! All words that a user reads, in both languages, each in one exhaustive match.

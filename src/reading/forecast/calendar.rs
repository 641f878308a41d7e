//! A forecast as an iCalendar file (RFC 5545): one whole-day event for each change and each document that begins or ends.
//! Nothing in it comes from a clock: the stamp is the window's first day.

use jiff::civil::Date;

use super::Forecast;
use super::lines::{detail, headline, turned};
use crate::digest::Digest;
use crate::reading::naming::Voice;

/// Octets of a line before it is folded.
const WIDTH: usize = 75;

/// The calendar, its lines ended as the standard asks.
#[must_use]
pub fn calendar(voice: Voice<'_>, forecast: &Forecast) -> String {
    let mut out = String::new();
    let stamp = day(forecast.window.from);
    let product =
        format!("PRODID:-//Tham Quyen//tq {}//{}", env!("CARGO_PKG_VERSION"), voice.language.tag().to_uppercase());
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", &product, "CALSCALE:GREGORIAN"] {
        fold(&mut out, line);
    }
    for change in &forecast.changes {
        let description = detail(voice, change).join("\n");
        event(&mut out, &stamp, change.on, (&headline(voice, change), &description));
    }
    for turn in &forecast.documents {
        event(&mut out, &stamp, turn.on, (&turned(voice, *turn), ""));
    }
    fold(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, stamp: &str, on: Date, (summary, description): (&str, &str)) {
    let id = Digest::of(format!("{on}\n{summary}\n{description}").as_bytes()).first(32);
    fold(out, "BEGIN:VEVENT");
    fold(out, &format!("UID:{id}@tham-quyen"));
    fold(out, &format!("DTSTAMP:{stamp}T000000Z"));
    fold(out, &format!("DTSTART;VALUE=DATE:{}", day(on)));
    fold(out, &format!("SUMMARY:{}", escaped(summary)));
    if !description.is_empty() {
        fold(out, &format!("DESCRIPTION:{}", escaped(description)));
    }
    fold(out, "TRANSP:TRANSPARENT");
    fold(out, "END:VEVENT");
}

fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// Writes a line, folded between characters so that none is longer than it may be.
fn fold(out: &mut String, line: &str) {
    let mut width = 0;
    for character in line.chars() {
        if width + character.len_utf8() > WIDTH {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(character);
        width += character.len_utf8();
    }
    out.push_str("\r\n");
}

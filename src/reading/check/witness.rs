//! A point in words: the day, the places, the facts and the readings. Knows nothing of findings.

use super::Point;
use crate::reading::naming::Voice;
use crate::reading::words::{self, pick};
use crate::register::LocalityId;
use crate::rulebook::{Language, RoleId};

/// One line; what it does not say makes no difference.
#[must_use]
pub fn witness_line(voice: Voice<'_>, point: &Point) -> String {
    let role = |role: &RoleId| voice.name(&voice.rulebook[*role].names);
    let roles = || voice.rulebook[point.task].roles.iter();
    let places = roles().zip(&point.places).map(|(own, at)| format!("{}: {}", role(own), place(voice, *at, point)));
    let spans = roles().zip(&point.spans).filter_map(|(own, level)| Some((own, (*level)?)));
    let spans = spans.map(|(own, level)| {
        let (role, level) = (role(own), voice.level(level));
        match voice.language {
            Language::Vietnamese => format!("{role} trên địa bàn nhiều đơn vị {level}"),
            Language::English => format!("{role} spans several units of level {level}"),
        }
    });
    let facts = point.facts.iter().map(|(fact, value)| format!("{}: {}", voice.fact(*fact), voice.value(*fact, value)));
    let readings = point.readings.iter().map(|(reading, option)| {
        let text = voice.text(voice.rulebook[*reading].text);
        format!("{text}: “{}”", voice.reading_option(*reading, *option))
    });
    let day = words::date(point.day, voice.language);
    std::iter::once(day).chain(places).chain(spans).chain(facts).chain(readings).collect::<Vec<_>>().join("; ")
}

fn place(voice: Voice<'_>, place: LocalityId, point: &Point) -> String {
    let row = (place != LocalityId::NOWHERE).then(|| voice.rulebook.register.lowest(place, point.day)).flatten();
    match row {
        Some(row) => format!("{} ({})", voice.row(row), voice.rulebook.register.row(row).code),
        None => pick(voice.language, "không có", "none").to_owned(),
    }
}

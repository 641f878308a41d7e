//! The certificate of a whole library, and a wrong region in words. The certificate holds nothing that differs between two runs.

use std::fmt::Write as _;

use super::{Between, Checked, Side, Witness, Wrong, check};
use crate::digest::Digest;
use crate::partition::Partitions;
use crate::reading::ask::Law;
use crate::reading::handling;
use crate::reading::hands::side_by_side;
use crate::reading::naming::Voice;
use crate::reading::words::{self, pick};
use crate::register::{LevelId, LocalityId};
use crate::rulebook::{FactId, Language, Rulebook, Seat, TaskId};
use crate::ruling::{About, Aside, Choice, Named, TooMany};

/// What was found of every task.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The version of the rules: a hash of everything read.
    pub version: String,
    pub tasks: Vec<(TaskId, Result<Task, Failure>)>,
}

/// One task that is right everywhere.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    pub checked: Checked,
    /// Regions that were worked through to make the diagrams.
    pub regions: usize,
    pub bytes: usize,
}

#[derive(Debug, Clone)]
pub enum Failure {
    TooMany(TooMany),
    Wrong(Wrong),
}

/// Checks every task of a rulebook.
#[must_use]
pub fn certify(rulebook: &Rulebook, version: &str) -> Certificate {
    let partitions = Partitions::new(rulebook);
    certify_rest(Law { rulebook, partitions: &partitions }, version, |_| None)
}

/// The same of the partitions by which questions are answered. Of some tasks it is known already what was found.
#[must_use]
pub fn certify_rest(law: Law<'_>, version: &str, known: impl Fn(TaskId) -> Option<Task> + Sync) -> Certificate {
    let tasks: Vec<TaskId> = law.rulebook.task_ids().collect();
    let found = side_by_side(&tasks, |task| known(*task).map_or_else(|| one(law, *task), Ok));
    Certificate { version: version.to_owned(), tasks: tasks.into_iter().zip(found).collect() }
}

fn one(law: Law<'_>, task: TaskId) -> Result<Task, Failure> {
    let partition = law.partitions.of(law.rulebook, task).map_err(Failure::TooMany)?;
    let checked = check(law.rulebook, partition).map_err(Failure::Wrong)?;
    Ok(Task { checked, regions: partition.regions, bytes: partition.diagrams.bytes() })
}

impl Certificate {
    /// What was found of a task that is right.
    #[must_use]
    pub fn of(&self, task: TaskId) -> Option<Task> {
        let (_, found) = self.tasks.iter().find(|(own, _)| *own == task)?;
        found.as_ref().ok().copied()
    }

    #[must_use]
    pub fn is_good(&self, rulebook: &Rulebook) -> bool {
        self.tasks.len() == rulebook.tasks.len() && self.tasks.iter().all(|(_, found)| found.is_ok())
    }

    /// What is certified, in one form whatever the language: the hash is of this.
    fn content(&self, rulebook: &Rulebook) -> String {
        let mut content = format!("tq {} {}\n", env!("CARGO_PKG_VERSION"), self.version);
        for (task, found) in &self.tasks {
            let id = &rulebook[*task].names.id;
            // Writing to a text does not fail.
            let _ = match found {
                Ok(Task { checked: Checked { classes, nodes, boxes }, regions, .. }) => {
                    writeln!(content, "{id} {classes} {nodes} {regions} {boxes}")
                }
                Err(_) => writeln!(content, "{id} wrong"),
            };
        }
        content
    }

    /// The hash of what is certified.
    #[must_use]
    pub fn digest(&self, rulebook: &Rulebook) -> Digest {
        Digest::of(self.content(rulebook).as_bytes())
    }

    /// The certificate as lines of text.
    #[must_use]
    pub fn lines(&self, voice: Voice<'_>) -> Vec<String> {
        let language = voice.language;
        let mut lines = vec![match language {
            Language::Vietnamese => {
                format!("Kiểm tra vùng: bộ quy định {}, tq {}", self.version, env!("CARGO_PKG_VERSION"))
            }
            Language::English => format!("Region check: rules {}, tq {}", self.version, env!("CARGO_PKG_VERSION")),
        }];
        let width =
            self.tasks.iter().map(|(task, _)| voice.rulebook[*task].names.id.chars().count()).max().unwrap_or(0);
        for (task, found) in &self.tasks {
            let id = &voice.rulebook[*task].names.id;
            let said = match found {
                Ok(task) => right(task, language),
                Err(Failure::TooMany(many)) => too_many(voice, many),
                Err(Failure::Wrong(_)) => pick(language, "SAI", "WRONG").to_owned(),
            };
            lines.push(format!("  {id:width$}  {said}"));
            if let Err(Failure::Wrong(wrong)) = found {
                lines.extend(wrong_lines(voice, *task, wrong).into_iter().map(|line| format!("    {line}")));
            }
        }
        let regions: usize = self.tasks.iter().flat_map(|(_, found)| found).map(|task| task.checked.boxes).sum();
        let good = self.is_good(voice.rulebook);
        lines.push(match (language, good) {
            (Language::Vietnamese, true) => {
                format!("{} nhiệm vụ, {regions} vùng, không vùng nào sai", self.tasks.len())
            }
            (Language::English, true) => format!("{} tasks, {regions} regions, none wrong", self.tasks.len()),
            (Language::Vietnamese, false) => "có vùng sai: xem ở trên".to_owned(),
            (Language::English, false) => "there are wrong regions: see above".to_owned(),
        });
        lines.push(format!("{}: sha256 {}", pick(language, "chứng nhận", "certificate"), self.digest(voice.rulebook)));
        lines
    }
}

fn right(task: &Task, language: Language) -> String {
    let Task { checked: Checked { classes, nodes, boxes }, regions, bytes } = task;
    match language {
        Language::Vietnamese => format!(
            "đúng: {boxes} vùng được đối chiếu; {classes} lớp nơi, {regions} vùng khi dựng, {nodes} nút ({bytes} byte)"
        ),
        Language::English => format!(
            "right: {boxes} regions compared; {classes} classes of places, {regions} regions to make it, {nodes} nodes ({bytes} bytes)"
        ),
    }
}

fn too_many(voice: Voice<'_>, many: &TooMany) -> String {
    let citations = voice.citations(&many.provisions);
    match voice.language {
        Language::Vietnamese => format!("quá nhiều vùng; các điều kiện nhân lên ở: {citations}"),
        Language::English => format!("too many regions; the conditions that multiply stand in: {citations}"),
    }
}

/// What is wrong, with a point that shows it.
#[must_use]
pub fn wrong_lines(voice: Voice<'_>, task: TaskId, wrong: &Wrong) -> Vec<String> {
    let language = voice.language;
    match wrong {
        Wrong::Malformed => vec![
            pick(language, "một nút của sơ đồ không phân chia đủ", "a node of the diagram is no partition").to_owned(),
        ],
        Wrong::Stray(locality) => {
            let at = place(voice, *locality, None);
            vec![match language {
                Language::Vietnamese => format!("{at} không nằm trong đúng một lớp nơi"),
                Language::English => format!("{at} does not stand in just one class of places"),
            }]
        }
        Wrong::Volume { places, day } => {
            let at = places.iter().map(|own| place(voice, *own, Some(*day))).collect::<Vec<_>>().join(" + ");
            let day = words::date(*day, language);
            vec![match language {
                Language::Vietnamese => format!("{at}, ngày {day}: có điểm bị bỏ sót hoặc đếm hai lần"),
                Language::English => format!("{at}, on {day}: points are left out or counted twice"),
            }]
        }
        Wrong::Ruling(witness) => ruling(voice, task, witness),
    }
}

fn ruling(voice: Voice<'_>, task: TaskId, witness: &Witness) -> Vec<String> {
    let language = voice.language;
    let day = words::date(witness.day, language);
    let spanned = |(own, level): (&LocalityId, &Option<LevelId>)| {
        let at = place(voice, *own, Some(witness.day));
        let Some(level) = level else { return at };
        let several = pick(language, "nhiều đơn vị: ", "several units: ");
        format!("{at} ({several}{})", voice.name(&voice.rulebook[*level].names))
    };
    let mut parts: Vec<String> = witness.places.iter().zip(&witness.spans).map(spanned).collect();
    parts.push(format!("{} {day}", pick(language, "ngày", "on")));
    parts.extend(
        witness.facts.iter().map(|(fact, between)| format!("{} = {}", voice.fact(*fact), said(voice, *fact, between))),
    );
    parts.extend(
        witness.readings.iter().map(|(reading, option)| format!("“{}”", voice.reading_option(*reading, *option))),
    );
    let mut lines = vec![format!("{}: {}", voice.name(&voice.rulebook[task].names), parts.join(", "))];
    lines.extend(witness.aside.map(|aside| match aside {
        Aside::Sentence(sentence) => voice.citation(sentence),
        Aside::Slot(slot) => words::slot(slot, language).to_owned(),
    }));
    lines.push(format!("{}: {}", pick(language, "sơ đồ", "diagram"), side(voice, witness.found.as_ref())));
    lines.push(format!("{}: {}", pick(language, "văn bản", "the texts"), side(voice, witness.expected.as_ref())));
    lines
}

fn said(voice: Voice<'_>, fact: FactId, between: &Between) -> String {
    let bound = |value: &crate::rulebook::Value| crate::ruling::Bound { value: value.clone(), included: false };
    let choice = match between {
        Between::Value(value) => Choice::Value(value.clone()),
        Between::Range(low, high) => Choice::Range { low: low.as_ref().map(bound), high: high.as_ref().map(bound) },
    };
    voice.choice(&choice, &About::Fact(fact))
}

/// A locality by the unit of the day, or the last one that held it.
fn place(voice: Voice<'_>, locality: LocalityId, day: Option<jiff::civil::Date>) -> String {
    if locality == LocalityId::NOWHERE {
        return pick(voice.language, "không có nơi", "no place").to_owned();
    }
    let register = &voice.rulebook.register;
    let now = day.and_then(|day| register.lowest(locality, day));
    let days = register.change_days_of(locality);
    let row = now.or_else(|| days.iter().rev().find_map(|day| register.lowest(locality, *day)));
    row.map_or_else(String::new, |row| format!("{} ({})", voice.row(row), register.row(row).code))
}

fn side(voice: Voice<'_>, side: Option<&Side>) -> String {
    let language = voice.language;
    let Some(side) = side else { return pick(language, "không thể xảy ra", "impossible").to_owned() };
    let seat = |seat: Seat| voice.named(Named { seat, unit: None });
    let mut parts: Vec<String> =
        side.outcome.iter().map(|outcome| words::outcome(*outcome, language).to_owned()).collect();
    parts.extend(
        side.holders.iter().map(|holder| format!("{} ({})", seat(holder.seat), words::held(holder.held, language))),
    );
    parts.extend(
        side.requirements.iter().map(|one| format!("{} {}", words::requirement(one.kind, language), seat(one.of))),
    );
    parts.extend(
        side.may_step_in.iter().map(|own| {
            format!("{} {}", pick(language, "quyền trực tiếp quyết định thay:", "may step in:"), seat(*own))
        }),
    );
    let handled = handling::told(language, &side.handling, &|own| seat(*own));
    parts.extend(
        handled.into_iter().map(|(slot, lines)| format!("{}: {}", words::slot(slot, language), lines.join(", "))),
    );
    parts.extend(side.grounds.iter().map(|ground| voice.citation(ground.provision)));
    if parts.is_empty() { pick(language, "không có gì", "nothing").to_owned() } else { parts.join("; ") }
}

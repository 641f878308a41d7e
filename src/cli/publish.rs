//! `tq publish`, `tq approve`, `tq rollback`: rules become a version that nobody can change any more. Rules are examined before
//! they are signed, by everybody who signs.

use std::io;

use clap::ArgMatches;

use super::check::kept;
use super::store::{Opened, hand, keys, refuse, tell};
use super::{Console, Status, errors_line, origin, problems};
use crate::library::{self, Library};
use crate::partition::Side;
use crate::reading::check::message;
use crate::reading::diff;
use crate::reading::naming::Voice;
use crate::reading::words::pick;
use crate::store::candidate::{Candidate, Doubt, Refusal, examine};
use crate::store::fault::Fault;
use crate::store::key::SecretKey;
use crate::store::statement::{Accepted, Policy, Publication, Says};
use crate::store::{Named, Store, candidate};
use crate::syntax::tree::Language;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(keys) = keys(matches, console)? else { return Ok(Status::Wrong) };
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let Some(baseline) = kept::of(None, &origin(matches), console)? else { return Ok(Status::Wrong) };
    let reasons = baseline.accepted.into_iter().map(|one| (one.fingerprint, one.why)).collect();
    let (mut opened, parent) = match opened(matches) {
        Ok(opened) => opened,
        Err(fault) => return refuse(&fault, console),
    };
    let Candidate { publication, diff } = match examine(&library, parent.as_ref(), &reasons) {
        Ok(candidate) => candidate,
        Err(refusal) => return told(&refusal, (&library, parent.as_ref()), console),
    };
    say(&library, &publication, console)?;
    if let Some(diff) = &diff {
        for line in diff::in_short(console.language, diff) {
            console.say(&line)?;
        }
    }
    if matches.get_flag("dry-run") {
        console.say(pick(console.language, "chưa công bố: --dry-run", "not published: --dry-run"))?;
        return Ok(Status::Fine);
    }
    let placed = opened.store.publish(publication, &library.files, &hand(matches, &keys));
    end(placed, &opened, console)
}

pub(super) fn approve(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(keys) = keys(matches, console)? else { return Ok(Status::Wrong) };
    let Some(named) = matches.get_one::<String>("proposal") else { return Ok(Status::Wrong) };
    let proposed = opened(matches).and_then(|(opened, parent)| {
        let waiting = opened.store.waiting_one(named)?;
        Ok((opened, parent, waiting))
    });
    let (mut opened, parent, waiting) = match proposed {
        Ok(proposed) => proposed,
        Err(fault) => return refuse(&fault, console),
    };
    let (by, note) = (&waiting.proposal.by, &waiting.proposal.note);
    console.say(&match console.language {
        Language::Vietnamese => format!("đề nghị {}: {by}: {note}", waiting.name),
        Language::English => format!("proposal {}: {by}: {note}", waiting.name),
    })?;
    match &waiting.proposal.says {
        Says::Policy(policy) => {
            for line in policy_lines(policy, console.language) {
                console.say(&line)?;
            }
        }
        Says::Publication(publication) => {
            if let Some(status) = examined_anew(&opened.store, parent.as_ref(), publication, console)? {
                return Ok(status);
            }
        }
    }
    let placed = opened.store.approve(&waiting, &hand(matches, &keys));
    end(placed, &opened, console)
}

/// Nobody signs a policy blind.
fn policy_lines(policy: &Policy, language: Language) -> Vec<String> {
    let Policy { signatures, publishers, certifiers, offset, fresh_days } = policy;
    let mut lines = vec![match language {
        Language::Vietnamese => {
            format!("  cần {signatures} chữ ký; múi giờ {offset}; xác nhận có giá trị {fresh_days} ngày")
        }
        Language::English => {
            format!("  signatures needed: {signatures}; clock {offset}; confirmed for {fresh_days} days")
        }
    }];
    let publishes = pick(language, "được công bố", "may publish");
    let certifies = pick(language, "được chứng nhận", "may certify");
    for (may, holders) in [(publishes, publishers), (certifies, certifiers)] {
        lines.extend(holders.iter().map(|holder| format!("  {may}: {} {}", holder.name, holder.key.text())));
    }
    lines
}

/// Who signs does not take the word of who proposed: nothing where all is as it was said, else how it ends.
fn examined_anew(
    store: &Store,
    parent: Option<&Library>,
    said: &Publication,
    console: &mut Console<'_>,
) -> io::Result<Option<Status>> {
    let library = match store.files(said) {
        Ok(files) => library::from_files(files),
        Err(fault) => return refuse(&fault, console).map(Some),
    };
    match candidate::confirm(said, &library, parent) {
        Ok(_) => {}
        Err(Doubt::Program(program)) => {
            console.complain(&match console.language {
                Language::Vietnamese => format!("lỗi: đề nghị do tq {program} lập; hãy ký bằng đúng phiên bản đó"),
                Language::English => {
                    format!("error: the proposal was made by tq {program}; approve it with that version")
                }
            })?;
            return Ok(Some(Status::Wrong));
        }
        Err(Doubt::Refusal(refusal)) => return told(&refusal, (&library, parent), console).map(Some),
        Err(Doubt::Other) => {
            let words = pick(
                console.language,
                "lỗi: đề nghị không khớp với kết quả kiểm tra lại; không ký",
                "error: the proposal is not what an examination finds; it is not signed",
            );
            console.complain(words)?;
            return Ok(Some(Status::Wrong));
        }
    }
    say(&library, said, console)?;
    Ok(None)
}

pub(super) fn rollback(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(keys) = keys(matches, console)? else { return Ok(Status::Wrong) };
    let Some(named) = matches.get_one::<String>("version") else { return Ok(Status::Wrong) };
    let older = opened(matches).and_then(|(opened, parent)| {
        let parent = parent.ok_or(Fault::Empty)?;
        let (kept, older) = opened.store.find(&named.parse::<Named>()?)?;
        let (number, older) = (kept.number, older.clone());
        let library = library::from_files(opened.store.files(&older)?);
        Ok((opened, parent, library, Publication { again: Some(number), ..older }))
    });
    let (opened, parent, library, older) = match older {
        Ok(older) => older,
        Err(fault) => return refuse(&fault, console),
    };
    let publication = match candidate::anew(&library, &parent, &older) {
        Ok(candidate) => candidate.publication,
        Err(refusal) => return told(&refusal, (&library, Some(&parent)), console),
    };
    say(&library, &publication, console)?;
    publish_anew((opened, publication), (matches, &keys), console)
}

fn publish_anew(
    (mut opened, publication): (Opened, Publication),
    (matches, keys): (&ArgMatches, &[SecretKey]),
    console: &mut Console<'_>,
) -> io::Result<Status> {
    let placed = opened.store.publish(publication, &[], &hand(matches, keys));
    end(placed, &opened, console)
}

/// The store, and the rules that were published last.
fn opened(matches: &ArgMatches) -> Result<(Opened, Option<Library>), Fault> {
    let opened = Opened::of(matches)?;
    let latest = opened.store.log().latest().map(|(_, latest)| opened.store.files(latest)).transpose()?;
    Ok((opened, latest.map(library::from_files)))
}

fn end(placed: Result<crate::store::Placed, Fault>, opened: &Opened, console: &mut Console<'_>) -> io::Result<Status> {
    match placed.and_then(|placed| opened.remember().map(|()| placed)) {
        Ok(placed) => tell(&placed, console).map(|()| Status::Fine),
        Err(fault) => refuse(&fault, console),
    }
}

/// Which version it is, and what was accepted of it.
fn say(library: &Library, publication: &Publication, console: &mut Console<'_>) -> io::Result<()> {
    let (version, files) = (&library.version, publication.files.len());
    console.say(&match console.language {
        Language::Vietnamese => format!("phiên bản {version}: {files} tệp, mọi vùng đúng với văn bản"),
        Language::English => format!("version {version}: {files} files, every region right by the texts"),
    })?;
    for Accepted { code, why, .. } in &publication.accepted {
        let words = pick(console.language, "phát hiện mới được chấp nhận", "new finding, accepted");
        console.say(&format!("  {words}: {code}: {why}"))?;
    }
    Ok(())
}

/// Why rules are not published.
fn told(
    refusal: &Refusal,
    (library, parent): (&Library, Option<&Library>),
    console: &mut Console<'_>,
) -> io::Result<Status> {
    let language = console.language;
    let voice = Voice::new(&library.rulebook, language);
    let (line, status) = match refusal {
        Refusal::Errors(errors) => (errors_line(*errors, language), Status::Wrong),
        Refusal::Same => {
            let words =
                pick(language, "bộ quy định này đang là phiên bản mới nhất", "these rules are the newest version");
            (words.to_owned(), Status::Findings)
        }
        Refusal::TooMany(side, many) => {
            let own = if *side == Side::Old { parent.unwrap_or(library) } else { library };
            let voice = Voice::new(&own.rulebook, language);
            let words = pick(language, "quá nhiều vùng ở", "too many regions in");
            let task = voice.name(&voice.rulebook[many.task].names);
            (format!("{words} {task}: {}", voice.citations(&many.provisions)), Status::Wrong)
        }
        Refusal::Regions(certificate) => {
            for line in certificate.lines(voice) {
                console.complain(&line)?;
            }
            (
                pick(language, "sơ đồ không khớp với văn bản", "the diagrams are not what the texts say").to_owned(),
                Status::Findings,
            )
        }
        Refusal::Findings(findings) => {
            for (one, _) in findings {
                let task = one.task.map(|task| format!("{}: ", library.rulebook[task].names.id));
                let task = task.unwrap_or_default();
                console.complain(&format!("  {}: {task}{}", one.code().id(), message(voice, one)))?;
            }
            let words = pick(
                language,
                "phát hiện mới ở mức lỗi chưa có lý do: xem `tq check`, ghi bằng `tq check --write-baseline` rồi nêu lý do ở `why`",
                "new findings of the gravest kind without a reason: see `tq check`, write them down by `tq check --write-baseline`, then say `why`",
            );
            (words.to_owned(), Status::Findings)
        }
    };
    let word = pick(language, "không công bố", "not published");
    console.complain(&format!("{word}: {line}"))?;
    Ok(status)
}

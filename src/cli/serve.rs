//! `tq serve`: the service and its page. Refuses to start on rules with errors.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::path::PathBuf;

use clap::ArgMatches;
use tokio::task::JoinHandle;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

use super::store::{Opened, refuse};
use super::{Console, Status, errors_line, origin, problems};
use crate::reading::words::pick;
use crate::server::configuration::{Configuration, Wrong};
use crate::server::{self, Format, Level, Log, REQUESTS};

/// Where the service listens when nobody says where.
const USUAL: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 8080));

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let configuration = match matches.get_one::<PathBuf>("config").map(|file| Configuration::read(file)).transpose() {
        Ok(configuration) => configuration.unwrap_or_default(),
        Err(wrong) => return unfit(&wrong, console),
    };
    let settings = match configuration.settings(console.language) {
        Ok(settings) => settings,
        Err(wrong) => return unfit(&wrong, console),
    };
    if matches.contains_id("store") {
        let opened = Opened::of(matches).and_then(|opened| {
            let (store, remember) = opened.parts();
            let stale = store.is_fresh(server::now()).err();
            Ok((server::State::of_store(store, settings)?, remember, stale))
        });
        let (state, remember, stale) = match opened {
            Ok(opened) => opened,
            Err(fault) => return refuse(&fault, console),
        };
        if state.errors() > 0 {
            return faulty(state.errors(), console);
        }
        if let Err(wrong) = state.may_publish() {
            return unfit(&wrong, console);
        }
        if let Some(fault) = stale {
            let note = pick(console.language, "chú ý", "note");
            console.complain(&format!("{note}: {}", fault.words(console.language)))?;
        }
        let watch = |state| tokio::spawn(server::watch_store(state, remember));
        return listen(state, watch, (matches, &configuration), console);
    }
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    if library.errors() > 0 {
        return faulty(library.errors(), console);
    }
    let origin = origin(matches);
    let watch = |state| tokio::spawn(server::watch(state, origin));
    let state = server::State::with(library, settings);
    if let Err(wrong) = state.may_publish() {
        return unfit(&wrong, console);
    }
    listen(state, watch, (matches, &configuration), console)
}

/// Rules that hold errors are not served: a sentence may be missing. Those of a store can, where another program published them.
fn faulty(errors: usize, console: &mut Console<'_>) -> io::Result<Status> {
    let words = pick(console.language, "không mở dịch vụ", "the service does not start");
    console.complain(&format!("{}; {words}", errors_line(errors, console.language)))?;
    Ok(Status::Wrong)
}

fn unfit(wrong: &Wrong, console: &mut Console<'_>) -> io::Result<Status> {
    let word = pick(console.language, "lỗi", "error");
    console.complain(&format!("{word}: {}", wrong.words(console.language)))?;
    Ok(Status::Wrong)
}

/// Serves what folders hold, or what a store has published.
fn listen(
    state: server::State,
    watch: impl FnOnce(server::State) -> JoinHandle<()>,
    (matches, configuration): (&ArgMatches, &Configuration),
    console: &mut Console<'_>,
) -> io::Result<Status> {
    if let Err(wrong) = state.log_decisions(configuration) {
        return unfit(&wrong, console);
    }
    let said = matches.get_one::<SocketAddr>("listen").copied();
    let address = said.or(configuration.listen).unwrap_or(USUAL);
    match configuration.listens_to(address) {
        Ok(None) => {}
        Ok(Some(open)) => {
            let note = pick(console.language, "chú ý", "note");
            console.complain(&format!("{note}: {}", open.words(console.language)))?;
        }
        Err(wrong) => return unfit(&wrong, console),
    }
    let version = state.version();
    log(configuration.log());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = match server::listen(address) {
            Ok(listener) => listener,
            Err(error) => {
                let words = pick(console.language, "không mở được", "cannot listen on");
                console.complain(&format!("tq: {words} {address}: {error}"))?;
                return Ok(Status::Wrong);
            }
        };
        let words = pick(console.language, "đang phục vụ tại", "listening on");
        let rules = pick(console.language, "bộ quy định", "rules");
        let scheme = if state.is_secret() { "https" } else { "http" };
        let line = format!("{words} {scheme}://{} ({rules} {version})", listener.local_addr()?);
        match configuration.log().format {
            Format::Text => console.complain(&format!("tq: {line}"))?,
            // Who reads the log as JSON finds nothing else in it.
            Format::Json => tracing::info!("{line}"),
        }
        let watching = watch(state.clone());
        server::serve(listener, state).await?;
        watching.abort();
        Ok(Status::Fine)
    })
}

/// The log goes to the error stream: what happens to the service, and what it is asked only where that is wanted.
fn log(Log { format, level, requests }: Log) {
    let level = match level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
    };
    let requests = if requests { LevelFilter::INFO } else { LevelFilter::OFF };
    let told = Targets::new().with_default(level).with_target(REQUESTS, requests);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_target(false).with_ansi(false);
    let lines = match format {
        Format::Text => lines.boxed(),
        Format::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed(),
    };
    // Somebody else may have set one up already, as tests do.
    let _ = tracing_subscriber::registry().with(lines.with_filter(told)).try_init();
    // Whatever panics is told in the same form as all else.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("panic at {place}");
    }));
}

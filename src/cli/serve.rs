//! `tq serve`: the service and its page. Refuses to start on rules with errors.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::path::PathBuf;

use clap::ArgMatches;
use tokio::task::JoinHandle;

use super::store::{Opened, refuse};
use super::{Console, Status, errors_line, origin, problems};
use crate::reading::words::pick;
use crate::server::configuration::{Configuration, Wrong};
use crate::server::{self, Settings};

/// Where the service listens when nobody says where.
const USUAL: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 8080));

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let configuration = match matches.get_one::<PathBuf>("config").map(|file| Configuration::read(file)).transpose() {
        Ok(configuration) => configuration.unwrap_or_default(),
        Err(wrong) => return misled(&wrong, console),
    };
    let settings = Settings { language: console.language, ..Settings::default() };
    let settings = match configuration.settings(settings) {
        Ok(settings) => settings,
        Err(wrong) => return misled(&wrong, console),
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
        if let Err(wrong) = state.may_publish() {
            return misled(&wrong, console);
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
        let words = pick(console.language, "không mở dịch vụ", "the service does not start");
        console.complain(&format!("{}; {words}", errors_line(library.errors(), console.language)))?;
        return Ok(Status::Wrong);
    }
    let origin = origin(matches);
    let watch = |state| tokio::spawn(server::watch(state, origin));
    let state = server::State::with(library, settings);
    if let Err(wrong) = state.may_publish() {
        return misled(&wrong, console);
    }
    listen(state, watch, (matches, &configuration), console)
}

/// The configuration is not to be served by.
fn misled(wrong: &Wrong, console: &mut Console<'_>) -> io::Result<Status> {
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
    let said = matches.get_one::<SocketAddr>("listen").copied();
    let address = said.or(configuration.listen).unwrap_or(USUAL);
    let version = state.version();
    log();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = match tokio::net::TcpListener::bind(address).await {
            Ok(listener) => listener,
            Err(error) => {
                let words = pick(console.language, "không mở được", "cannot listen on");
                console.complain(&format!("tq: {words} {address}: {error}"))?;
                return Ok(Status::Wrong);
            }
        };
        let words = pick(console.language, "đang phục vụ tại", "listening on");
        let rules = pick(console.language, "bộ quy định", "rules");
        console.complain(&format!("tq: {words} http://{} ({rules} {version})", listener.local_addr()?))?;
        let watching = watch(state.clone());
        server::serve(listener, state).await?;
        watching.abort();
        Ok(Status::Fine)
    })
}

/// The log goes to the error stream: what happens to the service, not what it is asked.
fn log() {
    let log = tracing_subscriber::fmt().with_writer(io::stderr).with_target(false).with_ansi(false);
    // Somebody else may have set one up already, as tests do.
    let _ = log.with_max_level(tracing_subscriber::filter::LevelFilter::INFO).try_init();
}

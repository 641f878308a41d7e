//! What lies in `deploy/` fits the program: commands that it takes, addresses that it reads, users that are not root, no secret.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use thamquyen::store::postgres::Address;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).expect(name)
}

/// The lines that say something, without what is said of them.
fn lines(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

/// Whether the program takes these arguments; `--help` says so without doing anything.
fn is_taken(arguments: &[String]) -> bool {
    let tq = Command::new(env!("CARGO_BIN_EXE_tq")).args(arguments).arg("--help").output().expect("tq");
    tq.status.success()
}

/// The control of it: what the program does not take.
#[test]
fn what_is_not_known_is_not_taken() {
    assert!(is_taken(&["serve".to_owned()]));
    assert!(!is_taken(&["serve".to_owned(), "--listens".to_owned(), "0.0.0.0:8080".to_owned()]));
}

#[test]
fn the_unit_starts_the_program_and_is_closed_in() {
    let unit = text("thamquyen.service");
    let mut said: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut section = String::new();
    for line in lines(&unit) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line} says nothing"));
            said.entry((section.clone(), name.to_owned())).or_default().push(value.to_owned());
        }
    }
    let of = |name: &str| said.get(&("Service".to_owned(), name.to_owned())).cloned().unwrap_or_default();
    let command: Vec<String> = of("ExecStart")[0].split(' ').map(str::to_owned).collect();
    assert_eq!(command[0], "/usr/local/bin/tq");
    assert!(is_taken(&command[1..]), "{command:?}");
    for (name, value) in [
        ("DynamicUser", "yes"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("CapabilityBoundingSet", ""),
        ("MemoryDenyWriteExecute", "yes"),
        ("UMask", "0077"),
    ] {
        assert_eq!(of(name), [value], "{name}");
    }
    // What systemd itself says of it, where there is one; it looks for the program.
    if Command::new("systemd-analyze").arg("--version").output().is_ok_and(|output| output.status.success()) {
        let place = tempfile::tempdir().expect("a folder");
        let copy = place.path().join("thamquyen.service");
        fs::write(&copy, unit.replace("/usr/local/bin/tq", env!("CARGO_BIN_EXE_tq"))).expect("written");
        let output = Command::new("systemd-analyze").arg("verify").arg(&copy).output().expect("systemd-analyze");
        let words = String::from_utf8_lossy(&output.stderr);
        let ours: Vec<&str> = words.lines().filter(|line| line.contains("thamquyen.service")).collect();
        assert!(ours.is_empty(), "{ours:?}");
    }
}

/// A list on a line, as JSON has it.
fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn the_container_runs_the_program_and_not_as_root() {
    let file = text("Containerfile");
    let last = file.rsplit("\nFROM ").next().expect("a last stage");
    let said = |name: &str| {
        let found = lines(last).filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).next_back();
        found.unwrap_or_else(|| panic!("no {name}")).to_owned()
    };
    let user: u32 = said("USER").split(':').next().expect("a user").parse().expect("a number");
    assert!(user > 0);
    assert_eq!(list(&said("ENTRYPOINT")), ["tq"]);
    assert!(is_taken(&list(&said("CMD"))));
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("a manifest");
    let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("a version");
    assert!(file.contains(&format!("rust:{}-", version.trim_matches('"'))), "another compiler than {version}");
}

#[test]
fn compose_has_a_database_and_two_replicas() {
    let file = text("compose.yaml");
    assert!(!file.contains('\t') && file.contains("postgres:15"));
    let (mut replicas, mut seen, mut service) = (Vec::new(), Vec::new(), "");
    for line in lines(&file) {
        let depth = line.len() - line.trim_start().len();
        assert_eq!(depth % 2, 0, "{line}");
        let (name, value) = line.trim().trim_start_matches("- ").split_once(':').unwrap_or((line.trim(), ""));
        match (depth, name) {
            (2, name) => service = name,
            (4, "command") => {
                assert!(is_taken(&list(value)), "{value}");
                replicas.push(service);
            }
            (6, "TQ_STORE") => drop(Address::read(value.trim()).expect("an address")),
            (4, "volumes") if service.starts_with("replica") => seen.push(list(value)),
            _ => {}
        }
        let is_secret = name.to_lowercase().ends_with("password");
        assert!(!is_secret || value.is_empty(), "a secret: {line}");
    }
    assert_eq!(replicas, ["replica-a", "replica-b"]);
    assert!(seen.len() == 2 && seen[0] != seen[1], "each remembers for itself: {seen:?}");
    // What compose itself says of it, where there is one.
    let compose = |arguments: &[&str]| {
        let mut docker = Command::new("docker");
        docker.arg("compose").args(arguments).env("TQ_ROOT", "0").current_dir(folder());
        docker.output()
    };
    if compose(&["version"]).is_ok_and(|output| output.status.success()) {
        let output = compose(&["-f", "compose.yaml", "config", "--quiet"]).expect("docker");
        assert!(output.status.success(), "{output:?}");
    }
}

/// What is secret there goes neither into the repository nor into a container.
#[test]
fn secrets_stay_where_they_are() {
    for name in [".gitignore", ".dockerignore"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name);
        for secret in ["deploy/secrets", "deploy/.env"] {
            assert!(text.lines().any(|line| line.trim_end_matches('/') == secret), "{name} lets {secret} in");
        }
    }
}

/// The variables that are set there are read by the program.
#[test]
fn variables_are_known() {
    let all: String = ["Containerfile", "compose.yaml", "thamquyen.service"].map(text).concat();
    let help =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/command/store.rs")).expect("text");
    let words = all.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
    let mut count = 0;
    for name in words.filter(|word| word.starts_with("TQ_")) {
        assert!(help.contains(&format!("env(\"{name}\")")), "{name} is not read");
        count += 1;
    }
    assert!(count > 4);
}

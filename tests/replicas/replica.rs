//! A real service as a process, and what is asked of it over HTTP.

#![allow(dead_code, unreachable_pub, reason = "shared by several targets")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use thamquyen::digest::Digest;
use thamquyen::store::key::SecretKey;

use super::cluster::within;

/// A service of a store.
pub struct Replica {
    process: Child,
    address: String,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// Of what came over the wire, where it has a head.
    pub fn read(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok())?;
        let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Some(Self { status, headers: lines.filter_map(header).collect(), body: body.to_owned() })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(there, _)| there == name).map(|(_, value)| value.as_str())
    }

    /// The entry that it says to be of.
    pub fn entry(&self) -> u32 {
        self.header("rules-entry").expect("it says its entry").parse().expect("a number")
    }
}

impl Replica {
    pub fn of(url: &str, root: &str) -> Self {
        Self::started(url, root, tempfile::tempdir().expect("a folder"))
    }

    /// One that publishes what the owner of a token sends it, by a key of the store, without asking anybody else.
    pub fn publishing(url: &str, root: &str, (name, token): (&str, &str), key: &SecretKey) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let hash = Digest::of(token.as_bytes());
        let text = format!(
            "[access]\nreading = \"open\"\nmetrics = \"open\"\n[[access.key]]\nname = \"{name}\"\nroles = [\"author\"]\n\
             sha256 = \"{hash}\"\n[publishing]\nkey = \"service.pem\"\napprovals = 0\n"
        );
        fs::write(folder.path().join("tq.toml"), text).expect("written");
        let secret = folder.path().join("service.pem");
        fs::write(&secret, key.pem().expect("a text")).expect("written");
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("set");
        Self::started(url, root, folder)
    }

    /// In a folder in which its configuration may lie.
    fn started(url: &str, root: &str, folder: tempfile::TempDir) -> Self {
        let mut tq = Command::new(env!("CARGO_BIN_EXE_tq"));
        tq.current_dir(folder.path()).args(["serve", "--listen", "127.0.0.1:0", "--lang", "en", "--seen", "seen.json"]);
        if folder.path().join("tq.toml").exists() {
            tq.args(["--config", "tq.toml"]);
        }
        tq.args(["--root", root, "--store", url]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = tq.spawn().expect("tq");
        let mut lines = BufReader::new(process.stderr.take().expect("its log")).lines();
        let mut said = Vec::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                let _ = process.kill();
                panic!("it does not start: {said:?}")
            };
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split(' ').next().expect("an address").to_owned();
            }
            said.push(line);
        };
        // A full pipe would keep it waiting.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { process, address, _folder: folder }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[])
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("an answer");
        Answer::read(&text).expect("an answer")
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn entry(&self) -> u32 {
        self.get("/healthz/live").entry()
    }

    /// The numbers of all entries that it shows as published.
    pub fn published(&self) -> Vec<u64> {
        let (mut all, mut page) = (Vec::new(), "/v1/versions?limit=1000".to_owned());
        loop {
            let body: Value = serde_json::from_str(&self.get(&page).body).expect("JSON");
            let versions = body["versions"].as_array().expect("a list");
            all.extend(versions.iter().map(|version| version["number"].as_u64().expect("a number")));
            let Some(next) = body["next"].as_str() else { return all };
            page = format!("/v1/versions?limit=1000&after={next}");
        }
    }

    /// How often it looked at its store, and what it has of it.
    pub fn looks(&self) -> (usize, u32) {
        let answer = self.get("/metrics");
        let lines = answer.body.lines().filter_map(|line| line.strip_prefix("thamquyen_store_looks_total{"));
        (lines.filter_map(|line| line.split(' ').next_back()?.parse::<usize>().ok()).sum(), answer.entry())
    }

    /// Waits until it has an entry; how often it had looked by then. Looks that came while nobody watched are not held against it.
    pub fn reaches(&self, entry: u32) -> usize {
        let mut behind = None;
        for _ in 0..6000 {
            let (looks, there) = self.looks();
            if there >= entry {
                return behind.map_or(looks, |behind: usize| looks.min(behind + 1));
            }
            behind = Some(looks);
            thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not reach entry {entry}");
    }

    /// Asks it until told to stop: it always answers, and never from an older entry. How often it answered.
    pub fn watched(&self, stop: &AtomicBool) -> usize {
        let (mut count, mut last) = (0, 0);
        while !stop.load(Ordering::SeqCst) {
            let answer = self.get("/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc");
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert!(answer.entry() >= last, "from entry {last} back to {}", answer.entry());
            last = answer.entry();
            count += 1;
            thread::sleep(Duration::from_millis(25));
        }
        count
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits for what must come, a minute.
pub fn until(there: impl Fn() -> bool) {
    within(Duration::from_secs(60), there);
}

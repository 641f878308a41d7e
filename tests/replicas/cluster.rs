//! A server of PostgreSQL for one test: in a folder of its own, on a port of its own, stopped with the test.

// Each test target uses another part of this.
#![allow(dead_code, unreachable_pub, reason = "shared by several targets")]

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What to do where there is no server.
const INSTALL: &str = "PostgreSQL 15 or later is needed: apt-get install postgresql";

/// Asks a server by a connection of its own each time.
#[derive(Debug, Clone)]
pub struct Eye {
    programs: PathBuf,
    pub port: u16,
}

impl Eye {
    fn psql(&self, text: &str) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        let port = self.port.to_string();
        command.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", &port, "-U", "tq", "-d", "postgres"]);
        command.args(["-c", text]).stdin(Stdio::null());
        command
    }

    /// Where a store of this server lies.
    pub fn url(&self, store: &str) -> String {
        url_by(self.port, store)
    }

    /// What a statement says, without headings.
    pub fn sql(&self, text: &str) -> String {
        let output = self.psql(text).output().expect("psql");
        assert!(output.status.success(), "{text}: {output:?}");
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    /// Whether an entry is there; nothing where the server does not answer.
    pub fn sees(&self, name: &str) -> Option<bool> {
        let text = format!("SELECT count(*) FROM thamquyen.files WHERE folder = 'log' AND name = '{name}'");
        let output = self.psql(&text).output().expect("psql");
        output.status.success().then(|| output.stdout == b"1\n")
    }
}

/// A server, its data and who runs it.
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    pub port: u16,
    settings: Vec<String>,
    process: Option<Child>,
}

impl Cluster {
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// With settings such as `fsync=off`.
    pub fn with(settings: &[&str]) -> Self {
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        Self::made("initdb", &["-U", "tq", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"], settings)
    }

    /// One that follows this one: a copy of it as it is, to which everything is sent that is done here.
    pub fn standby(&self) -> Self {
        let port = self.port.to_string();
        let arguments = ["-R", "-c", "fast", "--no-sync", "-h", "127.0.0.1", "-p", &port, "-U", "tq"];
        Self::made("pg_basebackup", &arguments, self.settings.clone())
    }

    fn made(program: &str, arguments: &[&str], settings: Vec<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut cluster = Self { folder, programs: programs(), port: free_port(), settings, process: None };
        // A server does not run as root: another user has to be able to write there.
        if is_root() {
            let given = Command::new("chown").arg(format!("{}:", user())).arg(cluster.folder.path()).status();
            assert!(given.expect("chown").success());
        }
        let made = cluster.command(program).args(["-D", "data"]).args(arguments).status().expect(program);
        assert!(made.success(), "{}", fs::read_to_string(cluster.log()).unwrap_or_default());
        cluster.go();
        cluster
    }

    /// Where a store of this server lies, by another port where something stands between.
    pub fn url_by(&self, port: u16, store: &str) -> String {
        url_by(port, store)
    }

    pub fn url(&self, store: &str) -> String {
        self.url_by(self.port, store)
    }

    /// Starts it, and returns when it answers.
    pub fn go(&mut self) {
        for _ in 0..60 {
            let mut command = self.command("postgres");
            let port = self.port.to_string();
            command.args(["-D", "data", "-k", ".", "-c", "listen_addresses=127.0.0.1", "-p", &port]);
            for setting in self.settings.iter().map(String::as_str).chain(["max_connections=60", "shared_buffers=16MB"])
            {
                command.args(["-c", setting]);
            }
            let mut process = command.spawn().expect("postgres");
            for _ in 0..600 {
                if self.answers() {
                    self.process = Some(process);
                    return;
                }
                // Processes of the one before may still be there.
                if process.try_wait().expect("a child").is_some() {
                    break;
                }
                thread::sleep(Duration::from_millis(50));
            }
            let _ = process.kill();
            let _ = process.wait();
            thread::sleep(Duration::from_millis(250));
        }
        panic!("PostgreSQL does not start: {}", fs::read_to_string(self.log()).unwrap_or_default());
    }

    /// As a power cut leaves it, but for what the system still writes.
    pub fn kill(&mut self) {
        let mut process = self.process.take().expect("it runs");
        process.kill().expect("killed");
        process.wait().expect("ended");
    }

    /// Whether it takes statements.
    pub fn answers(&self) -> bool {
        self.psql("SELECT 1").output().is_ok_and(|output| output.status.success())
    }

    /// What a statement says, without headings.
    pub fn sql(&self, text: &str) -> String {
        self.eye().sql(text)
    }

    /// Ends all sessions but its own, or all of a kind.
    pub fn end_sessions(&self, which: &str) {
        let text = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND {which}"
        );
        // It may be on its way down.
        let _ = self.psql(&text).output();
    }

    pub fn eye(&self) -> Eye {
        Eye { programs: self.programs.clone(), port: self.port }
    }

    fn psql(&self, text: &str) -> Command {
        self.eye().psql(text)
    }

    /// All stores of the server, as `pg_dump` writes them.
    pub fn dump(&self) -> String {
        let mut command = Command::new(self.programs.join("pg_dump"));
        let port = self.port.to_string();
        command.args(["--schema=thamquyen", "-h", "127.0.0.1", "-p", &port, "-U", "tq", "-d", "postgres"]);
        let output = command.stdin(Stdio::null()).output().expect("pg_dump");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Puts a dump in the place of what is there.
    pub fn restore(&self, dump: &str) {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), dump).expect("written");
        self.sql("DROP SCHEMA thamquyen CASCADE");
        let mut command = self.psql("SELECT 1");
        let output = command.arg("-f").arg(file.path()).output().expect("psql");
        assert!(output.status.success(), "{output:?}");
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// A program of the server, as a user that it runs as, ended with the thread of the test.
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if is_root() {
            let user = user();
            command.args(["--reuid", user, "--regid", user, "--clear-groups"]);
        }
        command.arg(self.programs.join(name)).current_dir(self.folder.path());
        // Its messages are for whoever finds that it does not start.
        let log = fs::File::options().create(true).append(true).open(self.log()).expect("a log");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn url_by(port: u16, store: &str) -> String {
    format!("postgres://tq@127.0.0.1:{port}/postgres?sslmode=disable&store={store}")
}

/// A server that tests share, each with stores of its own: it is there as long as one of them has it.
pub struct Shared {
    pub eye: Eye,
    /// The thread that started it, with which it ends, and what tells it that nobody needs it any more.
    keeper: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Shared {
    pub fn one() -> Arc<Self> {
        static THERE: Mutex<Weak<Shared>> = Mutex::new(Weak::new());
        let mut there = THERE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = there.upgrade() {
            return shared;
        }
        let ((tell, told), (until, over)) = (channel(), channel::<()>());
        let keeper = thread::spawn(move || {
            let cluster = Cluster::start();
            tell.send(cluster.eye()).expect("it is waited for");
            // Nothing is ever sent: it ends when the other end is dropped.
            let _ = over.recv();
        });
        let shared = Arc::new(Self { eye: told.recv().expect("a server"), keeper: Some((until, keeper)) });
        *there = Arc::downgrade(&shared);
        shared
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some((until, keeper)) = self.keeper.take() {
            drop(until);
            let _ = keeper.join();
        }
    }
}

/// Where the programs of the newest server lie. On a fresh machine they are put there, where whoever tests may do that.
fn programs() -> PathBuf {
    static PROGRAMS: OnceLock<Option<PathBuf>> = OnceLock::new();
    PROGRAMS.get_or_init(|| installed().or_else(|| install().and_then(|()| installed()))).clone().expect(INSTALL)
}

fn installed() -> Option<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = installed
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(version, folder)| *version >= 15 && folder.join("initdb").exists())
        .collect();
    versions.sort();
    let elsewhere = std::env::var_os("PATH").unwrap_or_default();
    let elsewhere = std::env::split_paths(&elsewhere).find(|folder| folder.join("initdb").exists());
    versions.pop().map(|(_, folder)| folder).or(elsewhere)
}

/// Debian's package, in the one way in which nobody is asked.
fn install() -> Option<()> {
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["--quiet", "--yes", "-o", "DPkg::Lock::Timeout=300"]);
        command.args(arguments).stdin(Stdio::null()).status().is_ok_and(|status| status.success()).then_some(())
    };
    is_root().then_some(())?;
    apt(&["update"])?;
    apt(&["install", "--no-install-recommends", "postgresql"])
}

fn is_root() -> bool {
    let said = Command::new("id").arg("-u").output().expect("id");
    said.stdout == b"0\n"
}

/// Whom a server runs as where the tests are run by root.
fn user() -> &'static str {
    let users = fs::read_to_string("/etc/passwd").expect("the users");
    if users.lines().any(|line| line.starts_with("postgres:")) { "postgres" } else { "nobody" }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// Waits for what must come, half a minute.
pub fn until(there: impl Fn() -> bool) {
    within(Duration::from_secs(30), there);
}

/// Waits for what must come, for so long.
pub fn within(patience: Duration, there: impl Fn() -> bool) {
    let looks = patience.as_millis() / 10;
    for _ in 0..looks {
        if there() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("it did not come");
}

/// A file as SQL has it.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("registers")).expect("a folder");
    for file in ["registers/successions.csv", "registers/units.csv", "rules.tq"] {
        fs::copy(from.join(file), to.join(file)).expect("copied");
    }
}

//! TLS by the service itself, with a real client: what is agreed on, what is refused, and certificates that are renewed while it
//! runs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use thamquyen::library::{self, Origin};
use thamquyen::server::configuration::Configuration;
use thamquyen::server::{self, Settings, State};
use thamquyen::syntax::tree::Language;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, version};

const LONG: Duration = Duration::from_secs(20);

const FILE: &str = "[tls]\ncertificate = 'cert.pem'\nkey = 'key.pem'\n";

/// Puts a new certificate and its key into a folder.
fn certify(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("written");
    fs::set_permissions(folder.join("key.pem"), fs::Permissions::from_mode(0o600)).expect("mine");
    fs::write(folder.join("cert.pem"), made.cert.pem()).expect("written");
    made.cert.der().clone()
}

fn settings(folder: &Path) -> Result<Settings, String> {
    fs::write(folder.join("tq.toml"), FILE).expect("written");
    let read = Configuration::read(&folder.join("tq.toml")).and_then(|read| read.settings(Language::English));
    let short = Duration::from_millis(500);
    read.map(|settings| Settings { header: short, silent: short, poll: Duration::from_millis(50), ..settings })
        .map_err(|wrong| wrong.words(Language::English))
}

async fn start(settings: Settings) -> String {
    let rules = library::load(&Origin::Folders(vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small")]));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(server::serve_until(listener, State::with(rules, settings), std::future::pending()));
    address
}

/// A client that trusts one certificate.
fn client(trusted: &CertificateDer<'static>, versions: &[&'static SupportedProtocolVersion]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a root");
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_protocol_versions(versions).expect("versions");
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsConnector::from(Arc::new(config))
}

/// Asks for something; everything that comes back.
async fn ask(address: &str, client: &TlsConnector, request: &str) -> Result<String, String> {
    let stream = TcpStream::connect(address).await.expect("connected");
    let name = ServerName::try_from("localhost").expect("a name");
    let mut stream = client.connect(name, stream).await.map_err(|error| error.to_string())?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    timeout(LONG, stream.read_to_string(&mut answer)).await.expect("in time").map_err(|error| error.to_string())?;
    Ok(answer)
}

const LIVE: &str = "GET /healthz/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
const METRICS: &str = "GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn what_is_said_is_secret_and_framed_as_strictly() {
    let folder = tempfile::tempdir().expect("a folder");
    let certificate = certify(folder.path());
    let address = start(settings(folder.path()).expect("sane")).await;
    for versions in [&[&version::TLS12][..], &[&version::TLS13]] {
        let client = client(&certificate, versions);
        let answer = ask(&address, &client, LIVE).await.expect("answered");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let twice = LIVE.replace("connection: close", "content-length: 0\r\ncontent-length: 0");
        let refused = ask(&address, &client, &twice).await.expect("answered");
        assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
    }
}

#[tokio::test]
async fn who_speaks_no_tls_or_nothing_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let certificate = certify(folder.path());
    let address = start(settings(folder.path()).expect("sane")).await;
    for said in [LIVE, "", "\u{16}\u{3}\u{1}"] {
        let mut stream = TcpStream::connect(&address).await.expect("connected");
        stream.write_all(said.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        let closed = timeout(LONG, stream.read_to_end(&mut answer)).await;
        assert!(closed.is_ok(), "{said:?} is still open");
        assert!(!String::from_utf8_lossy(&answer).contains("HTTP"), "{said:?} is answered openly");
    }
    let trusting = client(&certificate, &[&version::TLS13]);
    let metrics = ask(&address, &trusting, METRICS).await.expect("answered");
    assert!(metrics.contains("thamquyen_tls_handshakes_failed_total 1\n"), "{metrics}");
    assert!(metrics.contains("thamquyen_connections_closed_total{why=\"silent\"} 2\n"), "{metrics}");
}

#[tokio::test]
async fn certificates_are_renewed_and_broken_ones_are_not_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = certify(folder.path());
    let address = start(settings(folder.path()).expect("sane")).await;
    let of_old = client(&old, &[&version::TLS13]);
    assert!(ask(&address, &of_old, LIVE).await.is_ok());

    fs::write(folder.path().join("cert.pem"), "-----BEGIN NONSENSE-----\n").expect("written");
    let told = async {
        while !ask(&address, &of_old, METRICS)
            .await
            .expect("the old one stays")
            .contains("reloads_total{result=\"failed\"} 1\n")
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(LONG, told).await.expect("it is told");

    let new = certify(folder.path());
    let of_new = client(&new, &[&version::TLS13]);
    let taken = async {
        while ask(&address, &of_new, LIVE).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(LONG, taken).await.expect("the new one is used");
    assert!(ask(&address, &of_old, LIVE).await.is_err(), "and the old one is not");
}

#[test]
fn certificates_that_cannot_be_used_are_refused_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, key) = (folder.path(), folder.path().join("key.pem"));
    certify(path);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("mine");
    let open = settings(path).expect_err("others may read the key");
    assert!(open.contains("key.pem: others may read this secret: run `chmod 600` on it"), "{open}");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("mine");
    assert!(settings(path).is_ok());

    let other = tempfile::tempdir().expect("a folder");
    certify(other.path());
    fs::copy(other.path().join("cert.pem"), path.join("cert.pem")).expect("copied");
    let misfit = settings(path).expect_err("the key of another one");
    assert!(misfit.contains("cert.pem: certificate and key cannot be used together"), "{misfit}");

    fs::write(path.join("cert.pem"), "nothing").expect("written");
    let none = settings(path).expect_err("no certificate");
    assert!(none.contains("cert.pem: no certificate in PEM: expected `BEGIN CERTIFICATE`"), "{none}");
    fs::write(&key, "nothing").expect("written");
    let none = settings(path).expect_err("no key");
    assert!(none.contains("key.pem: no private key in PEM: expected `BEGIN PRIVATE KEY`"), "{none}");
}

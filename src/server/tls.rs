//! `[tls]`: what is said between the service and its clients is secret. Knows certificates; which are read again when their
//! files change, so that they are renewed without a restart. New ones that are broken change nothing, and the log says so.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use arc_swap::ArcSwap;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde::Deserialize;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;

use super::State;
use super::configuration::{Wrong, secret_text, text_of, unreadable};
use crate::reading::words::pick;

/// Files of PEM.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Tls {
    /// The certificate, and those between it and a root.
    certificate: PathBuf,
    /// That nobody but the service may read.
    key: PathBuf,
}

/// Certificates in use.
#[derive(Debug)]
pub struct Certificates {
    files: Tls,
    /// Of what was read at the start.
    stamp: Stamp,
    current: ArcSwap<ServerConfig>,
}

/// When the files were changed last.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl Tls {
    /// Reads them; paths start from the folder of the configuration.
    pub(super) fn certificates(&self, folder: &Path) -> Result<Certificates, Wrong> {
        let files = Self { certificate: folder.join(&self.certificate), key: folder.join(&self.key) };
        let stamp = files.stamp();
        let current = ArcSwap::from_pointee(files.read()?);
        Ok(Certificates { files, stamp, current })
    }

    fn read(&self) -> Result<ServerConfig, Wrong> {
        let place = |file: &Path| file.display().to_string();
        let no_key = |_| {
            let english = "no private key in PEM: expected `BEGIN PRIVATE KEY`";
            Wrong::new(place(&self.key), "không có khóa riêng dạng PEM: cần `BEGIN PRIVATE KEY`", english)
        };
        let key = PrivateKeyDer::from_pem_slice(secret_text(&self.key)?.as_bytes()).map_err(no_key)?;
        let text = text_of(&self.certificate).map_err(|error| unreadable(&place(&self.certificate), &error))?;
        let chain: Vec<CertificateDer<'static>> =
            CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<_, _>>().unwrap_or_default();
        if chain.is_empty() {
            let english = "no certificate in PEM: expected `BEGIN CERTIFICATE`";
            let vietnamese = "không có chứng thư dạng PEM: cần `BEGIN CERTIFICATE`";
            return Err(Wrong::new(place(&self.certificate), vietnamese, english));
        }
        let misfit = |error: tokio_rustls::rustls::Error| {
            Wrong::new(
                place(&self.certificate),
                format!("chứng thư và khóa không dùng được với nhau: {error}"),
                format!("certificate and key cannot be used together: {error}"),
            )
        };
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(misfit)?.with_no_client_auth();
        let mut server = builder.with_single_cert(chain, key).map_err(misfit)?;
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(server)
    }

    fn stamp(&self) -> Stamp {
        [&self.certificate, &self.key].map(|file| {
            let about = fs::metadata(file).ok()?;
            Some((about.modified().ok()?, about.len()))
        })
    }
}

impl Certificates {
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }
}

/// Keeps the certificates those of their files. Two looks in a row have to be equal, so that both files are there.
pub(super) async fn watch(state: State) {
    let Some(certificates) = &state.settings().tls else { return std::future::pending().await };
    let (mut last, mut read) = (certificates.stamp, certificates.stamp);
    loop {
        tokio::time::sleep(state.settings().poll).await;
        let now = certificates.files.stamp();
        if now == last && now != read {
            read = now;
            renew(&state, certificates);
        }
        last = now;
    }
}

fn renew(state: &State, certificates: &Certificates) {
    let language = state.settings().language;
    match certificates.files.read() {
        Ok(new) => {
            certificates.current.store(Arc::new(new));
            let words = pick(language, "đã nạp chứng thư mới", "new certificates are used");
            tracing::info!("{words}: {}", certificates.files.certificate.display());
            state.meters().renewed(true);
        }
        Err(wrong) => {
            let words = pick(
                language,
                "chứng thư mới có lỗi, tiếp tục dùng chứng thư cũ",
                "the new certificates are broken, the old ones stay",
            );
            tracing::error!("{words}: {}", wrong.words(language));
            state.meters().renewed(false);
        }
    }
}

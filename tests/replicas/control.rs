//! What the store does not do: a service whose handlers talk to the database in the future of the request, under `axum::serve`,
//! which drops that future when the caller hangs up. sqlx 0.9.0 then gives back a connection on which a transaction was begun
//! and nobody knows of it: what is written there afterwards is acknowledged, and not there.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::runtime::Runtime;

use crate::Publisher;
use crate::callers::exchange;
use crate::shelf::Dice;

/// The service, until it is dropped.
pub(crate) struct Service {
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Service {
    pub(crate) fn start(url: &str) -> Self {
        let runtime = Runtime::new().expect("threads");
        let options: PgConnectOptions = url.split("&store").next().expect("a URL").parse().expect("an address");
        let address = runtime.block_on(async {
            let pool = PgPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(5));
            let pool = pool.connect_with(options).await.expect("connected");
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            let app = Router::new().route("/", post(publish)).with_state(pool);
            tokio::spawn(async move { axum::serve(listener, app).await });
            address
        });
        Self { address, runtime: Some(runtime) }
    }

    /// Whoever calls it in this round of the script.
    pub(crate) fn caller(&self, round: usize) -> Caller {
        Caller { address: self.address, round }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The texts in a transaction, then the entry, which is one statement: in the order of the store.
async fn publish(State(pool): State<PgPool>, name: String) -> Result<String, StatusCode> {
    put(&pool, &name).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(name)
}

const PUT: &str = "INSERT INTO thamquyen.files (store, folder, name, content) VALUES ('city', $1, $2, '')";

async fn put(pool: &PgPool, name: &str) -> Result<(), sqlx::Error> {
    let mut work = pool.begin().await?;
    sqlx::query(PUT).bind("files").bind(name).execute(&mut *work).await?;
    work.commit().await?;
    sqlx::query(PUT).bind("log").bind(name).execute(pool).await?;
    Ok(())
}

/// Who calls it, and hangs up as those do who call a service as it is.
pub(crate) struct Caller {
    address: SocketAddr,
    round: usize,
}

impl Publisher for Caller {
    fn publish(&mut self, number: usize, dice: &mut Dice) -> Option<String> {
        let name = format!("control-{}-{number}", self.round);
        let length = name.len();
        let head = "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/plain";
        let request = format!("{head}\r\ncontent-length: {length}\r\n\r\n{name}");
        let answer = exchange(&self.address.to_string(), &request, dice)?;
        (answer.status == 200).then_some(name)
    }
}

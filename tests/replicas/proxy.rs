//! What stands between a program and a server when the network is bad: it holds back, delays, swallows answers and resets.

#![allow(dead_code, unreachable_pub, reason = "shared by several targets")]

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// What happens to what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Weather {
    Fair,
    /// Nothing comes through; it comes when that is over.
    Cut,
    /// Each piece comes late.
    Slow,
    /// What is asked comes through, and no answer.
    Deaf,
}

const TICK: Duration = Duration::from_millis(5);
const LATE: Duration = Duration::from_millis(40);

#[derive(Debug, Default)]
struct Sky {
    weather: AtomicU8,
    /// Connections of an earlier one are reset.
    generation: AtomicU64,
    /// How many pieces came from those who ask.
    asked: AtomicU64,
    /// How late each piece comes in any weather.
    distance: Duration,
}

impl Sky {
    fn is(&self, weather: Weather) -> bool {
        self.weather.load(Ordering::SeqCst) == weather as u8
    }
}

/// A port that leads to another.
#[derive(Debug, Clone)]
pub struct Proxy {
    pub port: u16,
    sky: Arc<Sky>,
}

impl Proxy {
    /// It lasts as long as the test.
    pub fn to(target: u16) -> Self {
        Self::far(target, Duration::ZERO)
    }

    /// To a server that is so far away.
    pub fn far(target: u16, distance: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let sky = Arc::new(Sky { distance, ..Sky::default() });
        let shared = Arc::clone(&sky);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let sky = Arc::clone(&shared);
                thread::spawn(move || lead(client, target, &sky));
            }
        });
        Self { port, sky }
    }

    pub fn turn(&self, weather: Weather) {
        self.sky.weather.store(weather as u8, Ordering::SeqCst);
    }

    /// How many pieces were sent to the server: whoever waits for an answer sends one, and then another.
    pub fn asked(&self) -> u64 {
        self.sky.asked.load(Ordering::SeqCst)
    }

    /// Ends all connections that are there.
    pub fn reset(&self) {
        self.sky.generation.fetch_add(1, Ordering::SeqCst);
    }
}

fn lead(client: TcpStream, target: u16, sky: &Arc<Sky>) {
    let generation = sky.generation.load(Ordering::SeqCst);
    let Ok(server) = TcpStream::connect(("127.0.0.1", target)) else { return };
    let (Ok(back), Ok(forth)) = (client.try_clone(), server.try_clone()) else { return };
    let shared = Arc::clone(sky);
    thread::spawn(move || carry(forth, back, &shared, (generation, true)));
    carry(client, server, sky, (generation, false));
}

/// Carries what comes from one to the other, until either ends.
fn carry(mut from: TcpStream, mut to: TcpStream, sky: &Sky, (generation, answers): (u64, bool)) {
    let is_over = || sky.generation.load(Ordering::SeqCst) != generation;
    let mut piece = vec![0; 64 << 10];
    from.set_read_timeout(Some(TICK)).expect("a timeout");
    while !is_over() {
        let length = match from.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
            Err(_) => break,
        };
        if !answers {
            sky.asked.fetch_add(1, Ordering::SeqCst);
        }
        while sky.is(Weather::Cut) && !is_over() {
            thread::sleep(TICK);
        }
        thread::sleep(if sky.is(Weather::Slow) { LATE } else { sky.distance });
        let is_lost = answers && sky.is(Weather::Deaf);
        if !is_lost && (is_over() || to.write_all(&piece[..length]).is_err()) {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

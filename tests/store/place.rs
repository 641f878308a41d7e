//! Where a store lies, in a folder or as rows of a server, and how somebody who may write there changes it behind the back of the
//! program.

#![allow(dead_code, unreachable_pub, reason = "shared by several targets")]

use std::fs;
use std::path::PathBuf;

use thamquyen::store::disk::{Disk, Folder};
use thamquyen::store::postgres::{Address, Postgres};

use super::cluster::{Eye, hexadecimal};

/// A folder, or a server and the name of a store.
#[derive(Debug, Clone)]
pub enum Place {
    Folder(PathBuf),
    Rows(Eye, String),
}

impl Place {
    pub fn disk(&self) -> Box<dyn Disk> {
        match self {
            Self::Folder(folder) => Box::new(Folder::new(folder)),
            Self::Rows(eye, store) => {
                let address = Address::read(&eye.url(store)).expect("an address");
                Box::new(Postgres::new(address).expect("a disk"))
            }
        }
    }

    /// A file, where there is one.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        self.disk().read(name, u64::from(u32::MAX)).ok()
    }

    pub fn take(&self, name: &str) -> Vec<u8> {
        let bytes = self.read(name).expect("a file");
        match self {
            Self::Folder(folder) => fs::remove_file(folder.join(name)).expect("removed"),
            Self::Rows(eye, store) => {
                eye.sql(&format!("DELETE FROM thamquyen.files WHERE {}", row(store, name)));
                moved(eye, store);
            }
        }
        bytes
    }

    pub fn put(&self, name: &str, bytes: &[u8]) {
        match self {
            Self::Folder(folder) => fs::write(folder.join(name), bytes).expect("written"),
            Self::Rows(eye, store) => {
                let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
                eye.sql(&format!("DELETE FROM thamquyen.files WHERE {}", row(store, name)));
                let content = hexadecimal(bytes);
                eye.sql(&format!(
                    "INSERT INTO thamquyen.files VALUES ('{store}', '{folder}', '{file}', decode('{content}', 'hex'))"
                ));
                moved(eye, store);
            }
        }
    }
}

fn row(store: &str, name: &str) -> String {
    let (folder, name) = name.rsplit_once('/').unwrap_or(("", name));
    format!("store = '{store}' AND folder = '{folder}' AND name = '{name}'")
}

/// An attacker moves the counter too, or nobody would look.
fn moved(eye: &Eye, store: &str) {
    eye.sql(&format!("UPDATE thamquyen.stores SET counter = counter + 1 WHERE store = '{store}'"));
}

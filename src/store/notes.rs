//! Small files that a service keeps beside the log for itself, such as what it has told whom. They say nothing of the law, and
//! nothing is believed for their sake.

use std::io;

use super::fault::Fault;
use super::{Store, disk};

/// None is larger, in bytes.
const LARGEST: u64 = 64 << 10;

impl Store {
    /// What a note says; nothing where there is none.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn noted(&self, folder: &str, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let path = format!("{folder}/{name}");
        match self.disk.read(&path, LARGEST) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::of(&path, &error)),
        }
    }

    /// Reads a note and writes it anew where something comes of it, while nobody else writes; tells what was made of it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn note<T>(
        &self,
        folder: &str,
        name: &str,
        change: impl FnOnce(Option<&[u8]>) -> (Option<Vec<u8>>, T),
    ) -> Result<T, Fault> {
        let path = format!("{folder}/{name}");
        let system = |error: io::Error| Fault::of(&path, &error);
        let _lock = self.disk.lock().map_err(|error| Fault::of(".lock", &error))?;
        let old = self.noted(folder, name)?;
        let (new, told) = change(old.as_deref());
        if let Some(bytes) = new {
            if old.is_none() {
                self.disk.make_folder(folder).map_err(system)?;
                self.disk.sync_folder("").map_err(system)?;
            }
            disk::place(&*self.disk, folder, name, &bytes).map_err(system)?;
        }
        Ok(told)
    }
}

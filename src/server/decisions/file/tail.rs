//! A file that is only added to, and what of it a power cut does not take. A system tells once that a sync failed, and may
//! have dropped what it did not sync: so that is kept here, and written again before the next sync counts.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};

/// What a file of a log is asked for.
pub(super) trait Medium {
    fn cut(&mut self, length: u64) -> io::Result<()>;
    fn write_at(&mut self, place: u64, text: &[u8]) -> io::Result<()>;
    fn sync(&mut self) -> io::Result<()>;
}

impl Medium for File {
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn write_at(&mut self, place: u64, text: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::Start(place))?;
        self.write_all(text)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

#[derive(Debug)]
pub(super) struct Tail<M> {
    medium: M,
    /// Up to here it was there when it was opened, or is synced.
    synced: u64,
    /// What was added behind.
    unsynced: Vec<u8>,
    /// Nothing stands behind that.
    is_whole: bool,
    /// A sync failed: what was added may be gone.
    is_doubtful: bool,
}

impl<M: Medium> Tail<M> {
    /// Goes on behind what is whole of a file, in bytes.
    pub(super) fn behind(medium: M, whole: u64) -> Self {
        Self { medium, synced: whole, unsynced: Vec::new(), is_whole: true, is_doubtful: false }
    }

    /// What is whole, in bytes.
    pub(super) fn length(&self) -> u64 {
        self.synced + length_of(&self.unsynced)
    }

    /// # Errors
    /// When the system refuses: then the text is not there.
    pub(super) fn add(&mut self, text: &[u8]) -> io::Result<()> {
        self.mend()?;
        let place = self.length();
        self.put(place, text)?;
        self.unsynced.extend_from_slice(text);
        Ok(())
    }

    /// Returns when a power cut does not take what was added.
    ///
    /// # Errors
    /// When the system refuses: nothing is added before it succeeds.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        if self.is_doubtful {
            return self.mend();
        }
        self.is_doubtful = true;
        self.medium.sync()?;
        self.is_doubtful = false;
        self.synced = self.length();
        // What was long once is not held for good.
        self.unsynced = Vec::new();
        Ok(())
    }

    /// Writes again what a failed sync may have lost.
    fn mend(&mut self) -> io::Result<()> {
        if !self.is_doubtful {
            return Ok(());
        }
        let again = std::mem::take(&mut self.unsynced);
        self.is_whole = false;
        let put = self.put(self.synced, &again);
        self.unsynced = again;
        put?;
        self.is_doubtful = false;
        self.sync()
    }

    /// Writes behind so many bytes, and nothing else stands there.
    fn put(&mut self, place: u64, text: &[u8]) -> io::Result<()> {
        if !self.is_whole {
            self.medium.cut(place)?;
        }
        self.is_whole = false;
        self.medium.write_at(place, text)?;
        self.is_whole = true;
        Ok(())
    }
}

fn length_of(text: &[u8]) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that loses, when a sync fails, what was not synced, and has nothing to sync afterwards.
    #[derive(Debug, Default)]
    struct Disk {
        kept: Vec<u8>,
        seen: Vec<u8>,
        /// Whether there is something that the next sync would keep.
        is_dirty: bool,
        refuses: usize,
    }

    impl Medium for Disk {
        fn cut(&mut self, length: u64) -> io::Result<()> {
            self.seen.truncate(usize::try_from(length).expect("small"));
            Ok(())
        }

        fn write_at(&mut self, place: u64, text: &[u8]) -> io::Result<()> {
            let place = usize::try_from(place).expect("small");
            assert!(place <= self.seen.len(), "no hole");
            let end = self.seen.len().min(place + text.len());
            self.seen.splice(place..end, text.iter().copied());
            self.is_dirty = true;
            Ok(())
        }

        fn sync(&mut self) -> io::Result<()> {
            if self.is_dirty && self.refuses > 0 {
                self.refuses -= 1;
                // The system still shows what it does not write any more.
                self.is_dirty = false;
                return Err(io::Error::from_raw_os_error(5));
            }
            if std::mem::take(&mut self.is_dirty) {
                self.kept.clone_from(&self.seen);
            }
            Ok(())
        }
    }

    /// Adds lines, and syncs after each, on a disk that fails so often from the third on.
    fn tail(refuses: usize) -> Tail<Disk> {
        let mut tail = Tail::behind(Disk::default(), 0);
        for line in ["one\n", "two\n"] {
            tail.add(line.as_bytes()).expect("room");
            tail.sync().expect("synced");
        }
        tail.medium.refuses = refuses;
        tail
    }

    #[test]
    fn what_a_failed_sync_lost_is_written_again() {
        for refuses in 0..4 {
            let mut tail = tail(refuses);
            tail.add(b"three\n").expect("room");
            let failures = (0..10).take_while(|_| tail.sync().is_err()).count();
            assert_eq!(failures, refuses);
            assert_eq!(tail.medium.kept, b"one\ntwo\nthree\n", "who is told that it is synced finds it");
            tail.add(b"four\n").expect("room");
            tail.sync().expect("synced");
            assert_eq!(tail.medium.kept, b"one\ntwo\nthree\nfour\n");
            assert_eq!(tail.length(), 19);
        }
    }

    #[test]
    fn nothing_is_added_behind_what_is_in_doubt() {
        let mut tail = tail(2);
        tail.add(b"three\n").expect("room");
        tail.sync().expect_err("refused");
        tail.add(b"four\n").expect_err("the line before is not there");
        assert_eq!(tail.length(), 14);
        tail.add(b"four\n").expect("it is there again");
        tail.sync().expect("synced");
        assert_eq!(tail.medium.kept, b"one\ntwo\nthree\nfour\n");
    }

    /// The seeded fault: asking the system once more, without writing again, is told that all is well.
    #[test]
    fn the_disk_tells_once() {
        let mut tail = tail(1);
        tail.add(b"three\n").expect("room");
        tail.sync().expect_err("refused");
        tail.medium.sync().expect("it does not tell twice");
        assert_eq!(tail.medium.kept, b"one\ntwo\n");
    }
}

//! The store of reviews on disk: one SQLite file, keyed by the content hash of the recording. The recording's own file is never touched.
//!
//! What is stored is the log of edits, not their result: a review is what its log gives when replayed. Times are UTC, edits are JSON. The file is in
//! write-ahead mode, so that a crash loses at most the edit being written and a second window reads on. Recent files are not kept here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};

use super::{Edit, Review};
use crate::error::{Cause, Error, Result};

/// Schema that this program writes; kept in SQLite's `user_version`.
const SCHEMA: i64 = 1;

/// Marks the file as ours (SQLite's `application_id`): the letters "Eint".
const APPLICATION: i64 = 0x4569_6e74;

/// The open store. One thread uses it at a time; several programs may have it open.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

/// Where the store stands for this user: the data folder of the system, or `None` where the system names no home.
pub fn default_path() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "einthoven").map(|folders| folders.data_dir().join("reviews.sqlite"))
}

impl Store {
    /// Opens the store, or makes it (with its folder) where there is none.
    ///
    /// # Errors
    /// A damaged file, a file of another program, one of a newer version, or a folder that cannot be written. Reading recordings does not need the
    /// store: the caller shows the error and goes on without it.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|error| Error::from(error).in_file(folder.display().to_string()))?;
        }
        let failed = |error| told(path, "opening", error);
        let mut connection = Connection::open(path).map_err(failed)?;
        connection.busy_timeout(Duration::from_secs(5)).map_err(failed)?;
        let pragma = |connection: &Connection, name: &str| {
            connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).map_err(failed)
        };
        let (version, application) = (pragma(&connection, "user_version")?, pragma(&connection, "application_id")?);
        let objects: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
        if (application != APPLICATION || version == 0) && objects > 0 {
            return Err(Error::read("this file is not a store of reviews")
                .cure("choose another path")
                .in_file(path.display().to_string()));
        }
        if version > SCHEMA {
            return Err(Error::unsupported(format!(
                "the store of reviews has version {version}, this program knows {SCHEMA}"
            ))
            .cure("use a newer Einthoven")
            .in_file(path.display().to_string()));
        }
        connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        if version == 0 {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
            create(&transaction).and_then(|()| transaction.commit()).map_err(failed)?;
        }
        Ok(Self { connection, path: path.to_owned() })
    }

    /// Where the store is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The review of a recording; an empty one where none was kept.
    pub fn load(&self, fingerprint: &str) -> Result<Review> {
        Ok(Review::replay(self.log(fingerprint)?))
    }

    /// Adds edits to the end of a recording's log.
    pub fn append(&mut self, fingerprint: &str, edits: &[(Timestamp, Edit)]) -> Result<()> {
        let last = "SELECT max(place) FROM edits WHERE recording = ?1";
        self.change("appending", fingerprint, |transaction| {
            let last: Option<i64> = transaction.query_row(last, [fingerprint], |row| row.get(0)).optional()?.flatten();
            insert(transaction, fingerprint, last.map_or(0, |last| last + 1), edits)
        })
    }

    /// Makes the stored log that of this review: what was undone goes, what is new comes, what is equal stays untouched.
    pub fn save(&mut self, fingerprint: &str, review: &Review) -> Result<()> {
        let stored = self.log(fingerprint)?;
        let log = review.log();
        let same = stored.iter().zip(log).take_while(|(stored, own)| stored == own).count();
        if same == stored.len() && same == log.len() {
            return Ok(());
        }
        self.change("saving", fingerprint, |transaction| {
            transaction
                .execute("DELETE FROM edits WHERE recording = ?1 AND place >= ?2", params![fingerprint, same as i64])?;
            insert(transaction, fingerprint, same as i64, &log[same..])
        })
    }

    fn log(&self, fingerprint: &str) -> Result<Vec<(Timestamp, Edit)>> {
        let failed = |error| told(&self.path, "loading", error);
        let mut statement = self
            .connection
            .prepare_cached("SELECT at, edit FROM edits WHERE recording = ?1 ORDER BY place")
            .map_err(failed)?;
        let rows = statement
            .query_map([fingerprint], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
            .map_err(failed)?;
        rows.enumerate()
            .map(|(place, row)| {
                let (at, edit) = row.map_err(failed)?;
                let unread = |what: String| {
                    Error::read(what).in_step(format!("edit {}", place + 1)).in_file(self.path.display().to_string())
                };
                let at = at.parse().map_err(|_| unread(format!("a time in the store of reviews reads {at:?}")))?;
                let edit = serde_json::from_str(&edit)
                    .map_err(|error| unread("an edit in the store of reviews cannot be read".into()).because(error))?;
                Ok((at, edit))
            })
            .collect()
    }

    fn change(
        &mut self,
        step: &str,
        fingerprint: &str,
        work: impl FnOnce(&Transaction) -> rusqlite::Result<()>,
    ) -> Result<()> {
        if fingerprint.is_empty() {
            return Err(Error::missing("the recording has no fingerprint, so that its review cannot be kept"));
        }
        let path = self.path.clone();
        let failed = |error| told(&path, step, error);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        work(&transaction).map_err(failed)?;
        transaction.commit().map_err(failed)
    }
}

fn create(transaction: &Transaction) -> rusqlite::Result<()> {
    transaction.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS edits (
             recording TEXT NOT NULL,
             place INTEGER NOT NULL,
             at TEXT NOT NULL,
             edit TEXT NOT NULL,
             PRIMARY KEY (recording, place)
         ) STRICT, WITHOUT ROWID;
         PRAGMA application_id = {APPLICATION};
         PRAGMA user_version = {SCHEMA};"
    ))
}

fn insert(
    transaction: &Transaction,
    fingerprint: &str,
    from: i64,
    edits: &[(Timestamp, Edit)],
) -> rusqlite::Result<()> {
    let mut statement =
        transaction.prepare_cached("INSERT INTO edits (recording, place, at, edit) VALUES (?1, ?2, ?3, ?4)")?;
    for (place, (at, edit)) in (from..).zip(edits) {
        let edit =
            serde_json::to_string(edit).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        statement.execute(params![fingerprint, place, at.to_string(), edit])?;
    }
    Ok(())
}

/// SQLite's error in words, with what to do.
fn told(path: &Path, step: &str, error: rusqlite::Error) -> Error {
    let (cause, what, cure) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            Cause::Read,
            "the store of reviews is damaged",
            "move the file away: a new one is made, and the old one stays for recovery",
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            (Cause::Io, "the store of reviews is in use by another program", "close it there and try again")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            (Cause::Write, "the store of reviews cannot be written", "check the rights of its folder")
        }
        Some(ErrorCode::DiskFull) => {
            (Cause::Write, "the disk with the store of reviews is full", "make room and save again")
        }
        _ => (Cause::Io, "the store of reviews failed", "try again"),
    };
    Error::new(cause, what).in_step(step).cure(cure).because(error).in_file(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Verdict;

    fn decide(segment: &str, verdict: Verdict) -> (Timestamp, Edit) {
        let at = Timestamp::new(1_700_000_000, 123_456_789).unwrap();
        (at, Edit::Decide { segment: segment.into(), verdict: Some(verdict) })
    }

    #[test]
    fn what_was_kept_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/reviews.sqlite");
        let mut store = Store::open(&path).unwrap();
        let mut review = Review::replay([
            decide("attention.mi-0-1000", Verdict::Accepted),
            decide("rule.pause-1-2", Verdict::Rejected),
            (Timestamp::UNIX_EPOCH, Edit::Note { segment: "ä".into(), note: "Größe; 'quoted'".into() }),
            (Timestamp::UNIX_EPOCH, Edit::Reviewer(Some("A. Reader".into()))),
            (Timestamp::UNIX_EPOCH, Edit::Impression("sinus rhythm".into())),
        ]);
        store.save("one", &review).unwrap();
        drop(store);
        let mut store = Store::open(&path).unwrap();
        assert_eq!(store.load("one").unwrap(), review);
        assert_eq!(store.load("two").unwrap(), Review::default());
        review.undo();
        let at = Timestamp::UNIX_EPOCH;
        review.apply(at, Edit::Impression("consider atrial fibrillation".into()));
        store.save("one", &review).unwrap();
        assert_eq!(store.load("one").unwrap().log(), review.log());
    }

    #[test]
    fn appending_is_as_good_as_saving() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("r.sqlite")).unwrap();
        let log = [decide("a", Verdict::Accepted), decide("b", Verdict::Unsure), decide("a", Verdict::Rejected)];
        store.append("one", &log[..1]).unwrap();
        store.append("two", &log[2..]).unwrap();
        store.append("one", &log[1..]).unwrap();
        assert_eq!(store.load("one").unwrap().log(), log);
    }

    #[test]
    fn two_programs_share_the_store() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.sqlite");
        let (mut one, mut other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
        one.append("x", &[decide("a", Verdict::Accepted)]).unwrap();
        other.append("x", &[decide("b", Verdict::Rejected)]).unwrap();
        assert_eq!(one.load("x").unwrap().log().len(), 2);
    }

    #[test]
    fn a_damaged_store_says_so_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.sqlite");
        std::fs::write(&path, b"not a database at all, but long enough to look at".repeat(100)).unwrap();
        let before = std::fs::read(&path).unwrap();
        let error = Store::open(&path).unwrap_err();
        assert_eq!(error.kind(), Cause::Read);
        assert!(error.to_string().contains("damaged") && error.to_string().contains("move the file away"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_damaged_edit_names_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("r.sqlite")).unwrap();
        store.append("x", &[decide("a", Verdict::Accepted), decide("b", Verdict::Unsure)]).unwrap();
        store.connection.execute("UPDATE edits SET edit = '{' WHERE place = 1", []).unwrap();
        let error = store.load("x").unwrap_err();
        assert!(error.to_string().contains("edit 2"), "{error}");
    }

    #[test]
    fn another_programs_file_and_a_newer_version_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let foreign = folder.path().join("foreign.sqlite");
        Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1").unwrap();
        assert!(Store::open(&foreign).unwrap_err().to_string().contains("not a store of reviews"));
        let newer = folder.path().join("newer.sqlite");
        Store::open(&newer).unwrap().connection.pragma_update(None, "user_version", SCHEMA + 1).unwrap();
        assert_eq!(Store::open(&newer).unwrap_err().kind(), Cause::Unsupported);
    }

    #[test]
    fn a_review_without_a_recording_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("r.sqlite")).unwrap();
        assert_eq!(store.append("", &[decide("a", Verdict::Accepted)]).unwrap_err().kind(), Cause::Missing);
    }
}

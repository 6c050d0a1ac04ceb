//! The chain of the audit trail (`security.md` R125): each row's hash covers the row before, and a
//! tag under a key outside the database says that it was this installation that sealed it.

use crate::base::{Digest, constant_time_eq};
use crate::domain::{AuditRecord, Seal};

/// What is wrong with a row of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// Its place is not the one after the row before: rows are missing.
    #[error("rows are missing before it")]
    Missing,
    /// It follows another row than the one before.
    #[error("it follows another row: rows were removed or swapped")]
    Order,
    /// It is not what was sealed.
    #[error("it was altered")]
    Altered,
    /// It was sealed with another key, or by somebody who has none.
    #[error("it was not sealed with this seal key")]
    Forged,
}

/// The end of the chain so far: where the next row goes.
#[derive(Debug, Clone, Copy)]
pub struct Chain {
    place: i64,
    hash: Digest,
}

impl Chain {
    /// After the row with this seal, or at the beginning.
    pub fn after(head: Option<&Seal>) -> Self {
        match head {
            Some(seal) => Self { place: seal.place, hash: seal.hash },
            None => Self { place: 0, hash: Digest::of(b"tessera/1/audit") },
        }
    }

    /// The place of the last row, and its hash.
    pub const fn head(&self) -> (i64, Digest) {
        (self.place, self.hash)
    }

    /// Seals the next row.
    pub fn seal(&mut self, record: &AuditRecord, key: &[u8; 32]) -> Seal {
        let place = self.place + 1;
        let hash = hash(self.hash, place, record);
        let seal = Seal { place, previous: self.hash, hash, mac: mac(key, hash) };
        *self = Self { place, hash };
        seal
    }

    /// Whether the next row is the one that was sealed there.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&mut self, record: &AuditRecord, key: &[u8; 32]) -> Result<(), Break> {
        let Some(seal) = record.seal.filter(|seal| seal.place == self.place + 1) else {
            return Err(Break::Missing);
        };
        if seal.previous != self.hash {
            return Err(Break::Order);
        }
        if hash(seal.previous, seal.place, record) != seal.hash {
            return Err(Break::Altered);
        }
        let tag = mac(key, seal.hash).to_text();
        if !constant_time_eq(tag.as_bytes(), seal.mac.to_text().as_bytes()) {
            return Err(Break::Forged);
        }
        *self = Self { place: seal.place, hash: seal.hash };
        Ok(())
    }
}

fn mac(key: &[u8; 32], hash: Digest) -> Digest {
    Digest::of_hmac(key, &[hash.to_text().as_bytes()])
}

/// The hash of a row: over the row before and every column, each with its length, and with a mark
/// whether it is there, so that no two rows share an input.
fn hash(previous: Digest, place: i64, record: &AuditRecord) -> Digest {
    let (target_kind, target_id) = match &record.target {
        Some((kind, id)) => (Some(kind.as_str()), Some(id.as_str())),
        None => (None, None),
    };
    let (previous, at, place) =
        (previous.to_text(), record.at.as_millis().to_string(), place.to_string());
    let id = record.id.to_string();
    let columns = [
        Some(previous.as_str()),
        Some(&place),
        Some(&id),
        Some(&at),
        Some(&record.event),
        Some(&record.outcome),
        Some(&record.actor_kind),
        record.actor_id.as_deref(),
        target_kind,
        target_id,
        record.network.as_deref(),
        record.reference.as_deref(),
        Some(&record.details),
    ];
    let mut bytes = Vec::new();
    for column in columns {
        let text = column.unwrap_or_default();
        bytes.push(u8::from(column.is_some()));
        bytes.extend((text.len() as u64).to_be_bytes());
        bytes.extend(text.as_bytes());
    }
    Digest::of(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{SeededEntropy, Timestamp, UserId};
    use crate::domain::{Actor, Event, Occasion};

    const KEY: [u8; 32] = [7; 32];

    fn sealed(count: u8) -> Vec<AuditRecord> {
        let entropy = SeededEntropy::new(1);
        let mut chain = Chain::after(None);
        let row = |number: u8| {
            let at = Timestamp::from_seconds(1_800_000_000 + i64::from(number));
            let event = Event::UserCreated { user: UserId::new(at, &entropy) };
            let mut record = Occasion::inside(Actor::Command, at, &entropy).of(&event);
            record.seal = Some(chain.seal(&record, &KEY));
            record
        };
        (0..count).map(row).collect()
    }

    fn first_break(rows: &[AuditRecord], key: &[u8; 32]) -> Option<(usize, Break)> {
        let mut chain = Chain::after(None);
        let mut judged = rows.iter().map(|row| chain.check(row, key)).enumerate();
        judged.find_map(|(index, result)| result.err().map(|why| (index, why)))
    }

    #[test]
    fn r125_a_chain_holds_as_it_was_sealed() {
        assert_eq!(first_break(&sealed(4), &KEY), None);
    }

    #[test]
    fn r125_every_column_is_covered() {
        let changes: [fn(&mut AuditRecord); 10] = [
            |row| row.at = row.at + std::time::Duration::from_millis(1),
            |row| row.event = "user_deleted".to_owned(),
            |row| row.outcome = "refused".to_owned(),
            |row| row.actor_kind = "server".to_owned(),
            |row| row.actor_id = Some(String::new()),
            |row| row.target = None,
            |row| row.network = Some("192.0.2.0".to_owned()),
            |row| row.reference = Some("a".to_owned()),
            |row| row.details = "{\"a\":1}".to_owned(),
            |row| row.id = sealed(1)[0].id,
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut rows = sealed(4);
            change(&mut rows[2]);
            assert_eq!(first_break(&rows, &KEY), Some((2, Break::Altered)), "{number}");
        }
    }

    #[test]
    fn r125_a_text_cannot_move_into_the_column_beside_it() {
        let mut rows = sealed(1);
        rows[0].target = Some(("us".to_owned(), "er".to_owned()));
        let mut other = rows[0].clone();
        other.target = Some(("use".to_owned(), "r".to_owned()));
        let start = Chain::after(None).head().1;
        assert_ne!(hash(start, 1, &rows[0]), hash(start, 1, &other));
    }

    #[test]
    fn r125_removed_swapped_and_forged_rows_are_found() {
        let mut rows = sealed(4);
        rows.remove(1);
        assert_eq!(first_break(&rows, &KEY), Some((1, Break::Missing)));

        let mut rows = sealed(4);
        let (second, third) = (rows[1].seal, rows[2].seal);
        rows.swap(1, 2);
        (rows[1].seal, rows[2].seal) = (second, third);
        assert_eq!(first_break(&rows, &KEY), Some((1, Break::Altered)));

        // Somebody with the database alone, who alters a row and makes the chain anew.
        let mut rows = sealed(4);
        rows[1].event = "user_deleted".to_owned();
        let mut chain = Chain::after(rows[0].seal.as_ref());
        for row in &mut rows[1..] {
            row.seal = Some(chain.seal(row, &[0; 32]));
        }
        assert_eq!(first_break(&rows, &KEY), Some((1, Break::Forged)));
    }

    #[test]
    fn r125_a_row_that_follows_another_one_is_out_of_order() {
        let mut rows = sealed(3);
        let mut chain = Chain::after(rows[1].seal.as_ref());
        let other = chain.seal(&rows[0], &KEY);
        rows[1].seal = Some(Seal { place: 2, ..other });
        assert_eq!(first_break(&rows, &KEY), Some((1, Break::Order)));
    }
}

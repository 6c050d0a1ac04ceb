use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A folder of its own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir();
        let folder = folder.join(format!("tessera-breach-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.join("breach.filter")
    }

    fn build(&self, corpus: Corpus, text: &str) -> Result<Built, CorpusProblem> {
        let mut builder = BreachBuilder::begin(&self.path())?;
        corpus.read(text.as_bytes(), &mut builder)?;
        Ok(builder.finish()?)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn numbered(count: u32) -> String {
    (0..count).map(|number| format!("breached {number}\n")).collect()
}

/// The numbers that `docs` and the module's head state.
#[test]
fn r54_a_hundred_thousand_breached_passwords_are_all_found_and_hardly_another() {
    let folder = Folder::new();
    let built = folder.build(Corpus::Plain, &numbered(100_000)).unwrap();
    assert_eq!(built.entries, 100_000);
    assert_eq!(built.bytes, std::fs::metadata(folder.path()).unwrap().len());
    // Small parts need more room, and here each has only 390 entries.
    let each = built.bytes as f64 / 100_000.0;
    assert!(each < 3.5, "{each} bytes for each entry");
    let filter = BreachFilter::open(&folder.path()).unwrap();
    assert_eq!(filter.entries(), 100_000);
    for number in (0..100_000).step_by(7) {
        assert!(filter.contains(format!("breached {number}").as_bytes()).unwrap(), "{number}");
    }
    let others = (0..100_000).filter(|n| filter.contains(format!("other {n}").as_bytes()).unwrap());
    // 1.5 are expected of 1 in 65,536; the corpus and the seeds stand, so the count does not change.
    let found = others.count();
    assert!(found <= 8, "{found} of 100,000 others are taken for breached");
}

/// The room for each entry where the parts are as large as those of a real corpus.
#[test]
fn an_entry_takes_less_than_two_and_a_half_bytes() {
    let keys: Vec<u64> = (0..100_000_u64).map(|n| key_of(&sha1(&n.to_le_bytes()))).collect();
    let filter = BinaryFuse16::try_from(&keys).unwrap();
    let each = filter.fingerprints.len() as f64 * 2.0 / 100_000.0;
    assert!(each < 2.5, "{each}");
}

#[test]
fn a_corpus_of_any_size_is_built() {
    for count in [0, 1, 2, 3, 10, 300, 2000] {
        let folder = Folder::new();
        assert_eq!(
            folder.build(Corpus::Plain, &numbered(count)).unwrap().entries,
            u64::from(count)
        );
        let filter = BreachFilter::open(&folder.path()).unwrap();
        for number in 0..count {
            assert!(filter.contains(format!("breached {number}").as_bytes()).unwrap());
        }
        assert!(!filter.contains(b"no such password").unwrap());
    }
}

#[test]
fn a_corpus_of_digests_is_read_with_its_counts() {
    // SHA-1 of "password" and "abc", as anybody can compute them.
    let text = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9659365\r\n\
                a9993e364706816aba3e25717850c26c9cd0d89d:2\n\
                5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8\n";
    for (min_count, entries) in [(1, 2), (3, 1)] {
        let folder = Folder::new();
        let built = folder.build(Corpus::Sha1 { min_count }, text).unwrap();
        assert_eq!(built.entries, entries);
        let filter = BreachFilter::open(&folder.path()).unwrap();
        assert!(filter.contains(b"password").unwrap());
        assert_eq!(filter.contains(b"abc").unwrap(), min_count == 1);
    }
}

#[test]
fn a_wrong_line_is_named_and_not_repeated_and_leaves_nothing() {
    let good = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";
    let long = "x".repeat(5000);
    for (corpus, line, problem) in [
        (Corpus::Sha1 { min_count: 1 }, "hunter2", "no SHA-1"),
        (Corpus::Sha1 { min_count: 1 }, &good[1..], "no SHA-1"),
        (Corpus::Sha1 { min_count: 1 }, &format!("{good}:many"), "no count"),
        (Corpus::Plain, &long, "longer than 4 KiB"),
    ] {
        let folder = Folder::new();
        let refused = folder.build(corpus, &format!("{good}\n\n{line}\n")).unwrap_err().to_string();
        assert!(refused.starts_with("line 3: ") && refused.contains(problem), "{refused}");
        assert!(!refused.contains(line));
        assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 0);
    }
}

#[test]
fn a_file_that_is_not_whole_is_never_opened() {
    let folder = Folder::new();
    folder.build(Corpus::Plain, &numbered(1000)).unwrap();
    let good = std::fs::read(folder.path()).unwrap();
    let (middle, table) = (good.len() / 3, good.len() - CHECKSUM - 7);
    let changed = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let cases = [
        (Vec::new(), false),
        (good[..10].to_vec(), false),
        (changed(0), false),
        (changed(8), false),
        (changed(13), true),
        (changed(middle), true),
        (changed(table), true),
        (changed(good.len() - 1), true),
        (good[..HEADER].to_vec(), true),
        (good[..good.len() - 1].to_vec(), true),
        ([good.as_slice(), b"x"].concat(), true),
    ];
    for (index, (bytes, is_ours)) in cases.into_iter().enumerate() {
        std::fs::write(folder.path(), bytes).unwrap();
        let refused = BreachFilter::open(&folder.path()).unwrap_err();
        assert_eq!(matches!(refused, BreachError::Damaged), is_ours, "{index}: {refused}");
    }
}

/// A checksum keeps accidents out; a table that lies under a right one must not lead anywhere.
#[test]
fn a_table_that_points_outside_is_refused() {
    let row = |segment: u32, all: u32, count: u32| {
        let mut row = vec![0; 8];
        row.extend([segment, all, count].iter().flat_map(|number| number.to_le_bytes()));
        row
    };
    let rest: Vec<u8> = (1..SHARDS).flat_map(|_| row(1, 0, 0)).collect();
    let read = |first: Vec<u8>, data| read_table(&[first, rest.clone()].concat(), data);
    assert!(read(row(4, 8, 16), 32).is_some());
    for (first, data) in [
        (row(4, 8, 16), 30),
        (row(4, 9, 16), 32),
        (row(3, 10, 16), 32),
        (row(0, 16, 16), 32),
        (row(1 << 31, u32::MAX, 16), 32),
    ] {
        assert!(read(first, data).is_none());
    }
}

#[test]
fn two_do_not_build_at_one_place() {
    let folder = Folder::new();
    let first = BreachBuilder::begin(&folder.path()).unwrap();
    let second = BreachBuilder::begin(&folder.path()).map(drop).unwrap_err();
    assert!(second.to_string().contains("breach.filter.building"), "{second}");
    drop(first);
    assert!(BreachBuilder::begin(&folder.path()).is_ok());
}

//! What somebody may have meant who wrote a name that does not exist.

/// The one of `known` that takes the fewest edits to become `written`; none when none is known.
pub fn nearest<T: AsRef<str>>(written: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    known.into_iter().min_by_key(|candidate| distance(written, candidate.as_ref()))
}

/// The nearest of `known`, when `written` may well be a mistyped form of it: at most a third of its
/// characters differ.
pub fn similar<T: AsRef<str>>(written: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    let near = nearest(written, known)?;
    (distance(written, near.as_ref()) * 3 <= written.chars().count()).then_some(near)
}

/// How many characters must be inserted, removed, replaced or swapped with their neighbour to
/// make `a` of `b` (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut two_above = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &to) in b.iter().enumerate() {
            let replaced = above[j] + usize::from(from != to);
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from == b[j - 1] && to == a[i - 1] {
                best = best.min(two_above[j - 1] + 1);
            }
            row.push(best);
        }
        two_above = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, edits) in [
            ("", "", 0),
            ("a", "", 1),
            ("listen", "listne", 1),
            ("tls", "tsl", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a, b), edits, "{a} {b}");
            assert_eq!(distance(b, a), edits, "{b} {a}");
        }
    }

    #[test]
    fn the_nearest_name_wins() {
        assert_eq!(nearest("lisen", ["dev", "listen"]), Some("listen"));
        assert_eq!(nearest("x", [] as [&str; 0]), None);
        assert_eq!(similar("redirekt_uris", ["scope", "redirect_uris"]), Some("redirect_uris"));
        assert_eq!(similar("jwks_uri", ["tos_uri", "redirect_uris"]), None);
    }
}

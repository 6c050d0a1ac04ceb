use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The routes of `src/web` that a guard like `post()` lets in, as the source writes them, and how often it
/// stands there: the same, unless a route is written in a way that is not read here.
pub(crate) fn routes(guard: &str) -> (BTreeSet<String>, usize) {
    let (mut routes, mut calls) = (BTreeSet::new(), 0);
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let inside = fs::read_dir(&path).expect("a folder").flatten();
            open.extend(inside.map(|entry| entry.path()));
            continue;
        }
        let code = fs::read_to_string(&path).expect("a source file");
        calls += code.matches(guard).count();
        for resource in code.split("resource(").skip(1) {
            let Some((_, rest)) = resource.split_once('"') else { continue };
            let Some((route, rest)) = rest.split_once('"') else { continue };
            if rest.contains(guard) {
                routes.insert(route.to_owned());
            }
        }
    }
    (routes, calls)
}

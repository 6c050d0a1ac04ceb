use super::Installation;

const BREACHED: &str = "correct horse battery staple";
/// Its SHA-1, as anybody can compute it.
const DIGEST: &str = "ABF7AAD6438836DBE526AA231ABDE2D0EEF74D42";
const CREATE: [&str; 7] =
    ["user", "create", "--username", "ada", "--email", "ada@example.com", "--password-stdin"];

#[test]
fn r54_a_filter_is_built_and_keeps_breached_passwords_out() {
    let here = Installation::new();
    let corpus = here.file("corpus.txt", &format!("{DIGEST}:7\r\n{}:1\r\n", "0".repeat(40)));
    let built = here.run(&["breach", "build", &corpus, "--json"]).succeeded().json();
    assert_eq!(built["entries"], 2);
    assert_eq!(built["path"], "./data/breach.filter");
    let bytes = std::fs::metadata(here.path("data/breach.filter")).unwrap().len();
    assert_eq!(built["bytes"], bytes);
    here.run_with_input(&CREATE, BREACHED).failed("known from a data breach");
    here.run_with_input(&CREATE, "another horse and battery").succeeded();
    let args = ["user", "set-password", "ada", "--password-stdin"];
    here.run_with_input(&args, BREACHED).failed("known from a data breach");
    // A new filter takes the place of the old one.
    let built = here.run(&["breach", "build", &corpus, "--min-count", "8"]).succeeded();
    assert!(built.out.starts_with("0 passwords in "), "{built:?}");
    here.run_with_input(&args, BREACHED).succeeded();
}

#[test]
fn a_filter_is_built_from_passwords_and_from_standard_input() {
    let here = Installation::new().with("TESSERA_PASSWORDS__BREACH_FILTER", "./my.filter");
    here.run_with_input(&CREATE, BREACHED).failed("cannot use the breach filter ./my.filter");
    let args = ["breach", "build", "-", "--plain"];
    let built = here.run_with_input(&args, &format!("password\n{BREACHED}\n")).succeeded();
    assert!(
        built.out.contains("2 passwords in ") && built.out.contains("./my.filter"),
        "{built:?}"
    );
    here.run_with_input(&CREATE, BREACHED).failed("known from a data breach");
    let elsewhere = here.path("other.filter").display().to_string();
    here.run_with_input(&["breach", "build", "-", "--out", &elsewhere], DIGEST).succeeded();
    assert!(here.path("other.filter").exists());
}

#[test]
fn what_is_no_corpus_is_explained_and_leaves_the_filter_of_before() {
    let here = Installation::new();
    let good = here.file("good.txt", DIGEST);
    here.run(&["breach", "build", &good]).succeeded();
    let bad = here.file("bad.txt", &format!("{DIGEST}\nhunter2\n"));
    let ended = here.run(&["breach", "build", &bad]).failed("bad.txt: line 2: ");
    assert!(!ended.err.contains("hunter2"), "{ended:?}");
    here.run(&["breach", "build", "missing.txt"]).failed("missing.txt: No such file");
    here.run(&["breach", "build", &good, "--plain", "--min-count", "2"]).misused("--min-count");
    here.run_with_input(&CREATE, BREACHED).failed("known from a data breach");
    assert_eq!(
        std::fs::read_dir(here.path("data"))
            .unwrap()
            .filter(|entry| {
                entry.as_ref().unwrap().file_name().to_string_lossy().contains("building")
            })
            .count(),
        0
    );
}

/// A filter that is not whole keeps the server from starting: it would let breached passwords in.
#[test]
fn r54_a_damaged_filter_is_an_error_at_start() {
    let here = Installation::new().with("TESSERA_LISTEN", "127.0.0.1:0");
    here.run(&["breach", "build", &here.file("corpus.txt", DIGEST)]).succeeded();
    let path = here.path("data/breach.filter");
    let whole = std::fs::read(&path).unwrap();
    for (bytes, reason) in [
        (&whole[..whole.len() - 1], "it is damaged or incomplete"),
        (&whole[..100], "it is damaged or incomplete"),
        (&b"nothing of the kind, but long enough"[..], "it is no breach filter of this version"),
        (&b""[..], "it is no breach filter of this version"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        for args in [&["serve"][..], &CREATE[..]] {
            let ended = here.run_with_input(args, BREACHED);
            assert_eq!(ended.code, 1, "{ended:?}");
            let line = ended.err.lines().last().unwrap_or_default();
            let place = "cannot use the breach filter ./data/breach.filter: ";
            assert!(line.contains(place) && line.contains(reason), "{ended:?}");
            assert!(!ended.out.contains("serving"), "{ended:?}");
        }
    }
}

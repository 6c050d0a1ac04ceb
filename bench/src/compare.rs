//! The comparisons, one after the other.

use anyhow::Result;
use tokio::runtime::Runtime;

use crate::Run;
use crate::load::{User, drive_all};
use crate::party::{Asking, Kind, Party, Refresh, SilentSignIn};
use crate::provider::{self, Installation, PEOPLE, Server, Setup, api};
use crate::raw;
use crate::report::Row;

/// Requests that are under way at once: enough that no processor waits for a disk, and four for each person, because more
/// codes than that at once look like an app that sends a browser round in circles.
const USERS: usize = 4 * PEOPLE;
/// What is thrown away at the start of every side, so that connections and caches are warm.
const WARM_UP: f64 = 0.5;

/// Measures one side for one round.
type Side<'a> = Box<dyn FnMut() -> Result<f64> + 'a>;

struct Servers {
    /// The first of the two goes first, and the folder last.
    tessera: Server,
    _installation: Installation,
    raw: Server,
    peer: Option<Server>,
}

/// The people of one server, signed in.
struct People {
    party: Party,
    cookies: Vec<String>,
}

/// Everything that `run` asks for.
pub fn all(run: &Run) -> Result<Vec<Row>> {
    let setup = Setup { program: run.program.clone(), settings: String::new(), has_people: true };
    let (installation, tessera) = provider::tessera(&setup)?;
    let servers = Servers {
        tessera,
        _installation: installation,
        raw: provider::raw_limit()?,
        peer: run.peer.as_deref().map(provider::peer).transpose()?,
    };
    // The load client is one thread.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut rows = against_the_limit(run, &runtime, &servers)?;
    if let Some(peer) = &servers.peer {
        rows.extend(against_the_peer(run, &runtime, &servers.tessera, peer)?);
    }
    Ok(rows)
}

fn people(runtime: &Runtime, kind: Kind, server: &Server, algorithm: &str) -> Result<People> {
    let party = Party::new(kind, server, algorithm);
    let mut cookies = Vec::new();
    for number in 0..PEOPLE {
        cookies.push(runtime.block_on(party.person(number))?);
    }
    Ok(People { party, cookies })
}

/// A side that lets users go round. They are made anew for each measurement, with warm connections.
fn side<'a, U, F>(run: &'a Run, runtime: &'a Runtime, make: F) -> Side<'a>
where
    U: User + 'a,
    F: Fn(usize) -> Result<U> + 'a,
{
    Box::new(move || {
        let mut users = (0..USERS).map(&make).collect::<Result<Vec<U>>>()?;
        let warm_up = std::time::Duration::from_secs_f64(WARM_UP);
        runtime.block_on(drive_all(&mut users, warm_up))?;
        Ok(runtime.block_on(drive_all(&mut users, run.how_long()))?.rate)
    })
}

fn silent<'a>(run: &'a Run, runtime: &'a Runtime, people: &'a People) -> Side<'a> {
    side(run, runtime, move |number| {
        let cookie = people.cookies[number % PEOPLE].clone();
        runtime.block_on(SilentSignIn::new(&people.party, cookie))
    })
}

fn refreshes<'a>(run: &'a Run, runtime: &'a Runtime, people: &'a People) -> Side<'a> {
    side(run, runtime, move |number| {
        runtime.block_on(Refresh::new(&people.party, &people.cookies[number % PEOPLE]))
    })
}

fn credentials<'a>(
    run: &'a Run,
    runtime: &'a Runtime,
    people: &'a People,
    api: Option<String>,
) -> Side<'a> {
    side(run, runtime, move |_| {
        runtime.block_on(Asking::client_credentials(&people.party, api.as_deref()))
    })
}

fn introspections<'a>(run: &'a Run, runtime: &'a Runtime, people: &'a People) -> Side<'a> {
    side(run, runtime, move |number| {
        runtime.block_on(Asking::introspect(&people.party, &people.cookies[number % PEOPLE]))
    })
}

fn userinfos<'a>(run: &'a Run, runtime: &'a Runtime, people: &'a People) -> Side<'a> {
    side(run, runtime, move |number| {
        runtime.block_on(Asking::userinfo(&people.party, &people.cookies[number % PEOPLE]))
    })
}

/// Ours, theirs, and the ratio that is to be reached.
struct Comparison<'a> {
    name: &'a str,
    ours: (&'a str, Side<'a>),
    theirs: (&'a str, Side<'a>),
    at_least: f64,
}

impl Comparison<'_> {
    fn measure(mut self, run: &Run, rows: &mut Vec<Row>) -> Result<()> {
        if !self.name.contains(&run.only) {
            return Ok(());
        }
        let mut rounds = Vec::new();
        for _ in 0..run.rounds {
            rounds.push(((self.ours.1)()?, (self.theirs.1)()?));
            eprintln!(
                "{}: {:.0} {:.0}",
                self.name,
                rounds[rounds.len() - 1].0,
                rounds[rounds.len() - 1].1
            );
        }
        rows.push(Row {
            name: self.name.to_owned(),
            ours: self.ours.0.to_owned(),
            theirs: self.theirs.0.to_owned(),
            at_least: self.at_least,
            rounds,
        });
        Ok(())
    }
}

fn against_the_limit(run: &Run, runtime: &Runtime, servers: &Servers) -> Result<Vec<Row>> {
    let es256 = people(runtime, Kind::Tessera, &servers.tessera, "ES256")?;
    let rs256 = people(runtime, Kind::Tessera, &servers.tessera, "RS256")?;
    let tokens = || side(run, runtime, |_| runtime.block_on(Asking::raw_token(&servers.raw)));
    let hello = || side(run, runtime, |_| runtime.block_on(Asking::hello(&servers.raw)));
    let signatures: Side = Box::new(|| raw::rs256_signatures(run.how_long()));
    let mut rows = Vec::new();
    Comparison {
        name: "client credentials, ES256 JWT, and the raw limit",
        ours: ("tokens", credentials(run, runtime, &es256, Some(api("ES256")))),
        theirs: ("tokens", tokens()),
        at_least: 0.70,
    }
    .measure(run, &mut rows)?;
    Comparison {
        name: "silent sign-ins, ES256, and the raw limit",
        ours: ("sign-ins", silent(run, runtime, &es256)),
        theirs: ("tokens", tokens()),
        at_least: 0.20,
    }
    .measure(run, &mut rows)?;
    Comparison {
        name: "silent sign-ins, RS256, and raw signatures",
        ours: ("sign-ins", silent(run, runtime, &rs256)),
        theirs: ("signatures", signatures),
        at_least: 0.50,
    }
    .measure(run, &mut rows)?;
    Comparison {
        name: "introspections, opaque, and hello",
        ours: ("introspections", introspections(run, runtime, &es256)),
        theirs: ("answers", hello()),
        at_least: 0.40,
    }
    .measure(run, &mut rows)?;
    Comparison {
        name: "userinfo and hello",
        ours: ("answers", userinfos(run, runtime, &es256)),
        theirs: ("answers", hello()),
        at_least: 0.0,
    }
    .measure(run, &mut rows)?;
    Ok(rows)
}

fn against_the_peer(
    run: &Run,
    runtime: &Runtime,
    tessera: &Server,
    peer: &Server,
) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (algorithm, sign_ins, refreshed, jwts) in
        [("ES256", 10.0, 8.0, 8.0), ("RS256", 3.5, 2.0, 2.0)]
    {
        let ours = people(runtime, Kind::Tessera, tessera, algorithm)?;
        let theirs = people(runtime, Kind::Peer, peer, algorithm)?;
        Comparison {
            name: &format!("silent sign-ins, {algorithm}, and oidc-provider"),
            ours: ("sign-ins", silent(run, runtime, &ours)),
            theirs: ("sign-ins", silent(run, runtime, &theirs)),
            at_least: sign_ins,
        }
        .measure(run, &mut rows)?;
        Comparison {
            name: &format!("client credentials, {algorithm} JWT, and oidc-provider"),
            ours: ("tokens", credentials(run, runtime, &ours, Some(api(algorithm)))),
            theirs: ("tokens", credentials(run, runtime, &theirs, Some(api(algorithm)))),
            at_least: jwts,
        }
        .measure(run, &mut rows)?;
        Comparison {
            name: &format!("refresh, {algorithm}, and oidc-provider"),
            ours: ("refreshes", refreshes(run, runtime, &ours)),
            theirs: ("refreshes", refreshes(run, runtime, &theirs)),
            at_least: refreshed,
        }
        .measure(run, &mut rows)?;
        if algorithm == "ES256" {
            Comparison {
                name: "client credentials, opaque, and oidc-provider",
                ours: ("tokens", credentials(run, runtime, &ours, None)),
                theirs: ("tokens", credentials(run, runtime, &theirs, None)),
                at_least: 8.0,
            }
            .measure(run, &mut rows)?;
        }
    }
    Ok(rows)
}

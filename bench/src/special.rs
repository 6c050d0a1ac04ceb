//! What is no rate against a rate: memory, starts, and how long a token takes while people flood the
//! provider with passwords.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::runtime::Runtime;

use crate::Run;
use crate::cost;
use crate::load::{User, drive_all};
use crate::party::{Asking, Flood, Kind, Party, SilentSignIn};
use crate::provider::{self, Installation, Server, Setup, api};
use crate::report::{Figure, median};

/// People who sign in at once.
const USERS: usize = 16;
/// How many passwords are tried at once.
const FLOODERS: usize = 16;
/// Apps that ask for a token now and then, while nobody is in a hurry.
const CALM: usize = 8;
/// How long each of them waits between two.
const PAUSE: Duration = Duration::from_millis(10);

/// An app that waits a moment before each request.
struct Calm(Asking);

impl User for Calm {
    async fn round(&mut self) -> Result<()> {
        self.0.round().await
    }

    fn pause(&self) -> Duration {
        PAUSE
    }
}

/// Everything that `run` asks for.
pub fn all(run: &Run) -> Result<Vec<Figure>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let wanted = |name: &str| name.contains(&run.only);
    let mut figures = Vec::new();
    if wanted("footprint") {
        figures.extend(footprint(run)?);
    }
    if wanted("PostgreSQL and Redis") {
        figures.extend(shared(run, &runtime)?);
    }
    if wanted("flood") {
        figures.extend(flood(run, &runtime)?);
    }
    if let Some(people) = run.people.filter(|_| wanted("many people")) {
        figures.extend(many(run, &runtime, people)?);
    }
    Ok(figures)
}

fn plain(run: &Run) -> Setup {
    Setup { program: run.program.clone(), settings: String::new(), has_people: true }
}

/// What it costs to have around.
fn footprint(run: &Run) -> Result<Vec<Figure>> {
    let (installation, server) = provider::tessera(&plain(run))?;
    drop(server);
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..run.rounds {
        let began = Instant::now();
        let server = installation.start()?;
        starts.push(began.elapsed().as_secs_f64() * 1000.0);
        std::thread::sleep(Duration::from_secs(3));
        idle.push(server.memory());
    }
    let size = std::fs::metadata(&run.program)?.len() as f64 / 1_048_576.0;
    Ok(vec![
        Figure::new("start to ready on existing data", ms(median(starts)), "at most 100 ms"),
        Figure::new("memory of an idle process", mib(median(idle)), "at most 30 MiB"),
        Figure::new("binary as it was built", mib(size), "at most 30 MiB, stripped"),
    ])
}

/// What a silent sign-in costs the provider on PostgreSQL and Redis, beside the embedded store. It is
/// left out where `scripts/with-services` did not start them.
fn shared(run: &Run, runtime: &Runtime) -> Result<Vec<Figure>> {
    let Some(settings) = cost::on_servers()? else { return Ok(Vec::new()) };
    let (_installation, embedded) = provider::tessera(&plain(run))?;
    let (_other, server) = provider::tessera(&Setup { settings, ..plain(run) })?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..run.rounds {
        ours.push(for_each_second(run, runtime, &embedded)?);
        theirs.push(for_each_second(run, runtime, &server)?);
        eprintln!(
            "for each processor second: {:.0} embedded, {:.0} on PostgreSQL and Redis",
            ours[ours.len() - 1],
            theirs[theirs.len() - 1]
        );
    }
    let ratio = median(ours.iter().zip(&theirs).map(|(ours, theirs)| theirs / ours).collect());
    let unit = |number: f64| format!("{number:.0} for each processor second");
    Ok(vec![
        Figure::new("silent sign-ins, embedded store", unit(median(ours)), ""),
        Figure::new("silent sign-ins, PostgreSQL and Redis", unit(median(theirs)), ""),
        Figure::new(
            "PostgreSQL and Redis against the embedded store",
            format!("{ratio:.2}"),
            "at least 0.70",
        ),
    ])
}

/// Silent sign-ins for each processor second of the provider.
fn for_each_second(run: &Run, runtime: &Runtime, server: &Server) -> Result<f64> {
    let party = Party::new(Kind::Tessera, server, "ES256");
    let mut users = Vec::new();
    for number in 0..USERS {
        let cookie = runtime.block_on(party.person(number))?;
        users.push(runtime.block_on(SilentSignIn::new(&party, cookie))?);
    }
    let before = server.processor_seconds();
    let driven = runtime.block_on(drive_all(&mut users, run.how_long()))?;
    let took = server.processor_seconds() - before;
    Ok(driven.rate * run.how_long().as_secs_f64() / took)
}

fn ms(number: f64) -> String {
    format!("{number:.1} ms")
}

fn mib(number: f64) -> String {
    format!("{number:.1} MiB")
}

/// An installation with this many people, each with a session and five grants, and the cookies of
/// the first of them.
fn crowd(run: &Run, runtime: &Runtime, people: usize, cookies: usize) -> Result<Crowd> {
    let (installation, server) = provider::tessera(&plain(run))?;
    // What is copied must be there once.
    let party = Party::new(Kind::Tessera, &server, "ES256");
    runtime.block_on(party.person(0))?;
    drop(server);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/populate.py");
    let printed = Command::new("python3")
        .arg(script)
        .arg(installation.database())
        .args([people.to_string(), "5".to_owned(), cookies.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    if !printed.status.success() {
        bail!("populate.py failed");
    }
    let printed = String::from_utf8(printed.stdout)?;
    let cookies = printed.lines().map(|value| format!("{SESSION_COOKIE}={value}")).collect();
    let server = installation.start()?;
    Ok(Crowd { server, _installation: installation, party, cookies })
}

struct Crowd {
    server: Server,
    _installation: Installation,
    party: Party,
    cookies: Vec<String>,
}

/// Over plain http the cookie has no prefix.
const SESSION_COOKIE: &str = "tessera";

impl Crowd {
    /// Everybody signs in, one after the other, again from the start when all have.
    fn users(&self, runtime: &Runtime) -> Result<Vec<SilentSignIn>> {
        let of = |number| {
            let mine = self.cookies.iter().skip(number).step_by(USERS).cloned().collect();
            runtime.block_on(SilentSignIn::of_many(&self.party, mine))
        };
        (0..USERS).map(of).collect()
    }
}

/// What more people cost: the middle silent sign-in with many and with a thousand, and the memory
/// once a hundred thousand sessions were used.
fn many(run: &Run, runtime: &Runtime, people: usize) -> Result<Vec<Figure>> {
    let few = crowd(run, runtime, 1_000, 1_000)?;
    let large = crowd(run, runtime, people, people.min(100_000))?;
    let (mut alone, mut crowded) = (few.users(runtime)?, large.users(runtime)?);
    let (mut small, mut big) = (Vec::new(), Vec::new());
    for _ in 0..run.rounds {
        small.push(runtime.block_on(drive_all(&mut alone, run.how_long()))?.p50);
        big.push(runtime.block_on(drive_all(&mut crowded, run.how_long()))?.p50);
        eprintln!("p50: {:.2} ms and {:.2} ms", small[small.len() - 1], big[big.len() - 1]);
    }
    let ratio = median(small.iter().zip(&big).map(|(small, big)| big / small).collect());
    let name = format!("silent sign-in p50 with {people} people against 1000");
    Ok(vec![
        Figure::new("silent sign-in p50 with 1000 people", ms(median(small)), ""),
        Figure::new(&format!("silent sign-in p50 with {people} people"), ms(median(big)), ""),
        Figure::new(&name, format!("{ratio:.2}"), "at most 1.25"),
        Figure::new("memory after their sign-ins", mib(large.server.memory()), "at most 120 MiB"),
    ])
}

/// How long a token takes, idle and during a flood.
pub fn flood(run: &Run, runtime: &Runtime) -> Result<Vec<Figure>> {
    // The flood comes from everywhere, as one would: a network of its own for each try.
    let settings = "trusted_proxies = [\"127.0.0.1\"]".to_owned();
    let setup = Setup { program: run.program.clone(), settings, has_people: true };
    let (_installation, server) = provider::tessera(&setup)?;
    let party = Party::new(Kind::Tessera, &server, "ES256");
    let (mut idle, mut flooded, mut tried) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..run.rounds {
        idle.push(runtime.block_on(calm(&party, run.how_long()))?);
        let (calm, tries) = runtime.block_on(async {
            let mut flooders = Vec::new();
            for number in 0..FLOODERS {
                flooders.push(Flood::new(&party, number).await?);
            }
            let flood = drive_all(&mut flooders, run.how_long());
            let (calm, flood) = tokio::join!(calm(&party, run.how_long()), flood);
            anyhow::Ok((calm?, flood?.rate))
        })?;
        flooded.push(calm);
        tried.push(tries);
        eprintln!("token p99: idle {:.2} ms, flooded {calm:.2} ms", idle[idle.len() - 1]);
    }
    let ratio = median(idle.iter().zip(&flooded).map(|(idle, flooded)| flooded / idle).collect());
    Ok(vec![
        Figure::new("token p99, idle", format!("{:.2} ms", median(idle)), ""),
        Figure::new("token p99 in a password flood", format!("{:.2} ms", median(flooded)), ""),
        Figure::new("passwords answered in the flood", format!("{:.0}/s", median(tried)), ""),
        Figure::new("token p99 in a flood against idle", format!("{ratio:.2}"), "at most 3"),
    ])
}

async fn calm(party: &Party, how_long: Duration) -> Result<f64> {
    let mut users = Vec::new();
    for _ in 0..CALM {
        users.push(Calm(Asking::client_credentials(party, Some(&api("ES256"))).await?));
    }
    Ok(drive_all(&mut users, how_long).await?.p99)
}

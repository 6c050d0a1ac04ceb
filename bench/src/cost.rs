//! What one thing costs in the end: processor time, statements, commits, commands to Redis, bytes. It
//! is counted on PostgreSQL and Redis, where the servers keep the count.

use std::process::Command;

use anyhow::{Context as _, Result, bail};
use tokio::runtime::Runtime;

use crate::Run;
use crate::load::{User, drive_all};
use crate::party::{Asking, Kind, Party, Refresh, SilentSignIn};
use crate::provider::{self, PEOPLE, Server, Setup, api};
use crate::report::Cost;

/// Rounds of signing in with a password, each of all people.
const SIGN_INS: usize = 10;
/// Apps that ask at once.
const USERS: usize = 8;
/// The private PostgreSQL counts statements when this extension is there.
const STATEMENTS: &str = "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements \
     WHERE query NOT IN ('BEGIN', 'COMMIT', 'ROLLBACK', 'SELECT $1')";

/// Where the servers are that `scripts/with-services` started.
struct Servers {
    postgres: String,
    redis: String,
}

/// What the servers have counted so far.
#[derive(Clone, Copy)]
struct Count {
    processor: f64,
    statements: f64,
    commits: f64,
    log: f64,
    size: f64,
    commands: f64,
}

/// The settings of a provider on the servers that `scripts/with-services` started, if it did, with a
/// database of its own.
pub fn on_servers() -> Result<Option<String>> {
    Ok(Servers::given("bench_rates")?.map(|servers| servers.settings()))
}

impl Servers {
    /// The servers, with a new database of this name.
    fn given(database: &str) -> Result<Option<Self>> {
        let variable = |name| std::env::var(name).ok();
        let given = variable("TESSERA_TEST_POSTGRES").zip(variable("TESSERA_TEST_REDIS"));
        let Some((postgres, redis)) = given else { return Ok(None) };
        let (server, _) = postgres.rsplit_once('/').context("an address with a database")?;
        let own = Self { postgres: format!("{server}/{database}"), redis: redis.clone() };
        Self { postgres: postgres.clone(), redis }.sql(&format!("CREATE DATABASE {database}"))?;
        Ok(Some(own))
    }

    fn settings(&self) -> String {
        format!(
            "database_url = {:?}\nredis_url = {:?}\nseal_key = {:?}\n",
            self.postgres, self.redis, "YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtMzI="
        )
    }

    fn sql(&self, statement: &str) -> Result<String> {
        let output = Command::new("psql").args([&self.postgres, "-Atqc", statement]).output()?;
        if !output.status.success() {
            bail!("psql: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    fn number(&self, statement: &str) -> Result<f64> {
        Ok(self.sql(statement)?.parse()?)
    }

    fn count(&self, server: &Server) -> Result<Count> {
        // What a backend has counted it tells when it is idle for a moment.
        std::thread::sleep(std::time::Duration::from_millis(1200));
        let commits = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
        let log = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')";
        let port = self.redis.rsplit(':').next().context("a port")?;
        let told = Command::new("redis-cli").args(["-p", port, "info", "stats"]).output()?;
        let told = String::from_utf8(told.stdout)?;
        let commands = told.lines().find_map(|line| line.strip_prefix("total_commands_processed:"));
        Ok(Count {
            processor: server.processor_seconds(),
            statements: self.number(STATEMENTS)?,
            commits: self.number(commits)?,
            log: self.number(log)?,
            size: self.number("SELECT pg_database_size(current_database())")?,
            commands: commands.context("a count")?.trim().parse()?,
        })
    }
}

/// Everything that is counted. Nothing without the servers.
pub fn all(run: &Run) -> Result<Vec<Cost>> {
    if !"cost".contains(&run.only) {
        return Ok(Vec::new());
    }
    let Some(servers) = Servers::given("bench_costs")? else { return Ok(Vec::new()) };
    servers.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let setup =
        Setup { program: run.program.clone(), settings: servers.settings(), has_people: true };
    let (_installation, server) = provider::tessera(&setup)?;
    let party = Party::new(Kind::Tessera, &server, "ES256");
    let bench = Bench { run, runtime: &runtime, servers: &servers, server: &server };
    let mut cookies = Vec::new();
    let mut costs = vec![bench.cost("sign-in with a password, a new session", || {
        for _ in 0..SIGN_INS {
            cookies.clear();
            for number in 0..PEOPLE {
                cookies.push(runtime.block_on(party.person(number))?);
            }
        }
        Ok(SIGN_INS * PEOPLE)
    })?];
    costs.push(bench.drive("silent sign-in: authorize, token, userinfo", |number| {
        runtime.block_on(SilentSignIn::new(&party, cookies[number].clone()))
    })?);
    costs.push(
        bench
            .drive("refresh", |number| runtime.block_on(Refresh::new(&party, &cookies[number])))?,
    );
    costs.push(bench.drive("client credentials, JWT", |_| {
        runtime.block_on(Asking::client_credentials(&party, Some(&api("ES256"))))
    })?);
    costs.push(bench.drive("introspection, opaque", |number| {
        runtime.block_on(Asking::introspect(&party, &cookies[number]))
    })?);
    Ok(costs)
}

struct Bench<'a> {
    run: &'a Run,
    runtime: &'a Runtime,
    servers: &'a Servers,
    server: &'a Server,
}

impl Bench<'_> {
    /// What one of those costs that `work` did, which tells how many that were.
    fn cost(&self, name: &str, work: impl FnOnce() -> Result<usize>) -> Result<Cost> {
        let before = self.servers.count(self.server)?;
        let times = work()? as f64;
        let after = self.servers.count(self.server)?;
        let each = |of: fn(&Count) -> f64| (of(&after) - of(&before)) / times;
        eprintln!("{name}: {times:.0} counted");
        Ok(Cost {
            name: name.to_owned(),
            processor_ms: each(|count| count.processor) * 1000.0,
            statements: each(|count| count.statements),
            commits: each(|count| count.commits),
            log_bytes: each(|count| count.log),
            stored_bytes: each(|count| count.size),
            commands: each(|count| count.commands),
        })
    }

    fn drive<U: User>(&self, name: &str, make: impl Fn(usize) -> Result<U>) -> Result<Cost> {
        let mut users = (0..USERS).map(make).collect::<Result<Vec<U>>>()?;
        self.cost(name, || {
            Ok(self.runtime.block_on(drive_all(&mut users, self.run.how_long()))?.count)
        })
    }
}

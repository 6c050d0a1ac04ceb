//! Tessera: a self-hosted single sign-on identity provider (OpenID Connect) in one binary.
//!
//! This page is the table of contents. A room may use the rooms above its own line, and no
//! other; `tests/walls.rs` keeps that true. `ARCHITECTURE.md` tells why.
//!
//! | room | what lives here |
//! |---|---|
//! | [`base`] | ids, time, randomness, secrets, digests, traces |
//! | [`protocol`] | the vocabulary of OAuth and OpenID Connect |
//! | [`domain`] | users, clients, sessions, interactions, grants, keys |
//! | [`rules`] | the pure core: parse, check, decide |
//! | [`jose`] | signing, verifying, key sets |
//! | [`credentials`] | password hashing on its own pool, sealing at rest |
//! | [`store`] | the durable store (SQLite, PostgreSQL) and the short-lived one |
//! | [`pages`] | templates and words |
//! | [`notify`] | what leaves this machine: guarded fetches and posts, logos |
//! | [`app`] | one use case for each endpoint: load, decide, apply |
//! | [`web`] | HTTP: routes, cookies, headers |
//! | [`config`], [`cli`], [`telemetry`] | settings, commands, logs |

pub mod app;
pub mod base;
pub mod cli;
pub mod config;
pub mod credentials;
pub mod demo;
pub mod domain;
pub mod jose;
pub mod notify;
pub mod pages;
pub mod protocol;
pub mod rules;
pub mod store;
pub mod telemetry;
pub mod web;

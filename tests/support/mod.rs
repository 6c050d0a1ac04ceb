//! A provider in this process, a browser with a cookie jar, and an app that talks to both.

mod app;
mod authenticator;
mod browser;
mod dump;
mod keys;
mod mail_server;
mod passkey;
mod redis;
mod relying_party;
mod routes;
mod server;
mod stalling_proxy;
mod tls;

pub(crate) use app::{Options, PASSWORD, SEAL_KEY, TestApp, seal_key};
pub(crate) use authenticator::Authenticator;
pub(crate) use browser::{Answer, Browser, http};
pub(crate) use dump::Dump;
pub(crate) use keys::{ClientKey, hs256, unsigned};
pub(crate) use mail_server::{MailServer, TakenMail};
pub(crate) use passkey::{
    PRESENT, Passkey, Question, VERIFIED, base64url, between, enrol, enrolled, offered, question,
};
pub(crate) use redis::{PrivateRedis, until};
pub(crate) use relying_party::{App, VERIFIER, basic, header, payload, read, text};
pub(crate) use routes::routes;
pub(crate) use server::{Closed, Manner, Received, Server};
pub(crate) use stalling_proxy::StallingProxy;
pub(crate) use tls::TestCertificate;

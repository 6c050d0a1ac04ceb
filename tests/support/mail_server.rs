use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tessera::notify::MailSettings;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A mail server (RFC 5321) on a free port of this machine, which keeps what it takes.
pub(crate) struct MailServer {
    pub(crate) url: String,
    /// Mails of this subject are taken and not shown.
    unseen: Option<&'static str>,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    /// What it answers to the next mails, in place of taking them.
    refusals: Mutex<VecDeque<u16>>,
    taken: Mutex<Vec<TakenMail>>,
    refused: Mutex<usize>,
    changed: Notify,
}

/// A mail that it took.
#[derive(Debug, Clone)]
pub(crate) struct TakenMail {
    /// Who gets it, as the envelope says.
    pub(crate) recipients: Vec<String>,
    /// The headers, each on one line.
    pub(crate) headers: Vec<(String, String)>,
    /// All of it, as it came.
    pub(crate) raw: String,
}

impl TakenMail {
    /// The values of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).collect()
    }
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self { url: format!("smtp://127.0.0.1:{port}"), unseen: None, shared, task }
    }

    /// One that does not show the mails about new browsers: stories about other mails sign in with many.
    pub(crate) async fn start_without_sign_ins() -> Self {
        let mut server = Self::start().await;
        server.unseen = Some("New sign-in to your account");
        server
    }

    /// What a provider has to be told so that it sends its mails here.
    pub(crate) fn settings(&self) -> MailSettings {
        MailSettings {
            server: self.url.parse().expect("a server"),
            from: "Tessera <id@example.com>".parse().expect("a sender"),
            reply_to: Some("help@example.com".parse().expect("an address")),
            host: "id.example.com".to_owned(),
        }
    }

    /// Answers `code` to the next mail in place of taking it.
    pub(crate) fn refuse(&self, code: u16) {
        self.shared.refusals.lock().expect("a lock").push_back(code);
    }

    /// The mails it took, as soon as it took `count` and refused `refused`. It fails when it never
    /// does.
    pub(crate) async fn until(&self, count: usize, refused: usize) -> Vec<TakenMail> {
        let arrival = async {
            loop {
                let changed = self.shared.changed.notified();
                let taken = self.taken();
                let is_refused = *self.shared.refused.lock().expect("a lock") >= refused;
                if taken.len() >= count && is_refused {
                    return taken;
                }
                changed.await;
            }
        };
        let limit = Duration::from_secs(60);
        tokio::time::timeout(limit, arrival).await.expect("the mails come")
    }

    /// The newest mail to an address, as soon as there is one.
    pub(crate) async fn mail_to(&self, address: &str) -> TakenMail {
        let arrival = async {
            loop {
                let changed = self.shared.changed.notified();
                let is_to = |mail: &&TakenMail| mail.recipients.iter().any(|to| to == address);
                let taken = self.taken();
                let found = taken.iter().rev().find(is_to).cloned();
                if let Some(found) = found {
                    return found;
                }
                changed.await;
            }
        };
        let limit = Duration::from_secs(60);
        tokio::time::timeout(limit, arrival).await.expect("no mail comes")
    }

    /// The mails it took.
    pub(crate) fn taken(&self) -> Vec<TakenMail> {
        let taken = self.shared.taken.lock().expect("a lock");
        let is_seen = |mail: &&TakenMail| match self.unseen {
            Some(unseen) => mail.header("subject") != [unseen],
            None => true,
        };
        taken.iter().filter(is_seen).cloned().collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        // Whoever hangs up in the middle of a talk has left no mail.
        tokio::spawn(async move { drop(talk(stream, &shared).await) });
    }
}

async fn talk(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.example.com\r\n").await?;
    let mut recipients = Vec::new();
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let (verb, rest) = line.trim_end().split_once([' ', ':']).unwrap_or((line.trim_end(), ""));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "RCPT" => {
                recipients.push(rest.trim_start_matches("TO:").trim_matches(['<', '>']).to_owned());
                "250 fine".to_owned()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let raw = read_mail(&mut stream).await?;
                take(shared, std::mem::take(&mut recipients), raw)
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").await,
            _ => "250 fine".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// Everything up to the line with a single dot.
async fn read_mail(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut raw = String::new();
    while !raw.ends_with("\r\n.\r\n") {
        if stream.read_line(&mut raw).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(raw)
}

fn take(shared: &Shared, recipients: Vec<String>, raw: String) -> String {
    let refusal = shared.refusals.lock().expect("a lock").pop_front();
    let answer = match refusal {
        Some(code) => {
            *shared.refused.lock().expect("a lock") += 1;
            format!("{code} not now, {recipients:?}")
        }
        None => {
            let (head, _) = raw.split_once("\r\n\r\n").unwrap_or((&raw, ""));
            let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
            let headers = unfolded.split("\r\n").filter_map(|line| line.split_once(": "));
            let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let headers = headers.collect();
            shared.taken.lock().expect("a lock").push(TakenMail { recipients, headers, raw });
            "250 taken".to_owned()
        }
    };
    shared.changed.notify_waiters();
    answer
}

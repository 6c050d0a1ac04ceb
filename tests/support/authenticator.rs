use data_encoding::BASE32_NOPAD;
use tessera::app::factors::{self, Enrolment};
use tessera::base::Secret;
use tessera::credentials::TotpSeed;
use tessera::domain::User;

use super::{Answer, TestApp};

/// An authenticator app on a phone whose clock is that of the test.
pub(crate) struct Authenticator(TotpSeed);

impl Authenticator {
    /// Typed in from the page that shows its key.
    pub(crate) fn from_page(page: &Answer) -> Self {
        let key =
            page.body.split("id=\"totp-key\">").nth(1).and_then(|rest| rest.split('<').next());
        Self::from_key(&key.unwrap_or_else(|| panic!("no key: {}", page.body)).replace(' ', ""))
    }

    fn from_key(key: &str) -> Self {
        let bytes = BASE32_NOPAD.decode(key.as_bytes()).expect("base32");
        Self(TotpSeed::from_bytes(Secret::new(bytes)))
    }

    /// The code that it shows now.
    pub(crate) fn code(&self, app: &TestApp) -> String {
        self.0.code_at(app.clock_seconds() / 30)
    }

    /// The code that it shows in a time step.
    pub(crate) fn code_of(&self, step: i64) -> String {
        self.0.code_at(step)
    }

    /// A code that it shows neither now nor a step before or after.
    pub(crate) fn wrong_code(&self, app: &TestApp) -> String {
        let now = app.clock_seconds() / 30;
        let shown = [now - 1, now, now + 1].map(|step| self.0.code_at(step));
        let mut codes = (0..4).map(|digit: u8| digit.to_string().repeat(6));
        codes.find(|code| !shown.contains(code)).expect("it shows three codes at most")
    }
}

impl TestApp {
    /// Gives a user an authenticator app, and ten recovery codes. The present code is used up.
    pub(crate) async fn authenticator(&self, user: &User) -> (Authenticator, Vec<String>) {
        let sealed = factors::begin_totp(&self.issuer, user.id);
        let offer = factors::totp_offer(&self.issuer, user, &sealed).expect("an offer");
        let phone = Authenticator::from_key(offer.key.expose());
        let (code, caller) = (phone.code(self), self.caller());
        let done = factors::confirm_totp(&self.issuer, user.id, sealed, "Phone", &code, caller);
        let Enrolment::Done(codes) = done.await.expect("the store answers") else {
            panic!("the code is right, and there was no app");
        };
        (phone, codes.iter().map(|code| code.to_text().expose().clone()).collect())
    }
}

use askama::Template;

/// The one page of a sample app.
#[derive(Template)]
#[template(path = "demo/app.html")]
pub(super) struct AppPage<'a> {
    pub(super) title: &'a str,
    pub(super) accent: &'a str,
    pub(super) host: &'a str,
    pub(super) person: Option<Person>,
    pub(super) api_answer: Option<String>,
    pub(super) problem: Option<String>,
    pub(super) other_app: &'a str,
}

/// Who is signed in at a sample app.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) subject: String,
}

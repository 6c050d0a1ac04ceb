//! What a browser looks like, for its person to recognize it in a list. Anybody can say anything in
//! `User-Agent`, so nothing is decided by it.

/// What a browser's word stands for. Many say that they are others as well, so the first that is
/// found counts.
const BROWSERS: [(&str, &str); 12] = [
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

const SYSTEMS: [(&str, &str); 8] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("Linux", "Linux"),
];

/// A guess at a browser and its system; either may be unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Device {
    browser: Option<&'static str>,
    system: Option<&'static str>,
}

impl Device {
    /// The guess from a `User-Agent`. Names of our tables alone come out, whatever goes in.
    pub fn of(user_agent: &str) -> Self {
        let find = |table: &[(&str, &'static str)]| {
            table.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name)
        };
        Self { browser: find(&BROWSERS), system: find(&SYSTEMS) }
    }

    /// As `Firefox · Linux`; one of them alone when the other is unknown, nothing when both are.
    pub fn text(self) -> Option<String> {
        let known: Vec<&str> = self.browser.into_iter().chain(self.system).collect();
        (!known.is_empty()).then(|| known.join(" · "))
    }
}

/// The browser and its system in text; empty when nothing is known.
pub fn guess(user_agent: &str) -> String {
    Device::of(user_agent).text().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart() {
        for (user_agent, device) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox · Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
                "Edge · Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
                "Safari · macOS",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
                "Chrome · Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15",
                "Firefox · iPhone",
            ),
            ("curl/8.9.1", "curl"),
            ("something on Linux", "Linux"),
            ("", ""),
        ] {
            assert_eq!(guess(user_agent), device, "{user_agent}");
        }
    }

    #[test]
    fn nothing_comes_out_but_names_of_the_tables() {
        let longest = |table: &[(&str, &str)]| table.iter().map(|(_, name)| name.len()).max();
        let most = longest(&BROWSERS).zip(longest(&SYSTEMS)).map(|(one, two)| one + two + 4);
        assert!(most.is_some_and(|most| most <= 64), "the column holds it");
        assert_eq!(guess("<script>Firefox/1</script>\u{202E}"), "Firefox");
    }
}

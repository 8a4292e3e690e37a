//! The commit message of every writing command: pure, fixed, and what `git interpret-trailers`
//! reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::plan::Change;
use crate::version::Version;

/// Longest subject; longer lists of services become their number.
const SUBJECT: usize = 72;

/// A commit message in parts.
#[derive(Clone, Debug, Default)]
pub struct Message {
    subject: String,
    rows: Vec<(String, String)>,
    text: Option<String>,
    trailers: Vec<(&'static str, String)>,
}

impl Message {
    /// `promote staging to prod: api 1.4.2, auth 0.9.1`
    #[must_use]
    pub fn promote(from: &str, to: &str, changes: &[Change]) -> Self {
        Message::new(&format!("promote {from} to {to}"), changes, |_, new| new.brief())
            .trailer("Promotion-From", from)
            .trailer("Promotion-To", to)
    }

    /// `bump dev: api 1.4.2`
    #[must_use]
    pub fn bump(environment: &str, changes: &[Change]) -> Self {
        Message::new(&format!("bump {environment}"), changes, |_, new| new.brief())
            .trailer("Promotion-To", environment)
    }

    /// `roll back prod: api 1.4.2 -> 1.4.1`
    #[must_use]
    pub fn roll_back(environment: &str, changes: &[Change]) -> Self {
        let arrow = |old: Option<&Version>, new: &Version| match old {
            Some(old) => format!("{} -> {}", old.brief(), new.brief()),
            None => new.brief(),
        };
        Message::new(&format!("roll back {environment}"), changes, arrow)
            .trailer("Promotion-To", environment)
    }

    fn new(
        what: &str,
        changes: &[Change],
        show: impl Fn(Option<&Version>, &Version) -> String,
    ) -> Self {
        let labels = labels(changes);
        let parts: Vec<String> = changes
            .iter()
            .zip(&labels)
            .map(|(change, label)| format!("{label} {}", show(change.old.as_ref(), &change.new)))
            .collect();
        let rows = changes.iter().zip(labels).map(|(change, label)| (label, row(change))).collect();
        Message { subject: subject(what, &parts, changes), rows, ..Message::default() }
    }

    /// Adds a trailer; line breaks become spaces, so that a value cannot become another trailer.
    #[must_use]
    pub fn trailer(mut self, key: &'static str, value: &str) -> Self {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        self.trailers.push((key, value));
        self
    }

    /// Adds the user's text to the body.
    #[must_use]
    pub fn text(mut self, text: Option<&str>) -> Self {
        self.text = text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        self
    }

    /// The subject alone.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The whole message.
    #[must_use]
    pub fn render(&self) -> String {
        let width = self.rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        let mut message = format!("{}\n\n", self.subject);
        for (label, row) in &self.rows {
            let _ = writeln!(message, "{label:width$}  {row}");
        }
        if let Some(text) = &self.text {
            // A last paragraph that looks like trailers would become part of ours.
            let _ = writeln!(message, "\n{text}");
        }
        message.push('\n');
        for (key, value) in &self.trailers {
            let _ = writeln!(message, "{key}: {value}");
        }
        message
    }
}

/// What a change is called: its service, and its image too where the service has several.
fn labels(changes: &[Change]) -> Vec<String> {
    let mut of_service: BTreeMap<&str, usize> = BTreeMap::new();
    for change in changes {
        *of_service.entry(&change.service).or_default() += 1;
    }
    let label = |change: &Change| match of_service.get(change.service.as_str()) {
        Some(1) => change.service.clone(),
        _ => format!("{} {}", change.service, short_key(change)),
    };
    changes.iter().map(label).collect()
}

fn short_key(change: &Change) -> String {
    let part = change.key.last_part();
    if change.below.is_empty() { part.to_owned() } else { format!("{}/{part}", change.below) }
}

fn row(change: &Change) -> String {
    let version = match &change.old {
        Some(old) if *old == change.new => format!("{}", change.new),
        Some(old) => format!("{old} -> {}", change.new),
        None => format!("(none) -> {}", change.new),
    };
    match &change.new_name {
        Some(Some(name)) => format!("{version} from {name}"),
        Some(None) => format!("{version} from its own name"),
        None => version,
    }
}

fn subject(what: &str, parts: &[String], changes: &[Change]) -> String {
    let full = format!("{what}: {}", parts.join(", "));
    if full.chars().count() <= SUBJECT {
        return full;
    }
    let mut services: Vec<&str> = changes.iter().map(|change| change.service.as_str()).collect();
    services.sort_unstable();
    services.dedup();
    let count = match services.as_slice() {
        [one] => format!("{what}: {one}"),
        several => format!("{what}: {} services", several.len()),
    };
    count.chars().take(SUBJECT).collect()
}

#[cfg(test)]
mod tests {
    use super::Message;
    use crate::plan::Change;
    use crate::version::{Key, Version};

    fn change(service: &str, old: Option<&str>, new: &str) -> Change {
        Change {
            service: service.into(),
            path: format!("environments/prod/{service}/kustomization.yaml"),
            below: String::new(),
            key: Key::Image(format!("ghcr.io/acme/{service}")),
            old: old.map(|old| Version::parse_image(old).unwrap()),
            new: Version::parse_image(new).unwrap(),
            added: false,
            new_name: None,
        }
    }

    #[test]
    fn a_promotion() {
        let changes = [change("api", Some("1.4.1"), "1.4.2"), change("auth", None, "0.9.1")];
        let message = Message::promote("staging", "prod", &changes)
            .trailer("Promotion-Source", "abc")
            .text(Some("Because.\n"));
        insta::assert_snapshot!(message.render(), @r"
        promote staging to prod: api 1.4.2, auth 0.9.1

        api   1.4.1 -> 1.4.2
        auth  (none) -> 0.9.1

        Because.

        Promotion-From: staging
        Promotion-To: prod
        Promotion-Source: abc
        ");
    }

    #[test]
    fn subjects_stay_short() {
        let many: Vec<Change> =
            (0..37).map(|n| change(&format!("service-{n}"), Some("1"), "2")).collect();
        assert_eq!(
            Message::promote("staging", "prod", &many).subject(),
            "promote staging to prod: 37 services"
        );
        let long = change(&"a".repeat(90), Some("1"), "2");
        assert_eq!(Message::bump("dev", &[long]).subject().chars().count(), 72);
        let back = Message::roll_back("prod", &[change("api", Some("1.4.2"), "1.4.1")]);
        assert_eq!(back.subject(), "roll back prod: api 1.4.2 -> 1.4.1");
    }

    #[test]
    fn a_value_cannot_become_another_trailer() {
        let message = Message::bump("dev", &[change("api", None, "1")])
            .trailer("Promotion-Actor", "x\nPromotion-Override: y");
        assert!(message.render().ends_with("\nPromotion-Actor: x Promotion-Override: y\n"));
    }
}

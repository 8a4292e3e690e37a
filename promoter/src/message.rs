//! The commit message of every writing command: pure, fixed, and what `git interpret-trailers`
//! reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::gate::{Evidence, Hold, HoldKind, Verdict};
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

    /// `hold prod: api`, `mark bad prod: api 1.4.3`
    #[must_use]
    pub fn hold(environment: &str, service: &str, entries: &[Hold]) -> Self {
        let bad = entries.iter().any(|hold| hold.kind == HoldKind::Bad);
        let verb = if bad { "mark bad" } else { "hold" };
        let versions = entries.iter().filter_map(|hold| hold.version.as_ref());
        let versions: Vec<String> = versions.map(ToString::to_string).collect();
        let subject = format!("{verb} {environment}: {service} {}", versions.join(" "));
        Message::held(subject.trim_end(), service, entries)
    }

    /// `unhold prod: api`
    #[must_use]
    pub fn unhold(environment: &str, service: &str, entries: &[Hold]) -> Self {
        Message::held(&format!("unhold {environment}: {service}"), service, entries)
    }

    fn held(subject: &str, service: &str, entries: &[Hold]) -> Self {
        let rows = entries.iter().map(|hold| (service.to_owned(), hold.to_string())).collect();
        Message { subject: subject.chars().take(SUBJECT).collect(), rows, ..Message::default() }
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

    /// Adds what the gates said, one trailer a gate however many services it judged, and why a
    /// person overrode one.
    #[must_use]
    pub fn judged(self, verdicts: &[Verdict], reason: Option<&str>) -> Self {
        let mut gates: BTreeMap<&str, Vec<&Verdict>> = BTreeMap::new();
        for verdict in verdicts {
            gates.entry(verdict.gate).or_default().push(verdict);
        }
        let overridden = verdicts.iter().any(|verdict| verdict.overridden);
        let message = gates.into_iter().fold(self, |message, (gate, verdicts)| {
            message.trailer("Promotion-Gate", &record(gate, &verdicts))
        });
        match reason.filter(|_| overridden) {
            Some(reason) => message.trailer("Promotion-Override", reason),
            None => message,
        }
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

/// `soak=pass 26h`: of several services the shortest time, and everyone who vouched.
fn record(gate: &str, verdicts: &[&Verdict]) -> String {
    let overridden = verdicts.iter().any(|verdict| verdict.overridden);
    let mut seen: Vec<&Evidence> =
        verdicts.iter().filter_map(|verdict| verdict.evidence.as_ref()).collect();
    seen.sort();
    seen.dedup();
    let shortest = seen.iter().find(|one| matches!(one, Evidence::Stood(_)));
    let others = seen.iter().filter(|one| matches!(one, Evidence::By(_)));
    let words: Vec<String> = shortest.into_iter().chain(others).map(ToString::to_string).collect();
    let outcome = if overridden { "overridden" } else { "pass" };
    format!("{gate}={outcome} {}", words.join(", ")).trim_end().to_owned()
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
    use jiff::SignedDuration;

    use super::Message;
    use crate::gate::{Evidence, Outcome, Verdict};
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
    fn what_the_gates_said() {
        let hours = |hours| Some(Evidence::Stood(SignedDuration::from_hours(hours)));
        let by = |name: &str| Some(Evidence::By(name.into()));
        let verdict = |gate, service, evidence| Verdict {
            evidence,
            ..Verdict::on(gate, service, Outcome::Pass, String::new())
        };
        let mut verdicts = vec![
            verdict("soak", "api", hours(30)),
            verdict("soak", "auth", hours(26)),
            verdict("images.signature", "api", by("key release.pub")),
            verdict("images.signature", "auth", by("key release.pub")),
            Verdict::whole("freeze", Outcome::Pass, String::new()),
        ];
        let rendered = |verdicts: &[Verdict]| {
            let message = Message::bump("dev", &[change("api", None, "1")]);
            let text = message.judged(verdicts, Some("the fix for the outage")).render();
            text.split_once("Promotion-To: dev\n").unwrap().1.to_owned()
        };
        insta::assert_snapshot!(rendered(&verdicts), @"
        Promotion-Gate: freeze=pass
        Promotion-Gate: images.signature=pass key release.pub
        Promotion-Gate: soak=pass 26h
        ");
        verdicts[1].overridden = true;
        insta::assert_snapshot!(rendered(&verdicts), @"
        Promotion-Gate: freeze=pass
        Promotion-Gate: images.signature=pass key release.pub
        Promotion-Gate: soak=overridden 26h
        Promotion-Override: the fix for the outage
        ");
    }

    #[test]
    fn a_value_cannot_become_another_trailer() {
        let message = Message::bump("dev", &[change("api", None, "1")])
            .trailer("Promotion-Actor", "x\nPromotion-Override: y");
        assert!(message.render().ends_with("\nPromotion-Actor: x Promotion-Override: y\n"));
    }
}

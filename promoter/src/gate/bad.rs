//! Holds and bad marks: what stands against a version in an environment.

use jiff::Timestamp;

use crate::version::{Key, Version};

use super::{Hold, HoldKind, Outcome, Verdict};

/// Judges one version that is to enter a service. `holds` are the service's own in the target.
#[must_use]
pub fn not_marked(
    service: &str,
    (key, version): (&Key, &Version),
    holds: &[Hold],
    now: Timestamp,
) -> Verdict {
    let against = holds.iter().filter(|hold| hold.stands(now)).find(|hold| match hold.kind {
        HoldKind::Hold => hold.version.as_ref().is_none_or(|marked| !marked.means(key, version)),
        HoldKind::Bad => hold.version.as_ref().is_some_and(|marked| marked.means(key, version)),
    });
    let Some(hold) = against else {
        return Verdict::on(
            "hold",
            service,
            Outcome::Pass,
            format!("nothing stands against {version}"),
        );
    };
    let since = hold.since.map_or_else(String::new, |since| format!(" since {since}"));
    let until = hold.until.map_or_else(String::new, |until| format!(", until {until}"));
    let what = match hold.kind {
        HoldKind::Hold => "is held".to_owned(),
        HoldKind::Bad => format!("{version} is marked bad"),
    };
    let by = if hold.by.is_empty() { String::new() } else { format!(" by {}", hold.by) };
    let reason = format!("{what}{by}{since}{until}: {}", hold.reason);
    Verdict::on("hold", service, Outcome::Fail, reason)
}

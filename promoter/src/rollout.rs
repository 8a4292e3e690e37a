//! Whether a service runs what was committed: one look at its application, decided purely.

use crate::argocd::{Application, Operation};
use crate::running::RunningImage;
use crate::version::Version;

/// How far an application is, as seen from the commit that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Synced {
    /// It is at the commit, at a later one that has the same versions of the service, or at one
    /// before from which nothing that the service is built from has changed.
    Here,
    /// It is at a later commit that has others: which commit.
    Past(String),
    /// It is not there yet: where it is.
    Before(String),
}

/// What one look comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The commit is synced, its images run, and all is well.
    Done,
    /// Not yet; why.
    Waiting(String),
    /// All there is runs, and is not well: what Argo CD says. It may be a look too early.
    Degraded(String),
    /// Argo CD gave up; what it says.
    Failed(String),
    /// Another version came in between; by which commit.
    Superseded(String),
}

/// A sync that failed so often is not a matter of the order in which things came up.
const ENOUGH: u64 = 5;

/// Decides. `operation` tells how far the newest sync is, `images` what must run under which name.
#[must_use]
pub fn step(
    application: &Application,
    (synced, operation): (&Synced, &Synced),
    images: &[(String, Version)],
) -> Step {
    let newest = application.operation.as_ref().filter(|_| *operation == Synced::Here);
    match newest.map(|newest| (newest.phase.as_str(), newest)) {
        Some(("Failed" | "Error", newest)) => return Step::Failed(newest.message.clone()),
        Some(("Running" | "Terminating", newest)) => return syncing(application, newest),
        _ => {}
    }
    match synced {
        Synced::Past(commit) => return Step::Superseded(commit.clone()),
        Synced::Before(place) => {
            let trouble = application.conditions.first();
            let trouble = trouble.map_or_else(String::new, |words| format!("; {words}"));
            return Step::Waiting(format!("it is at {place}{trouble}"));
        }
        Synced::Here => {}
    }
    if application.sync != "Synced" {
        return Step::Waiting(format!("it is {}", application.sync));
    }
    let others = others(&application.images, images);
    if !others.is_empty() {
        return Step::Waiting(others);
    }
    well(application)
}

/// Argo CD may be told to try for ever: then what has failed is never over.
fn syncing(application: &Application, newest: &Operation) -> Step {
    let message = &newest.message;
    match well(application) {
        Step::Degraded(words) if newest.retries > 0 => {
            Step::Degraded(format!("{words}; {message}"))
        }
        _ if newest.retries >= ENOUGH => Step::Failed(message.clone()),
        _ => Step::Waiting(format!("it is being synced: {message}")),
    }
}

/// What runs and should not, and what should and does not.
fn others(running: &[String], wanted: &[(String, Version)]) -> String {
    let mut words = Vec::new();
    for (name, version) in wanted {
        let all = running.iter().map(|image| RunningImage::of(image));
        let (right, wrong): (Vec<_>, Vec<_>) =
            all.filter(|image| image.name == name).partition(|image| image.is(version));
        words.extend(wrong.iter().map(|image| format!("{} runs still", image.whole)));
        if right.is_empty() {
            words.push(format!("{name} {version} does not run yet"));
        }
    }
    words.join("; ")
}

fn well(application: &Application) -> Step {
    let health = &application.health;
    let words = || {
        let status = format!("it is {}", health.status);
        let words = [status].into_iter().chain(health.reasons.iter().cloned());
        words.collect::<Vec<_>>().join("; ")
    };
    match health.status.as_str() {
        "Healthy" => Step::Done,
        "Degraded" => Step::Degraded(words()),
        _ => Step::Waiting(words()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, Synced, step};
    use crate::argocd::{Application, Health, Operation};
    use crate::version::Version;

    fn healthy(images: &[&str]) -> Application {
        Application {
            health: Health { status: "Healthy".into(), reasons: vec![] },
            sync: "Synced".into(),
            images: images.iter().map(|&image| image.into()).collect(),
            ..Application::default()
        }
    }

    fn look(application: &Application, synced: &Synced) -> Step {
        let images = [("acme/api".to_owned(), Version::parse_image("1.4.2").unwrap())];
        step(application, (synced, synced), &images)
    }

    #[test]
    fn done_is_synced_running_and_well() {
        let here = Synced::Here;
        let right = healthy(&["redis:7", "acme/api:1.4.2"]);
        assert_eq!(look(&right, &here), Step::Done);
        let waiting = |application: &Application, words: &str| {
            assert_eq!(look(application, &here), Step::Waiting(words.into()));
        };
        waiting(&healthy(&["redis:7"]), "acme/api 1.4.2 does not run yet");
        waiting(
            &healthy(&["acme/api:1.4.1"]),
            "acme/api:1.4.1 runs still; acme/api 1.4.2 does not run yet",
        );
        waiting(&healthy(&["acme/api:1.4.1", "acme/api:1.4.2"]), "acme/api:1.4.1 runs still");
        waiting(&Application { sync: "OutOfSync".into(), ..right.clone() }, "it is OutOfSync");
        for status in ["Progressing", "Missing", "Suspended", "Unknown"] {
            let health = Health { status: status.into(), reasons: vec!["pods start".into()] };
            let words = format!("it is {status}; pods start");
            waiting(&Application { health, ..right.clone() }, &words);
        }
        let health = Health { status: "Degraded".into(), reasons: vec!["no space".into()] };
        let degraded = Application { health, ..right };
        assert_eq!(look(&degraded, &here), Step::Degraded("it is Degraded; no space".into()));
    }

    #[test]
    fn other_commits() {
        let right = healthy(&["acme/api:1.4.2"]);
        let before = Synced::Before("1a2b".into());
        assert_eq!(look(&right, &before), Step::Waiting("it is at 1a2b".into()));
        let stuck = Application { conditions: vec!["no such path".into()], ..right.clone() };
        assert_eq!(look(&stuck, &before), Step::Waiting("it is at 1a2b; no such path".into()));
        let past = Synced::Past("3c4d".into());
        assert_eq!(look(&right, &past), Step::Superseded("3c4d".into()));
    }

    #[test]
    fn the_newest_sync_counts_when_it_is_ours() {
        let of = |phase: &str| Application {
            operation: Some(Operation {
                phase: phase.into(),
                message: "words".into(),
                revisions: vec![],
                retries: 0,
            }),
            ..healthy(&["acme/api:1.4.2"])
        };
        let words = "it is being synced: words";
        for (phase, expected) in [
            ("Failed", Step::Failed("words".into())),
            ("Error", Step::Failed("words".into())),
            ("Running", Step::Waiting(words.into())),
            ("Terminating", Step::Waiting(words.into())),
            ("Succeeded", Step::Done),
        ] {
            assert_eq!(look(&of(phase), &Synced::Here), expected, "{phase}");
        }
        let old = step(&of("Failed"), (&Synced::Here, &Synced::Before("x".into())), &[]);
        assert_eq!(old, Step::Done, "an older sync that failed says nothing");
    }
    #[test]
    fn a_sync_that_is_tried_again_has_failed() {
        let check = |retries: u64, status: &str, expected: Step| {
            let words = "Retrying attempt".to_owned();
            let operation =
                Operation { phase: "Running".into(), message: words, revisions: vec![], retries };
            let health = Health { status: status.into(), reasons: vec![] };
            let application =
                Application { health, operation: Some(operation), ..healthy(&["acme/api:1.4.1"]) };
            assert_eq!(look(&application, &Synced::Here), expected, "{retries} {status}");
        };
        let waiting = || Step::Waiting("it is being synced: Retrying attempt".into());
        check(0, "Degraded", waiting());
        check(1, "Degraded", Step::Degraded("it is Degraded; Retrying attempt".into()));
        check(4, "Progressing", waiting());
        check(5, "Healthy", Step::Failed("Retrying attempt".into()));
    }
}

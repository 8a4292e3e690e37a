//! Health: the environment before runs the version, and is well.

use crate::running::RunningImage;
use crate::version::Version;

use super::{Outcome, Verdict};

/// What Argo CD tells of a service in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Running {
    /// This.
    Told {
        /// The application.
        application: String,
        /// `Healthy`, or another word of Argo CD's.
        health: String,
        /// What is not well, in Argo CD's words.
        reasons: Vec<String>,
        /// The images that run, as the manifests name them.
        images: Vec<String>,
    },
    /// Nothing, and why.
    Untold(String),
}

/// Judges one image of a service: `name` is what it is called where it must run, `from`.
#[must_use]
pub fn runs_well(
    (service, name, version): (&str, &str, &Version),
    from: &str,
    running: &Running,
) -> Verdict {
    let (application, health, reasons, images) = match running {
        Running::Untold(reason) => {
            return Verdict::on("healthy", service, Outcome::Unknown, reason.clone());
        }
        Running::Told { application, health, reasons, images } => {
            (application, health, reasons, images)
        }
    };
    let same: Vec<RunningImage<'_>> =
        images.iter().map(|image| RunningImage::of(image)).filter(|one| one.name == name).collect();
    let (outcome, reason) = if health != "Healthy" {
        let words = [format!("{application} in {from} is {health}")];
        let words: Vec<String> = words.into_iter().chain(reasons.iter().cloned()).collect();
        (Outcome::Fail, words.join("; "))
    } else if same.iter().any(|one| one.is(version)) {
        (Outcome::Pass, format!("{application} runs {version} in {from} and is Healthy"))
    } else {
        let shown: Vec<&str> = same.iter().map(|one| one.whole).collect();
        let runs = if shown.is_empty() { "no such image".to_owned() } else { shown.join(", ") };
        (
            Outcome::Fail,
            format!("{from} does not run `{name}` {version} yet: {application} runs {runs}"),
        )
    };
    Verdict::on("healthy", service, outcome, reason)
}

#[cfg(test)]
mod tests {
    use super::{Running, runs_well};
    use crate::gate::Outcome;
    use crate::version::Version;

    const ONE: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    const TWO: &str = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    fn told(health: &str, images: &[&str]) -> Running {
        Running::Told {
            application: "api-staging".into(),
            health: health.into(),
            reasons: vec![],
            images: images.iter().map(|&image| image.into()).collect(),
        }
    }

    fn judge(version: &str, running: &Running) -> (Outcome, String) {
        let version = Version::parse_image(version).unwrap();
        let verdict = runs_well(("api", "localhost:5000/api", &version), "staging", running);
        (verdict.outcome, verdict.reason)
    }

    #[test]
    fn cases() {
        let check = |version: &str, health, images: &[&str], outcome| {
            let (found, reason) = judge(version, &told(health, images));
            assert_eq!(found, outcome, "{version} {images:?}: {reason}");
        };
        let pinned = format!("1.4.2@{ONE}");
        check("1.4.2", "Healthy", &["redis:7", "localhost:5000/api:1.4.2"], Outcome::Pass);
        check(&pinned, "Healthy", &[&format!("localhost:5000/api:1.4.2@{ONE}")], Outcome::Pass);
        check(&pinned, "Healthy", &[&format!("localhost:5000/api@{ONE}")], Outcome::Pass);
        check(&pinned, "Healthy", &[&format!("localhost:5000/api:1.4.2@{TWO}")], Outcome::Fail);
        check(&pinned, "Healthy", &["localhost:5000/api:1.4.2"], Outcome::Fail);
        check("1.4.2", "Healthy", &["localhost:5000/api:1.4.1"], Outcome::Fail);
        check("1.4.2", "Healthy", &["other/api:1.4.2"], Outcome::Fail);
        check("1.4.2", "Healthy", &[], Outcome::Fail);
        for health in ["Progressing", "Degraded", "Suspended", "Missing", "Unknown", ""] {
            check("1.4.2", health, &["localhost:5000/api:1.4.2"], Outcome::Fail);
        }
        let untold = Running::Untold("Argo CD cannot be asked".into());
        assert_eq!(judge("1", &untold), (Outcome::Unknown, "Argo CD cannot be asked".into()));
    }

    #[test]
    fn words() {
        let running = told("Healthy", &["localhost:5000/api:1.4.1"]);
        assert_eq!(
            judge("1.4.2", &running).1,
            "staging does not run `localhost:5000/api` 1.4.2 yet: api-staging runs localhost:5000/api:1.4.1"
        );
        let degraded = Running::Told {
            application: "api-staging".into(),
            health: "Degraded".into(),
            reasons: vec!["Deployment api is Degraded: no".into()],
            images: vec![],
        };
        assert_eq!(
            judge("1.4.2", &degraded).1,
            "api-staging in staging is Degraded; Deployment api is Degraded: no"
        );
    }
}

//! What must be true of an image: it can be pulled, it has a digest, the right one signed it.

use crate::registry::{Answer, Gap};
use crate::signature::Refusal;
use crate::version::{Digest, Version};

use super::{Evidence, Outcome, Verdict};

/// An image that is to enter a service.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'i> {
    /// The service.
    pub service: &'i str,
    /// The name under which its target pulls it.
    pub image: &'i str,
    /// Its version.
    pub version: &'i Version,
}

/// `images.pinned`: the version has a digest. Needs no registry.
#[must_use]
pub fn pinned(candidate: Candidate<'_>) -> Verdict {
    let Candidate { image, version, .. } = candidate;
    match version.digest() {
        Some(_) => candidate.verdict(
            "images.pinned",
            Outcome::Pass,
            format!("{image} {version} has a digest"),
        ),
        None => {
            let reason = format!("{image} {version} has no digest");
            candidate.verdict("images.pinned", Outcome::Fail, reason)
        }
    }
}

/// `images.exist`: the registry has the image in full, and its tag still means its digest. `tag` is
/// what the tag points to, where the version has one.
#[must_use]
pub fn exists(
    candidate: Candidate<'_>,
    tag: Option<&Answer<Digest>>,
    pull: &Answer<()>,
) -> Verdict {
    let Candidate { image, version, .. } = candidate;
    let verdict = |outcome, reason| candidate.verdict("images.exist", outcome, reason);
    let tag = tag.map_or(Ok(()), |tag| tag_stands(candidate, tag));
    match (&tag, pull) {
        (Err(Gap::Absent(reason)), _) => verdict(Outcome::Fail, reason.clone()),
        (_, Err(Gap::Absent(reason))) => {
            verdict(Outcome::Fail, format!("{image} {version} cannot be pulled: {reason}"))
        }
        (Err(Gap::Unknown(reason)), _) | (_, Err(Gap::Unknown(reason))) => {
            let cannot = format!("it cannot be told whether {image} {version} is there: {reason}");
            verdict(Outcome::Unknown, cannot)
        }
        (Ok(()), Ok(())) => verdict(Outcome::Pass, format!("{image} {version} can be pulled")),
    }
}

/// The tag is there, and points to the digest beside it.
fn tag_stands(candidate: Candidate<'_>, tag: &Answer<Digest>) -> Answer<()> {
    let Candidate { image, version, .. } = candidate;
    let name = version.brief();
    match (tag, version.digest()) {
        (Ok(found), Some(wanted)) if found != wanted => Err(Gap::Absent(format!(
            "{image} {name} is now {}, not {}: its tag was moved",
            found.short(),
            wanted.short()
        ))),
        (Ok(_), _) => Ok(()),
        (Err(Gap::Absent(_)), _) => Err(Gap::Absent(format!("there is no {image} {name}"))),
        (Err(gap), _) => Err(gap.clone()),
    }
}

/// `images.signature`: what is attached to the image is by whom it must be. None where there is no
/// digest to have been signed.
#[must_use]
pub fn signed(
    candidate: Candidate<'_>,
    signature: Option<&Answer<Result<String, Refusal>>>,
) -> Verdict {
    let Candidate { image, version, .. } = candidate;
    let verdict = |outcome, reason| candidate.verdict("images.signature", outcome, reason);
    match signature {
        None => verdict(
            Outcome::Fail,
            format!("{image} {version} has no digest, and a signature is of a digest"),
        ),
        Some(Ok(Ok(by))) => Verdict {
            evidence: Some(Evidence::By(by.clone())),
            ..verdict(Outcome::Pass, format!("{image} {version} is signed by {by}"))
        },
        Some(Ok(Err(refusal))) => verdict(Outcome::Fail, format!("{image} {version}: {refusal}")),
        Some(Err(Gap::Absent(reason) | Gap::Unknown(reason))) => {
            let cannot = format!("it cannot be told who signed {image} {version}: {reason}");
            verdict(Outcome::Unknown, cannot)
        }
    }
}

impl Candidate<'_> {
    fn verdict(self, gate: &'static str, outcome: Outcome, reason: String) -> Verdict {
        Verdict::on(gate, self.service, outcome, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::{Candidate, exists, pinned, signed};
    use crate::gate::{Outcome, Verdict};
    use crate::registry::{Answer, Gap};
    use crate::signature::Refusal;
    use crate::version::{Digest, Version};

    fn digest(of: &str) -> Digest {
        Digest::parse(&format!("sha256:{}", of.repeat(64))).unwrap()
    }

    fn judged(version: &str, judge: impl Fn(Candidate<'_>) -> Verdict) -> (Outcome, String) {
        let version =
            Version::parse_image(&version.replace("@a", &format!("@{}", digest("a").as_str())))
                .unwrap();
        let candidate = Candidate { service: "api", image: "ghcr.io/acme/api", version: &version };
        let verdict = judge(candidate);
        assert_eq!(verdict.service.as_deref(), Some("api"));
        let reason = verdict.reason.replace("ghcr.io/acme/api", "api");
        (
            verdict.outcome,
            reason.replace("sha256:aaaaaaaaaaaa", "A").replace("sha256:bbbbbbbbbbbb", "B"),
        )
    }

    fn unknown<T>() -> Answer<T> {
        Err(Gap::Unknown("ghcr.io is throttled (429)".into()))
    }

    fn absent<T>(what: &str) -> Answer<T> {
        Err(Gap::Absent(what.into()))
    }

    #[test]
    fn pins() {
        let check = |version: &str, expected: Outcome| {
            assert_eq!(judged(version, pinned).0, expected, "{version}");
        };
        check("1.4", Outcome::Fail);
        check("1.4@a", Outcome::Pass);
        check("@a", Outcome::Pass);
    }

    #[test]
    fn existence() {
        use Outcome::{Fail, Pass, Unknown};

        let check = |version: &str,
                     tag: Option<Answer<Digest>>,
                     pull: Answer<()>,
                     outcome,
                     reason: &str| {
            let found = judged(version, |candidate| exists(candidate, tag.as_ref(), &pull));
            assert_eq!(found, (outcome, reason.to_owned()));
        };
        check("1.4@a", Some(Ok(digest("a"))), Ok(()), Pass, "api 1.4@A can be pulled");
        check("1.4", Some(Ok(digest("b"))), Ok(()), Pass, "api 1.4 can be pulled");
        check("@a", None, Ok(()), Pass, "api A can be pulled");
        let moved = "api 1.4 is now B, not A: its tag was moved";
        check("1.4@a", Some(Ok(digest("b"))), Ok(()), Fail, moved);
        check("1.4@a", Some(Ok(digest("b"))), unknown(), Fail, moved);
        check("1.4@a", Some(absent("x")), Ok(()), Fail, "there is no api 1.4");
        check("1.4", Some(absent("x")), absent("x"), Fail, "there is no api 1.4");
        let gone = "api 1.4@A cannot be pulled: its layer is gone";
        check("1.4@a", Some(Ok(digest("a"))), absent("its layer is gone"), Fail, gone);
        check("1.4@a", Some(unknown()), absent("its layer is gone"), Fail, gone);
        let throttled = "it cannot be told whether api 1.4@A is there: ghcr.io is throttled (429)";
        check("1.4@a", Some(unknown()), Ok(()), Unknown, throttled);
        check("1.4@a", Some(Ok(digest("a"))), unknown(), Unknown, throttled);
    }

    #[test]
    fn signatures() {
        use Outcome::{Fail, Pass, Unknown};

        let check = |version: &str,
                     signature: Option<Answer<Result<String, Refusal>>>,
                     outcome,
                     reason: &str| {
            let found = judged(version, |candidate| signed(candidate, signature.as_ref()));
            assert_eq!(found, (outcome, reason.to_owned()));
        };
        check("1.4@a", Some(Ok(Ok("ada".into()))), Pass, "api 1.4@A is signed by ada");
        check("1.4@a", Some(Ok(Err(Refusal::Unsigned))), Fail, "api 1.4@A: it is not signed");
        check("1.4", None, Fail, "api 1.4 has no digest, and a signature is of a digest");
        let throttled = "it cannot be told who signed api 1.4@A: ghcr.io is throttled (429)";
        check("1.4@a", Some(unknown()), Unknown, throttled);
    }
}

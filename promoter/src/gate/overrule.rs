//! Overrides: who may, and for which gates.

use crate::pipeline::Environment;

use super::{Outcome, Verdict};

/// Whether `environment` lets a person pass soak and freeze by giving a reason.
#[must_use]
pub fn may_override(environment: &Environment) -> Verdict {
    let name = &environment.name;
    if environment.allow_override {
        let reason = format!("{name} allows overrides");
        return Verdict::whole("override", Outcome::Pass, reason);
    }
    let reason = format!("{name} allows no override (`override: allow` in promoter.yaml would)");
    Verdict::whole("override", Outcome::Fail, reason)
}

/// Lets the gates pass that only time stands against; `true` when there was one.
pub fn overrule(verdicts: &mut [Verdict]) -> bool {
    let mut blocking = verdicts.iter_mut().filter(|one| one.is_about_time() && one.blocks());
    blocking.by_ref().map(|verdict| verdict.overridden = true).count() > 0
}

#[cfg(test)]
mod tests {
    use super::overrule;
    use crate::gate::{Outcome, Verdict};

    #[test]
    fn only_time_can_be_overruled() {
        let check = |gate, outcome, overruled: bool, blocks: bool| {
            let mut verdicts = [Verdict::whole(gate, outcome, String::new())];
            assert_eq!(overrule(&mut verdicts), overruled, "{gate} {outcome}");
            assert_eq!(verdicts[0].blocks(), blocks, "{gate} {outcome}");
        };
        for gate in ["soak", "freeze"] {
            check(gate, Outcome::Fail, true, false);
            check(gate, Outcome::Unknown, true, false);
            check(gate, Outcome::Pass, false, false);
        }
        for gate in ["order", "hold", "images.exist", "images.signature", "healthy", "versions"] {
            check(gate, Outcome::Fail, false, true);
            check(gate, Outcome::Unknown, false, true);
        }
    }
}

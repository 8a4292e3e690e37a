//! What a pull request may wait for. A soak or a freeze passes by itself, and `check` judges it
//! again when the pull request is merged; so it need not keep the pull request from being opened.

use crate::gate::Verdict;
use crate::message::Message;
use crate::pipeline::Delivery;

/// Takes out of `verdicts` what is only a matter of time, where the change is to be reviewed.
pub(in crate::commands) fn pending(
    delivery: Delivery,
    verdicts: &mut Vec<Verdict>,
) -> Vec<Verdict> {
    if delivery != Delivery::PullRequest {
        return Vec::new();
    }
    let (pending, rest) = std::mem::take(verdicts).into_iter().partition(is_about_time);
    *verdicts = rest;
    pending
}

fn is_about_time(verdict: &Verdict) -> bool {
    verdict.blocks() && verdict.is_about_time()
}

/// One trailer for each gate that is waited for.
pub(in crate::commands) fn recorded(message: Message, pending: &[Verdict]) -> Message {
    let mut gates: Vec<&str> = pending.iter().map(|verdict| verdict.gate).collect();
    gates.sort_unstable();
    gates.dedup();
    gates.into_iter().fold(message, |message, gate| {
        message.trailer("Promotion-Gate", &format!("{gate}=pending"))
    })
}

#[cfg(test)]
mod tests {
    use super::{pending, recorded};
    use crate::gate::{Outcome, Verdict};
    use crate::message::Message;
    use crate::pipeline::Delivery;

    #[test]
    fn time_is_waited_for_and_nothing_else() {
        let check = |delivery: Delivery, waited: &[&str], blocking: &[&str]| {
            let verdict = |gate| Verdict::on(gate, "api", Outcome::Fail, String::new());
            let mut blocked = ["hold", "soak", "freeze", "images"].map(verdict).to_vec();
            let found = pending(delivery, &mut blocked);
            let gates = |all: &[Verdict]| all.iter().map(|one| one.gate).collect::<Vec<_>>();
            assert_eq!((gates(&found), gates(&blocked)), (waited.to_vec(), blocking.to_vec()));
            found
        };
        let all = ["hold", "soak", "freeze", "images"];
        check(Delivery::Push, &[], &all);
        check(Delivery::Commit, &[], &all);
        let found = check(Delivery::PullRequest, &["soak", "freeze"], &["hold", "images"]);
        let message = recorded(Message::bump("dev", &[]), &found).render();
        let expected = "Promotion-Gate: freeze=pending\nPromotion-Gate: soak=pending\n";
        assert!(message.ends_with(expected), "{message}");
    }
}

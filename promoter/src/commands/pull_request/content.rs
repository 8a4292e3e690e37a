//! What a pull request says, read off its branch: a function of the branch's tip, however often and
//! by whomever it is made.

use std::rc::Rc;

use crate::body::{Entry, Summary, markdown};
use crate::error::Error;
use crate::forge::Text;
use crate::git::CommitId;
use crate::inventory::Inventory;
use crate::message::Message;
use crate::pipeline::{Pipeline, Review};
use crate::plan::Change;
use crate::service::{Service, Slot};

use super::super::Context;
use super::rolling::{Maker, commits};
use super::stretches::stretches;
use super::{Desk, Lane};

/// What it says, and what is asked of it.
pub(super) struct Content {
    pub(super) text: Text,
    pub(super) review: Review,
}

/// Reads what is to be said of the branch at `tip`. The settings are those of the base.
pub(super) fn read(desk: &Desk<'_>, base: CommitId, tip: CommitId) -> Result<Content, Error> {
    let context = desk.context;
    let rules = context.inventory(base)?;
    let review = rules.pipeline.review(rules.pipeline.environment(desk.lane.environment())?);
    // Where the branch begins does not move when the base does.
    let fork = context.repo.merge_base(base, tip)?;
    let (changes, names) = changes(context, &rules.pipeline, desk.lane, (fork, tip))?;
    let stretches = if review.commits.unwrap_or(false) {
        let pulled: Vec<_> = changes.iter().zip(names.iter().map(String::as_str)).collect();
        stretches(desk, &pulled)
    } else {
        Vec::new()
    };
    let (mut trailers, mut others) = (Trailers::default(), Vec::new());
    let mut newest = None;
    for commit in commits(context, desk.lane, base, tip)? {
        let info = context.repo.info(commit.id)?;
        match commit.maker {
            Maker::Promoter(_) => {
                trailers.extend(info.trailers);
                newest = Some(info.subject);
            }
            Maker::Merge => {}
            Maker::Stranger => {
                let (commit, subject) = (commit.id.to_string(), info.subject);
                others.push(Entry { commit, subject, by: info.author.name });
            }
        }
    }
    let title = title(desk.lane, &changes, &trailers, newest.as_deref());
    let summary = Summary {
        changes: &changes,
        trailers: &trailers.0,
        stretches: &stretches,
        others: &others,
        web: &desk.forge.web(&desk.forge.address),
        fork: &fork.to_string(),
        tip: &tip.to_string(),
    };
    Ok(Content { text: Text { title, body: markdown(&summary) }, review })
}

/// The trailers of all commits, each once, in the order of the first of its key.
#[derive(Default)]
struct Trailers(Vec<(String, Vec<String>)>);

impl Trailers {
    fn extend(&mut self, more: Vec<(String, String)>) {
        for (key, value) in more {
            match self.0.iter_mut().find(|(known, _)| *known == key) {
                Some((_, values)) if values.contains(&value) => {}
                Some((_, values)) => values.push(value),
                None => self.0.push((key, vec![value])),
            }
        }
    }

    fn of(&self, key: &str) -> &[String] {
        let found = self.0.iter().find(|(known, _)| known == key);
        found.map_or(&[], |(_, values)| values.as_slice())
    }
}

fn title(lane: Lane<'_>, changes: &[Change], trailers: &Trailers, newest: Option<&str>) -> String {
    let message = match lane {
        Lane::Promote(to) => {
            Message::promote(&trailers.of("Promotion-From").join(" and "), to, changes)
        }
        Lane::Bump(environment) => Message::bump(environment, changes),
        Lane::Rollback(environment) => Message::roll_back(environment, changes),
        Lane::Hold(environment) => return newest.unwrap_or(&format!("hold {environment}")).into(),
    };
    message.subject().trim_end_matches([':', ' ']).to_owned()
}

/// The versions of the environment that differ between two commits, read by the same rules, and
/// the names by which their images are pulled.
fn changes(
    context: &Context<'_>,
    rules: &Rc<Pipeline>,
    lane: Lane<'_>,
    (from, to): (CommitId, CommitId),
) -> Result<(Vec<Change>, Vec<String>), Error> {
    let read = |commit| {
        let snapshot = context.repo.snapshot(commit)?;
        let inventory = Inventory { snapshot, pipeline: Rc::clone(rules) };
        let environment = rules.environment(lane.environment())?;
        inventory.services(environment).map(|(services, _)| services)
    };
    let (before, after) = (read(from)?, read(to)?);
    let (mut changes, mut names) = (Vec::new(), Vec::new());
    for service in after.values() {
        let known = before.get(&service.name).map(Service::versions).unwrap_or_default();
        for (file, pin) in service.pins() {
            let (below, key) = (file.below.clone(), pin.key.clone());
            let slot = Slot { below: below.clone(), key: key.clone() };
            let old = known.get(&slot).cloned();
            if old.as_ref() != Some(&pin.version) {
                names.push(pin.new_name.clone().unwrap_or_else(|| key.as_str().to_owned()));
                changes.push(Change {
                    service: service.name.clone(),
                    path: file.overlay.path().to_owned(),
                    below,
                    key,
                    added: old.is_none(),
                    old,
                    new: pin.version.clone(),
                    new_name: None,
                });
            }
        }
    }
    Ok((changes, names))
}

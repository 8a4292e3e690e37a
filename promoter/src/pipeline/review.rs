//! How the pull requests of an environment are opened, as promoter.yaml says it.

use super::error::{Fault, PipelineError};
use super::reader::Reader;
use crate::yaml::Node;

pub(super) const KEYS: &[&str] =
    &["labels", "reviewers", "team_reviewers", "auto_merge", "draft", "commits"];
pub(super) const METHODS: &[&str] = &["squash", "merge", "rebase"];

/// More than a forge takes, and than anybody reads.
const MOST: usize = 100;

/// What is asked of a pull request; what is not set comes from the section above, or is not done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Labels that it has; they need not exist before.
    pub labels: Option<Vec<String>>,
    /// Logins of people who are asked to review it.
    pub reviewers: Option<Vec<String>>,
    /// Slugs of teams that are asked, without the organisation.
    pub team_reviewers: Option<Vec<String>>,
    /// How it is merged by itself as soon as everything required is there.
    pub auto_merge: Option<MergeMethod>,
    /// Whether it is opened as a draft.
    pub draft: Option<bool>,
    /// Whether it lists the commits between two versions, where the labels of the images tell.
    pub commits: Option<bool>,
}

/// How the commits of a pull request reach its base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeMethod {
    /// As one commit.
    Squash,
    /// By a merge commit.
    Merge,
    /// One by one, on top.
    Rebase,
}

impl MergeMethod {
    /// The word in promoter.yaml.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            MergeMethod::Squash => "squash",
            MergeMethod::Merge => "merge",
            MergeMethod::Rebase => "rebase",
        }
    }
}

impl Review {
    pub(super) fn read(reader: &Reader<'_>, node: &Node) -> Result<Self, PipelineError> {
        let section = reader.section(node, KEYS)?;
        let list = |key| section.get(key).map(|node| names(reader, node)).transpose();
        let method = section.get("auto_merge").map(|node| {
            let values = [MergeMethod::Squash, MergeMethod::Merge, MergeMethod::Rebase];
            reader.word(node, METHODS, &values)
        });
        Ok(Review {
            labels: list("labels")?,
            reviewers: list("reviewers")?,
            team_reviewers: list("team_reviewers")?,
            auto_merge: method.transpose()?,
            draft: section.get("draft").map(|node| reader.boolean(node)).transpose()?,
            commits: section.get("commits").map(|node| reader.boolean(node)).transpose()?,
        })
    }

    /// These settings, and those of `above` where there are none.
    #[must_use]
    pub fn over(&self, above: &Review) -> Review {
        let list = |own: &Option<Vec<String>>, above: &Option<Vec<String>>| {
            own.as_ref().or(above.as_ref()).cloned()
        };
        Review {
            labels: list(&self.labels, &above.labels),
            reviewers: list(&self.reviewers, &above.reviewers),
            team_reviewers: list(&self.team_reviewers, &above.team_reviewers),
            auto_merge: self.auto_merge.or(above.auto_merge),
            draft: self.draft.or(above.draft),
            commits: self.commits.or(above.commits),
        }
    }
}

/// One name or a list; `[]` is none, so that an environment can take back what stands above.
fn names(reader: &Reader<'_>, node: &Node) -> Result<Vec<String>, PipelineError> {
    let nodes = match node.items() {
        Some([]) => return Ok(Vec::new()),
        _ => reader.one_or_more(node)?,
    };
    if nodes.len() > MOST {
        return Err(reader.fault(node, Fault::TooMany("names", MOST)));
    }
    let mut names: Vec<String> = Vec::new();
    for node in nodes {
        let name = reader.string(node)?;
        if names.iter().any(|known| known == name) {
            return Err(reader.fault(node, Fault::Repeated(name.to_owned())));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

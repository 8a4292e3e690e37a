//! In what the API of Gitea and Forgejo, version 1, is not GitHub's; after Gitea's own description,
//! `templates/swagger/v1_json.tmpl`, and what a server of version 1.26 does.

use url::form_urlencoded::Serializer;

use super::pulls::Reference;

/// What a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    GitHub,
    Gitea,
}

/// With this in front, a pull request of Gitea's is a draft.
pub(super) const DRAFT: &str = "WIP: ";

impl Dialect {
    /// The list of pull requests between two branches, as far as the server can select them.
    pub(super) fn query(
        self,
        owner: &str,
        (head, base): (&str, &str),
        state: &str,
        page: u32,
    ) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("state", state);
        match self {
            Dialect::GitHub => query
                .append_pair("head", &format!("{owner}:{head}"))
                .append_pair("base", base)
                .append_pair("per_page", "100"),
            Dialect::Gitea => query
                .append_pair("base_branch", base)
                .append_pair("sort", "recentupdate")
                .append_pair("limit", "50")
                .append_pair("page", &page.to_string()),
        };
        query.finish()
    }

    /// Further back nothing is looked for: Gitea lists every pull request into the base.
    pub(super) fn most_pages(self) -> u32 {
        match self {
            Dialect::GitHub => 1,
            Dialect::Gitea => 40,
        }
    }

    /// The branch that a pull request comes from.
    pub(super) fn branch(self, head: &Reference) -> &str {
        match self {
            Dialect::GitHub => &head.name,
            Dialect::Gitea => &head.label,
        }
    }

    /// A title, which on Gitea says whether it is a draft.
    pub(super) fn title(self, title: &str, draft: bool) -> String {
        match self {
            Dialect::Gitea if draft => format!("{DRAFT}{title}"),
            _ => title.to_owned(),
        }
    }
}

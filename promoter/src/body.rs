//! The body of a pull request: pure, from what its branch holds.
//!
//! Whatever a repository may hold comes out as text: no markup, no mention, no row of its own.

use std::fmt::Write as _;

use crate::git::CommitId;
use crate::plan::Change;
use crate::version::Version;

/// GitHub takes no longer body (65,536 characters, with a margin for line ends it may lengthen).
const LONGEST: usize = 60_000;

/// What a body is made of.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'s> {
    /// What differs between where the branch began and where it is.
    pub changes: &'s [Change],
    /// The trailers of promoter's commits: key and values.
    pub trailers: &'s [(String, Vec<String>)],
    /// What lies between the versions of a service.
    pub stretches: &'s [Stretch],
    /// Commits that promoter did not make.
    pub others: &'s [Entry],
    /// The repository on the web.
    pub web: &'s str,
    /// Where the branch began, in full.
    pub fork: &'s str,
    /// Where it is, in full.
    pub tip: &'s str,
}

/// The commits of a program between two versions.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The service.
    pub service: String,
    /// The repository of the program on the web.
    pub web: String,
    /// The commits of the two versions, in full.
    pub ends: (String, String),
    /// The first of them, oldest first.
    pub commits: Vec<Entry>,
    /// How many there are.
    pub all: usize,
}

/// A commit to be named.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id, in full.
    pub commit: String,
    /// Its subject.
    pub subject: String,
    /// Its author.
    pub by: String,
}

/// The body, in GitHub's Markdown. It ends in the trailers of all commits, as one block, whole;
/// what is too long is left out of the table, and counted.
#[must_use]
pub fn markdown(summary: &Summary<'_>) -> String {
    let (head, tail) = (head(summary), tail(summary));
    let room = LONGEST.saturating_sub(length(&head) + length(&tail));
    format!("{head}{}{tail}", table(summary.changes, room))
}

/// What the body is for, so that a reader can tell whether it is out of date.
fn head(summary: &Summary<'_>) -> String {
    format!("<!-- promoter: head {} -->\n", summary.tip)
}

fn table(changes: &[Change], room: usize) -> String {
    if changes.is_empty() {
        return "No version differs.\n".to_owned();
    }
    let mut table = "| service | image | from | to |\n|---|---|---|---|\n".to_owned();
    let more = |left: usize| format!("\nand {left} more, in the files of this pull request\n");
    let end = length(&more(changes.len()));
    let mut used = length(&table);
    for (at, change) in changes.iter().enumerate() {
        let row = row(change);
        let last = at + 1 == changes.len();
        used += length(&row);
        if used + if last { 0 } else { end } > room {
            table.push_str(&more(changes.len() - at));
            break;
        }
        table.push_str(&row);
    }
    table
}

fn row(change: &Change) -> String {
    let old = change.old.as_ref().map_or_else(|| "(none)".to_owned(), Version::to_string);
    let cells = [&change.service, change.key.as_str(), &old, &change.new.to_string()].map(literal);
    format!("| {} |\n", cells.join(" | "))
}

fn tail(summary: &Summary<'_>) -> String {
    let mut tail = String::new();
    let gates = values(summary, "Promotion-Gate");
    if !gates.is_empty() {
        tail.push_str("\n| gate | when it was promoted |\n|---|---|\n");
        for gate in gates {
            let (name, outcome) = gate.split_once('=').unwrap_or((gate, ""));
            let _ = writeln!(tail, "| {} | {} |", literal(name), literal(outcome));
        }
    }
    tail.push_str(&stretches(summary.stretches));
    if !summary.others.is_empty() {
        tail.push_str(
            "\nCommits on this branch that promoter did not make, and does not replace:\n\n",
        );
        for other in summary.others.iter().take(MOST_OTHERS) {
            tail.push_str(&named(summary.web, other));
        }
        let more = summary.others.len().saturating_sub(MOST_OTHERS);
        if more > 0 {
            let _ = writeln!(tail, "- and {more} more");
        }
    }
    let (web, fork, tip) = (summary.web, summary.fork, summary.tip);
    let _ = write!(tail, "\n[compare]({web}/compare/{fork}...{tip})");
    for source in values(summary, "Promotion-Source").iter().rev().take(MOST_OTHERS) {
        if CommitId::parse(source).is_some() {
            let _ = write!(tail, " · [source {}]({web}/commit/{source})", short(source));
        }
    }
    tail.push_str("\n\n");
    for (key, values) in summary.trailers {
        for value in values {
            let _ = writeln!(tail, "{key}: {}", plain(value));
        }
    }
    tail
}

/// More of a list that is not the table's is not named.
const MOST_OTHERS: usize = 20;

/// Commits between versions that are named, in all; each is a line of at most 600 characters.
const MOST_BETWEEN: usize = 40;

/// What lies between the versions, in all not more than can be read.
fn stretches(all: &[Stretch]) -> String {
    let mut text = String::new();
    let mut left = MOST_BETWEEN;
    for Stretch { service, web, ends: (old, new), commits, all } in all {
        let shown = commits.len().min(left);
        left -= shown;
        let (service, from, to) = (literal(service), short(old), short(new));
        let _ = writeln!(text, "\n{service} [{from}...{to}]({web}/compare/{old}...{new})\n");
        for commit in commits.iter().take(shown) {
            text.push_str(&named(web, commit));
        }
        if *all > shown {
            let _ = writeln!(text, "- and {} more", all - shown);
        }
    }
    text
}

/// One commit in a list.
fn named(web: &str, entry: &Entry) -> String {
    let (id, subject) = (short(&entry.commit), literal(&cut(&entry.subject, 72)));
    let by = literal(&cut(&entry.by, 72));
    format!("- [{id}]({web}/commit/{}) {subject} by {by}\n", entry.commit)
}

fn values<'s>(summary: &Summary<'s>, key: &str) -> &'s [String] {
    let found = summary.trailers.iter().find(|(known, _)| known == key);
    found.map_or(&[], |(_, values)| values.as_slice())
}

/// A text as it is, in a table or a list: inside `<code>` GitHub looks for no mention, and a
/// character that is written by its number marks up nothing.
fn literal(text: &str) -> String {
    let mut out = "<code>".to_owned();
    for c in text.chars() {
        match c {
            c if c.is_control() => out.push(' '),
            c if c.is_alphanumeric() || " ./-()".contains(c) => out.push(c),
            c => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
        }
    }
    out + "</code>"
}

/// A text in the trailers, which git reads too and which stand in no `<code>`: without what would
/// mention somebody or begin markup. An address keeps its brackets.
fn plain(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        if is_address(word) {
            return word.to_owned();
        }
        let mut before = ' ';
        let mut clean = String::new();
        for c in word.chars() {
            match c {
                '@' if !before.is_alphanumeric() => clean.push_str("(at)"),
                '<' => clean.push('('),
                '>' => clean.push(')'),
                '`' => clean.push('\''),
                c if c.is_control() => {}
                c => clean.push(c),
            }
            before = c;
        }
        clean
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `<ada@example.com>`
fn is_address(word: &str) -> bool {
    let inner = word.strip_prefix('<').and_then(|word| word.strip_suffix('>'));
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-[]".contains(&byte);
    inner.and_then(|inner| inner.split_once('@')).is_some_and(|(local, host)| {
        !local.is_empty() && local.bytes().chain(host.bytes()).all(known)
    })
}

fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::{Entry, LONGEST, Summary, literal, markdown, plain};
    use crate::plan::Change;
    use crate::version::{Key, Version};

    const FORK: &str = "1111111111111111111111111111111111111111";
    const TIP: &str = "2222222222222222222222222222222222222222";

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

    fn body(changes: &[Change], trailers: &[(&str, &[&str])], others: &[Entry]) -> String {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let trailers: Vec<(String, Vec<String>)> =
            trailers.iter().map(|(key, values)| ((*key).to_owned(), owned(values))).collect();
        let web = "https://github.com/acme/shop";
        let (trailers, fork, tip) = (&trailers, FORK, TIP);
        let stretches = &[];
        markdown(&Summary { changes, trailers, stretches, others, web, fork, tip })
    }

    #[test]
    fn a_promotion() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        let changes = [
            change("api", Some("1.4.1"), &format!("1.4.2@{digest}")),
            change("auth", None, "0.9.1"),
        ];
        let trailers: &[(&str, &[&str])] = &[
            ("Promotion-From", &["staging"]),
            ("Promotion-To", &["prod"]),
            ("Promotion-Source", &[FORK, TIP]),
            ("Promotion-Actor", &["Ada <ada@example.com>"]),
            ("Promotion-Gate", &["hold=pass", "soak=pass 26h"]),
        ];
        let other =
            Entry { commit: FORK.into(), subject: "fix `it` for @bob".into(), by: "Eve".into() };
        insta::assert_snapshot!(body(&changes, trailers, &[other]), @r"
        <!-- promoter: head 2222222222222222222222222222222222222222 -->
        | service | image | from | to |
        |---|---|---|---|
        | <code>api</code> | <code>ghcr.io/acme/api</code> | <code>1.4.1</code> | <code>1.4.2&#64;sha256&#58;abababababab</code> |
        | <code>auth</code> | <code>ghcr.io/acme/auth</code> | <code>(none)</code> | <code>0.9.1</code> |

        | gate | when it was promoted |
        |---|---|
        | <code>hold</code> | <code>pass</code> |
        | <code>soak</code> | <code>pass 26h</code> |

        Commits on this branch that promoter did not make, and does not replace:

        - [111111111111](https://github.com/acme/shop/commit/1111111111111111111111111111111111111111) <code>fix &#96;it&#96; for &#64;bob</code> by <code>Eve</code>

        [compare](https://github.com/acme/shop/compare/1111111111111111111111111111111111111111...2222222222222222222222222222222222222222) · [source 222222222222](https://github.com/acme/shop/commit/2222222222222222222222222222222222222222) · [source 111111111111](https://github.com/acme/shop/commit/1111111111111111111111111111111111111111)

        Promotion-From: staging
        Promotion-To: prod
        Promotion-Source: 1111111111111111111111111111111111111111
        Promotion-Source: 2222222222222222222222222222222222222222
        Promotion-Actor: Ada <ada@example.com>
        Promotion-Gate: hold=pass
        Promotion-Gate: soak=pass 26h
        ");
    }

    #[test]
    fn what_is_too_long_is_counted_and_trailers_stay_whole() {
        let many: Vec<Change> =
            (0..3_000).map(|n| change(&format!("service-{n}"), Some("1"), "2")).collect();
        let trailers: &[(&str, &[&str])] = &[("Promotion-From", &["staging"])];
        let long = body(&many, trailers, &[]);
        let length = long.chars().count();
        assert!((LONGEST - 200..=LONGEST).contains(&length), "{length}");
        let rows = long.lines().filter(|line| line.starts_with("| <code>service-")).count();
        assert!(long.contains(&format!("\nand {} more,", 3_000 - rows)), "{rows}");
        assert!(long.ends_with("\n\nPromotion-From: staging\n"));
        let few = body(many.get(..rows).unwrap(), trailers, &[]);
        assert!(!few.contains(" more,"));
    }

    #[test]
    fn text_marks_up_nothing() {
        let check = |text: &str, expected: &str| {
            assert_eq!(literal(text), format!("<code>{expected}</code>"));
        };
        check("v1.2-rc", "v1.2-rc");
        check("a|b", "a&#124;b");
        check("`@team` <b>", "&#96;&#64;team&#96; &#60;b&#62;");
        check("a\n| b", "a &#124; b");
        check("https://x", "https&#58;//x");
    }

    #[test]
    fn trailers_mention_nobody() {
        let check = |text: &str, expected: &str| assert_eq!(plain(text), expected);
        check("Ada <ada@example.com>", "Ada <ada@example.com>");
        check(
            "bot[bot] <1+bot[bot]@users.noreply.github.com>",
            "bot[bot] <1+bot[bot]@users.noreply.github.com>",
        );
        check("@acme/team", "(at)acme/team");
        check("<!-- x", "(!-- x");
        check("<@team>", "((at)team)");
        check("see `x`", "see 'x'");
    }
}

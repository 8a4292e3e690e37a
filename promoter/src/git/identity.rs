//! Who commits, and whether commits are signed: as git itself says.
//!
//! libgit2 does not know `GIT_CONFIG_GLOBAL`, `git -c` or every kind of `includeIf`; a commit in
//! another name than the user's own `git commit` would give is worse than asking git.

use std::rc::Rc;

use git2::{Signature, Time};
use jiff::Timestamp;

use super::command::{Deadline, Input};
use super::{GitError, Repo};

/// What git would commit with now.
pub(super) struct Identity {
    pub(super) author: Signature<'static>,
    pub(super) committer: Signature<'static>,
    pub(super) signs: bool,
}

/// What git has said, and in which second it was asked.
pub(super) type Known = (i64, Rc<Identity>);

impl Repo {
    /// Who commits. A commit needs it twice, and within one second git says the same again.
    pub(super) fn identity(&self, deadline: &Deadline) -> Result<Rc<Identity>, GitError> {
        let second = Timestamp::now().as_second();
        if let Some((_, who)) = self.who.borrow().as_ref().filter(|(asked, _)| *asked == second) {
            return Ok(Rc::clone(who));
        }
        let who = Rc::new(self.ask_identity(deadline)?);
        self.who.replace(Some((second, Rc::clone(&who))));
        Ok(who)
    }

    /// Asks git; that no name or address is set is an error, whatever git could guess.
    fn ask_identity(&self, deadline: &Deadline) -> Result<Identity, GitError> {
        let said = self.git(&["var", "-l"], Input::Bytes(b""), deadline)?.ok("var -l")?;
        let given = |role: &str, part: &str| {
            setting(&said, &format!("user.{part}")).is_some()
                || setting(&said, &format!("{role}.{part}")).is_some()
        };
        let who = |role: &str, variable: &str| {
            let line = if given(role, "name") && given(role, "email") {
                setting(&said, variable).map(str::to_owned)
            } else {
                self.given_by_environment(variable, deadline)?
            };
            line.as_deref().and_then(signature).ok_or(GitError::Identity)
        };
        Ok(Identity {
            author: who("author", "GIT_AUTHOR_IDENT")?,
            committer: who("committer", "GIT_COMMITTER_IDENT")?,
            signs: setting(&said, "commit.gpgsign").is_some_and(is_true),
        })
    }

    fn given_by_environment(
        &self,
        variable: &str,
        deadline: &Deadline,
    ) -> Result<Option<String>, GitError> {
        let args = ["-c", "user.useConfigOnly=true", "var", variable];
        let said = self.git(&args, Input::Bytes(b""), deadline)?;
        Ok(Some(said.stdout).filter(|_| said.success))
    }
}

/// The last value of a key in what `git var -l` prints; its own variables come after the settings.
fn setting<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let value = |line: &'t str| match line.strip_prefix(key)? {
        // `[commit] gpgsign`, without a value, is true.
        "" => Some("true"),
        rest => rest.strip_prefix('='),
    };
    text.lines().rev().find_map(value)
}

/// Reads `Name <address> seconds zone`.
fn signature(line: &str) -> Option<Signature<'static>> {
    let (name, rest) = line.trim_end().rsplit_once(" <")?;
    let (email, time) = rest.split_once("> ")?;
    let (seconds, zone) = time.split_once(' ')?;
    let hours_and_minutes: i32 = zone.parse().ok()?;
    let minutes = hours_and_minutes / 100 * 60 + hours_and_minutes % 100;
    Signature::new(name, email, &Time::new(seconds.parse().ok()?, minutes)).ok()
}

/// A boolean as git reads it.
fn is_true(value: &str) -> bool {
    let number = value.parse::<i64>().is_ok_and(|number| number != 0);
    number || ["true", "yes", "on"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::{is_true, setting, signature};

    #[test]
    fn identities_are_read() {
        let check = |line: &str, expect: Option<(&str, &str, i64, i32)>| {
            let read = signature(line);
            let read = read.as_ref().map(|who| {
                let (name, email) = (who.name().unwrap(), who.email().unwrap());
                (name, email, who.when().seconds(), who.when().offset_minutes())
            });
            assert_eq!(read, expect, "{line}");
        };
        check("Ada L <a@b.c> 1700000000 +0530\n", Some(("Ada L", "a@b.c", 1_700_000_000, 330)));
        check("A <a@b> 1 -0130", Some(("A", "a@b", 1, -90)));
        check("A <a@b> soon -0130", None);
        check("nobody", None);
    }

    #[test]
    fn settings_are_read() {
        let check = |key: &str, value| assert_eq!(setting("a.b=1\na.b=2=3\nc=\nd\n", key), value);
        check("a.b", Some("2=3"));
        check("c", Some(""));
        check("d", Some("true"));
        check("a", None);
        assert!(is_true("true") && is_true("Yes") && is_true("1"));
        assert!(!is_true("false") && !is_true("0") && !is_true(""));
    }
}

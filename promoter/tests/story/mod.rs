//! A world that is told as a transcript: commands are lines of shell, the clock takes a day for
//! each, and what was printed is compared whole.
#![allow(dead_code, reason = "each test binary uses a part of it")]

#[path = "../world/mod.rs"]
mod world;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::ops::Deref;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use world::{Checkout, File, PROMOTER, World};

/// The environments of most stories.
pub(crate) const PIPELINE: File<'_> = (
    "promoter.yaml",
    "environments:
  - name: dev
  - name: staging
    from: dev
  - name: prod
    from: staging
",
);

/// So many days lie between the first command of a world and today.
const DAYS: i64 = 100;

/// A world with a clock, and names for the commits that appear in it.
pub(crate) struct Story {
    world: World,
    start: Timestamp,
    /// The day of the next command; each takes one, so that ages are the same in every run.
    day: Cell<i64>,
    /// Ids of commits in the order in which they appeared: `<c1>`, `<c2>`.
    commits: RefCell<Vec<String>>,
}

/// What a command came to, with ids and times masked.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Story {
    /// A repository with one commit that holds `files`.
    pub(crate) fn of(files: &[File<'_>]) -> Self {
        let story = Story::empty();
        story.commit("start", files);
        story
    }

    /// Three environments with `api` 1.0 and `auth` 2.0 in each.
    pub(crate) fn shop() -> Self {
        let story = Story::empty();
        story.edit(&[PIPELINE]);
        for environment in ["dev", "staging", "prod"] {
            for (service, tag) in [("api", "1.0"), ("auth", "2.0")] {
                story.edit(&[(&path(environment, service), &overlay(&[(service, tag)]))]);
            }
        }
        story.commit("start", &[]);
        story
    }

    /// A repository without commits.
    pub(crate) fn empty() -> Self {
        let start = Timestamp::now() - SignedDuration::from_hours(24 * DAYS + 1);
        let (day, commits) = (Cell::new(0), RefCell::new(Vec::new()));
        Story { world: World::empty(), start, day, commits }
    }

    /// Writes files without committing them.
    pub(crate) fn edit(&self, files: &[File<'_>]) {
        for (path, text) in files {
            self.write(path, text);
        }
    }

    /// Writes files and commits everything there is; the full id.
    pub(crate) fn commit(&self, subject: &str, files: &[File<'_>]) -> String {
        self.edit(files);
        self.did("git add --all");
        self.did(&format!("git commit --quiet --allow-empty --message '{subject}'"));
        self.id("HEAD")
    }

    /// Sets the one image of a service by hand, as a person would, and commits.
    pub(crate) fn set(&self, environment: &str, service: &str, tag: &str) -> String {
        let subject = format!("{service} {tag} in {environment} by hand");
        self.commit(&subject, &[(&path(environment, service), &overlay(&[(service, tag)]))])
    }

    /// Adds a bare remote `origin` and pushes the branch to it.
    pub(crate) fn publish(&self) -> Checkout {
        self.world.add_remote()
    }

    /// Runs a line of shell that must succeed, and whose words do not matter.
    #[track_caller]
    pub(crate) fn did(&self, line: &str) {
        let told = self.tell(line);
        assert_eq!(told.code, 0, "{line}\n{told}");
    }

    /// Runs a line of shell with `promoter` on the path.
    pub(crate) fn tell(&self, line: &str) -> Told {
        self.tell_in(&self.world, line)
    }

    /// The same in another checkout of this world.
    pub(crate) fn tell_in(&self, checkout: &Checkout, line: &str) -> Told {
        let bin = Path::new(PROMOTER).parent().unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let day = self.day.replace(self.day.get() + 1);
        let date = (self.start + SignedDuration::from_hours(24 * day)).to_string();
        let mut shell = checkout.command("sh");
        shell.args(["-c", line]).env("PATH", path).env("TERM", "dumb").env("TZ", "UTC");
        shell.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        let done = shell.output().unwrap();
        self.learn(checkout);
        Told {
            stdout: self.mask(&text(&done.stdout)),
            stderr: self.mask(&text(&done.stderr)),
            code: done.status.code().unwrap_or(-1),
        }
    }

    /// Runs promoter with `-o json` and reads the one object that it must print.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &str) -> serde_json::Value {
        let told = self.tell(&format!("promoter {arguments} --output json"));
        assert_eq!(told.stdout.lines().count(), 1, "{told}");
        serde_json::from_str(&told.stdout).unwrap()
    }

    /// What a wrong command must leave as it is: HEAD, branches, tags, index and every file.
    pub(crate) fn state(&self) -> BTreeMap<String, Vec<u8>> {
        let mut state = BTreeMap::new();
        collect(self.path(), &mut state);
        let git = ["HEAD", "index", "packed-refs", "refs/heads/", "refs/remotes/", "refs/tags/"];
        state.retain(|path, _| match path.split_once("/.git/") {
            Some((_, inside)) => git.iter().any(|kept| inside.starts_with(kept)),
            None => true,
        });
        state
    }

    /// Gives a name to every commit that has appeared.
    fn learn(&self, checkout: &Checkout) {
        let mut commits = self.commits.borrow_mut();
        let seen = checkout.run("git", &["rev-list", "--all", "--reverse", "--topo-order"]);
        for id in seen.stdout.lines() {
            if !commits.iter().any(|known| known == id) {
                commits.push(id.to_owned());
            }
        }
    }

    fn mask(&self, text: &str) -> String {
        let mut text = text.replace(self.path().parent().unwrap().to_str().unwrap(), "<dir>");
        for (index, id) in self.commits.borrow().iter().enumerate() {
            let name = format!("<c{}>", index + 1);
            text = text.replace(id, &name).replace(id.get(..12).unwrap(), &name);
        }
        let masked = self.mask_times(&text);
        let words = masked.split_inclusive(|c: char| !c.is_ascii_hexdigit());
        // A commit that never landed has no name.
        let known = |word: &str| {
            if is_id(word) {
                word.replace(word.get(..40).unwrap(), "<lost>")
            } else {
                word.to_owned()
            }
        };
        words.map(known).collect()
    }

    /// `2026-11-20T14:30:00Z` becomes the day of the world on which that was.
    fn mask_times(&self, text: &str) -> String {
        let mut masked = String::new();
        let mut rest = text;
        while let Some(end) = rest.find('Z') {
            let (head, tail) = rest.split_at(end + 1);
            let from = (10..=35).rev().filter_map(|length| {
                let begin = head.len().checked_sub(length)?;
                Some((begin, head.get(begin..)?.parse::<Timestamp>().ok()?))
            });
            match from.min_by_key(|(begin, _)| *begin) {
                // A time of before this world is the test's own.
                Some((begin, time)) if time >= self.start => {
                    let day = time.duration_since(self.start).as_hours() / 24;
                    let _ = write!(masked, "{}<day {day}>", head.get(..begin).unwrap());
                }
                _ => masked.push_str(head),
            }
            rest = tail;
        }
        masked + rest
    }
}

impl Deref for Story {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

/// Standard output, then standard error behind `2>`, then the exit code unless it is 0.
impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.stdout.lines() {
            writeln!(f, "{}", line.trim_end())?;
        }
        for line in self.stderr.lines() {
            writeln!(f, "{}", format!("2> {line}").trim_end())?;
        }
        if self.code == 0 { Ok(()) } else { writeln!(f, "exit code {}", self.code) }
    }
}

/// Where [`Story::shop`] keeps a service.
pub(crate) fn path(environment: &str, service: &str) -> String {
    format!("environments/{environment}/{service}/kustomization.yaml")
}

/// A kustomization that pins images at tags, each with a mirror.
pub(crate) fn overlay(images: &[(&str, &str)]) -> String {
    let mut text = "resources:\n  - deployment.yaml\nimages:\n".to_owned();
    for (name, tag) in images {
        let _ = write!(
            text,
            "  - name: {name}\n    newName: ghcr.io/acme/{name}\n    newTag: \"{tag}\"\n"
        );
    }
    text
}

/// Every file below a folder, the objects of git left out.
fn collect(folder: &Path, state: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            if !path.ends_with(".git/objects") {
                collect(&path, state);
            }
        } else {
            let bytes = fs::read(&path).unwrap_or_default();
            state.insert(path.to_str().unwrap().to_owned(), bytes);
        }
    }
}

/// Whether a word begins with a whole id, and is nothing else but one separator.
fn is_id(word: &str) -> bool {
    (40..=41).contains(&word.len()) && word.bytes().take(40).all(|byte| byte.is_ascii_hexdigit())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

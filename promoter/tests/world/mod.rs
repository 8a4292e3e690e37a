//! A repository in a temporary folder, real git, and the built `promoter`.
//!
//! Nothing of the machine's own configuration is read: HOME, git's configuration and the author
//! are the world's.
#![allow(dead_code, reason = "every test binary uses a part of it")]

use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Name and text of a file.
pub(crate) type File<'a> = (&'a str, &'a str);

/// A temporary folder with a repository on branch `main`, and perhaps its remote and more clones.
pub(crate) struct World {
    folder: TempDir,
    repo: Checkout,
}

/// One repository of a world: a clone, a linked worktree or a bare repository.
#[derive(Clone)]
pub(crate) struct Checkout {
    path: PathBuf,
    home: PathBuf,
    variables: Vec<(String, String)>,
}

/// What a program printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; 128 and the number for a signal, as shells say it.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    /// A repository without commits.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        fs::create_dir(&home).unwrap();
        let config = "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n\
             [gc]\n\tauto = 0\n[protocol \"file\"]\n\tallow = always\n";
        fs::write(home.join(".gitconfig"), config).unwrap();
        let path = folder.path().join("repo");
        let repo = Checkout { path, home, variables: Vec::new() };
        fs::create_dir(&repo.path).unwrap();
        repo.git(&["init", "--quiet"]);
        World { folder, repo }
    }

    /// A repository with these files in one commit.
    pub(crate) fn with(files: &[File]) -> Self {
        let world = World::empty();
        world.commit_files("begin", files);
        world
    }

    /// Three environments with the services api and auth, all at 1.0.0 but dev's api at 1.1.0.
    pub(crate) fn pipeline() -> Self {
        let world = World::empty();
        world.write("promoter.yaml", PIPELINE);
        for environment in ["dev", "staging", "prod"] {
            for service in ["api", "auth"] {
                let newer = environment == "dev" && service == "api";
                let tag = if newer { "1.1.0" } else { "1.0.0" };
                world.write(&overlay_path(environment, service), overlay(service, tag));
            }
        }
        world.write("README.md", "read me\n");
        world.commit("begin");
        world
    }

    /// Makes the bare repository `remote.git`, names it `origin`, pushes `main` and tracks it.
    pub(crate) fn add_remote(&self) -> Checkout {
        let remote = self.at("remote.git");
        self.git(&["clone", "--quiet", "--bare", ".", remote.path.to_str().unwrap()]);
        self.git(&["remote", "add", "origin", remote.path.to_str().unwrap()]);
        self.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
        remote
    }

    /// A clone of the remote, with further arguments to `git clone`.
    pub(crate) fn clone_remote(&self, name: &str, arguments: &[&str]) -> Checkout {
        let clone = self.at(name);
        let url = format!("file://{}", self.folder.path().join("remote.git").display());
        let path = clone.path.to_str().unwrap();
        let all: Vec<&str> = [&["clone", "--quiet"], arguments, &[&url, path]].concat();
        self.git(&all);
        clone
    }

    /// What is or will be in the world's folder under this name.
    pub(crate) fn at(&self, name: &str) -> Checkout {
        Checkout { path: self.folder.path().join(name), ..self.repo.clone() }
    }

    /// A copy of the whole folder, as it is now.
    pub(crate) fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (format!("{}/.", self.folder.path().display()), folder.path());
        self.run("cp", &["-a", &from, to.to_str().unwrap()]).expect(0);
        let (path, home) = (to.join("repo"), to.join("home"));
        World { repo: Checkout { path, home, ..self.repo.clone() }, folder }
    }

    /// The folder of all of it.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A variable of the environment, for git and promoter.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.repo.variables.push((name.to_owned(), value.to_owned()));
    }
}

impl Deref for World {
    type Target = Checkout;

    fn deref(&self) -> &Checkout {
        &self.repo
    }
}

impl Checkout {
    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A copy with one more variable of the environment.
    pub(crate) fn with_variable(&self, name: &str, value: &str) -> Self {
        let mut copy = self.clone();
        copy.variables.push((name.to_owned(), value.to_owned()));
        copy
    }

    /// A command that runs here and knows nothing of the machine but its PATH.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", &self.home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.home.join(".gitconfig"))
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C.UTF-8")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.path)
            .stdin(Stdio::null());
        command
    }

    /// Runs a program here, however it ends.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Ran {
        Ran::from(self.command(program).args(arguments).output().unwrap())
    }

    /// Runs the built promoter here.
    pub(crate) fn promoter(&self, arguments: &[&str]) -> Ran {
        self.run(PROMOTER, arguments)
    }

    /// What git prints, less the last line end; git must succeed.
    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let ran = self.run("git", arguments);
        assert_eq!(ran.code, 0, "git {arguments:?} in {}: {}", self.path.display(), ran.stderr);
        ran.stdout.strip_suffix('\n').unwrap_or(&ran.stdout).to_owned()
    }

    /// Writes a file of the working tree.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Reads a file of the working tree.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        let path = self.path.join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Commits everything in the working tree.
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// Writes files and commits everything.
    pub(crate) fn commit_files(&self, message: &str, files: &[File]) {
        for (path, text) in files {
            self.write(path, text);
        }
        self.commit(message);
    }

    /// The bytes of a file at a revision.
    #[track_caller]
    pub(crate) fn show(&self, revision: &str, path: &str) -> String {
        let ran = self.run("git", &["cat-file", "blob", &format!("{revision}:{path}")]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    }

    /// The commit that a revision names.
    #[track_caller]
    pub(crate) fn id(&self, revision: &str) -> String {
        self.git(&["rev-parse", "--verify", &format!("{revision}^{{commit}}")])
    }

    /// A program that git runs at an event.
    pub(crate) fn hook(&self, name: &str, script: &str) {
        let hooks = self.git(&["rev-parse", "--path-format=absolute", "--git-path", "hooks"]);
        let path = Path::new(&hooks).join(name);
        fs::create_dir_all(&hooks).unwrap();
        self.write_program(&path, &format!("#!/bin/sh\n{script}\n"));
    }

    /// Writes a program, by a process of its own: a child that another test starts just then would
    /// inherit our open file, and what is open for writing cannot be run.
    pub(crate) fn write_program(&self, path: &Path, text: &str) {
        let script = "printf %s \"$1\" >\"$0\" && chmod +x \"$0\"";
        self.run("sh", &["-c", script, path.to_str().unwrap(), text]).expect(0);
    }
}

impl Ran {
    /// Exit code, standard output and standard error in one text, for snapshots.
    pub(crate) fn text(&self) -> String {
        let part = |name: &str, text: &str| match text {
            "" => String::new(),
            text => format!("--- {name}\n{}\n", text.trim_end_matches('\n')),
        };
        let (out, err) = (part("stdout", &self.stdout), part("stderr", &self.stderr));
        format!("exit {}\n{out}{err}", self.code)
    }

    /// Fails the test unless the program ended with this code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.text());
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        use std::os::unix::process::ExitStatusExt as _;
        let signal = || 128 + output.status.signal().unwrap_or_default();
        Ran {
            code: output.status.code().unwrap_or_else(signal),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

const PIPELINE: &str = "\
layout: environments/{environment}/{service}
environments:
  - name: dev
  - name: staging
    from: dev
  - name: prod
    from: staging
";

/// Where [`World::pipeline`] keeps a service.
pub(crate) fn overlay_path(environment: &str, service: &str) -> String {
    format!("environments/{environment}/{service}/kustomization.yaml")
}

/// The kustomization file of a service of [`World::pipeline`].
pub(crate) fn overlay(service: &str, tag: &str) -> String {
    format!("images:\n  - name: {service} # short\n    newTag: {tag} # what runs\n")
}

/// The built program.
pub(crate) const PROMOTER: &str = env!("CARGO_BIN_EXE_promoter");

/// A text in which ids of commits are `<commit>` and times are `<time>`.
pub(crate) fn masked(text: &str) -> String {
    let mut clean = String::new();
    for part in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "-:+".contains(c))) {
        let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || "-:+".contains(c)));
        let (word, rest) = part.split_at(end.unwrap_or(part.len()));
        clean.push_str(mask(word));
        clean.push_str(rest);
    }
    clean
}

fn mask(word: &str) -> &str {
    let hex = word.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    match word.len() {
        12 | 40 if hex => "<commit>",
        20..=25 if word.contains('T') && digits >= 14 => "<time>",
        _ => word,
    }
}

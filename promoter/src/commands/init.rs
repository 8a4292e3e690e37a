//! `promoter init`: finds layout and environments in a repository it has never seen, and writes
//! promoter.yaml.

use std::fs;
use std::io::ErrorKind;

use crate::error::Error;
use crate::git::CommitId;
use crate::pipeline::discover::{Candidate, Discovery, Wishes, discover, render};

use super::Context;
use super::read::CONFIGURATION;

/// The request.
#[derive(Clone, Debug, Default)]
pub struct Init {
    /// The layout, when the user says so.
    pub layout: Vec<String>,
    /// The environments' folders in order, when the user says so.
    pub environments: Vec<String>,
    /// Where the result goes.
    pub to: InitTo,
}

/// Where `init` puts what it found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InitTo {
    /// promoter.yaml in the working tree.
    #[default]
    File,
    /// Nowhere: it is only shown.
    Nothing,
}

/// The answer.
#[derive(Debug)]
pub struct Initialised {
    /// The commit that was looked at.
    pub commit: CommitId,
    /// How many kustomization files it has.
    pub kustomizations: usize,
    /// What was chosen.
    pub candidate: Candidate,
    /// The text of promoter.yaml.
    pub text: String,
    /// Where it was to go.
    pub to: InitTo,
    /// Whether the file was written; not when it was there with the same text.
    pub written: bool,
}

/// Looks at the newest commit and writes promoter.yaml.
pub fn init(context: &Context<'_>, request: &Init) -> Result<Initialised, Error> {
    let commit = context.repo.tip(&context.branch()?)?;
    let files = context.repo.snapshot(commit)?.files_below("")?;
    let paths: Vec<String> = files.into_iter().map(|(path, _)| path).collect();
    let wishes =
        Wishes { layout: request.layout.clone(), environments: request.environments.clone() };
    let found = discover(&paths, &wishes);
    let candidate = decide(&found)?.clone();
    let text = render(&candidate);
    let written = match request.to {
        InitTo::Nothing => false,
        InitTo::File => write(context, &text)?,
    };
    Ok(Initialised {
        commit,
        kustomizations: found.kustomizations,
        candidate,
        text,
        to: request.to,
        written,
    })
}

/// The one candidate that stands out; a person decides between several.
fn decide(found: &Discovery) -> Result<&Candidate, Error> {
    match found.candidates.as_slice() {
        [] => Err(Error::NothingFound { kustomizations: found.kustomizations }),
        [_, ..] if found.ambiguous => {
            Err(Error::Undecided { candidates: found.candidates.iter().map(describe).collect() })
        }
        [best, ..] => Ok(best),
    }
}

fn describe(candidate: &Candidate) -> String {
    let layout: Vec<String> =
        candidate.layout.iter().map(|one| format!("--layout '{one}'")).collect();
    let folders: Vec<&str> = candidate.environments.iter().map(|one| one.folder.as_str()).collect();
    format!("{} --environments {} ({} files)", layout.join(" "), folders.join(","), candidate.files)
}

/// Writes promoter.yaml; one that is there already is left alone.
fn write(context: &Context<'_>, text: &str) -> Result<bool, Error> {
    if context.repo.is_bare() {
        let words =
            "a bare repository has no working tree to write promoter.yaml to: use --dry-run";
        return Err(Error::Usage(words.into()));
    }
    let path = context.repo.root().join(CONFIGURATION);
    let failed = |error: std::io::Error| Error::File {
        path: CONFIGURATION.into(),
        reason: error.to_string(),
    };
    match fs::read(&path) {
        Ok(present) if present == text.as_bytes() => Ok(false),
        Ok(_) => {
            let words = format!(
                "{CONFIGURATION} is there already: remove it first, or look with --dry-run"
            );
            Err(Error::Usage(words))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let new = path.with_extension("yaml.new");
            fs::write(&new, text).and_then(|()| fs::rename(&new, &path)).map_err(failed)?;
            Ok(true)
        }
        Err(error) => Err(failed(error)),
    }
}

//! Builds an overlay before and after a change with the user's `kustomize`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::error::Error;
use crate::git::{CommitId, redact};

use super::Context;
use super::promote::Patch;

/// The manifests of one overlay.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The overlay's folder.
    pub folder: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// Builds every overlay that `patch` changes, from a copy of the commit in a temporary folder.
pub(super) fn both(
    context: &Context<'_>,
    commit: CommitId,
    patch: &[Patch],
) -> Result<Vec<Rendered>, Error> {
    let copy = tempfile::tempdir()
        .map_err(|error| Error::Tool { tool: "kustomize", reason: error.to_string() })?;
    context.repo.export(commit, copy.path())?;
    let folders: BTreeSet<&str> = patch
        .iter()
        .map(|file| file.path.rsplit_once('/').map_or("", |(folder, _)| folder))
        .collect();
    let before =
        folders.iter().map(|folder| build(copy.path(), folder)).collect::<Result<Vec<_>, _>>()?;
    for file in patch {
        let path = copy.path().join(&file.path);
        fs::write(&path, &file.after)
            .map_err(|error| Error::File { path: file.path.clone(), reason: error.to_string() })?;
    }
    let after =
        folders.iter().map(|folder| build(copy.path(), folder)).collect::<Result<Vec<_>, _>>()?;
    let rendered = |((folder, before), after): ((&&str, String), String)| Rendered {
        folder: (*folder).to_owned(),
        before,
        after,
    };
    Ok(folders.iter().zip(before).zip(after).map(rendered).collect())
}

fn build(root: &Path, folder: &str) -> Result<String, Error> {
    let failed = |reason: String| Error::Tool { tool: "kustomize", reason };
    let output = Command::new("kustomize").arg("build").arg(root.join(folder)).output();
    let output = output.map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let words = redact(&String::from_utf8_lossy(&output.stderr));
        let words = words.replace(&format!("{}/", root.display()), "");
        Err(failed(format!("{folder}: {}", words.trim())))
    }
}

//! A shop whose images are in a registry of its own.

use std::fmt::Write as _;
use std::ops::Deref;

use crate::server::Server;
use crate::story::{Story, Told, path};

/// A story with a registry; `dev` is free, `prod` takes from it under rules.
pub(crate) struct Shop {
    story: Story,
    hosts: Vec<String>,
}

impl Shop {
    /// dev and prod with `api` at these versions, pulled from `host`, and gates on images for prod.
    pub(crate) fn new(host: &str, (dev, prod): (&str, &str), gates: &str) -> Self {
        let story = Story::empty();
        let pipeline = format!(
            "environments:\n  - name: dev\n  - name: prod\n    from: dev\n    gates: {{ images: {{ {gates} }} }}\n"
        );
        story.commit(
            "start",
            &[
                ("promoter.yaml", &pipeline),
                (&path("dev", "api"), &overlay(host, dev)),
                (&path("prod", "api"), &overlay(host, prod)),
            ],
        );
        Shop { story, hosts: vec![host.to_owned()] }
    }

    /// The same at `server`, where dev has what shall enter and prod something else.
    pub(crate) fn at(server: &Server, dev: &str, gates: &str) -> Self {
        Shop::new(&server.host(), (dev, "0.1"), gates)
    }

    /// What `promoter promote dev prod` says, hosts and ports masked.
    pub(crate) fn promote(&self) -> String {
        self.says("promoter promote dev prod")
    }

    pub(crate) fn says(&self, line: &str) -> String {
        self.masked(&self.story.tell(line))
    }

    fn masked(&self, told: &Told) -> String {
        self.hosts.iter().fold(told.to_string(), |text, host| text.replace(host, "<registry>"))
    }
}

impl Deref for Shop {
    type Target = Story;

    fn deref(&self) -> &Story {
        &self.story
    }
}

/// A kustomization that pulls `api` from `host` at `TAG`, `TAG@DIGEST` or `@DIGEST`.
pub(crate) fn overlay(host: &str, version: &str) -> String {
    let (tag, digest) = version.split_once('@').unwrap_or((version, ""));
    let mut text = format!("images:\n  - name: api\n    newName: {host}/acme/api\n");
    if !tag.is_empty() {
        let _ = writeln!(text, "    newTag: \"{tag}\"");
    }
    if !digest.is_empty() {
        let _ = writeln!(text, "    digest: {digest}");
    }
    text
}

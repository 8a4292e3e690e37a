//! States of the repository.

use insta::assert_snapshot;

use crate::refused;
use crate::story::{Story, overlay, path};

fn ahead() -> Story {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1");
    story
}

const PROMOTE: &str = "promoter promote dev staging";

#[test]
fn no_repository() {
    let story = Story::empty();
    assert_snapshot!(refused(&story, "cd / && promoter status"), @r"
    2> error: . is not in a git repository
    2> hint: run it inside a clone, or name one with `--repo DIR`
    exit code 2
    ");
    assert_snapshot!(refused(&story, "promoter status --repo /nowhere"), @r"
    2> error: /nowhere is not in a git repository
    2> hint: run it inside a clone, or name one with `--repo DIR`
    exit code 2
    ");
    assert_snapshot!(refused(&story, "promoter status"), @r"
    2> error: branch `main` has no commits yet
    2> hint: commit something first
    exit code 2
    ");
}

#[test]
fn the_files_to_change_are_dirty() {
    let story = ahead();
    story.edit(&[(&path("staging", "api"), &overlay(&[("api", "mine")]))]);
    assert_snapshot!(refused(&story, PROMOTE), @r"
    2> error: 1 file with changes that are not committed: environments/staging/api/kustomization.yaml
    2> hint: commit or stash them, or use `--push`, which leaves the working tree alone
    exit code 4
    ");
    story.did("git add --all");
    assert_snapshot!(refused(&story, PROMOTE), @r"
    2> error: 1 file with changes that are not committed: environments/staging/api/kustomization.yaml
    2> hint: commit or stash them, or use `--push`, which leaves the working tree alone
    exit code 4
    ");
    story.did("git reset --quiet --hard && rm environments/staging/api/kustomization.yaml");
    assert_snapshot!(refused(&story, PROMOTE), @r"
    2> error: 1 file with changes that are not committed: environments/staging/api/kustomization.yaml
    2> hint: commit or stash them, or use `--push`, which leaves the working tree alone
    exit code 4
    ");
}

#[test]
fn something_is_not_finished() {
    let story = ahead();
    story.did("git switch --quiet --create side HEAD~1");
    story.set("dev", "api", "6.6");
    story.did("git switch --quiet main");
    let _ = story.tell("git merge side");
    assert_snapshot!(refused(&story, PROMOTE), @r"
    2> error: a merge is in progress in this working tree
    2> hint: finish or abort it first; `git status` tells how
    exit code 4
    ");
    story.did("git merge --abort");
    let _ = story.tell("git rebase side");
    assert_snapshot!(refused(&story, PROMOTE), @r"
    2> error: a rebase is in progress in this working tree
    2> hint: finish or abort it first; `git status` tells how
    exit code 4
    ");
    story.did("git rebase --abort");
    let _ = story.tell("git cherry-pick side");
    assert_snapshot!(refused(&story, PROMOTE), @r"
    2> error: a cherry-pick is in progress in this working tree
    2> hint: finish or abort it first; `git status` tells how
    exit code 4
    ");
}

#[test]
fn no_branch_to_move() {
    let story = ahead();
    story.did("git switch --quiet --detach");
    assert_snapshot!(refused(&story, PROMOTE), @r"
    2> error: HEAD is detached, so there is no branch to move
    2> hint: `git switch BRANCH`, or use `--push --branch BRANCH`
    exit code 4
    ");
    assert_snapshot!(refused(&story, &format!("{PROMOTE} --push")), @r"
    2> error: HEAD is detached, so there is no branch to move
    2> hint: `git switch BRANCH`, or use `--push --branch BRANCH`
    exit code 4
    ");
    story.did("git switch --quiet main");
    assert_snapshot!(refused(&story, &format!("{PROMOTE} --branch mian")), @r"
    2> error: no branch `mian`
    2> hint: did you mean `main`?
    exit code 2
    ");
    assert_snapshot!(refused(&story, &format!("{PROMOTE} --branch something-else")), @r"
    2> error: no branch `something-else`
    2> hint: `git branch --all` lists the branches
    exit code 2
    ");
    story.publish();
    assert_snapshot!(refused(&story, &format!("{PROMOTE} --branch origin/main")), @r"
    2> error: `origin/main` is a remote-tracking branch, which only a push can move
    2> hint: use `--push`, or name a local branch
    exit code 2
    ");
    story.did("git branch other && git worktree add --quiet ../linked other");
    assert_snapshot!(refused(&story, &format!("{PROMOTE} --branch other")), @r"
    2> error: branch `other` is checked out in <dir>/linked/
    2> hint: run it there, or use `--push`
    exit code 4
    ");
}

#[test]
fn nobody_commits() {
    let story = ahead();
    story.did("git config --global --unset user.name && git config --global --unset user.email");
    story.did("git config --global user.useConfigOnly true");
    assert_snapshot!(refused(&story, PROMOTE), @r#"
    2> error: git does not know who commits
    2> hint: git config --global user.name "Your Name" && git config --global user.email you@example.com
    exit code 2
    "#);
    assert_snapshot!(refused(&story, "promoter rollback dev api"), @r#"
    2> error: git does not know who commits
    2> hint: git config --global user.name "Your Name" && git config --global user.email you@example.com
    exit code 2
    "#);
}

#[test]
fn remotes() {
    let story = ahead();
    assert_snapshot!(refused(&story, &format!("{PROMOTE} --push")), @r"
    2> error: branch `main` has no upstream, so there is nowhere to push
    2> hint: `git branch --set-upstream-to=REMOTE/BRANCH`, or `--branch REMOTE/BRANCH`
    exit code 2
    ");
    story.publish();
    story.did("git remote set-url origin ../gone.git");
    assert_snapshot!(refused(&story, &format!("{PROMOTE} --push")), @r"
    2> error: `git fetch origin/main` failed
    2>   | fatal: '../gone.git' does not appear to be a git repository
    2>   | fatal: Could not read from remote repository.
    2>   |
    2>   | Please make sure you have the correct access rights
    2>   | and the repository exists.
    2> hint: the same git command by hand shows more
    exit code 6
    ");
    story.did("git remote set-url origin https://ada:secret@localhost:1/x.git");
    let told = refused(&story, &format!("{PROMOTE} --push"));
    assert_eq!((told.code, told.stderr.contains("secret")), (6, false), "{told}");
}

#[test]
fn the_server_refuses() {
    let story = ahead();
    story
        .publish()
        .hook("pre-receive", "echo 'main is protected: '$(printf ghp_%036d 1)'' >&2; exit 1");
    assert_snapshot!(refused(&story, &format!("{PROMOTE} --push")), @r"
    2> error: origin refused the push of main
    2>   | remote: main is protected: ***
    2>   | error: failed to push some refs to '<dir>/remote.git'
    2>   | To <dir>/remote.git
    2>   | !	<lost>:refs/heads/main	[remote rejected] (pre-receive hook declined)
    2>   | Done
    2> hint: the refusal is final: see what the server says; a protected branch needs a pull request
    exit code 6
    ");
}

#[test]
fn a_repository_that_is_not_supported() {
    let story = Story::empty();
    story.did("rm -rf .git && git init --quiet --object-format=sha256");
    assert_snapshot!(refused(&story, "promoter status"), @r"
    2> error: this repository cannot be read: unknown object format 'sha256'
    2> hint: see docs/verification.md for what is supported
    exit code 2
    ");
}

#[test]
fn someone_else_holds_the_index() {
    let story = ahead();
    story.did("touch .git/index.lock");
    assert_snapshot!(refused(&story, PROMOTE), @r"
    2> error: <dir>/repo/.git/index.lock is held by another git process
    2> hint: wait for it to end; if none is running, remove the file
    exit code 4
    ");
}

#[test]
fn revisions() {
    let story = ahead();
    assert_snapshot!(refused(&story, "promoter promote dev@v9 staging"), @r"
    2> error: `v9` names no commit here
    2> hint: name a commit, a tag or a branch that `git log` knows
    exit code 2
    ");
    assert_snapshot!(refused(&story, "promoter rollback dev api --to v9"), @r"
    2> error: `v9` names no commit here
    2> hint: name a commit, a tag or a branch that `git log` knows
    exit code 2
    ");
    assert_snapshot!(refused(&story, "promoter check --base v9"), @r"
    2> error: `v9` names no commit here
    2> hint: name a commit, a tag or a branch that `git log` knows
    exit code 2
    ");
    story.did("git switch --quiet --orphan other");
    story.commit("other", &[("README.md", "x\n")]);
    story.did("git switch --quiet main");
    assert_snapshot!(refused(&story, "promoter check --base other"), @r"
    2> error: <c3> and <c2> have no commit in common
    2> hint: name a base that this branch grew from; a shallow clone may lack where they part: `fetch-depth: 0`
    exit code 2
    ");
    assert_snapshot!(refused(&story, "promoter rollback dev api --to other"), @r"
    2> error: commit <c3> is not in the history of this branch
    2> hint: `promoter history` shows what there was; `--to COMMIT` names a point
    exit code 2
    ");
}

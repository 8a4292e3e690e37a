//! What promoter.yaml asks for and this version cannot do is unknown (exit code 3), never ignored.

use insta::assert_snapshot;

use crate::story::{Story, path};

/// A shop where prod asks for something more.
fn asking(more: &str) -> Story {
    asking_of("", more)
}

/// A shop where dev and prod ask for something more.
fn asking_of(dev: &str, prod: &str) -> Story {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1 && promoter promote dev staging");
    story.did("promoter bump dev auth=2.1");
    let pipeline = format!(
        "environments:
  - name: dev{dev}
  - name: staging
    from: dev
  - name: prod
    from: staging{prod}
"
    );
    story.commit("rules", &[("promoter.yaml", &pipeline)]);
    story
}

#[test]
fn pull_requests_need_a_forge() {
    let deliver = "\n    deliver: pull-request";
    let story = asking_of(deliver, deliver);
    story.publish();
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: origin (<dir>/remote.git) is not a repository on GitHub, so there can be no pull request
    2> hint: use `--push`, or a remote like https://github.com/OWNER/NAME.git or git@github.com:OWNER/NAME.git; set GITEA_TOKEN where it is on Gitea or Forgejo
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter bump dev api=1.2"), @r"
    2> error: origin (<dir>/remote.git) is not a repository on GitHub, so there can be no pull request
    2> hint: use `--push`, or a remote like https://github.com/OWNER/NAME.git or git@github.com:OWNER/NAME.git; set GITEA_TOKEN where it is on Gitea or Forgejo
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter rollback prod api"), @r"
    2> error: origin (<dir>/remote.git) is not a repository on GitHub, so there can be no pull request
    2> hint: use `--push`, or a remote like https://github.com/OWNER/NAME.git or git@github.com:OWNER/NAME.git; set GITEA_TOKEN where it is on Gitea or Forgejo
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter promote dev staging --pr"), @r"
    2> error: origin (<dir>/remote.git) is not a repository on GitHub, so there can be no pull request
    2> hint: use `--push`, or a remote like https://github.com/OWNER/NAME.git or git@github.com:OWNER/NAME.git; set GITEA_TOKEN where it is on Gitea or Forgejo
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter promote dev staging --deliver pull-request"), @r"
    2> error: origin (<dir>/remote.git) is not a repository on GitHub, so there can be no pull request
    2> hint: use `--push`, or a remote like https://github.com/OWNER/NAME.git or git@github.com:OWNER/NAME.git; set GITEA_TOKEN where it is on Gitea or Forgejo
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter promote staging prod --deliver commit"), @r"
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    committed <c6> on main
    ");
}

#[test]
fn a_delivery_that_is_configured_is_followed() {
    let story = asking("\n    deliver: push");
    let remote = story.publish();
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    pushed <c6> to origin/main (the local branch stays where it is)
    ");
    assert_snapshot!(story.tell_in(&remote, "git log -1 --format=%s main"), @"promote staging to prod: api 1.1");
}

#[test]
fn versions_of_other_files() {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1");
    let pipeline =
        story.read("promoter.yaml") + "versions:\n  - { file: values.yaml, path: image.tag }\n";
    story.commit("values", &[("promoter.yaml", &pipeline)]);
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    2> error: refused: `versions` is asked for staging and not supported by this version of promoter (versions: unknown)
    2> hint: take it out of promoter.yaml, or use a version of promoter that supports it
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter bump dev api=1.2"), @r"
    2> error: refused: `versions` is asked for dev and not supported by this version of promoter (versions: unknown)
    2> hint: take it out of promoter.yaml, or use a version of promoter that supports it
    exit code 3
    ");
    story.did("git switch --quiet --create change");
    story.set("staging", "api", "1.1");
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error environments/staging/api/kustomization.yaml:6:13: `versions` is asked for staging and not supported by this version of promoter [versions]
    reaches staging (by environments/staging/api/kustomization.yaml)
    checked the change against <c3>: 1 against it
    exit code 3
    ");
    assert_eq!(story.read(&path("prod", "api")), crate::story::overlay(&[("api", "1.0")]));
}

//! Kustomization files of the source or the target.

use insta::assert_snapshot;

use crate::refused;
use crate::story::{Story, Told, overlay, path};

/// The file of `api` in staging is `text`; dev is one version ahead.
#[track_caller]
fn check(text: &str) -> Told {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1");
    story.commit("an edit", &[(&path("staging", "api"), text)]);
    refused(&story, "promoter promote dev staging")
}

#[test]
fn the_text() {
    assert_snapshot!(check("images:\n\t- name: api\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:2:2: not valid YAML: tabs disallowed within this context (block indentation)
    2>   | �- name: api
    2>   |  ^
    2> hint: correct the file
    exit code 2
    ");
    assert_snapshot!(check("images: [\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:1:9: not valid YAML: unclosed bracket '['
    2>   | images: [
    2>   |         ^
    2> hint: correct the file
    exit code 2
    ");
    assert_snapshot!(check("images:\n  - name: \"api\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:3:1: not valid YAML: invalid indentation in multiline quoted scalar
    2>   |
    2>   | ^
    2> hint: correct the file
    exit code 2
    ");
    assert_snapshot!(check("- images\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:1:1: a kustomization file must be a mapping, found a list
    2>   | - images
    2>   | ^
    2> hint: correct the file; `kustomize build` refuses it too
    exit code 2
    ");
    assert_snapshot!(check("images: api\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:1:9: `images` must be a list, found a single value
    2>   | images: api
    2>   |         ^
    2> hint: correct the file; `kustomize build` refuses it too
    exit code 2
    ");
    assert_snapshot!(check("images:\n  - api\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:2:5: an entry of `images` must be a mapping, found a single value
    2>   |   - api
    2>   |     ^
    2> hint: correct the file; `kustomize build` refuses it too
    exit code 2
    ");
    assert_snapshot!(check("\u{0}\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:1:1: not valid YAML: unexpected character: `\u{0}'
    2>   | �
    2>   | ^
    2> hint: correct the file
    exit code 2
    ");
}

#[test]
fn the_entries() {
    assert_snapshot!(check("images:\n  - newTag: '1'\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:2:5: this entry of `images` has no `name`
    2>   |   - newTag: '1'
    2>   |     ^
    2> hint: add the `name` of the image as the base writes it
    exit code 2
    ");
    assert_snapshot!(check("images:\n  - name: api\n    newTag: 1.10\n"), @r#"
    2> error: environments/staging/api/kustomization.yaml:3:13: `1.10` without quotes is a number, not text
    2>   |     newTag: 1.10
    2>   |             ^
    2> hint: put it in quotes: "1.10"
    exit code 2
    "#);
    assert_snapshot!(check("images:\n  - name: api\n    newTag: 'a b'\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:3:13: `a b` is not an image tag (letters, digits, `_`, `.` and `-`, at most 128, not starting with `.` or `-`)
    2>   |     newTag: 'a b'
    2>   |             ^
    2> hint: correct the value, or leave it out
    exit code 2
    ");
    assert_snapshot!(check("images:\n  - name: api\n    digest: sha256:abc\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:3:13: `sha256:abc` is not a digest (`sha256:` and 64 lower-case hexadecimal digits)
    2>   |     digest: sha256:abc
    2>   |             ^
    2> hint: correct the value, or leave it out
    exit code 2
    ");
    assert_snapshot!(check("images:\n  - name: api\n    newTag: '1'\n  - name: api\n    newTag: '2'\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:4:5: image `api` has another entry before this one
    2>   |   - name: api
    2>   |     ^
    2> hint: remove the one that is not meant; Kustomize takes the last
    exit code 2
    ");
    assert_snapshot!(check("images:\n  - name: api\n    newTag: '1'\n    newTag: '2'\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:4:5: `newTag` is here twice
    2>   |     newTag: '2'
    2>   |     ^
    2> hint: remove the one that is not meant; Kustomize takes the last
    exit code 2
    ");
    assert_snapshot!(check("images:\n  - name: api\n    tagSuffix: -slim\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:3:16: `tagSuffix` of image `api` makes its version depend on the base
    2>   |     tagSuffix: -slim
    2>   |                ^
    2> hint: write the whole tag as `newTag` instead
    exit code 2
    ");
    assert_snapshot!(check("images:\n  - name: api\n    newtag: '1'\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:3:5: Kustomize reads `newtag` as `newTag`
    2>   |     newtag: '1'
    2>   |     ^
    2> hint: write it `newTag`
    exit code 2
    ");
    assert_snapshot!(check("imageTags:\n  - name: api\n    newTag: '1'\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:1:1: `imageTags` is the deprecated name of `images`
    2>   | imageTags:
    2>   | ^
    2> hint: rename it to `images`
    exit code 2
    ");
    assert_snapshot!(check("images:\n  - name: api\n    newTag: &v '1'\nx: *v\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:3:16: an alias repeats this elsewhere in the file, which would change too
    2>   |     newTag: &v '1'
    2>   |                ^
    2> hint: write the value out where it is used
    exit code 2
    ");
    assert_snapshot!(check("x: &x {name: api, newTag: '1'}\nimages:\n  - *x\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:3:5: an alias stands here, its value is elsewhere in the file
    2>   |   - *x
    2>   |     ^
    2> hint: write the value out where it is used
    exit code 2
    ");
    assert_snapshot!(check("x: &x {newTag: '1'}\nimages:\n  - <<: *x\n    name: api\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:3:5: a merge key `<<` brings in values from elsewhere in the file
    2>   |   - <<: *x
    2>   |     ^
    2> hint: write the value out where it is used
    exit code 2
    ");
    assert_snapshot!(check("images:\n  - name: api\n    newTag: >-\n      1\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:4:7: this value spans lines or is a block scalar
    2>   |       1
    2>   |       ^
    2> hint: write the value on one line
    exit code 2
    ");
    assert_snapshot!(check("resources: []\n---\nimages:\n  - name: api\n    newTag: '1'\n"), @r"
    2> error: environments/staging/api/kustomization.yaml:3:1: `images` in a later document of the file, which Kustomize does not read
    2>   | images:
    2>   | ^
    2> hint: move it to the first document or to a file of its own
    exit code 2
    ");
}

#[test]
fn the_remotes() {
    let check = |list: &str| check(&format!("resources:\n{list}"));
    let url = "https://github.com/acme/deploy//base";
    assert_snapshot!(check(&format!("  - {url}?ref=v1\n  - {url}?ref=v2\n")), @r"
    2> error: environments/staging/api/kustomization.yaml:3:5: the same remote resource is listed before, perhaps at another version
    2>   |   - https://github.com/acme/deploy//base?ref=v2
    2>   |     ^
    2> hint: remove the one that is not meant; Kustomize takes the last
    exit code 2
    ");
    assert_snapshot!(check(&format!("  - {url}?ref=v1&version=v2\n")), @r"
    2> error: environments/staging/api/kustomization.yaml:2:5: this URL names its version more than once
    2>   |   - https://github.com/acme/deploy//base?ref=v1&version=v2
    2>   |     ^
    2> hint: keep one `ref`
    exit code 2
    ");
}

#[test]
fn the_folders() {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1");
    story.commit("two files", &[("environments/staging/api/kustomization.yml", "resources: []\n")]);
    assert_snapshot!(refused(&story, "promoter promote dev staging"), @r"
    2> error: `environments/staging/api` holds `kustomization.yaml`, `kustomization.yml`; Kustomize allows one file
    2> hint: remove one of the files
    exit code 2
    ");

    let story = Story::shop();
    story.did("promoter bump dev api=1.1 && cd environments/staging/api && mv kustomization.yaml k.yaml && ln -s k.yaml kustomization.yaml");
    story.commit("a link", &[]);
    assert_snapshot!(refused(&story, "promoter promote dev staging"), @r"
    2> error: environments/staging/api/kustomization.yaml: is a symbolic link, and promoter edits regular files only
    2> hint: make it a regular file, or leave its service out with `--except`
    exit code 2
    ");

    let story = Story::shop();
    story.commit(
        "an empty folder",
        &[("environments/staging/api/kustomization.yaml", "resources: []\n")],
    );
    assert_snapshot!(refused(&story, "promoter promote dev staging"), @r"
    2> error: environments/staging/api/kustomization.yaml: has no image `api`, which api has in the source
    2> hint: `--add` adds missing images
    exit code 2
    ");
}

#[test]
fn the_source() {
    let story = Story::shop();
    story.commit("an edit", &[(&path("dev", "api"), "images: [\n")]);
    assert_snapshot!(refused(&story, "promoter promote dev staging"), @r"
    2> error: environments/dev/api/kustomization.yaml:1:9: not valid YAML: unclosed bracket '['
    2>   | images: [
    2>   |         ^
    2> hint: correct the file
    exit code 2
    ");
    story.commit(
        "more",
        &[
            (&path("dev", "web"), &overlay(&[("web", "1")])),
            (&path("dev", "api"), &overlay(&[("api", "1.1"), ("proxy", "2")])),
        ],
    );
    assert_snapshot!(refused(&story, "promoter promote dev staging"), @r"
    2> error: 2 problems:
    2>   environments/staging/api/kustomization.yaml: has no image `proxy`, which api has in the source
    2>   staging has no folder for service `web`
    2> hint: `--add` adds missing images; `--skip-missing` leaves out missing services; `services: {NAME: {only: [...]}}` in promoter.yaml says so for good
    exit code 2
    ");
    assert_snapshot!(refused(&story, "promoter promote dev staging -o json"), @r#"
    {"changed":false,"command":"promote","error":{"code":"incomplete-target","exitCode":2,"hint":"`--add` adds missing images; `--skip-missing` leaves out missing services; `services: {NAME: {only: [...]}}` in promoter.yaml says so for good","message":"2 problems:\n  environments/staging/api/kustomization.yaml: has no image `proxy`, which api has in the source\n  staging has no folder for service `web`","problems":[{"code":"missing-image","image":"proxy","path":"environments/staging/api/kustomization.yaml","service":"api"},{"code":"missing-service","environment":"staging","service":"web"}]},"schema":1}
    2> error: 2 problems:
    2>   environments/staging/api/kustomization.yaml: has no image `proxy`, which api has in the source
    2>   staging has no folder for service `web`
    2> hint: `--add` adds missing images; `--skip-missing` leaves out missing services; `services: {NAME: {only: [...]}}` in promoter.yaml says so for good
    exit code 2
    "#);
}

//! promoter.yaml, and the files of holds.

use insta::assert_snapshot;

use crate::refused;
use crate::story::{Story, Told};

#[track_caller]
fn check(pipeline: &str) -> Told {
    let story = Story::shop();
    story.commit("rules", &[("promoter.yaml", pipeline)]);
    refused(&story, "promoter promote dev staging")
}

#[test]
fn the_file() {
    assert_snapshot!(check(""), @r"
    2> error: promoter.yaml:1:1: the file is empty
    2>   |
    2>   | ^
    2> hint: `promoter init` looks at the repository and writes one
    exit code 2
    ");
    assert_snapshot!(check("- dev\n- staging\n"), @r"
    2> error: promoter.yaml:1:1: expected a mapping of keys and values, found a list
    2>   | - dev
    2>   | ^
    2> hint: write a mapping of keys and values here
    exit code 2
    ");
    assert_snapshot!(check("environments:\n  - name: dev\n   from: x\n"), @r"
    2> error: promoter.yaml:3:4: not valid YAML: while parsing a block collection, did not find expected '-' indicator
    2>   |    from: x
    2>   |    ^
    2> hint: correct the file
    exit code 2
    ");
    assert_snapshot!(check("environments: [{name: dev}]\n---\nenvironments: [{name: qa}]\n"), @r"
    2> error: promoter.yaml:3:1: a second document; promoter.yaml is one
    2>   | environments: [{name: qa}]
    2>   | ^
    2> hint: remove the line `---` and what follows
    exit code 2
    ");
    assert_snapshot!(check("layout: environments/{environment}/{service}\n"), @r"
    2> error: promoter.yaml:1:1: `environments` is missing
    2>   | layout: environments/{environment}/{service}
    2>   | ^
    2> hint: add `environments:`
    exit code 2
    ");
    assert_snapshot!(check("enviroments: [{name: dev}]\n"), @r"
    2> error: promoter.yaml:1:1: unknown key `enviroments`
    2>   | enviroments: [{name: dev}]
    2>   | ^
    2> hint: did you mean `environments`?
    exit code 2
    ");
    assert_snapshot!(check("base: &b {name: dev}\nenvironments: [*b]\n"), @r"
    2> error: promoter.yaml:1:10: an anchor is not supported in promoter.yaml
    2>   | base: &b {name: dev}
    2>   |          ^
    2> hint: write the value out where it is used
    exit code 2
    ");
    assert_snapshot!(check("environments: [{name: dev}]\nshared: [../other]\n"), @r"
    2> error: promoter.yaml:2:10: `../other` is not a path from the root of the repository: it holds `.` or `..`
    2>   | shared: [../other]
    2>   |          ^
    2> hint: write it like `kustomize/base`
    exit code 2
    ");
}

#[test]
fn environments() {
    let check = |list: &str| check(&format!("environments:\n{list}"));
    assert_snapshot!(check("  - name: dev\n  - name: dev\n"), @r"
    2> error: promoter.yaml:3:5: environment `dev` is defined twice
    2>   |   - name: dev
    2>   |     ^
    2> hint: give one of them another name
    exit code 2
    ");
    assert_snapshot!(check("  - name: dev\n    form: qa\n"), @r"
    2> error: promoter.yaml:3:5: unknown key `form`
    2>   |     form: qa
    2>   |     ^
    2> hint: did you mean `from`?
    exit code 2
    ");
    assert_snapshot!(check("  - name: dev\n  - name: staging\n    from: dve\n"), @r"
    2> error: promoter.yaml:4:11: unknown environment `dve`
    2>   |     from: dve
    2>   |           ^
    2> hint: did you mean `dev`?
    exit code 2
    ");
    assert_snapshot!(check("  - name: a\n    from: b\n  - name: b\n    from: a\n"), @r"
    2> error: promoter.yaml:3:11: `from` goes round in a circle: a -> b -> a
    2>   |     from: b
    2>   |           ^
    2> hint: the first environment has no `from`
    exit code 2
    ");
    assert_snapshot!(check("  - name: de v\n"), @r"
    2> error: promoter.yaml:2:11: `de v` is not a name for an environment (letters, digits, `.`, `_` and `-`, at most 63, starting with a letter or digit)
    2>   |   - name: de v
    2>   |           ^
    2> hint: give it a short name, and its folder with `path:`
    exit code 2
    ");
    assert_snapshot!(check("  - name: dev\n  - name: qa\n    path: dev\n"), @r"
    2> error: promoter.yaml:4:11: environments `dev` and `qa` share the folder `dev`
    2>   |     path: dev
    2>   |           ^
    2> hint: give each its own folder with `path:`
    exit code 2
    ");
    assert_snapshot!(check("  - name: dev\n    deliver: pushed\n"), @r"
    2> error: promoter.yaml:3:14: `pushed` is none of `commit`, `push`, `api`, `pull-request`
    2>   |     deliver: pushed
    2>   |              ^
    2> hint: did you mean `push`?
    exit code 2
    ");
    assert_snapshot!(check("  - from: dev\n"), @r"
    2> error: promoter.yaml:2:5: `name` is missing
    2>   |   - from: dev
    2>   |     ^
    2> hint: add `name:`
    exit code 2
    ");
}

#[test]
fn layouts_and_gates() {
    let check = |more: &str| {
        check(&format!("{more}\nenvironments:\n  - name: dev\n  - name: staging\n    from: dev\n"))
    };
    assert_snapshot!(check("layout: overlays/{enviroment}"), @r"
    2> error: promoter.yaml:1:9: `overlays/{enviroment}` is not a layout pattern: the placeholders are `{environment}` and `{service}`
    2>   | layout: overlays/{enviroment}
    2>   |         ^
    2> hint: did you mean `{environment}`?
    exit code 2
    ");
    assert_snapshot!(check("layout: overlays/x"), @r"
    2> error: promoter.yaml:1:9: `overlays/x` is not a layout pattern: it has no `{environment}`
    2>   | layout: overlays/x
    2>   |         ^
    2> hint: write it like `environments/{environment}/{service}`
    exit code 2
    ");
    assert_snapshot!(check("layout: ['a/{environment}', 'b/{environment}/{service}']"), @r"
    2> error: promoter.yaml:1:29: patterns with and without `{service}` cannot stand in one layout
    2>   | layout: ['a/{environment}', 'b/{environment}/{service}']
    2>   |                             ^
    2> hint: without `{service}` every image is a service; use one kind or the other
    exit code 2
    ");
    assert_snapshot!(check("layout: deploy/{environment}/{service}"), @r"
    2> error: promoter.yaml:1:9: the layout finds no service in dev, looking below deploy/dev, deploy/staging
    2>   | layout: deploy/{environment}/{service}
    2>   |         ^
    2> hint: correct `layout` or `path` in promoter.yaml; `promoter init --dry-run` shows what it would find
    exit code 2
    ");
    assert_snapshot!(check("argocd: { application: shop }"), @r"
    2> error: promoter.yaml:1:24: `shop` is not a template: without `{environment}` all environments are one application
    2>   | argocd: { application: shop }
    2>   |                        ^
    2> hint: write it like `{service}-{environment}`
    exit code 2
    ");
    let gates = |gates: &str| {
        crate::configuration::check(&format!("environments:\n  - name: dev\n    gates: {gates}\n"))
    };
    assert_snapshot!(gates("{ soak: 24 }"), @r"
    2> error: promoter.yaml:3:20: `24` is not a span of time: it has no unit
    2>   |     gates: { soak: 24 }
    2>   |                    ^
    2> hint: write it like `24h`, `90m` or `7d`
    exit code 2
    ");
    assert_snapshot!(gates("{ freeze: [{ weekly: Friday }] }"), @r"
    2> error: promoter.yaml:3:33: `Friday` is not a weekly window: it has no ` - `
    2>   |     gates: { freeze: [{ weekly: Friday }] }
    2>   |                                 ^
    2> hint: write it like `Fri 16:00 - Mon 08:00`
    exit code 2
    ");
    assert_snapshot!(gates("{ images: { pined: true } }"), @r"
    2> error: promoter.yaml:3:24: unknown key `pined`
    2>   |     gates: { images: { pined: true } }
    2>   |                        ^
    2> hint: did you mean `pinned`?
    exit code 2
    ");
}

#[test]
fn services_and_holds() {
    let story = Story::shop();
    let pipeline = story.read("promoter.yaml") + "services:\n  api: { only: [porduction] }\n";
    story.commit("rules", &[("promoter.yaml", &pipeline)]);
    assert_snapshot!(refused(&story, "promoter status"), @r"
    2> error: promoter.yaml:8:17: unknown environment `porduction`
    2>   |   api: { only: [porduction] }
    2>   |                 ^
    2> hint: environments: `dev`, `staging`, `prod`
    exit code 2
    ");
    let held = |text: &str| {
        let story = Story::shop();
        story.commit("hold", &[(".promoter/holds/staging/api.yaml", text)]);
        story.did("promoter bump dev api=1.1");
        refused(&story, "promoter promote dev staging")
    };
    assert_snapshot!(held("kind: hold\n"), @r"
    2> error: .promoter/holds/staging/api.yaml:1:1: a list of holds is expected
    2>   | kind: hold
    2>   | ^
    2> hint: correct the file by hand: a list of `{kind, version, reason, by, since, until}`
    exit code 2
    ");
    assert_snapshot!(held("- kind: wait\n  reason: x\n"), @r"
    2> error: .promoter/holds/staging/api.yaml:1:9: `wait` is neither `hold` nor `bad`
    2>   | - kind: wait
    2>   |         ^
    2> hint: correct the file by hand: a list of `{kind, version, reason, by, since, until}`
    exit code 2
    ");
    assert_snapshot!(held("- kind: hold\n  reason: x\n  until: tomorrow\n"), @r"
    2> error: .promoter/holds/staging/api.yaml:3:10: `tomorrow` is not a time as in RFC 3339
    2>   |   until: tomorrow
    2>   |          ^
    2> hint: correct the file by hand: a list of `{kind, version, reason, by, since, until}`
    exit code 2
    ");
    assert_snapshot!(held("- [\n"), @r"
    2> error: .promoter/holds/staging/api.yaml:1:3: not valid YAML: unclosed bracket '['
    2>   | - [
    2>   |   ^
    2> hint: correct the file by hand: a list of `{kind, version, reason, by, since, until}`
    exit code 2
    ");
}

#[test]
fn a_file_from_elsewhere() {
    let story = Story::shop();
    assert_snapshot!(refused(&story, "promoter status --config ../nowhere.yaml"), @r"
    2> error: cannot read ../nowhere.yaml: No such file or directory (os error 2)
    2> hint: a path is taken from the current folder, not from `--repo`
    exit code 2
    ");
    assert_snapshot!(refused(&story, "promoter status --config ../nowhere.yaml -o json"), @r#"
    {"changed":false,"command":"promoter","error":{"code":"unreadable-file","exitCode":2,"hint":"a path is taken from the current folder, not from `--repo`","message":"cannot read ../nowhere.yaml: No such file or directory (os error 2)"},"schema":1}
    2> error: cannot read ../nowhere.yaml: No such file or directory (os error 2)
    2> hint: a path is taken from the current folder, not from `--repo`
    exit code 2
    "#);
    story.did("printf 'environments: 3\n' > ../wrong.yaml");
    assert_snapshot!(refused(&story, "promoter status --config ../wrong.yaml"), @r"
    2> error: ../wrong.yaml:1:15: expected a list, found a value
    2>   | environments: 3
    2>   |               ^
    2> hint: write a list here
    exit code 2
    ");
}

#[test]
fn no_configuration() {
    let story = Story::of(&[("README.md", "x\n")]);
    assert_snapshot!(refused(&story, "promoter status"), @r"
    2> error: there is no promoter.yaml in commit <c1>, and no environments/dev, staging and prod
    2> hint: run `promoter init`, then commit promoter.yaml
    exit code 2
    ");
    story.edit(&[crate::story::PIPELINE]);
    assert_snapshot!(refused(&story, "promoter status"), @r"
    2> error: there is no promoter.yaml in commit <c1>, and no environments/dev, staging and prod
    2> hint: a promoter.yaml lies in the working tree: commit it, and push it before `--push`
    exit code 2
    ");
}

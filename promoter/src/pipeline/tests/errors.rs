//! Wrong files, each with its whole message.

use crate::pipeline::Pipeline;

/// The input stands in the message; the snapshot need not repeat it.
macro_rules! snapshot {
    ($($arguments:tt)*) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($($arguments)*);
        })
    };
}

/// What a person sees of the error, without colours.
fn message(bytes: &[u8]) -> String {
    let error = Pipeline::parse("promoter.yaml", bytes).unwrap_err();
    let line = error.place().map(|place| format!("  {}\n", place.text)).unwrap_or_default();
    let hint = error.hint().map(|hint| format!("  hint: {hint}\n")).unwrap_or_default();
    format!("{} [{}]\n{line}{hint}", error, error.code())
}

/// The messages of several wrong files, one after the other.
fn messages(texts: &[&str]) -> String {
    texts.iter().map(|text| message(text.as_bytes())).collect::<Vec<_>>().join("\n")
}

/// A file that is right but for one more line.
fn with(line: &str) -> String {
    format!("environments:\n  - name: dev\n  - name: prod\n    from: dev\n{line}\n")
}

/// A file that is right but for one more line of an environment.
fn environment(line: &str) -> String {
    format!("environments:\n  - name: dev\n  - name: prod\n    from: dev\n    {line}\n")
}

fn each(make: fn(&str) -> String, lines: &[&str]) -> String {
    let texts: Vec<_> = lines.iter().map(|line| make(line)).collect();
    messages(&texts.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn no_yaml() {
    snapshot!(messages(&["", "# nothing\n", "---\n", "a: [1\n", "\tx: 1\n", "a: 1\n---\nb: 2\n"]));
    snapshot!("no_text", message(b"layout: \xff\n"));
    snapshot!("too_large", message(&vec![b'#'; 5 << 20]));
    snapshot!("too_deep", message(&[b'['; 1000]).lines().next().unwrap());
}

#[test]
fn yaml_that_is_not_for_people() {
    snapshot!(messages(&[
        "environments: &e\n  - name: dev\n",
        "layout: &l x/{environment}\nenvironments:\n  - name: *l\n",
        "environments:\n  - <<: { name: dev }\n",
        "environments: !!seq\n  - name: dev\n",
    ]));
}

#[test]
fn shapes() {
    snapshot!(messages(&[
        "just text\n",
        "- a\n",
        "layout: x/{environment}\n",
        "environments:\n",
        "environments: []\n",
        "environments: dev\n",
        "environments:\n  - dev\n",
        "environments:\n  - path: x\n",
        "environments:\n  - name:\n",
        "environments:\n  - name: [dev]\n",
        "environments:\n  - name: dev\n    ? [a]\n    : b\n",
        "environments:\n  - name: dev\n    name: prod\n",
        "enviroments:\n  - name: dev\n",
        "environments:\n  - name: dev\nzebra: 1\n",
    ]));
}

#[test]
fn layouts() {
    snapshot!(each(
        with,
        &[
            "layout: []",
            "layout: ''",
            "layout: environments/{service}",
            "layout: environments/{env}/{service}",
            "layout: environments/prod-{environment}/{service}",
            "layout: '{environment}/{service}/{service}'",
            "layout: /environments/{environment}",
            "layout: environments/{environment}/",
            "layout: ../other/{environment}",
            "layout: environments//{environment}",
            "layout: environments/*/{environment}",
            "layout: [a/{environment}, a/{environment}]",
            "layout: ['a/{environment}', 'a/{environment}/{service}']",
        ]
    ));
}

#[test]
fn environments() {
    snapshot!(messages(&[
        "environments:\n  - name: dev\n  - name: dev\n",
        "environments:\n  - name: eu/prod\n",
        "environments:\n  - name: a..b\n",
        "environments:\n  - name: dev\n  - name: prod\n    from: staging\n",
        "environments:\n  - name: dev\n  - name: prod\n    from: [dev, dve]\n",
        "environments:\n  - name: dev\n  - name: prod\n    from: []\n",
        "environments:\n  - name: dev\n  - name: prod\n    from: [dev, dev]\n",
        "environments:\n  - name: dev\n    from: dev\n",
        "environments:\n  - name: dev\n    from: prod\n  - name: staging\n    from: dev\n  - name: prod\n    from: staging\n",
        "environments:\n  - name: dev\n  - name: qa\n    path: dev\n",
        "environments:\n  - name: prod\n  - name: eu\n    path: prod/eu\n",
        "environments:\n  - name: eu\n    path: prod/eu\n  - name: prod\n",
    ]));
    let many = "  - name: dev\n".repeat(1001);
    snapshot!("too_many", message(format!("environments:\n{many}").as_bytes()));
}

#[test]
fn settings_of_an_environment() {
    snapshot!(each(
        environment,
        &[
            "path: /prod",
            "path: a/../b",
            "path: a\\b",
            "path: .git/x",
            "deliver: pull_request",
            "deliver: email",
            "override: yes",
            "gate: {}",
            "gates: { sok: 1h }",
            "gates: []",
        ]
    ));
}

#[test]
fn gates() {
    snapshot!(each(
        environment,
        &[
            "gates: { soak: 24 }",
            "gates: { soak: 1 month }",
            "gates: { soak: -3h }",
            "gates: { soak: soon }",
            "gates: { freeze: {} }",
            "gates: { freeze: [{ start: 2026-12-24 }] }",
            "gates: { freeze: [{ start: 2026-12-24, end: 2026-12-20 }] }",
            "gates: { freeze: [{ start: 24-12-2026, end: 2026-12-30 }] }",
            "gates: { freeze: [{ start: 2026-02-30, end: 2026-12-30 }] }",
            "gates: { freeze: [{ start: 2026-12-24, end: 2026-12-30, timezone: Europe/Amsterdm }] }",
            "gates: { freeze: [{ start: 2026-12-24, end: 9999-12-31 }] }",
            "gates: { freeze: [{ weekly: Fri 16:00, timezone: UTC }] }",
            "gates: { freeze: [{ weekly: Fry 16:00 - Mon 08:00 }] }",
            "gates: { freeze: [{ weekly: Fri 25:00 - Mon 08:00 }] }",
            "gates: { freeze: [{ weekly: Fri 16h - Mon 8h }] }",
            "gates: { freeze: [{ weekly: Fri 16:00 - Fri 16:00 }] }",
            "gates: { freeze: [{ weekly: Fri 16:00 - Mon 08:00, start: 2026-12-24 }] }",
            "gates: { images: { exists: true } }",
            "gates: { images: { exist: 'true' } }",
            "gates: { images: { platforms: [] } }",
            "gates: { images: { platforms: [amd64] } }",
            "gates: { images: { platforms: [linux/amd64, linux/amd64] } }",
            "gates: { images: { signature: {} } }",
            "gates: { images: { signature: { identity: a, issuer: b } } }",
            "gates: { images: { signature: { key: a.pub, trust_root: b } } }",
            "gates: { images: { signature: { key: a.pub, issuer: b } } }",
            "gates: { images: { signature: { key: a.pub, provenance: { builder: x } } } }",
            "gates: { healthy: { argocd: } }",
        ]
    ));
}

#[test]
fn the_rest() {
    snapshot!(each(
        with,
        &[
            "services: [api]",
            "services: { api: { only: [] } }",
            "services: { api: { only: [stage] } }",
            "services: { api: { onyl: [dev] } }",
            "shared: [/kustomize]",
            "shared: 7: 8",
            "argocd: { application: '{service}' }",
            "argocd: { application: '{service}-{env}' }",
            "argocd: {}",
            "versions: {}",
            "versions: [{ file: a.yaml }]",
            "versions: [{ file: ../a.yaml, path: x }]",
        ]
    ));
}

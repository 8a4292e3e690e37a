//! Where services are, on trees made of lists of paths.

use std::collections::{BTreeMap, BTreeSet};

use proptest::strategy::Strategy as _;

use crate::pipeline::{Entry, EntryKind, Layout, Owner, Pipeline, PipelineError};

/// A tree that counts how often each folder is looked at.
pub(super) struct Forest {
    folders: BTreeMap<String, BTreeMap<String, EntryKind>>,
    pub(super) listed: Vec<String>,
}

impl Forest {
    pub(super) fn of<S: AsRef<str>>(paths: impl IntoIterator<Item = S>) -> Self {
        let mut folders = BTreeMap::from([(String::new(), BTreeMap::new())]);
        for path in paths {
            let mut kind = EntryKind::File;
            let mut path = path.as_ref();
            loop {
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                let entries: &mut BTreeMap<_, _> = folders.entry(folder.to_owned()).or_default();
                entries.insert(name.to_owned(), kind);
                if folder.is_empty() {
                    break;
                }
                (path, kind) = (folder, EntryKind::Folder);
            }
        }
        Forest { folders, listed: Vec::new() }
    }

    #[expect(clippy::unnecessary_wraps, reason = "the layout's look-ups may fail")]
    pub(super) fn list(&mut self, folder: &str) -> Result<Option<Vec<Entry>>, PipelineError> {
        self.listed.push(folder.to_owned());
        let entries = self.folders.get(folder);
        let entry = |(name, kind): (&String, &EntryKind)| Entry { name: name.clone(), kind: *kind };
        Ok(entries.map(|entries| entries.iter().map(entry).collect()))
    }
}

/// dev -> staging -> prod, with the folder of prod named as given.
pub(super) fn pipeline(patterns: &[&str], prod: &str) -> Pipeline {
    let patterns: Vec<_> = patterns.iter().map(|pattern| format!("  - '{pattern}'\n")).collect();
    let yaml = format!(
        "layout:\n{}environments:\n  - name: dev\n  - {{ name: staging, from: dev }}\n  - {{ name: prod, from: staging, path: {prod} }}\n",
        patterns.concat()
    );
    Pipeline::parse("promoter.yaml", yaml.as_bytes()).unwrap()
}

/// `service: path [files below]` of every service of an environment, by both ways of asking.
fn folders(pipeline: &Pipeline, environment: &str, paths: &[&str]) -> Vec<String> {
    let mut forest = Forest::of(paths);
    let env = pipeline.environment(environment).unwrap();
    let found = pipeline.layout.folders(env, &mut |folder| forest.list(folder)).unwrap();
    for (service, folder) in &found {
        let one = pipeline.layout.folder(env, service, &mut |path| forest.list(path)).unwrap();
        assert_eq!(one.as_ref(), Some(folder), "{service}");
    }
    let shown = found.iter().map(|(service, folder)| {
        let below: Vec<_> = folder.files.iter().map(|file| file.below.as_str()).collect();
        format!("{service}: {} [{}]", folder.path, below.join(","))
    });
    shown.collect()
}

fn k(folders: &[&str]) -> Vec<String> {
    folders.iter().map(|folder| format!("{folder}/kustomization.yaml")).collect()
}

fn check(patterns: &[&str], kustomized: &[&str], environment: &str, expected: &[&str]) {
    let paths = k(kustomized);
    let paths: Vec<_> = paths.iter().map(String::as_str).collect();
    let found = folders(&pipeline(patterns, "production"), environment, &paths);
    assert_eq!(found, expected, "{patterns:?} {kustomized:?}");
}

#[test]
fn environment_first() {
    let patterns = ["environments/{environment}/{service}"];
    let tree = [
        "environments/dev/api",
        "environments/production/api",
        "environments/production/api/jobs/nightly",
        "environments/production/auth",
    ];
    let prod = [
        "api: environments/production/api [,jobs/nightly]",
        "auth: environments/production/auth []",
    ];
    check(&patterns, &tree, "prod", &prod);
    check(&patterns, &tree, "dev", &["api: environments/dev/api []"]);
    check(&patterns, &tree, "staging", &[]);
}

#[test]
fn a_service_may_span_folders() {
    let patterns = ["environments/{environment}/{service}"];
    let tree =
        ["environments/dev/shop/api", "environments/dev/shop/api/db", "environments/dev/web"];
    let dev = ["shop/api: environments/dev/shop/api [,db]", "web: environments/dev/web []"];
    check(&patterns, &tree, "dev", &dev);
}

#[test]
fn the_shallowest_match_in_any_environment_is_the_service() {
    let patterns = ["environments/{environment}/{service}"];
    let tree = [
        "environments/dev/shop",
        "environments/production/shop/api",
        "environments/production/web",
    ];
    let prod = ["shop: environments/production/shop [api]", "web: environments/production/web []"];
    check(&patterns, &tree, "prod", &prod);
}

#[test]
fn service_first() {
    let patterns = ["components/{service}/{environment}"];
    let tree = [
        "components/build/staging/base",
        "components/build/production/base",
        "components/build/production/eu-1",
        "components/build/base",
        "components/monitoring/grafana/production",
        "components/release/base/monitor/production",
        "components/release/production",
        "components/odd/staging/production",
    ];
    let prod = [
        "build: components/build/production [base,eu-1]",
        "monitoring/grafana: components/monitoring/grafana/production []",
        "release: components/release/production []",
        "release/base/monitor: components/release/base/monitor/production []",
    ];
    check(&patterns, &tree, "prod", &prod);
    let staging =
        ["build: components/build/staging [base]", "odd: components/odd/staging [production]"];
    check(&patterns, &tree, "staging", &staging);
}

#[test]
fn a_pattern_may_go_on_after_both() {
    let tree = [
        "components/x/overlays/production/base",
        "components/x/overlays/staging/base",
        "components/x/overlays/staging/base/db",
        "components/y/overlays/staging/other",
    ];
    let patterns = ["components/{service}/overlays/{environment}/base"];
    check(&patterns, &tree, "prod", &["x: components/x/overlays/production/base []"]);
    check(&patterns, &tree, "staging", &["x: components/x/overlays/staging/base [,db]"]);
    let patterns = ["apps/{environment}/{service}/deploy"];
    let tree = ["apps/dev/a/deploy", "apps/dev/a/b/deploy/c", "apps/dev/d"];
    check(&patterns, &tree, "dev", &["a: apps/dev/a/deploy []", "a/b: apps/dev/a/b/deploy [c]"]);
}

#[test]
fn one_kustomization_for_an_environment() {
    let patterns = ["k8s/overlays/{environment}"];
    let tree =
        ["k8s/base", "k8s/overlays/dev", "k8s/overlays/production", "k8s/overlays/production/jobs"];
    check(&patterns, &tree, "dev", &[": k8s/overlays/dev []"]);
    check(&patterns, &tree, "prod", &[": k8s/overlays/production [,jobs]"]);
    check(&patterns, &tree, "staging", &[]);
    assert!(pipeline(&patterns, "prod").layout.by_image());
}

#[test]
fn the_first_pattern_wins() {
    let patterns = ["{environment}/platform/{service}", "{environment}/{service}"];
    let tree = ["dev/platform", "dev/platform/dns", "dev/api", "dev/api/x", "dev/dns"];
    let dev = ["api: dev/api [,x]", "dns: dev/platform/dns []", "platform: dev/platform []"];
    check(&patterns, &tree, "dev", &dev);
}

#[test]
fn an_environments_folder_may_have_several_parts() {
    let pipeline = pipeline(&["envs/{environment}/{service}"], "eu/prod");
    let found = folders(
        &pipeline,
        "prod",
        &["envs/eu/prod/api/Kustomization", "envs/eu/kustomization.yml"],
    );
    assert_eq!(found, ["api: envs/eu/prod/api []"]);
}

#[test]
fn two_kustomization_files_are_refused_by_name() {
    let mut forest = Forest::of([
        "environments/dev/api/kustomization.yaml",
        "environments/dev/api/Kustomization",
    ]);
    let pipeline = pipeline(&["environments/{environment}/{service}"], "prod");
    let env = pipeline.environment("dev").unwrap();
    let error = pipeline.layout.folders(env, &mut |folder| forest.list(folder)).unwrap_err();
    insta::assert_snapshot!(error, @"`environments/dev/api` holds `Kustomization`, `kustomization.yaml`; Kustomize allows one file");
    assert_eq!((error.code(), error.place()), ("two-kustomizations", None));
}

#[test]
fn owners() {
    let tree =
        ["environments/dev/shop", "environments/production/shop/api", "environments/dev/web/eu"];
    let tree = k(&tree);
    let pipeline = pipeline(&["environments/{environment}/{service}"], "production");
    let check = |path: &str, expected: Option<(&str, &str, &str)>| {
        let mut forest = Forest::of(&tree);
        let owner = pipeline.layout.owner(path, &mut |folder| forest.list(folder)).unwrap();
        let shown = owner.as_ref().map(|owner| {
            let Owner { environment, service, below } = owner;
            (environment.as_str(), service.as_str(), below.as_str())
        });
        assert_eq!(shown, expected, "{path}");
    };
    check("environments/production/shop/api/kustomization.yaml", Some(("prod", "shop", "api")));
    check("environments/dev/shop/patch.yaml", Some(("dev", "shop", "")));
    check("environments/dev/web/eu/x/y.yaml", Some(("dev", "web/eu", "x")));
    check("environments/dev/gone/kustomization.yaml", Some(("dev", "gone", "")));
    check("environments/dev/gone/other.yaml", None);
    check("environments/dev/README.md", None);
    check("environments/production", None);
    check("kustomize/base/kustomization.yaml", None);
    check("", None);
}

#[test]
fn roots() {
    let check = |patterns: &[&str], expected: &[&str]| {
        assert_eq!(pipeline(patterns, "production").layout.roots(), expected, "{patterns:?}");
    };
    check(&["e/{environment}/{service}"], &["e/dev", "e/production", "e/staging"]);
    check(&["c/{service}/{environment}", "c/x/{service}/overlays/{environment}"], &["c"]);
    check(&["{service}/{environment}", "c/{environment}/{service}"], &[""]);
    check(&["k8s/{environment}"], &["k8s/dev", "k8s/production", "k8s/staging"]);
}

#[test]
fn a_pattern_that_matches_nothing_is_told_with_its_place() {
    let check = |patterns: &[&str], expected: Option<&str>| {
        let mut forest = Forest::of(k(&["apps/dev/a", "apps/dev/x/b", "c/x/y/dev", "docs/dev"]));
        let layout = pipeline(patterns, "prod").layout;
        let told =
            layout.verify(&mut |folder| forest.list(folder)).map_err(|error| error.to_string());
        assert_eq!(told.err().as_deref(), expected, "{patterns:?}");
    };
    check(&["apps/{environment}/{service}"], None);
    check(&["apps/{environment}/x/{service}", "apps/{environment}/{service}"], None);
    check(&["docs/{environment}"], None);
    check(
        &["app/{environment}"],
        Some("promoter.yaml:2:5: `app/{environment}` matches no folder with a kustomization file"),
    );
    let hidden = "promoter.yaml:3:5: `apps/{environment}/x/{service}` matches no folder with a kustomization file";
    check(&["apps/{environment}/{service}", "apps/{environment}/x/{service}"], Some(hidden));
    check(
        &["c/{service}/{environment}", "{service}/overlays/{environment}"],
        Some(
            "promoter.yaml:3:5: `{service}/overlays/{environment}` matches no folder with a kustomization file",
        ),
    );
}

/// The tree of a team with 5,000 services and ten files each.
fn large() -> Vec<String> {
    let folders = (0..5000)
        .flat_map(|n| ["dev", "staging", "prod"].map(|e| format!("environments/{e}/s{n}")));
    folders
        .flat_map(|folder| {
            (0..10).map(move |n| match n {
                0 => format!("{folder}/kustomization.yaml"),
                n => format!("{folder}/patch-{n}.yaml"),
            })
        })
        .collect()
}

#[test]
fn all_services_cost_one_listing_each() {
    let pipeline = pipeline(&["environments/{environment}/{service}"], "prod");
    let mut forest = Forest::of(large());
    let env = pipeline.environment("prod").unwrap();
    let found = pipeline.layout.folders(env, &mut |folder| forest.list(folder)).unwrap();
    assert_eq!((found.len(), forest.listed.len()), (5000, 5001));
    assert_eq!(forest.listed.iter().collect::<BTreeSet<_>>().len(), 5001);
}

#[test]
fn one_service_costs_its_own_folders() {
    let pipeline = pipeline(&["environments/{environment}/{service}"], "prod");
    let mut forest = Forest::of(large());
    let env = pipeline.environment("prod").unwrap();
    let found = pipeline.layout.folder(env, "s7", &mut |folder| forest.list(folder)).unwrap();
    assert_eq!(found.unwrap().path, "environments/prod/s7");
    let path = "environments/prod/s7/patch-3.yaml";
    pipeline.layout.owner(path, &mut |folder| forest.list(folder)).unwrap().unwrap();
    assert_eq!(forest.listed, ["environments/prod/s7", "environments/prod/s7"]);
}

/// What the three questions of a layout must agree on.
fn agree(layout: &Layout, pipeline: &Pipeline, paths: &[String]) {
    let mut forest = Forest::of(paths);
    let mut found = BTreeMap::new();
    for env in &pipeline.environments {
        let folders = layout.folders(env, &mut |folder| forest.list(folder)).unwrap();
        for (service, folder) in folders {
            let one = layout.folder(env, &service, &mut |path| forest.list(path)).unwrap();
            assert_eq!(one.as_ref(), Some(&folder));
            for file in folder.files {
                let owner = Owner {
                    environment: env.name.clone(),
                    service: service.clone(),
                    below: file.below,
                };
                assert_eq!(found.insert(file.path, owner), None, "owned twice");
            }
        }
    }
    for path in paths {
        let owner = layout.owner(path, &mut |folder| forest.list(folder)).unwrap();
        assert_eq!(owner.as_ref(), found.get(path), "{path}");
    }
}

proptest::proptest! {
    #[test]
    fn folders_folder_and_owner_agree(
        patterns in proptest::sample::subsequence(vec![
            "{environment}/{service}", "a/{environment}/{service}", "{service}/{environment}",
            "a/{service}/{environment}", "{service}/a/{environment}", "{environment}/{service}/a",
            "a/{environment}/b/{service}", "{service}/{environment}/b",
        ], 1..4).prop_shuffle(),
        folders in proptest::collection::btree_set("(a|b|dev|prod|staging)(/(a|b|dev|prod)){0,4}", 1..12),
    ) {
        let pipeline = pipeline(&patterns, "prod");
        let paths: Vec<_> = folders.iter().map(|folder| format!("{folder}/kustomization.yaml")).collect();
        agree(&pipeline.layout, &pipeline, &paths);
    }
}

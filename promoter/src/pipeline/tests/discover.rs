//! Repositories of many shapes, by the paths of their kustomization files.

use proptest::strategy::Strategy as _;

use crate::pipeline::Pipeline;
use crate::pipeline::discover::{Candidate, Discovery, Wishes, discover, render};

/// The files of folders; `{a,b}` stands for several, as in a shell.
fn files(folders: &[&str]) -> Vec<String> {
    let mut open: Vec<_> =
        folders.iter().map(|folder| format!("{folder}/kustomization.yaml")).collect();
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        match path.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?))) {
            Some((head, (words, tail))) => {
                open.extend(words.split(',').map(|word| format!("{head}{word}{tail}")));
            }
            None => files.push(path),
        }
    }
    files
}

/// `layout; a < b < c` of a candidate.
fn shown(candidate: &Candidate) -> String {
    let environments = candidate.environments.iter().map(|found| match found.from.as_slice() {
        [] => found.name.clone(),
        from => format!("{}<{}", found.name, from.join("|")),
    });
    format!("{}; {}", candidate.layout.join(" "), environments.collect::<Vec<_>>().join(" "))
}

fn look(folders: &[&str]) -> Discovery {
    let found = discover(&files(folders), &Wishes::default());
    for candidate in &found.candidates {
        says_the_same(candidate);
    }
    found
}

/// What is written is read as what was found.
fn says_the_same(candidate: &Candidate) {
    let text = render(candidate);
    let pipeline = Pipeline::parse("promoter.yaml", text.as_bytes())
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    let patterns: Vec<_> =
        pipeline.layout.patterns().map(|pattern| pattern.as_str().to_owned()).collect();
    assert_eq!(patterns, candidate.layout);
    assert_eq!(pipeline.environments.len(), candidate.environments.len());
    for (environment, found) in pipeline.environments.iter().zip(&candidate.environments) {
        assert_eq!((&environment.name, &environment.folder), (&found.name, &found.folder));
        assert_eq!(environment.from, found.from);
    }
}

fn check(folders: &[&str], expected: &str) {
    let found = look(folders);
    let best = found.candidates.first().map(shown);
    assert_eq!(best.as_deref(), Some(expected), "{folders:?}");
    assert!(!found.ambiguous, "{:#?}", found.candidates);
}

#[test]
fn shapes() {
    let line = "dev staging<dev prod<staging";
    check(
        &["environments/{dev,staging,prod}/{api,auth}", "kustomize/base/{api,auth}"],
        &format!("environments/{{environment}}/{{service}}; {line}"),
    );
    check(&["k8s/overlays/{dev,prod}", "k8s/base"], "k8s/overlays/{environment}; dev prod<dev");
    check(
        &["overlays/{production,staging}", "base"],
        "overlays/{environment}; staging production<staging",
    );
    check(
        &["components/{x,y,z}/overlays/{staging,production}/base"],
        "components/{service}/overlays/{environment}; staging production<staging",
    );
    check(
        &["{shop,blog,wiki}/overlays/{stage,live}", "{shop,blog,wiki}/base"],
        "{service}/overlays/{environment}; stage live<stage",
    );
    check(
        &["apps/{staging,production}/{x,y}", "apps/base/{x,y}"],
        "apps/{environment}/{service}; staging production<staging",
    );
    check(
        &["apps/{staging,production}", "apps/base/{x,y}"],
        "apps/{environment}; staging production<staging",
    );
    check(
        &["services/{a,b,c/d}/{int,qa,prd}", "services/{a,b}/base"],
        "services/{service}/{environment}; int qa<int prd<qa",
    );
    check(
        &["team/app/deploy/envs/{dev,test,uat,prod}"],
        "team/app/deploy/envs/{environment}; dev test<dev uat<test prod<uat",
    );
}

#[test]
fn names_with_a_region() {
    check(
        &["envs/{dev,staging-eu,staging-us,prod-eu,prod-us}"],
        "envs/{environment}; dev staging-eu<dev staging-us<dev prod-eu<staging-eu prod-us<staging-us",
    );
    check(
        &["envs/{dev,staging,eu-prod,us-prod}/{api,web}"],
        "envs/{environment}/{service}; dev staging<dev eu-prod<staging us-prod<staging",
    );
    check(&["envs/{eu-stg,us-stg,prod}"], "envs/{environment}; eu-stg us-stg prod<eu-stg|us-stg");
}

#[test]
fn mixed_monorepo() {
    let found = look(&[
        "components/{build,has,ui}/{staging,production}/base",
        "components/{build,has,ui}/production/{eu-prod-1,us-prod-2}",
        "components/{release,smee,integration}/{development,staging,production}",
        "components/monitoring/{grafana,registry}/{staging,production}",
        "components/dummy/overlays/{development,staging}",
        "components/{build,has,ui}/base/rbac",
        "components/build/production-downstream",
        "hack/templates/{integration,release}",
        "apps/overlays/{rd-staging,rd-production}",
    ]);
    let best = &found.candidates[0];
    assert_eq!(
        shown(best),
        "components/{service}/{environment}; development staging<development production<staging"
    );
    assert!(!found.ambiguous);
    assert_eq!((best.services, best.files), (9, 27));
    let left = [
        "apps/overlays/rd-production",
        "apps/overlays/rd-staging",
        "components/build/production-downstream",
    ];
    assert_eq!(best.left_out, left.map(|folder| format!("{folder}/kustomization.yaml")));
}

#[test]
fn two_folders_of_one_shape_are_two_patterns() {
    check(
        &["api/deploy/{dev,prod}", "web/k8s/{dev,prod}"],
        "{service}/deploy/{environment} {service}/k8s/{environment}; dev prod<dev",
    );
    check(
        &["apps/{dev,prod}/{a,b}", "infrastructure/{dev,prod}/{dns,certs}"],
        "apps/{environment}/{service} infrastructure/{environment}/{service}; dev prod<dev",
    );
}

#[test]
fn of_two_names_for_one_stage_the_common_one_is_taken() {
    let found = look(&["svc/{a,b,c}/{dev,prod}", "svc/d/{dev,production}"]);
    assert_eq!(shown(&found.candidates[0]), "svc/{service}/{environment}; dev prod<dev");
    assert_eq!(found.candidates[0].left_out, ["svc/d/production/kustomization.yaml"]);
}

#[test]
fn what_is_ambiguous_is_said() {
    let found = look(&["overlays/{dev,prod}", "overlays/{dev,prod}/{a,b,c,d,e,f,g,h,i}"]);
    assert!(found.ambiguous, "{:#?}", found.candidates);
}

#[test]
fn no_environments() {
    let found = look(&[
        "base",
        "components/{istio,kserve}/{base,overlays/kubeflow}",
        "env/{dev,dev-kind,gcp}",
        "test",
    ]);
    assert_eq!((found.candidates, found.kustomizations, found.ambiguous), (vec![], 9, false));
    assert_eq!(look(&[]).candidates, vec![]);
}

#[test]
fn wishes() {
    let check =
        |folders: &[&str], layout: &[&str], environments: &[&str], expected: Option<&str>| {
            let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
            let wishes = Wishes { layout: own(layout), environments: own(environments) };
            let found = discover(&files(folders), &wishes);
            assert!(!found.ambiguous);
            found.candidates.iter().for_each(says_the_same);
            assert_eq!(found.candidates.first().map(shown).as_deref(), expected);
        };
    let rings = ["rings/{ring-0,ring-1}/{a,b}"];
    check(&rings, &[], &[], None);
    check(
        &rings,
        &[],
        &["ring-0", "ring-1"],
        Some("rings/{environment}/{service}; ring-0 ring-1<ring-0"),
    );
    check(
        &rings,
        &[],
        &["ring-1", "ring-0"],
        Some("rings/{environment}/{service}; ring-1 ring-0<ring-1"),
    );
    let deep = ["overlays/{dev,prod}", "overlays/{dev,prod}/{a,b,c,d,e,f,g,h,i}"];
    check(&deep, &["overlays/{environment}"], &[], Some("overlays/{environment}; dev prod<dev"));
    check(
        &deep,
        &["overlays/{environment}/{service}"],
        &[],
        Some("overlays/{environment}/{service}; dev prod<dev"),
    );
    check(&deep, &["no/{environment}"], &[], None);
    check(&deep, &["no/{env}"], &[], None);
    check(
        &["apps/{a,b,c,d}/{dev,prod}", "x/overlays/{rd-dev,rd-prod}"],
        &["x/overlays/{environment}"],
        &[],
        Some("x/overlays/{environment}; rd-dev rd-prod<rd-dev"),
    );
}

#[test]
fn what_init_writes() {
    let found = look(&["{shop,blog}/k8s/{dev,eu+prod,us+prod}"]);
    insta::assert_snapshot!(render(&found.candidates[0]));
}

proptest::proptest! {
    #[test]
    fn what_is_found_is_right_whatever_the_paths(
        folders in proptest::collection::vec(
            "(apps|svc|base|[a-z.' ]{1,3}|overlays)?(/(a|b|dev|prod|prod-eu|Stage|envs|\\PC{1,3})){1,4}", 0..30
        ).prop_map(|folders| folders.into_iter().map(|folder| format!("{folder}/kustomization.yaml")).collect::<Vec<_>>()),
    ) {
        let found = discover(&folders, &Wishes::default());
        found.candidates.iter().for_each(says_the_same);
    }
}

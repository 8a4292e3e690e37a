//! promoter.yaml as types.

use jiff::SignedDuration;
use jiff::civil::{Weekday, time};

use crate::pipeline::{
    Delivery, Gates, Healthy, MergeMethod, Moment, Period, Pipeline, PipelineError, Review, Signer,
};

const FULL: &str = r#"layout: environments/{environment}/{service}
environments:
  - name: dev
  - name: staging
    from: dev
  - name: prod
    from: [staging, dev]
    path: eu/production
    deliver: pull-request
    override: allow
    gates:
      soak: 24h
      freeze:
        - { start: "2026-12-24", end: "2027-01-02", timezone: Europe/Amsterdam, reason: year's end }
        - { weekly: "Fri 16:00 - Mon 08:00", timezone: Europe/Amsterdam }
      images: { exist: true, pinned: true, signature: { key: keys/cosign.pub } }
      healthy: { argocd: true }
services:
  shop/debug: { only: [dev] }
shared: [kustomize/base]
argocd: { application: "{service}-{environment}" }
versions:
  - { file: "charts/{environment}/values.yaml", path: image.tag }
"#;

fn parse(text: &str) -> Pipeline {
    Pipeline::parse("promoter.yaml", text.as_bytes()).unwrap()
}

fn gates(text: &str) -> Gates {
    let yaml = format!(
        "environments:\n  - name: dev\n  - name: prod\n    from: dev\n    gates:\n      {text}\n"
    );
    parse(&yaml).environments[1].gates.clone()
}

#[test]
fn everything_that_can_be_said() {
    let pipeline = parse(FULL);
    let names: Vec<_> = pipeline.environments.iter().map(|env| env.name.as_str()).collect();
    assert_eq!(names, ["dev", "staging", "prod"]);
    let prod = pipeline.environment("prod").unwrap();
    assert_eq!(
        (prod.folder.as_str(), prod.deliver),
        ("eu/production", Some(Delivery::PullRequest))
    );
    assert!(prod.allow_override && !pipeline.environments[0].allow_override);
    assert_eq!((prod.gates.soak.is_some(), prod.gates.freeze.len()), (true, 2));
    assert_eq!(prod.gates.healthy, Some(Healthy::Argocd));
    assert_eq!(pipeline.shared, ["kustomize/base"]);
    assert_eq!(pipeline.argocd.as_ref().unwrap().application, "{service}-{environment}");
    let unsupported = &pipeline.unsupported[0];
    assert_eq!((unsupported.key, unsupported.place.line), ("versions", 23));
    assert!(pipeline.is_meant_for("shop/debug", "dev"));
    assert!(!pipeline.is_meant_for("shop/debug", "prod"));
    assert!(pipeline.is_meant_for("shop/api", "prod"));
}

#[test]
fn line_endings_and_a_byte_order_mark_mean_nothing() {
    let expected = parse(FULL);
    let crlf = parse(&FULL.replace('\n', "\r\n"));
    assert_eq!(crlf.environments, expected.environments);
    assert_eq!(crlf.unsupported[0].place.to_string(), "promoter.yaml:23:3");
    let marked = parse(&format!("\u{feff}{FULL}"));
    assert_eq!(marked.environments, expected.environments);
}

#[test]
fn the_order() {
    let pipeline = parse(FULL);
    let first: Vec<_> = pipeline.first().map(|env| env.name.as_str()).collect();
    assert_eq!(first, ["dev"]);
    for (from, to, may) in [
        ("dev", "staging", true),
        ("staging", "prod", true),
        ("dev", "prod", true),
        ("prod", "staging", false),
        ("dev", "dev", false),
        ("qa", "prod", false),
        ("dev", "qa", false),
    ] {
        assert_eq!(pipeline.may_enter(from, to), may, "{from} {to}");
    }
}

#[test]
fn an_unknown_environment_is_told_with_the_nearest() {
    let error = parse(FULL).environment("production").unwrap_err();
    assert_eq!(error.to_string(), "unknown environment `production`");
    assert_eq!(error.hint().unwrap(), "did you mean `prod`?");
    let error = parse(FULL).environment("qa").unwrap_err();
    assert_eq!(error.hint().unwrap(), "environments: `dev`, `staging`, `prod`");
}

#[test]
fn soak_times() {
    let check = |text: &str, hours: i64, minutes: i64| {
        let expected = SignedDuration::from_mins(hours * 60 + minutes);
        assert_eq!(gates(&format!("soak: {text}")).soak, Some(expected), "{text}");
    };
    check("24h", 24, 0);
    check("90m", 1, 30);
    check("7d", 168, 0);
    check("2w", 336, 0);
    check("1d 12h", 36, 0);
    check("1h30m", 1, 30);
    check("PT36H", 36, 0);
}

#[test]
fn freezes_between_dates() {
    let check = |text: &str, start: &str, end: &str| {
        let freeze = gates(&format!("freeze: [{{{text}}}]")).freeze.remove(0);
        let expected = Period::Once { start: start.parse().unwrap(), end: end.parse().unwrap() };
        assert_eq!(freeze.period, expected, "{text}");
    };
    check("start: 2026-12-24, end: 2027-01-02", "2026-12-24T00:00:00Z", "2027-01-03T00:00:00Z");
    let zone = "timezone: Europe/Amsterdam";
    check(
        &format!("start: 2026-12-24, end: 2026-12-24, {zone}"),
        "2026-12-23T23:00:00Z",
        "2026-12-24T23:00:00Z",
    );
    check(
        &format!("start: '2026-12-24T18:00:00+02:00', end: '2026-12-25T00:00:00Z', {zone}"),
        "2026-12-24T16:00:00Z",
        "2026-12-25T00:00:00Z",
    );
    // The clock goes from 02:00 to 03:00 on 29 March and from 03:00 to 02:00 on 25 October.
    check(
        &format!("start: '2026-03-29T02:30', end: '2026-10-25T02:30', {zone}"),
        "2026-03-29T01:30:00Z",
        "2026-10-25T01:30:00Z",
    );
    check(
        &format!("start: '2026-10-25T02:30', end: '2027-03-28T02:30', {zone}"),
        "2026-10-25T00:30:00Z",
        "2027-03-28T01:30:00Z",
    );
}

#[test]
fn weekly_freezes() {
    let freeze = gates("freeze: [{ weekly: 'Fri 16:00 - monday 08:30', reason: rest }]").freeze;
    let start = Moment { day: Weekday::Friday, time: time(16, 0, 0, 0) };
    let end = Moment { day: Weekday::Monday, time: time(8, 30, 0, 0) };
    assert_eq!(freeze[0].period, Period::Weekly { start, end });
    assert_eq!(freeze[0].timezone, jiff::tz::TimeZone::UTC);
    assert_eq!(freeze[0].reason.as_deref(), Some("rest"));
}

#[test]
fn signers() {
    let check = |text: &str, expected: &Signer| {
        let gates = gates(&format!("images: {{ signature: {{ {text} }} }}"));
        assert_eq!(&gates.images.unwrap().signature.unwrap().signer, expected);
    };
    check("key: keys/cosign.pub", &Signer::Key("keys/cosign.pub".into()));
    let signer = Signer::Identity {
        trust_root: "keys/root.json".into(),
        identity: "ci@acme".into(),
        issuer: "https://acme".into(),
    };
    check("identity: ci@acme, issuer: https://acme, trust_root: keys/root.json", &signer);
}

#[test]
fn platforms() {
    let check = |text: &str, expected: &[&str]| {
        let images = gates(&format!("images: {{ exist: true{text} }}")).images.unwrap();
        let platforms: Vec<_> = images.platforms.iter().map(ToString::to_string).collect();
        assert_eq!(platforms, expected, "{text}");
    };
    check("", &["linux/amd64"]);
    check(", platforms: linux/arm64", &["linux/arm64"]);
    check(", platforms: [linux/amd64, linux/arm/v7]", &["linux/amd64", "linux/arm/v7"]);
}

#[test]
fn gates_that_are_off_are_not_configured() {
    let images = gates("images: { exist: false }").images.unwrap();
    assert!(!images.exist && !images.pinned && images.signature.is_none());
    assert_eq!(gates("healthy: { argocd: false }").healthy, None);
    assert_eq!(parse("environments: [name: dev]").environments[0].gates, Gates::default());
}

#[test]
fn without_promoter_yaml() {
    let pipeline = Pipeline::default_for(&["prod", "dev", "qa", "staging"]).unwrap();
    assert!(pipeline.may_enter("dev", "staging") && pipeline.may_enter("staging", "prod"));
    assert_eq!(pipeline.first().count(), 1);
    let error = Pipeline::default_for(&["dev", "production"]).unwrap_err();
    let expected = PipelineError::NotConfigured {
        missing: vec!["environments/staging".into(), "environments/prod".into()],
    };
    assert_eq!(error, expected);
    assert_eq!(
        error.to_string(),
        "no promoter.yaml, and no folder `environments/staging`, `environments/prod`"
    );
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        let _ = Pipeline::parse("promoter.yaml", &bytes);
    }

    #[test]
    fn no_mangled_file_makes_it_panic(from in 0..FULL.len(), length in 0usize..40, with in ".{0,12}") {
        let mut text = FULL.to_owned();
        let end = (from + length).min(text.len());
        text.replace_range(from..end, &with);
        let _ = Pipeline::parse("promoter.yaml", text.as_bytes());
    }
}

#[test]
fn what_is_asked_of_pull_requests() {
    let pipeline = parse(
        "environments:
  - name: dev
  - name: staging
    from: dev
    pull_request: { labels: [], reviewers: ada, draft: true, commits: true }
  - name: prod
    from: staging
    pull_request: { auto_merge: rebase }
pull_request: { labels: [promotion, ops], team_reviewers: release, auto_merge: squash }
",
    );
    let list = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    let check = |name: &str, expected: Review| {
        let environment = pipeline.environment(name).unwrap();
        assert_eq!(pipeline.review(environment), expected, "{name}");
    };
    let above = Review {
        labels: list(&["promotion", "ops"]),
        team_reviewers: list(&["release"]),
        auto_merge: Some(MergeMethod::Squash),
        ..Review::default()
    };
    check("dev", above.clone());
    check(
        "staging",
        Review {
            labels: list(&[]),
            reviewers: list(&["ada"]),
            draft: Some(true),
            commits: Some(true),
            ..above.clone()
        },
    );
    check("prod", Review { auto_merge: Some(MergeMethod::Rebase), ..above });
}

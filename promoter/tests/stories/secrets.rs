//! A credential that somebody committed into a URL is shown by no command and in no commit.

use crate::story::{Story, path};

const COMMANDS: [&str; 10] = [
    "promoter status -v",
    "promoter diff dev staging",
    "promoter promote dev staging --dry-run -v",
    "promoter promote dev staging --only https://nowhere",
    "promoter where deploy",
    "promoter check",
    "promoter promote dev staging",
    "promoter history",
    "promoter rollback staging",
    "promoter promote dev staging --add",
];

fn remote(reference: &str) -> String {
    format!("resources:\n  - https://ada:s3cret@host/org/repo/deploy?ref={reference}\n")
}

#[test]
fn a_credential_in_a_url_is_never_shown() {
    for format in ["text", "json"] {
        let story = Story::of(&[
            (&path("dev", "api"), remote("v1").as_str()),
            (&path("staging", "api"), remote("v1").as_str()),
            (&path("prod", "api"), remote("v1").as_str()),
        ]);
        story.commit("dev goes on", &[(&path("dev", "api"), remote("v2").as_str())]);
        for command in COMMANDS {
            let told = story.tell(&format!("{command} -o {format}"));
            assert!(!told.to_string().contains("s3cret"), "{command}: {told}");
        }
        let log = story.tell("git log --format=%B");
        assert!(log.to_string().contains("promote dev to staging"), "{log}");
        assert!(!log.to_string().contains("s3cret"), "{log}");
    }
}

#[test]
fn a_credential_in_a_line_that_is_wrong_is_not_shown() {
    let broken = "resources:\n  - https://ada:s3cret@host/r?ref=v1&version=v2\n";
    let story = Story::shop();
    story.commit("break dev", &[(&path("dev", "api"), broken)]);
    for format in ["text", "json"] {
        let told = story.tell(&format!("promoter promote dev staging api -o {format}"));
        assert_eq!(told.code, 2, "{told}");
        assert!(!told.to_string().contains("s3cret"), "{told}");
    }
}

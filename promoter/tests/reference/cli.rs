//! docs/cli.md, completions and manual pages.

use std::fmt::Write as _;
use std::fs;

use crate::document;
use crate::story::Story;

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// The names under "Commands:" of the help.
fn commands(story: &Story) -> Vec<String> {
    let help = story.tell("promoter help").stdout;
    let after = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let rows = after.take_while(|line| !line.is_empty());
    let names = rows.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !["", "help"].contains(name)).map(str::to_owned).collect()
}

fn generated(story: &Story) -> String {
    let mut page = "# Command line\n\n\
        What `promoter help` and `promoter help COMMAND` print; `cargo test --test reference` \
        compares it with the program.\n"
        .to_owned();
    let names = commands(story);
    for name in std::iter::once("").chain(names.iter().map(String::as_str)) {
        let help = story.tell(&format!("promoter help {name}"));
        assert_eq!(help.code, 0, "{help}");
        let title = format!("promoter {name}");
        let _ = write!(page, "\n## {}\n\n```text\n{help}```\n", title.trim());
    }
    page
}

#[test]
fn the_help_is_in_the_documents() {
    let story = Story::shop();
    let page = generated(&story);
    let file = document("cli.md");
    if std::env::var_os("REGENERATE").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let documented = fs::read_to_string(&file).unwrap_or_default();
    assert!(documented == page, "docs/cli.md is old: REGENERATE=1 cargo test --test reference");
}

#[test]
fn completions_for_every_shell() {
    let story = Story::shop();
    for shell in SHELLS {
        let told = story.tell(&format!("promoter completions {shell}"));
        assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{shell}");
        for name in commands(&story) {
            assert!(told.stdout.contains(&name), "{shell} lacks {name}");
        }
    }
    story.did("promoter completions bash | bash -n");
}

#[test]
fn a_manual_page_for_every_command() {
    let story = Story::shop();
    for name in commands(&story).iter().map(String::as_str).chain([""]) {
        let told = story.tell(&format!("promoter man {name}"));
        assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{name}");
        assert!(told.stdout.contains(".TH") && told.stdout.contains(".SH SYNOPSIS"), "{told}");
    }
}

//! A candidate as a promoter.yaml for people.

use super::candidate::{Candidate, Found};

/// The text of a promoter.yaml that says what the candidate says.
#[must_use]
pub fn render(candidate: &Candidate) -> String {
    let environments = candidate.environments.iter().map(environment).collect::<String>();
    format!(
        "# How versions travel in this repository.\n\
         {}\
         \n\
         # In the order of promotion; a version enters at the first one.\n\
         environments:\n{environments}",
        layout(&candidate.layout)
    )
}

fn layout(patterns: &[String]) -> String {
    let comment = if patterns.iter().all(|pattern| !pattern.contains("{service}")) {
        "# Every image of an environment's kustomization is a service.\n"
    } else {
        "# Where the folder of a service is; the first pattern that matches counts.\n"
    };
    match patterns {
        [one] => format!("{comment}layout: {}\n", text(one)),
        several => {
            let items: Vec<_> = several.iter().map(|one| format!("  - {}\n", text(one))).collect();
            format!("{comment}layout:\n{}", items.concat())
        }
    }
}

fn environment(environment: &Found) -> String {
    let from = match environment.from.as_slice() {
        [] => String::new(),
        [one] => format!("    from: {}\n", text(one)),
        several => {
            let names: Vec<_> = several.iter().map(|name| text(name)).collect();
            format!("    from: [{}]\n", names.join(", "))
        }
    };
    let path = if environment.folder == environment.name {
        String::new()
    } else {
        format!("    path: {}\n", text(&environment.folder))
    };
    format!("  - name: {}\n{from}{path}", text(&environment.name))
}

/// The words as YAML, in quotes where they would mean something else without.
fn text(words: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/{}".contains(c);
    let letter = words.starts_with(|c: char| c.is_ascii_alphabetic());
    let null = words.eq_ignore_ascii_case("null");
    if letter && !null && words.chars().all(plain) {
        words.to_owned()
    } else {
        format!("'{}'", words.replace('\'', "''"))
    }
}

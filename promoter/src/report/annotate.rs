//! Findings as GitHub's workflow commands, which show them at their lines of the pull request:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.

use std::fmt::Write as _;

use crate::commands::{Checked, Finding, Level};

/// One command a line.
pub(super) fn commands(checked: &Checked) -> String {
    checked.findings.iter().fold(String::new(), |mut text, finding| {
        let _ = writeln!(text, "{}", command(finding));
        text
    })
}

fn command(finding: &Finding) -> String {
    let level = match finding.level {
        Level::Error => "error",
        Level::Notice => "notice",
    };
    let mut properties =
        vec![format!("title={}", property(&format!("promoter: {}", finding.code)))];
    properties.extend(finding.file.as_ref().map(|file| format!("file={}", property(file))));
    if let Some(place) = &finding.place {
        properties.push(format!("line={},col={}", place.line, place.column));
    }
    format!("::{level} {}::{}", properties.join(","), data(&finding.message))
}

/// A message may hold anything but these.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property may not hold what separates properties, either.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::command;
    use crate::commands::{Finding, Level};
    use crate::place::Place;

    #[test]
    fn commands_hold_one_finding_each() {
        let place = Place { file: "a,b.yaml".into(), line: 3, column: 13, text: String::new() };
        let finding = Finding {
            code: "order",
            level: Level::Error,
            file: Some(place.file.clone()),
            place: Some(place),
            message: "100 %\n::warning::x".into(),
        };
        assert_eq!(
            command(&finding),
            "::error title=promoter%3A order,file=a%2Cb.yaml,line=3,col=13::100 %25%0A::warning::x"
        );
        let plain = Finding { place: None, file: None, level: Level::Notice, ..finding };
        assert!(command(&plain).starts_with("::notice title=promoter%3A order::100"));
    }
}

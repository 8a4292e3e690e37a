//! `.promoter/holds/<environment>/<service>.yaml`: holds and bad marks of a service, as bytes.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::place::Place;
use crate::yaml::{self, Kind, Node, YamlError};

use super::{Hold, HoldKind, MarkedVersion};

/// A holds file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoldsError {
    /// Not YAML.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// Not a list of entries as documented.
    #[error("{place}: {reason}")]
    Shape {
        /// Where.
        place: Place,
        /// What is expected there.
        reason: String,
    },
}

impl HoldsError {
    /// Where it is wrong.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            HoldsError::Yaml(error) => error.place(),
            HoldsError::Shape { place, .. } => Some(place),
        }
    }
}

/// The entries of one file, and its bytes, of which as many as possible stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// In file order.
    pub entries: Vec<Hold>,
    text: String,
    /// Offset of each entry.
    starts: Vec<usize>,
}

impl Holds {
    /// Whether a file of this path holds entries.
    #[must_use]
    pub fn is_path(path: &str) -> bool {
        path.starts_with(".promoter/holds/")
    }

    /// Whether a file of this path holds entries of this environment.
    #[must_use]
    pub fn is_of(path: &str, environment: &str) -> bool {
        let below = path.strip_prefix(".promoter/holds/");
        let below = below.and_then(|path| path.strip_prefix(environment));
        below.is_some_and(|path| path.starts_with('/'))
    }

    /// Where the entries of a service stand.
    #[must_use]
    pub fn path(environment: &str, service: &str) -> String {
        format!(".promoter/holds/{environment}/{service}.yaml")
    }

    /// Reads a holds file.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, HoldsError> {
        let text = yaml::text_of(file, bytes)?;
        let parsed = yaml::parse(file, text)?;
        let reader = Reader { file, text };
        let items = match parsed.documents.as_slice() {
            [] => &[],
            [one] if one.is_null() => &[],
            [one] => match one.items() {
                Some(items) => items,
                None => return Err(reader.shape(one, "a list of holds is expected")),
            },
            [_, second, ..] => return Err(reader.shape(second, "one document is expected")),
        };
        let entries = items.iter().map(|item| reader.hold(item)).collect::<Result<_, _>>()?;
        let starts = items.iter().map(|item| item.range.start).collect();
        Ok(Holds { entries, text: text.to_owned(), starts })
    }

    /// The file with more entries at its end.
    #[must_use]
    pub fn with(&self, more: &[Hold]) -> String {
        let mut text = self.text.clone();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        for hold in more {
            write_entry(&mut text, hold);
        }
        let entries: Vec<Hold> = self.entries.iter().chain(more).cloned().collect();
        proven(text, &entries)
    }

    /// The file without the entries that `goes` means.
    #[must_use]
    pub fn without(&self, goes: impl Fn(&Hold) -> bool) -> String {
        let mut text = String::new();
        let lines: Vec<usize> = self.starts.iter().map(|start| self.line_of(*start)).collect();
        let ends = lines.iter().skip(1).copied().chain([self.text.len()]);
        text.push_str(self.text.get(..lines.first().copied().unwrap_or(0)).unwrap_or_default());
        for ((hold, start), end) in self.entries.iter().zip(&lines).zip(ends) {
            if !goes(hold) {
                text.push_str(self.text.get(*start..end).unwrap_or_default());
            }
        }
        let entries: Vec<Hold> = self.entries.iter().filter(|hold| !goes(hold)).cloned().collect();
        if entries.is_empty() {
            text.push_str("[]\n");
        }
        proven(text, &entries)
    }

    /// Where the entry at `start` begins with what belongs to it: its `-`, and comments above.
    fn line_of(&self, start: usize) -> usize {
        let before = self.text.get(..start).unwrap_or_default();
        let dash = before.rfind('-').unwrap_or(0);
        let mut line = before.get(..dash).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1);
        loop {
            let above = before.get(..line).unwrap_or_default();
            let above = above.strip_suffix('\n').unwrap_or(above);
            let from = above.rfind('\n').map_or(0, |at| at + 1);
            let comment = above.get(from..).is_some_and(|text| text.trim_start().starts_with('#'));
            if line == 0 || !comment {
                return line;
            }
            line = from;
        }
    }
}

/// The text, if it says what it shall; else all entries written anew, without comments.
fn proven(text: String, entries: &[Hold]) -> String {
    if Holds::parse("", text.as_bytes()).is_ok_and(|read| read.entries == entries) {
        return text;
    }
    let mut text = String::new();
    for hold in entries {
        write_entry(&mut text, hold);
    }
    text
}

fn write_entry(text: &mut String, hold: &Hold) {
    let kind = hold.kind.word();
    // Strings are written as JSON, which is YAML whatever they hold.
    let quote = |value: &str| serde_json::Value::from(value).to_string();
    let _ = writeln!(text, "- kind: {kind}");
    if let Some(version) = &hold.version {
        let _ = writeln!(text, "  version:\n    image: {}", quote(&version.image));
        for (key, value) in [("tag", &version.tag), ("digest", &version.digest)] {
            if let Some(value) = value {
                let _ = writeln!(text, "    {key}: {}", quote(value));
            }
        }
    }
    let _ = writeln!(text, "  reason: {}\n  by: {}", quote(&hold.reason), quote(&hold.by));
    for (key, value) in [("since", hold.since), ("until", hold.until)] {
        if let Some(value) = value {
            let _ = writeln!(text, "  {key}: \"{value}\"");
        }
    }
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
}

impl Reader<'_> {
    fn shape(&self, node: &Node, reason: impl Into<String>) -> HoldsError {
        HoldsError::Shape {
            place: Place::of(self.file, self.text, node.range.start),
            reason: reason.into(),
        }
    }

    fn hold(&self, node: &Node) -> Result<Hold, HoldsError> {
        let fields = self.fields(node, &["kind", "version", "reason", "by", "since", "until"])?;
        let get = |name: &str| fields.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let need =
            |name: &str| get(name).ok_or_else(|| self.shape(node, format!("`{name}` is missing")));
        let kind = need("kind")?;
        Ok(Hold {
            kind: match self.string(kind)? {
                "hold" => HoldKind::Hold,
                "bad" => HoldKind::Bad,
                other => {
                    return Err(self.shape(kind, format!("`{other}` is neither `hold` nor `bad`")));
                }
            },
            version: get("version").map(|node| self.version(node)).transpose()?,
            reason: self.string(need("reason")?)?.to_owned(),
            by: get("by").map(|node| self.string(node)).transpose()?.unwrap_or_default().to_owned(),
            since: get("since").map(|node| self.time(node)).transpose()?,
            until: get("until").map(|node| self.time(node)).transpose()?,
        })
    }

    fn version(&self, node: &Node) -> Result<MarkedVersion, HoldsError> {
        let fields = self.fields(node, &["image", "tag", "digest"])?;
        let get = |name: &str| {
            let found = fields.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| self.string(value).map(str::to_owned)).transpose()
        };
        let image = get("image")?.ok_or_else(|| self.shape(node, "`image` is missing"))?;
        let (tag, digest) = (get("tag")?, get("digest")?);
        if tag.is_none() && digest.is_none() {
            return Err(self.shape(node, "a version needs `tag`, `digest`, or both"));
        }
        Ok(MarkedVersion { image, tag, digest })
    }

    fn fields<'n>(
        &self,
        node: &'n Node,
        known: &[&str],
    ) -> Result<Vec<(&'n str, &'n Node)>, HoldsError> {
        let Kind::Mapping(_, entries) = &node.kind else {
            return Err(self.shape(node, "a mapping is expected"));
        };
        let mut fields: Vec<(&str, &Node)> = Vec::new();
        for (key, value) in entries {
            let name = self.string(key)?;
            if !known.contains(&name) {
                return Err(self.shape(
                    key,
                    format!("unknown key `{name}`, expected one of {}", known.join(", ")),
                ));
            }
            if fields.iter().any(|(other, _)| *other == name) {
                return Err(self.shape(key, format!("`{name}` is there twice")));
            }
            fields.push((name, value));
        }
        Ok(fields)
    }

    fn string<'n>(&self, node: &'n Node) -> Result<&'n str, HoldsError> {
        node.as_str().ok_or_else(|| self.shape(node, "a string is expected"))
    }

    fn time(&self, node: &Node) -> Result<Timestamp, HoldsError> {
        let text = self.string(node)?;
        text.parse().map_err(|_| self.shape(node, format!("`{text}` is not a time as in RFC 3339")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Holds;
    use crate::gate::{Hold, HoldKind, MarkedVersion};
    use crate::version::{Key, Version};

    fn bad(tag: &str, reason: &str) -> Hold {
        let key = Key::Image("api".into());
        let version = Version::parse_image(tag).unwrap();
        Hold {
            kind: HoldKind::Bad,
            version: Some(MarkedVersion::of(&key, &version)),
            reason: reason.into(),
            by: "a \"b\" <c@d>".into(),
            since: Some("2026-11-21T10:00:00Z".parse().unwrap()),
            until: Some("2026-12-01T00:00:00Z".parse().unwrap()),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let holds = vec![bad("1.10", "it's: #1\nand"), bad("on", "\\ \u{1}")];
        let text = Holds::default().with(&holds);
        let read = Holds::parse("h.yaml", text.as_bytes()).unwrap();
        assert_eq!(read.entries, holds);
        let more = read.with(&[bad("2", "x")]);
        assert!(more.starts_with(&text));
        assert_eq!(Holds::parse("h.yaml", more.as_bytes()).unwrap().entries.len(), 3);
    }

    #[test]
    fn bytes_of_others_stay() {
        let text = "# Of the shop team.\n\n- kind: hold   # until the fair is over\n  reason: fair\n\
            # Found in November.\n- kind: bad\n  version: {image: api, tag: '1'}\n  reason: leaks\n";
        let read = Holds::parse("h.yaml", text.as_bytes()).unwrap();
        insta::assert_snapshot!(read.without(|hold| hold.kind == HoldKind::Hold), @r"
        # Of the shop team.

        # Found in November.
        - kind: bad
          version: {image: api, tag: '1'}
          reason: leaks
        ");
        insta::assert_snapshot!(read.without(|hold| hold.kind == HoldKind::Bad), @r"
        # Of the shop team.

        - kind: hold   # until the fair is over
          reason: fair
        ");
        assert_eq!(read.without(|_| true), "# Of the shop team.\n\n[]\n");
        assert_eq!(read.without(|_| false), text);
    }

    #[test]
    fn other_spellings_are_written_anew() {
        let flow = "[{kind: hold, reason: a}, {kind: hold, reason: b}]";
        let read = Holds::parse("h.yaml", flow.as_bytes()).unwrap();
        let rest = Holds::parse("h.yaml", read.without(|hold| hold.reason == "a").as_bytes());
        assert_eq!(rest.unwrap().entries, read.entries[1..]);
        for empty in ["", "[]\n", "# none\n[]\n", "---\n"] {
            let none = Holds::parse("h.yaml", empty.as_bytes()).unwrap();
            let one = Holds::parse("h.yaml", none.with(&read.entries[..1]).as_bytes()).unwrap();
            assert_eq!(one.entries, read.entries[..1], "{empty:?}");
        }
    }

    #[test]
    fn expiry_is_half_open() {
        let hold = bad("1", "x");
        assert!(hold.stands("2026-11-30T23:59:59Z".parse().unwrap()));
        assert!(!hold.stands("2026-12-01T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_a_mark_means() {
        let digest = |c: &str| format!("sha256:{}", c.repeat(64));
        let check = |mark: &str, version: &str, means: bool| {
            let key = Key::Image("api".into());
            let mark = MarkedVersion::of(&key, &Version::parse_image(mark).unwrap());
            let version = Version::parse_image(version).unwrap();
            assert_eq!(mark.means(&key, &version), means, "{mark:?} {version}");
            assert!(!mark.means(&Key::Image("web".into()), &version));
        };
        check("1", "1", true);
        check("1", "2", false);
        check(&format!("1@{}", digest("a")), &format!("2@{}", digest("a")), true);
        check(&format!("1@{}", digest("a")), &format!("1@{}", digest("b")), false);
        check("1", &format!("1@{}", digest("b")), true);
    }

    #[test]
    fn wrong_files_name_the_place() {
        let check = |text: &str, message: &str| {
            assert_eq!(Holds::parse("h.yaml", text.as_bytes()).unwrap_err().to_string(), message);
        };
        check("a: 1", "h.yaml:1:1: a list of holds is expected");
        check("- kind: nice\n  reason: x", "h.yaml:1:9: `nice` is neither `hold` nor `bad`");
        check("- kind: bad\n", "h.yaml:1:3: `reason` is missing");
        check(
            "- kind: bad\n  reason: x\n  until: soon",
            "h.yaml:3:10: `soon` is not a time as in RFC 3339",
        );
        check("- kind: bad\n  kind: bad", "h.yaml:2:3: `kind` is there twice");
        check(
            "- {version: {image: a}, kind: bad, reason: x}",
            "h.yaml:1:13: a version needs `tag`, `digest`, or both",
        );
    }

    fn any_hold() -> impl Strategy<Value = Hold> {
        let tag = proptest::option::of("[a-z0-9.]{1,6}");
        (any::<bool>(), tag, "\\PC{1,12}", "\\PC{0,8}", proptest::option::of(0..4_000_000_000_i64))
            .prop_map(|(bad, tag, reason, by, until)| Hold {
                kind: if bad { HoldKind::Bad } else { HoldKind::Hold },
                version: tag.map(|tag| MarkedVersion {
                    image: "api".into(),
                    tag: Some(tag),
                    digest: None,
                }),
                reason,
                by,
                since: None,
                until: until.map(|second| jiff::Timestamp::from_second(second).unwrap()),
            })
    }

    proptest! {
        #[test]
        fn adding_and_taking_away_leave_the_rest(
            first in proptest::collection::vec(any_hold(), 0..4),
            more in proptest::collection::vec(any_hold(), 0..3),
            gone in proptest::collection::vec(any::<bool>(), 7),
        ) {
            let parse = |text: &str| Holds::parse("h.yaml", text.as_bytes()).unwrap();
            let one = parse(&Holds::default().with(&first));
            prop_assert_eq!(&one.entries, &first);
            let two = parse(&one.with(&more));
            let all: Vec<Hold> = first.iter().chain(&more).cloned().collect();
            prop_assert_eq!(&two.entries, &all);
            let goes = |hold: &Hold| {
                let index = all.iter().position(|other| other == hold).unwrap();
                gone[index]
            };
            let rest: Vec<Hold> = all.iter().filter(|hold| !goes(hold)).cloned().collect();
            prop_assert_eq!(&parse(&two.without(goes)).entries, &rest);
        }
    }
}

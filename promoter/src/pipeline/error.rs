//! What can be wrong with promoter.yaml, or with the repository it describes.

use crate::place::Place;
use crate::yaml::YamlError;

/// A pipeline that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PipelineError {
    /// The file is not YAML.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// The file is YAML and says something that cannot be.
    #[error("{place}: {fault}")]
    File {
        /// Where.
        place: Place,
        /// What.
        fault: Box<Fault>,
    },
    /// There is no promoter.yaml, and the repository is not laid out in the default way.
    #[error("no promoter.yaml, and no folder {}", ticked(missing))]
    NotConfigured {
        /// The folders that the default layout needs and the repository lacks.
        missing: Vec<String>,
    },
    /// A name, given by a person, that no environment has.
    #[error("unknown environment `{}`", short(name))]
    UnknownEnvironment {
        /// The name as given.
        name: String,
        /// The name that was most likely meant.
        near: Option<String>,
        /// All there are, in promotion order.
        known: Vec<String>,
    },
    /// Kustomize reads neither of two kustomization files in one folder.
    #[error("`{folder}` holds {}; Kustomize allows one file", ticked(names))]
    TwoKustomizations {
        /// Path of the folder from the root of the repository.
        folder: String,
        /// The file names.
        names: Vec<String>,
    },
}

impl PipelineError {
    /// Where in a file it is wrong; `None` where it is not in a file.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            PipelineError::Yaml(error) => error.place(),
            PipelineError::File { place, .. } => Some(place),
            _ => None,
        }
    }

    /// The word that stands for this kind of error in `error.code`; it does not change.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            PipelineError::Yaml(_) => "invalid-yaml",
            PipelineError::File { fault, .. } => fault.code(),
            PipelineError::NotConfigured { .. } => "not-configured",
            PipelineError::UnknownEnvironment { .. } => "unknown-environment",
            PipelineError::TwoKustomizations { .. } => "two-kustomizations",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            PipelineError::Yaml(error) => {
                let hint = match error {
                    YamlError::TooLarge { .. } => "take out what is not configuration",
                    YamlError::Encoding { .. } => "save the file as UTF-8",
                    YamlError::Syntax { .. } => braces(error).unwrap_or("correct the file"),
                };
                Some(hint.to_owned())
            }
            PipelineError::File { fault, .. } => fault.hint(),
            PipelineError::NotConfigured { .. } => {
                Some("`promoter init` looks at the repository and writes promoter.yaml".to_owned())
            }
            PipelineError::UnknownEnvironment { near, known, .. } => {
                Some(did_you_mean(near.as_deref(), "environments", known))
            }
            PipelineError::TwoKustomizations { .. } => Some("remove one of the files".to_owned()),
        }
    }
}

/// What one place of promoter.yaml says that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No document, or an empty one.
    #[error("the file is empty")]
    EmptyFile,
    /// More than one YAML document.
    #[error("a second document; promoter.yaml is one")]
    SecondDocument,
    /// `&name`, `*name`, `<<:` or `!tag`.
    #[error("{0} is not supported in promoter.yaml")]
    Unsupported(&'static str),
    /// A key that this version does not know.
    #[error("unknown key `{}`", short(key))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// The key most likely meant.
        near: Option<String>,
        /// All keys that may stand there.
        known: &'static [&'static str],
    },
    /// The same key twice in one mapping.
    #[error("`{}` is set twice", short(.0))]
    DuplicateKey(String),
    /// A key that must be there.
    #[error("`{0}` is missing")]
    MissingKey(&'static str),
    /// A list where a mapping should be, and so on.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What should be there.
        expected: &'static str,
        /// What is.
        found: &'static str,
    },
    /// More than this version compares.
    #[error("more than {1} {0}")]
    TooMany(&'static str, usize),
    /// `[]`, `{}` or no value.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A value that is none of a few words.
    #[error("`{}` is none of {}", short(word), ticked(known))]
    UnknownWord {
        /// The word as written.
        word: String,
        /// The word most likely meant.
        near: Option<String>,
        /// All that may stand there.
        known: &'static [&'static str],
    },
    /// A name that cannot be part of a branch name, a path and a trailer.
    #[error(
        "`{}` is not a name for an environment (letters, digits, `.`, `_` and `-`, at most 63, starting with a letter or digit)",
        short(.0)
    )]
    EnvironmentName(String),
    /// Two environments of one name.
    #[error("environment `{}` is defined twice", short(.0))]
    DuplicateEnvironment(String),
    /// A name in `from:` or `only:` that no environment has.
    #[error("unknown environment `{}`", short(name))]
    UnknownEnvironment {
        /// The name as written.
        name: String,
        /// The name most likely meant.
        near: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// A name twice in one list.
    #[error("`{}` stands in the list twice", short(.0))]
    Repeated(String),
    /// Environments that wait for each other.
    #[error("`from` goes round in a circle: {}", .0.iter().map(|name| short(name)).collect::<Vec<_>>().join(" -> "))]
    Cycle(Vec<String>),
    /// One folder, or one within the other, for two environments.
    #[error(
        "environments `{}` and `{}` share the folder `{}`",
        short(first),
        short(second),
        short(folder)
    )]
    SharedFolder {
        /// The one defined first.
        first: String,
        /// The other.
        second: String,
        /// The folder of the second.
        folder: String,
    },
    /// A path that does not stay within the repository, or has another spelling.
    #[error("`{}` is not a path from the root of the repository: {reason}", short(path))]
    Path {
        /// The path as written.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A layout pattern that cannot be matched.
    #[error("`{}` is not a layout pattern: {reason}", short(pattern))]
    Pattern {
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        reason: &'static str,
        /// The placeholder most likely meant.
        near: Option<String>,
    },
    /// A layout pattern under which there is nothing.
    #[error("`{}` matches no folder with a kustomization file", short(.0))]
    MatchesNothing(String),
    /// Patterns with and without `{service}` together.
    #[error("patterns with and without `{{service}}` cannot stand in one layout")]
    MixedPatterns,
    /// A span of time that is none.
    #[error("`{}` is not a span of time: {reason}", short(text))]
    Duration {
        /// The span as written.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A moment that is none.
    #[error("`{}` is not a date or a time", short(.0))]
    Date(String),
    /// A freeze that ends before it starts.
    #[error("the freeze ends before it starts")]
    EndsBeforeStart,
    /// Not a name of the IANA database.
    #[error("unknown time zone `{}`", short(name))]
    TimeZone {
        /// The name as written.
        name: String,
        /// The name most likely meant.
        near: Option<String>,
    },
    /// A weekly window that is none.
    #[error("`{}` is not a weekly window: {reason}", short(text))]
    Weekly {
        /// The window as written.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Keys that exclude each other, or need each other.
    #[error("{0}")]
    Together(&'static str),
    /// Not `os/architecture[/variant]`.
    #[error("`{}` is not a platform", short(.0))]
    Platform(String),
    /// A keyless signature, and nothing to judge the certificate by.
    #[error("a signature by `identity` and `issuer` needs a `trust_root`")]
    NoTrustRoot,
    /// A template with an unknown or a missing placeholder.
    #[error("`{}` is not a template: {reason}", short(text))]
    Template {
        /// The template as written.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl Fault {
    fn code(&self) -> &'static str {
        match self {
            Fault::EmptyFile => "empty-file",
            Fault::SecondDocument => "second-document",
            Fault::Unsupported(_) => "unsupported-yaml",
            Fault::UnknownKey { .. } => "unknown-key",
            Fault::DuplicateKey(_) => "duplicate-key",
            Fault::MissingKey(_) => "missing-key",
            Fault::WrongType { .. } => "wrong-type",
            Fault::TooMany(..) => "too-many",
            Fault::Empty(_) => "empty-value",
            Fault::UnknownWord { .. } => "unknown-word",
            Fault::EnvironmentName(_) => "invalid-name",
            Fault::DuplicateEnvironment(_) => "duplicate-environment",
            Fault::UnknownEnvironment { .. } => "unknown-environment",
            Fault::Repeated(_) => "repeated",
            Fault::Cycle(_) => "cycle",
            Fault::SharedFolder { .. } => "shared-folder",
            Fault::Path { .. } => "invalid-path",
            Fault::Pattern { .. } => "invalid-pattern",
            Fault::MatchesNothing(_) => "matches-nothing",
            Fault::MixedPatterns => "mixed-patterns",
            Fault::Duration { .. } => "invalid-duration",
            Fault::Date(_) => "invalid-date",
            Fault::EndsBeforeStart => "ends-before-start",
            Fault::TimeZone { .. } => "unknown-time-zone",
            Fault::Weekly { .. } => "invalid-weekly",
            Fault::Together(_) => "contradiction",
            Fault::Platform(_) => "invalid-platform",
            Fault::NoTrustRoot => "no-trust-root",
            Fault::Template { .. } => "invalid-template",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Fault::UnknownKey { near, known, .. } => {
                Some(did_you_mean(near.as_deref(), "keys here", known))
            }
            Fault::UnknownWord { near: near @ Some(_), .. }
            | Fault::TimeZone { near: near @ Some(_), .. } => near.as_deref().map(mean),
            Fault::UnknownEnvironment { near, known, .. } => {
                Some(did_you_mean(near.as_deref(), "environments", known))
            }
            Fault::Pattern { near: Some(near), .. } => Some(mean(near)),
            Fault::MissingKey(key) => Some(format!("add `{key}:`")),
            Fault::WrongType { expected, .. } => Some(format!("write {expected} here")),
            other => other.fixed_hint().map(str::to_owned),
        }
    }

    fn fixed_hint(&self) -> Option<&'static str> {
        Some(match self {
            Fault::EmptyFile => "`promoter init` looks at the repository and writes one",
            Fault::SecondDocument => "remove the line `---` and what follows",
            Fault::Unsupported(_) => "write the value out where it is used",
            Fault::Empty(_) => "give it a value, or remove the key",
            Fault::EnvironmentName(_) => "give it a short name, and its folder with `path:`",
            Fault::DuplicateKey(_) | Fault::Repeated(_) => "keep one of them",
            Fault::DuplicateEnvironment(_) => "give one of them another name",
            Fault::Cycle(_) => "the first environment has no `from`",
            Fault::SharedFolder { .. } => "give each its own folder with `path:`",
            Fault::Path { .. } => "write it like `kustomize/base`",
            Fault::Pattern { .. } => "write it like `environments/{environment}/{service}`",
            Fault::MatchesNothing(_) => "`promoter init --dry-run` shows what the repository holds",
            Fault::MixedPatterns => {
                "without `{service}` every image is a service; use one kind or the other"
            }
            Fault::Duration { .. } => "write it like `24h`, `90m` or `7d`",
            Fault::Date(_) => "write it like `2026-12-24` or `2026-12-24T18:00:00+01:00`",
            Fault::EndsBeforeStart => "exchange `start` and `end`",
            Fault::TimeZone { .. } => "write it like `Europe/Amsterdam` or `UTC`",
            Fault::Weekly { .. } => "write it like `Fri 16:00 - Mon 08:00`",
            Fault::UnknownWord { .. } => "write one of them",
            Fault::TooMany(..) => "keep those that are in use",
            Fault::Together(_) => "keep one way of saying it",
            Fault::Platform(_) => "write it like `linux/amd64` or `linux/arm/v7`",
            Fault::NoTrustRoot => {
                "commit the trusted_root.json of your Sigstore and name its path; `cosign initialize` leaves that of the public one below ~/.sigstore/root"
            }
            Fault::Template { .. } => "write it like `{service}-{environment}`",
            _ => return None,
        })
    }
}

/// A placeholder in a flow list ends the list, as YAML reads it.
fn braces(error: &YamlError) -> Option<&'static str> {
    let text = &error.place()?.text;
    let placeholder = text.contains("{environment}") || text.contains("{service}");
    placeholder.then_some("put a text that holds `{` in quotes")
}

fn mean(word: &str) -> String {
    format!("did you mean `{word}`?")
}

fn did_you_mean(near: Option<&str>, noun: &str, known: &[impl AsRef<str>]) -> String {
    match near {
        Some(near) => mean(near),
        None => format!("{noun}: {}", ticked(known)),
    }
}

/// Words in backticks, at most twelve.
fn ticked(words: &[impl AsRef<str>]) -> String {
    let mut shown: Vec<_> =
        words.iter().take(12).map(|word| format!("`{}`", short(word.as_ref()))).collect();
    if words.len() > shown.len() {
        shown.push(format!("and {} more", words.len() - shown.len()));
    }
    shown.join(", ")
}

/// At most 80 characters of somebody's word, so that a message stays a message.
fn short(word: &str) -> String {
    let one_line = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut shown: String = word.chars().take(80).map(one_line).collect();
    if word.chars().nth(80).is_some() {
        shown.push('…');
    }
    shown
}

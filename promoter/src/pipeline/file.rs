//! Reading promoter.yaml.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{Fault, PipelineError};
use super::gates::{Gates, read_path};
use super::layout::Layout;
use super::order::{self, Names};
use super::path;
use super::pattern::Pattern;
use super::reader::Reader;
use super::review::Review;
use super::{Argocd, Delivery, Environment, Pipeline, ServiceRule, Unsupported};
use crate::yaml::{self, Node};

/// More than anybody promotes through; what is compared pairwise stays quick.
const MOST_ENVIRONMENTS: usize = 1000;
const MOST_PATTERNS: usize = 100;

pub(super) const KEYS: &[&str] =
    &["layout", "environments", "services", "shared", "argocd", "pull_request", "versions"];
pub(super) const ENVIRONMENT_KEYS: &[&str] =
    &["name", "from", "path", "deliver", "override", "gates", "pull_request"];
pub(super) const SERVICE_KEYS: &[&str] = &["only"];
pub(super) const ARGOCD_KEYS: &[&str] = &["application"];
pub(super) const VERSION_KEYS: &[&str] = &["file", "path"];
pub(super) const OVERRIDES: &[&str] = &["deny", "allow"];

/// Reads promoter.yaml; `file` is its path, for messages.
pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<Pipeline, PipelineError> {
    let text = yaml::text_of(file, bytes)?;
    let yaml = yaml::parse(file, text)?;
    let reader = Reader { file, text };
    let root = reader.document(&yaml.documents)?;
    let section = reader.section(root, KEYS)?;
    let environments = environments(&reader, reader.required(root, &section, "environments")?)?;
    let patterns = match section.get("layout") {
        Some(node) => patterns(&reader, node)?,
        None => vec![Pattern::default()],
    };
    let services = section.get("services").map(|node| services(&reader, node, &environments));
    let shared = section.get("shared").map(|node| shared(&reader, node)).transpose()?;
    let argocd = section.get("argocd").map(|node| argocd(&reader, node)).transpose()?;
    let versions = section.get("versions").map(|node| versions(&reader, node)).transpose()?;
    Ok(Pipeline {
        layout: Layout::new(patterns, &environments),
        environments,
        services: services.transpose()?.unwrap_or_default(),
        shared: shared.unwrap_or_default(),
        argocd,
        review: review(&reader, section.get("pull_request"))?,
        unsupported: versions.into_iter().collect(),
    })
}

fn patterns(reader: &Reader<'_>, node: &Node) -> Result<Vec<Pattern>, PipelineError> {
    let nodes = reader.one_or_more(node)?;
    if nodes.len() > MOST_PATTERNS {
        return Err(reader.fault(node, Fault::TooMany("patterns", MOST_PATTERNS)));
    }
    let mut patterns: Vec<Pattern> = Vec::new();
    for node in nodes {
        let pattern = pattern(reader, node)?;
        if patterns.iter().any(|other| other.as_str() == pattern.as_str()) {
            return Err(reader.fault(node, Fault::Repeated(pattern.as_str().to_owned())));
        }
        if patterns.first().is_some_and(|first| first.names_services() != pattern.names_services())
        {
            return Err(reader.fault(node, Fault::MixedPatterns));
        }
        patterns.push(pattern);
    }
    Ok(patterns)
}

fn pattern(reader: &Reader<'_>, node: &Node) -> Result<Pattern, PipelineError> {
    let text = reader.string(node)?;
    Pattern::parse(text, Some(reader.place(node))).map_err(|refused| {
        let (pattern, reason, near) = (text.to_owned(), refused.reason, refused.near);
        reader.fault(node, Fault::Pattern { pattern, reason, near })
    })
}

fn environments(reader: &Reader<'_>, node: &Node) -> Result<Vec<Environment>, PipelineError> {
    let nodes = reader.list(node)?;
    if nodes.len() > MOST_ENVIRONMENTS {
        return Err(reader.fault(node, Fault::TooMany("environments", MOST_ENVIRONMENTS)));
    }
    let mut environments = Vec::new();
    let mut names = BTreeSet::new();
    for node in nodes {
        let environment = environment(reader, node)?;
        if !names.insert(environment.name.clone()) {
            return Err(reader.fault(node, Fault::DuplicateEnvironment(environment.name)));
        }
        environments.push(environment);
    }
    order::verify(reader, nodes, &environments)?;
    Ok(environments)
}

fn environment(reader: &Reader<'_>, node: &Node) -> Result<Environment, PipelineError> {
    let section = reader.section(node, ENVIRONMENT_KEYS)?;
    let name = environment_name(reader, reader.required(node, &section, "name")?)?;
    let path = section.get("path").map(|node| read_path(reader, node)).transpose()?;
    let from = section.get("from").map(|node| names(reader, node)).transpose()?;
    let deliver =
        section.get("deliver").map(|node| reader.word(node, &Delivery::WORDS, &Delivery::ALL));
    let allow = section.get("override").map(|node| reader.word(node, OVERRIDES, &[false, true]));
    let gates = match section.get("gates") {
        Some(node) => gates(reader, node, from.is_some())?,
        None => Gates::default(),
    };
    Ok(Environment {
        folder: path.unwrap_or_else(|| name.clone()),
        name,
        from: from.unwrap_or_default(),
        deliver: deliver.transpose()?,
        allow_override: allow.transpose()?.unwrap_or(false),
        gates,
        review: review(reader, section.get("pull_request"))?,
    })
}

/// The gates of an environment; without one before it nothing can have stood there, or run.
fn gates(reader: &Reader<'_>, node: &Node, follows: bool) -> Result<Gates, PipelineError> {
    let gates = Gates::read(reader, node)?;
    if !follows && (gates.soak.is_some() || gates.healthy.is_some()) {
        let rule = "`soak` and `healthy` are about the environment before, so they need `from`";
        return Err(reader.fault(node, Fault::Together(rule)));
    }
    Ok(gates)
}

fn review(reader: &Reader<'_>, node: Option<&Node>) -> Result<Review, PipelineError> {
    node.map_or_else(|| Ok(Review::default()), |node| Review::read(reader, node))
}

/// A name that may stand in a branch name, a path, a trailer and before `@REV`.
fn environment_name(reader: &Reader<'_>, node: &Node) -> Result<String, PipelineError> {
    let name = reader.string(node)?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    let git =
        !name.contains("..") && !name.ends_with(['.']) && name.rsplit('.').next() != Some("lock");
    if first && git && name.len() <= 63 && name.bytes().all(known) {
        Ok(name.to_owned())
    } else {
        Err(reader.fault(node, Fault::EnvironmentName(name.to_owned())))
    }
}

/// One name or a list of different ones.
fn names(reader: &Reader<'_>, node: &Node) -> Result<Vec<String>, PipelineError> {
    let mut names = BTreeSet::new();
    let mut listed = Vec::new();
    for node in reader.one_or_more(node)? {
        let name = reader.string(node)?;
        if !names.insert(name) {
            return Err(reader.fault(node, Fault::Repeated(name.to_owned())));
        }
        listed.push(name.to_owned());
    }
    Ok(listed)
}

fn services(
    reader: &Reader<'_>,
    node: &Node,
    environments: &[Environment],
) -> Result<BTreeMap<String, ServiceRule>, PipelineError> {
    let known = Names::of(environments);
    let mut rules = BTreeMap::new();
    for (name, (_, value)) in reader.mapping(node)? {
        let section = reader.section(value, SERVICE_KEYS)?;
        let only = reader.required(value, &section, "only")?;
        for node in reader.one_or_more(only)? {
            known.verify(reader, node)?;
        }
        rules.insert(name.to_owned(), ServiceRule { only: names(reader, only)? });
    }
    Ok(rules)
}

fn shared(reader: &Reader<'_>, node: &Node) -> Result<Vec<String>, PipelineError> {
    reader.one_or_more(node)?.iter().map(|node| read_path(reader, node)).collect()
}

fn argocd(reader: &Reader<'_>, node: &Node) -> Result<Argocd, PipelineError> {
    let section = reader.section(node, ARGOCD_KEYS)?;
    let template = reader.required(node, &section, "application")?;
    let text = reader.string(template)?;
    let rest = text.replace("{service}", "").replace("{environment}", "");
    let refuse = |reason| reader.fault(template, Fault::Template { text: text.to_owned(), reason });
    if rest.contains(['{', '}']) {
        return Err(refuse("the placeholders are `{service}` and `{environment}`"));
    }
    if !text.contains("{environment}") {
        return Err(refuse("without `{environment}` all environments are one application"));
    }
    Ok(Argocd { application: text.to_owned() })
}

/// Reads what a later version will follow, so that it is right by then.
fn versions(reader: &Reader<'_>, node: &Node) -> Result<Unsupported, PipelineError> {
    for item in reader.list(node)? {
        let section = reader.section(item, VERSION_KEYS)?;
        let file = reader.required(item, &section, "file")?;
        let text = reader.string(file)?;
        path::verify(text)
            .map_err(|reason| reader.fault(file, Fault::Path { path: text.to_owned(), reason }))?;
        reader.string(reader.required(item, &section, "path")?)?;
    }
    Ok(Unsupported { key: "versions", place: reader.place(node) })
}

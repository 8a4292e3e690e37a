//! Kustomization files in many styles, written by a generator that knows nothing of the editor.
//!
//! A file is drawn once and written twice, with the versions before and after; the editor must
//! turn the first text into the second.

use proptest::prelude::*;
use proptest::sample::select;

use promoter::version::Version;

/// Tags that read as text without quotes, and tags that do not.
const SAFE: [&str; 5] = ["v1", "1.4.2", "main-7f3a2b1", "latest", "2.0.0-rc.1"];
const UNSAFE: [&str; 7] = ["1.10", "on", "null", "0x1F", "2026-11-21", "1e3", "0777"];

/// How a value is quoted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Quotes {
    None,
    Single,
    Double,
}

/// An image entry, as it is before and after.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) new_name: Option<String>,
    pub(crate) before: Version,
    pub(crate) after: Version,
    name_last: bool,
    quotes: Quotes,
    flow: bool,
    comment: Option<&'static str>,
    above: &'static str,
    anchor: bool,
}

/// A file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) entries: Vec<Entry>,
    pub(crate) remotes: Vec<(String, &'static str, &'static str, Quotes)>,
    images_first: bool,
    indent: usize,
    dash: usize,
    newline: &'static str,
    mark: &'static str,
    last_newline: bool,
    head: &'static str,
    tail: &'static str,
}

/// Which of the two texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Time {
    Before,
    After,
}

pub(crate) fn file(remotes: bool) -> impl Strategy<Value = File> {
    let remotes = if remotes { 0..3usize } else { 0..1 };
    let heads = ["", "# head\n", "---\n", "# a\n\n# b\n---\n", "\n\n"];
    let tails = ["", "namespace: shop # ns\n", "\n# tail\n", "labels:\n- pairs: {a: b}\n\n\n"];
    let shape =
        (any::<[bool; 4]>(), 0..6usize, 1..4usize, select(heads.to_vec()), select(tails.to_vec()));
    let heads = (prop::collection::vec(entry(), 1..6), prop::collection::vec(remote(), remotes));
    (heads, shape).prop_map(|((mut entries, mut remotes), (flags, indent, dash, head, tail))| {
        for (at, entry) in entries.iter_mut().enumerate() {
            entry.name = format!("{}{at}", entry.name);
        }
        for (at, remote) in remotes.iter_mut().enumerate() {
            remote.0 = format!("{}{at}", remote.0);
        }
        let [images_first, crlf, bom, last_newline] = flags;
        let newline = if crlf { "\r\n" } else { "\n" };
        let mark = if bom { "\u{feff}" } else { "" };
        File {
            entries,
            remotes,
            images_first,
            indent,
            dash,
            newline,
            mark,
            last_newline,
            head,
            tail,
        }
    })
}

fn remote() -> impl Strategy<Value = (String, &'static str, &'static str, Quotes)> {
    let urls = ["https://host.example/org/repo//deploy", "ssh://git@host.example/org/repo"];
    let refs = ["main", "v1.2.3", "1.10", "0123456789abcdef0123456789abcdef01234567"];
    (select(urls.to_vec()), select(refs.to_vec()), select(refs.to_vec()), quotes())
        .prop_map(|(url, before, after, quotes)| (url.to_owned(), before, after, quotes))
}

fn entry() -> impl Strategy<Value = Entry> {
    let names = ["app", "shop/web", "registry.example:5000/shop/orders"];
    let new_names = select(vec![None, Some("mirror.example/app"), Some("localhost:5000/x")]);
    let comments = select(vec![None, Some(" # kept"), Some("   # {\"$imagepolicy\": \"x\"}")]);
    let aboves = select(vec!["", "\n", "# the next\n", "\n  # odd\n\n"]);
    let flags = any::<[bool; 3]>();
    (select(names.to_vec()), new_names, versions(), quotes(), comments, aboves, flags).prop_map(
        |(name, new_name, (before, after), quotes, comment, above, [name_last, flow, anchor])| {
            let new_name = new_name.map(str::to_owned);
            let name = name.to_owned();
            Entry { name, new_name, before, after, name_last, quotes, flow, comment, above, anchor }
        },
    )
}

fn quotes() -> impl Strategy<Value = Quotes> {
    select(vec![Quotes::None, Quotes::Single, Quotes::Double])
}

/// A version and its successor; a digest may come or go, a tag stays.
fn versions() -> impl Strategy<Value = (Version, Version)> {
    let tags = || select([&SAFE[..], &UNSAFE[..]].concat());
    let digests = || prop::option::of("[0-9a-f]{64}");
    (tags(), digests(), tags(), digests()).prop_map(|(tag, digest, next, next_digest)| {
        let version = |tag: &str, digest: Option<String>| {
            let digest = digest.map(|hex| format!("@sha256:{hex}")).unwrap_or_default();
            Version::parse_image(&format!("{tag}{digest}")).unwrap()
        };
        (version(tag, digest), version(next, next_digest))
    })
}

impl Entry {
    pub(crate) fn version(&self, time: Time) -> &Version {
        if time == Time::Before { &self.before } else { &self.after }
    }

    /// The quotes of the tag: those it had before, where the file before needed some of its own.
    fn tag_quotes(&self, time: Time) -> Quotes {
        let needed = |version: &Version| UNSAFE.contains(&version.tag().unwrap().as_str());
        match self.quotes {
            Quotes::None if needed(&self.before) => Quotes::Double,
            Quotes::None if time == Time::After && needed(&self.after) => Quotes::Double,
            quotes => quotes,
        }
    }

    /// Key, value and whether the line's comment stands there.
    fn pairs(&self, time: Time) -> Vec<(&'static str, String)> {
        let version = self.version(time);
        let anchor = if self.anchor { "&here " } else { "" };
        let tag = quoted(version.tag().unwrap().as_str(), self.tag_quotes(time));
        // A digest that comes is written as the tag beside it was.
        let quotes = if self.before.digest().is_some() {
            self.quotes
        } else {
            self.tag_quotes(Time::Before)
        };
        let mut pairs = vec![("newTag", format!("{anchor}{tag}"))];
        if let Some(digest) = version.digest() {
            pairs.push(("digest", quoted(digest.as_str(), quotes)));
        }
        if let Some(name) = &self.new_name {
            pairs.insert(0, ("newName", quoted(name, self.quotes)));
        }
        let at = if self.name_last { pairs.len() } else { 0 };
        pairs.insert(at, ("name", quoted(&self.name, self.quotes)));
        pairs
    }

    fn write(&self, file: &File, time: Time) -> String {
        let dash = format!("{}-{}", " ".repeat(file.indent), " ".repeat(file.dash));
        let pairs =
            self.pairs(time).into_iter().map(|(key, value)| (key, format!("{key}: {value}")));
        let comment = self.comment.unwrap_or_default();
        if self.flow {
            let pairs: Vec<_> = pairs.map(|(_, pair)| pair).collect();
            return format!("{}{dash}{{ {} }}{comment}\n", self.above, pairs.join(", "));
        }
        let indent = " ".repeat(dash.len());
        let mut text = self.above.to_owned();
        for (at, (key, pair)) in pairs.enumerate() {
            let start = if at == 0 { &dash } else { &indent };
            // What comes has no comment; what was there keeps it.
            let comes = key == "digest" && self.before.digest().is_none();
            let comment = if comes { "" } else { comment };
            text.extend([start.as_str(), &pair, comment, "\n"]);
            if key == "newTag" && time == Time::After && self.digest_went() && !comment.is_empty() {
                text.extend([&indent, comment.trim_start(), "\n"]);
            }
        }
        text
    }

    fn digest_went(&self) -> bool {
        self.before.digest().is_some() && self.after.digest().is_none()
    }
}

impl File {
    /// The text of the file.
    pub(crate) fn write(&self, time: Time) -> String {
        let mut images = "images:\n".to_owned();
        for (at, entry) in self.entries.iter().enumerate() {
            images += &entry.write(self, time).replace("&here", &format!("&tag{at}"));
        }
        let dash = format!("{}-{}", " ".repeat(self.indent), " ".repeat(self.dash));
        let mut resources = format!("resources: # what\n{dash}../base\n");
        for (url, before, after, quotes) in &self.remotes {
            let to = if time == Time::Before { before } else { after };
            let url = quoted(&format!("{url}?timeout=9&ref={to}"), *quotes);
            resources.extend([&dash, &url, " # remote\n"]);
        }
        let (one, two) = if self.images_first { (images, resources) } else { (resources, images) };
        let text = format!("{}{}{one}{two}{}", self.mark, self.head, self.tail);
        let text = if self.last_newline { text.as_str() } else { text.trim_end_matches('\n') };
        text.replace('\n', self.newline)
    }
}

fn quoted(text: &str, quotes: Quotes) -> String {
    match quotes {
        Quotes::None => text.to_owned(),
        Quotes::Single => format!("'{text}'"),
        Quotes::Double => format!("\"{text}\""),
    }
}

//! Pure: the files of a source and of a target become the changes that make their versions equal.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::overlay::{Edit, Overlay, OverlayError, Pin};
use crate::service::{Service, ServiceFile};
use crate::version::{Key, Version};

/// One value that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The service.
    pub service: String,
    /// The file that changes.
    pub path: String,
    /// Folder of that file relative to the service's.
    pub below: String,
    /// What the version belongs to.
    pub key: Key,
    /// What was there; `None` where nothing was pinned.
    pub old: Option<Version>,
    /// What will be there.
    pub new: Version,
    /// Whether the entry itself is new.
    pub added: bool,
    /// With `--with-name`, the mirror that comes along: `Some(None)` removes it.
    pub new_name: Option<Option<String>>,
}

/// Something worth telling that stops nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named by what they hold")]
pub enum Note {
    /// The entry was found in another file than the paired one.
    OtherFile { service: String, key: Key, expected: String, used: String },
    /// A nested file that only the source has: configuration.
    SourceOnlyFile { service: String, path: String },
    /// A remote URL that only the source has: configuration, never added.
    SourceOnlyRemote { service: String, url: String, path: String },
    /// The source's entry pins nothing.
    Unpinned { service: String, image: String, path: String },
    /// An entry was added; without `newName` it is pulled from where its name says.
    Added { service: String, image: String, path: String },
    /// The service is not in the target, and that was allowed.
    SkippedService { service: String, environment: String },
}

/// Something that makes the whole promotion impossible as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named by what they hold")]
pub enum Problem {
    /// The paired file of the target has no such image.
    MissingImage { service: String, image: String, path: String },
    /// Several files of the target could be meant.
    AmbiguousImage { service: String, key: Key, paths: Vec<String> },
    /// Two files of the source give one entry of the target different versions.
    Contradiction { service: String, key: Key, path: String, versions: Vec<Version> },
    /// The target has no folder for the service.
    MissingService { service: String, environment: String },
}

/// What the user narrowed or allowed.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Only these images and URLs; empty: all.
    pub only: Vec<Key>,
    /// Add entries that the target lacks.
    pub add: bool,
    /// Copy `newName` too.
    pub with_name: bool,
}

/// A value of the target that already is the source's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The file.
    pub path: String,
    /// What the version belongs to.
    pub key: Key,
    /// The version in both.
    pub version: Version,
}

/// What a promotion would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In order of service, file and entry.
    pub changes: Vec<Change>,
    /// What is already as wanted.
    pub kept: Vec<Kept>,
    /// What to tell.
    pub notes: Vec<Note>,
    /// What stops it; a plan with problems is not carried out.
    pub problems: Vec<Problem>,
}

/// Which version each entry of one service of the target was given, by path and key.
type Claims<'p> = BTreeMap<(&'p str, &'p Key), &'p Version>;

impl Plan {
    /// Plans one service; `target` is the same service in the target environment.
    pub fn pair(&mut self, source: &Service, target: &Service, terms: &Terms) {
        let mut claims = Claims::new();
        for file in &source.files {
            let paired = target.files.iter().find(|other| other.below == file.below);
            let pins: Vec<&Pin> = source
                .pins()
                .filter(|(of, _)| of.below == file.below)
                .map(|(_, pin)| pin)
                .collect();
            if pins.is_empty() && source.image.is_some() {
                continue;
            }
            if paired.is_none()
                && !pins.iter().any(|pin| target.files.iter().any(|other| has(other, &pin.key)))
            {
                self.notes.push(Note::SourceOnlyFile {
                    service: source.name.clone(),
                    path: file.overlay.path().to_owned(),
                });
                continue;
            }
            for pin in pins
                .into_iter()
                .filter(|pin| terms.only.is_empty() || terms.only.contains(&pin.key))
            {
                self.pin(source, (file, pin), (target, paired), terms, &mut claims);
            }
            self.note_unpinned(source, file, terms);
        }
    }

    fn pin<'p>(
        &mut self,
        source: &Service,
        (file, pin): (&ServiceFile, &'p Pin),
        (target, paired): (&'p Service, Option<&'p Rc<ServiceFile>>),
        terms: &Terms,
        claims: &mut Claims<'p>,
    ) {
        let service = source.name.clone();
        if let Some(paired) = paired.filter(|paired| has(paired, &pin.key)) {
            return self.claim(&service, paired, pin, terms, claims);
        }
        let others: Vec<&Rc<ServiceFile>> =
            target.files.iter().filter(|other| has(other, &pin.key)).collect();
        match (others.as_slice(), paired) {
            ([other], _) => {
                self.notes.push(Note::OtherFile {
                    service: service.clone(),
                    key: pin.key.clone(),
                    expected: paired
                        .map_or(file.overlay.path(), |file| file.overlay.path())
                        .to_owned(),
                    used: other.overlay.path().to_owned(),
                });
                self.claim(&service, other, pin, terms, claims);
            }
            ([], Some(paired)) => self.missing(&service, (file, pin), paired, terms),
            ([], None) => self
                .notes
                .push(Note::SourceOnlyFile { service, path: file.overlay.path().to_owned() }),
            (several, _) => self.stop(Problem::AmbiguousImage {
                service,
                key: pin.key.clone(),
                paths: several.iter().map(|file| file.overlay.path().to_owned()).collect(),
            }),
        }
    }

    /// Sets an entry that several files of the source may mean, once: they must agree.
    fn claim<'p>(
        &mut self,
        service: &str,
        target: &'p ServiceFile,
        pin: &'p Pin,
        terms: &Terms,
        claims: &mut Claims<'p>,
    ) {
        match claims.insert((target.overlay.path(), &pin.key), &pin.version) {
            None => self.set(service, target, pin, terms),
            Some(version) if *version == pin.version => {}
            Some(version) => self.stop(Problem::Contradiction {
                service: service.to_owned(),
                key: pin.key.clone(),
                path: target.overlay.path().to_owned(),
                versions: vec![version.clone(), pin.version.clone()],
            }),
        }
    }

    /// Tells a problem once, from however many files of the source it comes.
    fn stop(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Makes an entry of the target equal to the source's.
    fn set(&mut self, service: &str, target: &ServiceFile, pin: &Pin, terms: &Terms) {
        let present = target.overlay.pin(&pin.key);
        let image = matches!(pin.key, Key::Image(_));
        let mirror = present.and_then(|present| present.new_name.clone());
        let new_name =
            (terms.with_name && image && mirror != pin.new_name).then(|| pin.new_name.clone());
        let old = present.map(|present| present.version.clone());
        if old.as_ref() == Some(&pin.version) && new_name.is_none() {
            let (path, key) = (target.overlay.path().to_owned(), pin.key.clone());
            self.kept.push(Kept { path, key, version: pin.version.clone() });
            return;
        }
        self.changes.push(Change {
            service: service.to_owned(),
            path: target.overlay.path().to_owned(),
            below: target.below.clone(),
            key: pin.key.clone(),
            old,
            new: pin.version.clone(),
            added: false,
            new_name,
        });
    }

    /// The paired file lacks the entry: add it, tell of it, or stop.
    fn missing(
        &mut self,
        service: &str,
        (file, pin): (&ServiceFile, &Pin),
        paired: &ServiceFile,
        terms: &Terms,
    ) {
        let (service, path) = (service.to_owned(), paired.overlay.path().to_owned());
        match &pin.key {
            Key::Remote(url) => self.notes.push(Note::SourceOnlyRemote {
                service,
                url: url.clone(),
                path: file.overlay.path().to_owned(),
            }),
            Key::Image(image) if terms.add => {
                let (image, below) = (image.clone(), paired.below.clone());
                self.notes.push(Note::Added {
                    service: service.clone(),
                    image,
                    path: path.clone(),
                });
                self.changes.push(Change {
                    service,
                    path,
                    below,
                    key: pin.key.clone(),
                    old: None,
                    new: pin.version.clone(),
                    added: true,
                    new_name: None,
                });
            }
            Key::Image(image) => {
                self.problems.push(Problem::MissingImage { service, image: image.clone(), path });
            }
        }
    }

    fn note_unpinned(&mut self, source: &Service, file: &ServiceFile, terms: &Terms) {
        for image in file.overlay.images() {
            let key = Key::Image(image.to_owned());
            let asked = terms.only.is_empty() || terms.only.contains(&key);
            let own = source.image.as_ref().is_none_or(|own| *own == key);
            if asked && own && file.overlay.pin(&key).is_none() {
                self.notes.push(Note::Unpinned {
                    service: source.name.clone(),
                    image: image.to_owned(),
                    path: file.overlay.path().to_owned(),
                });
            }
        }
    }
}

fn has(file: &ServiceFile, key: &Key) -> bool {
    match key {
        Key::Image(name) => file.overlay.images().any(|image| image == name),
        Key::Remote(_) => file.overlay.pin(key).is_some(),
    }
}

/// The new bytes of every file that `changes` touch; `overlays` are those files as they are.
pub fn apply<'o>(
    changes: &[Change],
    overlays: impl Fn(&str) -> Option<&'o Overlay>,
) -> Result<BTreeMap<String, Vec<u8>>, OverlayError> {
    let mut edits: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    for change in changes {
        edits.entry(&change.path).or_default().extend(edits_of(change));
    }
    let mut files = BTreeMap::new();
    for (path, edits) in edits {
        if let Some(overlay) = overlays(path) {
            files.insert(path.to_owned(), overlay.edit(&edits)?);
        }
    }
    Ok(files)
}

fn edits_of(change: &Change) -> Vec<Edit> {
    let (key, version) = (change.key.clone(), change.new.clone());
    let mut edits = Vec::with_capacity(1);
    match key {
        Key::Image(image) if change.added => edits.push(Edit::Add { image, version }),
        key if change.old.as_ref() != Some(&change.new) => edits.push(Edit::Set { key, version }),
        _ => {}
    }
    if let (Some(new_name), Key::Image(image)) = (&change.new_name, &change.key) {
        edits.push(Edit::SetName { image: image.clone(), new_name: new_name.clone() });
    }
    edits
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{Plan, Terms};
    use crate::error;
    use crate::overlay::Overlay;
    use crate::service::{Service, ServiceFile};

    /// A service `x` with one file a folder, each with the one image `api`.
    fn service(environment: &str, files: &[(&str, &str)]) -> Service {
        let file = |(below, tag): &(&str, &str)| {
            let path = format!("{environment}/x/{below}/kustomization.yaml");
            let text = format!("images:\n  - name: api\n    newTag: {tag}\n");
            let overlay = Overlay::parse(&path, text.as_bytes()).unwrap();
            Rc::new(ServiceFile { below: (*below).to_owned(), overlay })
        };
        let files = files.iter().map(file).collect();
        Service { name: "x".into(), folder: format!("{environment}/x"), files, image: None }
    }

    /// What becomes of the target: `folder tag` of each change, else the words of each problem.
    fn check(source: &[(&str, &str)], target: &[(&str, &str)], expected: &[&str]) {
        let mut plan = Plan::default();
        plan.pair(&service("staging", source), &service("prod", target), &Terms::default());
        let changes = plan.changes.iter().map(|change| format!("{} {}", change.below, change.new));
        let problems = plan.problems.iter().map(error::problem);
        assert_eq!(changes.chain(problems).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn files_pair_by_folder_and_else_by_image() {
        check(&[("base", "v2")], &[("base", "v1")], &["base v2"]);
        check(&[("base", "v2")], &[("base", "v2")], &[]);
        check(&[("base", "v2")], &[("eu", "v1")], &["eu v2"]);
        check(
            &[("base", "v2")],
            &[("eu", "v1"), ("us", "v1")],
            &[
                "`api` of x could go into several files: prod/x/eu/kustomization.yaml, prod/x/us/kustomization.yaml",
            ],
        );
    }

    #[test]
    fn an_entry_that_several_files_mean_is_set_once_or_refused() {
        check(&[("base", "v2"), ("eu", "v2")], &[("base", "v1")], &["base v2"]);
        check(&[("de", "v2"), ("eu", "v2")], &[("base", "v1")], &["base v2"]);
        let told =
            "prod/x/base/kustomization.yaml: the files of x in the source give `api` `v2` and `v3`";
        check(&[("base", "v2"), ("eu", "v3")], &[("base", "v2")], &[told]);
    }

    #[test]
    fn a_problem_is_told_once() {
        let told = "`api` of x could go into several files: prod/x/eu/kustomization.yaml, prod/x/us/kustomization.yaml";
        check(&[("base", "v2"), ("de", "v2")], &[("eu", "v1"), ("us", "v1")], &[told]);
    }
}

//! A change of versions, taken off one state of a file and put on another: merging by what a file
//! pins, so that neighbouring lines never conflict.

use crate::error::Error;
use crate::gate::Holds;
use crate::overlay::Overlay;
use crate::plan::{self, Change};
use crate::version::Key;

/// What is put on when the other state has neither the old nor the new version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Take {
    /// The new one.
    Always,
    /// Nothing: someone moved it since.
    Untouched,
}

/// One file of a change.
#[derive(Clone, Copy)]
pub(super) struct Step<'f> {
    pub(super) path: &'f str,
    pub(super) before: Option<&'f [u8]>,
    pub(super) after: &'f [u8],
}

impl Step<'_> {
    /// The bytes that `onto` becomes; none where it stays as it is.
    pub(super) fn put(&self, onto: Option<&[u8]>, take: Take) -> Result<Option<Vec<u8>>, Error> {
        if onto == Some(self.after) {
            return Ok(None);
        }
        if onto == self.before {
            return Ok(Some(self.after.to_vec()));
        }
        if Holds::is_path(self.path) {
            return self.put_holds(onto.unwrap_or_default());
        }
        match onto {
            Some(onto) => self.put_versions(onto, take),
            // The file is gone, and its versions with it.
            None => Ok(None),
        }
    }

    fn put_versions(&self, onto: &[u8], take: Take) -> Result<Option<Vec<u8>>, Error> {
        let onto = Overlay::parse(self.path, onto)?;
        let changes = self.changes()?.into_iter().filter_map(|change| fit(change, &onto, take));
        let changes: Vec<Change> = changes.collect();
        let files = plan::apply(&changes, |_| Some(&onto))?;
        Ok(files.into_values().next())
    }

    /// Marks that the other state does not have yet, without those that were taken away; the time of a mark makes no other one of it.
    fn put_holds(&self, onto: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let parse = |bytes: &[u8]| match bytes {
            [] => Ok(Holds::default()),
            bytes => Holds::parse(self.path, bytes),
        };
        let known = parse(self.before.unwrap_or_default())?.entries;
        let there = parse(onto)?;
        let wanted = parse(self.after)?.entries;
        let gone = |hold: &crate::gate::Hold| known.contains(hold) && !wanted.contains(hold);
        let mut new = wanted.clone();
        new.retain(|hold| {
            let same = |other: &crate::gate::Hold| {
                (other.kind, &other.version) == (hold.kind, &hold.version)
            };
            !known.contains(hold) && !there.entries.iter().any(same)
        });
        let fewer = there.entries.iter().any(&gone);
        let left = if fewer { parse(there.without(gone).as_bytes())? } else { there };
        Ok((fewer || !new.is_empty()).then(|| left.with(&new).into_bytes()))
    }

    /// Whether nothing but versions differs.
    pub(super) fn is_of_versions(&self) -> bool {
        let Some(before) = self.before else { return false };
        let (Ok(changes), Ok(overlay)) = (self.changes(), Overlay::parse(self.path, before)) else {
            return false;
        };
        let applied = plan::apply(&changes, |_| Some(&overlay));
        applied.is_ok_and(|files| files.into_values().next().as_deref() == Some(self.after))
    }

    /// The versions and mirrors that differ, as changes of a service without a name.
    fn changes(&self) -> Result<Vec<Change>, Error> {
        let before = Overlay::parse(self.path, self.before.unwrap_or_default())?;
        let after = Overlay::parse(self.path, self.after)?;
        let mut changes = Vec::new();
        for pin in after.pins() {
            let old = before.pin(&pin.key);
            let version = old.map(|old| old.version.clone());
            let mirror = old.is_some_and(|old| old.new_name != pin.new_name);
            if mirror || version.as_ref() != Some(&pin.version) {
                changes.push(Change {
                    service: String::new(),
                    path: self.path.to_owned(),
                    below: String::new(),
                    key: pin.key.clone(),
                    old: version,
                    new: pin.version.clone(),
                    added: !has(&before, &pin.key),
                    new_name: mirror.then(|| pin.new_name.clone()),
                });
            }
        }
        Ok(changes)
    }
}

/// The change as another state of the file takes it.
fn fit(change: Change, onto: &Overlay, take: Take) -> Option<Change> {
    let now = onto.pin(&change.key).map(|pin| pin.version.clone());
    let there = has(onto, &change.key);
    if (now.as_ref() == Some(&change.new) && change.new_name.is_none())
        || (take == Take::Untouched && now != change.old)
        || (!there && !change.added)
    {
        return None;
    }
    Some(Change { old: now, added: !there, ..change })
}

fn has(overlay: &Overlay, key: &Key) -> bool {
    match key {
        Key::Image(name) => overlay.images().any(|image| image == name),
        Key::Remote(_) => overlay.pin(key).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, Take};

    const BEFORE: &str = "images:\n- name: api\n  newTag: v1\n- name: web\n  newTag: v1\n";

    fn put(after: &str, onto: &str, take: Take) -> Option<String> {
        let step =
            Step { path: "k.yaml", before: Some(BEFORE.as_bytes()), after: after.as_bytes() };
        let put = step.put(Some(onto.as_bytes()), take).unwrap();
        put.map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn versions_go_from_one_state_to_another() {
        let with =
            |api: &str, web: &str| format!("images:\n- name: api\n  {api}\n- name: web\n  {web}\n");
        let check = |onto: &str, take: Take, expected: Option<String>| {
            assert_eq!(put(&with("newTag: v2", "newTag: v1"), onto, take), expected, "{onto}");
        };
        let wanted = with("newTag: v2", "newTag: v1");
        check(BEFORE, Take::Untouched, Some(wanted.clone()));
        check(&wanted, Take::Untouched, None);
        // A neighbouring version and a comment of the other state stay.
        let other = with("newTag: v1", "newTag: v9 # why");
        check(&other, Take::Untouched, Some(with("newTag: v2", "newTag: v9 # why")));
        let moved = with("newTag: v7", "newTag: v1");
        check(&moved, Take::Untouched, None);
        check(&moved, Take::Always, Some(wanted));
        check("images:\n- name: web\n  newTag: v1\n", Take::Always, None);
    }

    #[test]
    fn what_is_of_versions_alone() {
        let check = |after: &str, expected: bool| {
            let before = Some(BEFORE.as_bytes());
            let step = Step { path: "k.yaml", before, after: after.as_bytes() };
            assert_eq!(step.is_of_versions(), expected, "{after}");
        };
        check(&BEFORE.replacen("v1", "v2", 1), true);
        check(&BEFORE.replacen("v1", "v2 # person", 1), false);
        check(&(BEFORE.replacen("v1", "v2", 1) + "replicas: []\n"), false);
        check("images:\n- name: api\n  newTag: v1\n", false);
        check("images: [", false);
    }

    #[test]
    fn marks_are_put_on_once() {
        let hold = |tag: &str, since: &str| {
            format!(
                "- kind: bad\n  version: {{image: api, tag: \"{tag}\"}}\n  reason: r\n  by: b\n  since: \"{since}\"\n"
            )
        };
        let (one, again, two) = (
            hold("1", "2026-01-01T00:00:00Z"),
            hold("1", "2026-01-02T00:00:00Z"),
            hold("2", "2026-01-02T00:00:00Z"),
        );
        let put = |after: &str, onto: &str| {
            let path = ".promoter/holds/prod/api.yaml";
            let step = Step { path, before: None, after: after.as_bytes() };
            step.put(Some(onto.as_bytes()), Take::Always).unwrap()
        };
        assert_eq!(put(&again, &one), None);
        let both = String::from_utf8(put(&two, &one).unwrap()).unwrap();
        assert!(both.contains("\"1\"") && both.contains("\"2\""), "{both}");
    }
}

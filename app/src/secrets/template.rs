//! What is to be made: texts with places for words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::cluster::Entries;

/// Secrets by name, keys by name, texts in which `${word}` stands for a word.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Templates(BTreeMap<String, Entries>);

/// Why there are none.
#[derive(Debug, thiserror::Error)]
#[error("`{file}` holds no templates of Secrets: {reason}")]
pub(crate) struct Unusable {
    file: String,
    reason: String,
}

impl Templates {
    pub(super) fn read(file: &Path) -> Result<Self, Unusable> {
        let unusable = |reason: String| Unusable { file: file.display().to_string(), reason };
        let text = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
        serde_json::from_slice(&text).map_err(|error| unusable(error.to_string()))
    }

    /// The words that the texts ask for.
    pub(super) fn words(&self) -> BTreeSet<String> {
        let texts = self.0.values().flat_map(BTreeMap::values);
        texts.flat_map(|text| places(text)).map(ToOwned::to_owned).collect()
    }

    /// The texts with these words in their places.
    pub(super) fn filled(&self, words: &Entries) -> BTreeMap<String, Entries> {
        let fill = |text: &String| {
            words.iter().fold(text.clone(), |text, (word, value)| {
                text.replace(&format!("${{{word}}}"), value)
            })
        };
        let keys =
            |keys: &Entries| keys.iter().map(|(key, text)| (key.clone(), fill(text))).collect();
        self.0.iter().map(|(name, entries)| (name.clone(), keys(entries))).collect()
    }
}

/// What stands between `${` and `}`.
fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::{Entries, Templates};

    fn templates(json: &str) -> Templates {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn words_are_found_once_and_put_everywhere() {
        let templates = templates(
            r#"{"store": {"password": "${store}", "url": "x://app:${store}@host"}, "smoke": {"token": "${smoke}"}, "plain": {"a": "b"}}"#,
        );
        assert_eq!(templates.words().into_iter().collect::<Vec<_>>(), ["smoke", "store"]);
        let words = Entries::from([("smoke".into(), "1".into()), ("store".into(), "2".into())]);
        let filled = templates.filled(&words);
        assert_eq!(filled["store"]["url"], "x://app:2@host");
        assert_eq!(filled["store"]["password"], "2");
        assert_eq!(filled["smoke"]["token"], "1");
        assert_eq!(filled["plain"]["a"], "b");
    }

    #[test]
    fn what_is_no_place_stays() {
        let templates = templates(r#"{"a": {"b": "$x {y} ${z"}}"#);
        assert!(templates.words().is_empty());
        assert_eq!(templates.filled(&Entries::new())["a"]["b"], "$x {y} ${z");
    }
}

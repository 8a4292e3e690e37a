//! Folder names that mean an environment, and the usual order of environments.

/// Usual names, in the order in which versions travel; what stands in one row means the same.
const STAGES: [&[&str]; 9] = [
    &["dev", "develop", "development"],
    &["test", "testing", "tst"],
    &["int", "integration"],
    &["qa"],
    &["uat", "acc", "acceptance"],
    &["nonprod"],
    &["stage", "staging", "stg"],
    &["preprod", "preproduction"],
    &["prod", "production", "prd", "live"],
];

/// Names of two parts that are one word.
const JOINED: [(&str, &str); 4] = [
    ("pre-production", "preproduction"),
    ("pre-prod", "preprod"),
    ("non-production", "nonprod"),
    ("non-prod", "nonprod"),
];

/// What a folder name says about the environment it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    /// How far down the road; from zero.
    pub(super) stage: usize,
    /// What else the name says: `eu` of `prod-eu`; empty for a plain word.
    pub(super) qualifier: String,
}

/// The names that count as environments.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    /// Names given by a person, in promotion order; the usual ones where there are none.
    pub(super) given: Vec<String>,
}

impl Vocabulary {
    /// Reads a folder name; `None` where it is no environment.
    pub(super) fn read(&self, name: &str) -> Option<Word> {
        if self.given.is_empty() {
            return usual(name);
        }
        let stage = self.given.iter().position(|given| given == name)?;
        Some(Word { stage, qualifier: String::new() })
    }
}

fn usual(name: &str) -> Option<Word> {
    let mut lower = name.to_lowercase();
    for (parts, word) in JOINED {
        lower = lower.replace(parts, word);
    }
    let mut found = None;
    let mut rest = Vec::new();
    for part in lower.split(|c: char| !c.is_alphanumeric()) {
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        match stage(letters) {
            Some(_) if found.is_some() => return None,
            Some(stage) => {
                found = Some(stage);
                rest.extend(part.strip_prefix(letters).filter(|number| !number.is_empty()));
            }
            None => rest.push(part),
        }
    }
    Some(Word { stage: found?, qualifier: rest.join("-") })
}

fn stage(word: &str) -> Option<usize> {
    STAGES.iter().position(|row| row.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::usual;

    #[test]
    fn reads_names() {
        let check = |name: &str, expected: Option<(usize, &str)>| {
            let word = usual(name);
            assert_eq!(
                word.as_ref().map(|word| (word.stage, word.qualifier.as_str())),
                expected,
                "{name}"
            );
        };
        check("dev", Some((0, "")));
        check("Production", Some((8, "")));
        check("prod-eu", Some((8, "eu")));
        check("eu-west-1-prod", Some((8, "eu-west-1")));
        check("prod2", Some((8, "2")));
        check("pre-prod", Some((7, "")));
        check("non-prod", Some((5, "")));
        check("prod_us", Some((8, "us")));
        check("dev-test", None);
        check("base", None);
        check("product", None);
        check("", None);
    }
}

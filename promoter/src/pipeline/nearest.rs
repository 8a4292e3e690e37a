//! The known word that a person most likely meant.

/// Longer words are no slips of a finger, and comparing them would cost.
const LONGEST: usize = 64;

/// The nearest of `known` to `word`, where one is near enough to be meant.
#[must_use]
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    known
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| near(*distance, &lower, &candidate.to_lowercase()))
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// At most one slip in three characters, or one word begins the other (`prod`, `production`).
fn near(distance: usize, word: &str, candidate: &str) -> bool {
    let shorter = word.len().min(candidate.len());
    let begins = shorter >= 3 && (word.starts_with(candidate) || candidate.starts_with(word));
    begins || distance * 3 <= word.chars().count().max(3)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_short_forms() {
        let known = ["dev", "staging", "prod"];
        let check = |word: &str, expected: Option<&str>| {
            assert_eq!(nearest(word, known).as_deref(), expected, "{word}");
        };
        check("stagign", Some("staging"));
        check("Staging", Some("staging"));
        check("production", Some("prod"));
        check("stag", Some("staging"));
        check("dve", Some("dev"));
        check("qa", None);
        check("", None);
        check(&"prod".repeat(1000), None);
    }
}

//! Takes secrets out of text that came from outside.

/// What stands where a secret stood.
const MASK: &str = "***";

/// What comes before a credential in a request, in lower case.
const HEADER: &str = "authorization:";

/// Prefixes of tokens that forges hand out.
const TOKENS: [&str; 8] =
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-"];

/// `text` without credentials in URLs, `Authorization` values and forge tokens.
#[must_use]
pub fn redact(text: &str) -> String {
    if !is_suspicious(text) {
        return text.to_owned();
    }
    let mut lines = text.split_inclusive('\n').map(redact_line);
    let first = lines.next().unwrap_or_default();
    lines.fold(first, |all, line| all + &line)
}

/// Whether there may be something to take out: most text has nothing like it.
#[must_use]
pub fn is_suspicious(text: &str) -> bool {
    let header = |text: &str| text.contains(':') && text.to_ascii_lowercase().contains(HEADER);
    text.contains("://") || TOKENS.iter().any(|prefix| text.contains(prefix)) || header(text)
}

fn redact_line(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    if let Some(end) = lower.find(HEADER).map(|at| at + HEADER.len()) {
        let ending = if line.ends_with('\n') { "\n" } else { "" };
        return format!("{} {MASK}{ending}", line.get(..end).unwrap_or_default());
    }
    let mut clean = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        clean.push_str(head);
        let end = tail.find(|c: char| c == '/' || c.is_whitespace() || "'\"".contains(c));
        let (authority, after) = tail.split_at(end.unwrap_or(tail.len()));
        match authority.rsplit_once('@') {
            Some((_, host)) => clean.extend([MASK, "@", host]),
            None => clean.push_str(authority),
        }
        rest = after;
    }
    clean.push_str(rest);
    TOKENS.iter().fold(clean, |text, prefix| mask_tokens(&text, prefix))
}

fn mask_tokens(text: &str, prefix: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(prefix) {
        let (head, token) = rest.split_at(at);
        let end = token.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
        clean.extend([head, MASK]);
        rest = token.split_at(end.unwrap_or(token.len())).1;
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn secrets_are_masked() {
        let check = |text: &str, clean: &str| assert_eq!(redact(text), clean);
        check("nothing here\n", "nothing here\n");
        check(
            "fatal: unable to access 'https://me:s3cret@host/x.git/': no\n",
            "fatal: unable to access 'https://***@host/x.git/': no\n",
        );
        check("https://tok@host", "https://***@host");
        check("a https://a@b/c d ssh://git@h/p\nx", "a https://***@b/c d ssh://***@h/p\nx");
        check("https://h/p@1", "https://h/p@1");
        check("remote: token ghp_abcDEF123 seen", "remote: token *** seen");
        check("> Authorization: Bearer abc\nok", "> Authorization: ***\nok");
        check("https://u:p@ss@host/x", "https://***@host/x");
    }
}

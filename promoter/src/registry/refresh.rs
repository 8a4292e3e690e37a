//! An identity token, which some registries give at login, becomes a token for one repository.
//!
//! OAuth 2.0 as registries speak it (distribution, `spec/auth/oauth.md`, "Refresh token").
//! oci-client would send the identity token to the repository itself.

use http_auth::parser::ChallengeParser;
use reqwest::header::WWW_AUTHENTICATE;
use serde::Deserialize;

use super::patience::Failure;
use super::{Gap, Image};

/// A token is some kilobytes.
const LIMIT: usize = 1 << 18;

#[derive(Deserialize)]
struct Granted {
    access_token: String,
}

/// Where tokens are given.
struct Place {
    realm: String,
    service: String,
}

/// The token with which `image` may be pulled.
pub(super) async fn token(
    http: &reqwest::Client,
    scheme: &str,
    image: &Image,
    identity: &str,
) -> Result<String, Failure> {
    let gap = |what: &str| Failure::Final(Gap::Unknown(format!("{} {what}", image.registry())));
    let url = format!("{scheme}://{}/v2/", image.host());
    let asked = http.get(url).send().await.map_err(|_| unreached(image))?;
    let mut challenges = asked.headers().get_all(WWW_AUTHENTICATE).iter();
    let place = challenges.find_map(|one| place(one.to_str().ok()?));
    let place = place.ok_or_else(|| gap("does not say where tokens are given"))?;
    if scheme == "https" && !place.realm.starts_with("https://") {
        return Err(gap("has tokens given without encryption"));
    }
    let scope = format!("repository:{}:pull", image.repository());
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "promoter"),
        ("service", &place.service),
        ("scope", &scope),
        ("refresh_token", identity),
    ];
    let given = http.post(&place.realm).form(&form).send().await;
    let mut given = given.map_err(|_| gap("gives no token to read it"))?;
    if !given.status().is_success() {
        return Err(gap("gives no token to read it"));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = given.chunk().await.map_err(|_| gap("broke off"))? {
        if bytes.len() + chunk.len() > LIMIT {
            return Err(gap("gives a token that is too long"));
        }
        bytes.extend_from_slice(&chunk);
    }
    let granted: Granted =
        serde_json::from_slice(&bytes).map_err(|_| gap("gives a token that cannot be read"))?;
    Ok(granted.access_token)
}

fn unreached(image: &Image) -> Failure {
    Failure::Passing(Gap::Unknown(format!("{} cannot be reached", image.registry())), None)
}

/// `Bearer realm="...",service="..."`.
fn place(header: &str) -> Option<Place> {
    let bearer = ChallengeParser::new(header)
        .filter_map(Result::ok)
        .find(|challenge| challenge.scheme.eq_ignore_ascii_case("bearer"))?;
    let value = |name: &str| {
        let found = bearer.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_unescaped())
    };
    Some(Place { realm: value("realm")?, service: value("service").unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn challenges() {
        let check = |header: &str, expected: Option<(&str, &str)>| {
            let found = place(header);
            let found = found.as_ref().map(|one| (one.realm.as_str(), one.service.as_str()));
            assert_eq!(found, expected, "{header}");
        };
        let good = "Bearer realm=\"https://auth/token\",service=\"registry\"";
        check(good, Some(("https://auth/token", "registry")));
        check("bearer realm=\"https://auth\"", Some(("https://auth", "")));
        check("Basic realm=\"x\"", None);
        check("", None);
        check("Bearer", None);
    }
}

//! A server that gives tokens for a registry (distribution, `spec/auth/token.md` and `jwt.md`), for
//! a password or for an identity token.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::json;
use tempfile::NamedTempFile;

use crate::server::base64;

/// The server, for as long as the test lives.
pub(crate) struct Tokens {
    port: u16,
    signer: Arc<Signer>,
    bundle: NamedTempFile,
    asked: Arc<AtomicUsize>,
}

struct Signer {
    key: EcdsaKeyPair,
    certificate: Vec<u8>,
}

impl Tokens {
    pub(crate) fn start() -> Self {
        let pair = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&pair).unwrap();
        let mut bundle = NamedTempFile::new().unwrap();
        bundle.write_all(certificate.pem().as_bytes()).unwrap();
        let (algorithm, der) = (&ECDSA_P256_SHA256_FIXED_SIGNING, pair.serialized_der());
        let key = EcdsaKeyPair::from_pkcs8(algorithm, der, &SystemRandom::new()).unwrap();
        let signer = Arc::new(Signer { key, certificate: certificate.der().to_vec() });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let (ours, count) = (Arc::clone(&signer), Arc::clone(&asked));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                answer(client, &ours);
            }
        });
        Tokens { port, signer, bundle, asked }
    }

    /// What the registry is told of it.
    pub(crate) fn settings(&self) -> String {
        format!(
            "auth: {{ token: {{ realm: 'http://127.0.0.1:{}/token', service: registry, issuer: tests, rootcertbundle: {} }} }}",
            self.port,
            self.bundle.path().display()
        )
    }

    /// A token with which everything may be done.
    pub(crate) fn token(&self) -> String {
        self.signer.token()
    }

    /// How often a token was asked for.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Signer {
    fn token(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let head = json!({ "typ": "JWT", "alg": "ES256", "x5c": [base64(&self.certificate)] });
        let access =
            json!([{ "type": "repository", "name": "acme/api", "actions": ["pull", "push"] }]);
        let claims = json!({
            "iss": "tests", "sub": "ada", "aud": "registry", "jti": "1",
            "iat": now, "nbf": now - 10, "exp": now + 300, "access": access,
        });
        let text = format!(
            "{}.{}",
            part(head.to_string().as_bytes()),
            part(claims.to_string().as_bytes())
        );
        let signature = self.key.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", part(signature.as_ref()))
    }
}

/// A part of a token: base64 for URLs, without padding.
fn part(bytes: &[u8]) -> String {
    base64(bytes).replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned()
}

/// Gives a token for ada's password, or for her identity token; the latter in a form.
fn answer(mut client: TcpStream, signer: &Signer) {
    let mut reader = BufReader::new(client.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) < 3 {
            break;
        }
        let lower = line.to_ascii_lowercase();
        length =
            lower.strip_prefix("content-length:").map_or(length, |n| n.trim().parse().unwrap());
        head += &line;
    }
    let mut form = vec![0; length];
    reader.read_exact(&mut form).unwrap();
    let form = String::from_utf8(form).unwrap();
    let by_password = head.contains(&base64(b"ada:s3cret"));
    let by_identity = head.starts_with("POST")
        && form.contains("grant_type=refresh_token")
        && form.contains("scope=repository%3Aacme%2Fapi%3Apull")
        && form.contains("refresh_token=identity-of-ada");
    let (status, body) = if by_password || by_identity {
        let token = signer.token();
        (200, json!({ "token": token, "access_token": token, "expires_in": 60 }).to_string())
    } else {
        (401, json!({ "details": head }).to_string())
    };
    let _ = write!(
        client,
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
}

//! Debian's docker-registry on a port and a folder of its own, and a client that pushes to it.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use promoter::version::Digest;
use tempfile::TempDir;

use crate::tokens::Tokens;

/// A registry that lives as long as this value.
pub(crate) struct Server {
    process: Child,
    folder: TempDir,
    port: u16,
    /// The header of those who may push.
    authorization: Option<String>,
}

/// `ada` and `s3cret`, as `htpasswd -B` writes them.
const HTPASSWD: &str = "ada:$2y$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK\\n";

pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

impl Server {
    /// One that lets everybody in.
    pub(crate) fn start() -> Self {
        Server::with("", None)
    }

    /// One that wants a password.
    pub(crate) fn with_password() -> Self {
        let auth = "auth: { htpasswd: { realm: test, path: FOLDER/htpasswd } }";
        Server::with(auth, Some(format!("Basic {}", base64(b"ada:s3cret"))))
    }

    /// One that wants a token of `tokens`.
    pub(crate) fn with_tokens(tokens: &Tokens) -> Self {
        Server::with(&tokens.settings(), Some(format!("Bearer {}", tokens.token())))
    }

    fn with(auth: &str, authorization: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (path, users) = (folder.path().join("data"), folder.path().join("htpasswd"));
        fs::write(&users, HTPASSWD).unwrap();
        let auth = auth.replace("FOLDER", &folder.path().display().to_string());
        let config = format!(
            "version: 0.1\nlog: {{ level: error }}\n\
             storage: {{ filesystem: {{ rootdirectory: {} }}, delete: {{ enabled: true }} }}\n\
             http: {{ addr: '127.0.0.1:{port}' }}\n{auth}\n",
            path.display()
        );
        let file = folder.path().join("config.yml");
        fs::write(&file, config).unwrap();
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(file).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().expect("docker-registry is installed by ./test.sh");
        let server = Server { process, folder, port, authorization };
        server.wait();
        server
    }

    fn wait(&self) {
        let end = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < end, "the registry does not start");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Host and port, as they stand in the name of an image.
    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Pushes a blob.
    pub(crate) fn blob(&self, repository: &str, bytes: &[u8]) -> Digest {
        let begun = self.send("POST", &format!("{repository}/blobs/uploads/"), None, &[]);
        let location = begun.headers().get("location").unwrap().to_str().unwrap().to_owned();
        let digest = Digest::of(bytes);
        let join = if location.contains('?') { '&' } else { '?' };
        let url = format!("{location}{join}digest={}", digest.as_str());
        self.request("PUT", &url, Some("application/octet-stream"), bytes);
        digest
    }

    /// Pushes a manifest under a tag, or under its digest.
    pub(crate) fn manifest(
        &self,
        repository: &str,
        tag: Option<&str>,
        kind: &str,
        value: &serde_json::Value,
    ) -> Digest {
        let bytes = serde_json::to_vec(value).unwrap();
        let digest = Digest::of(&bytes);
        let name = tag.unwrap_or(digest.as_str());
        self.send("PUT", &format!("{repository}/manifests/{name}"), Some(kind), &bytes);
        digest
    }

    /// Deletes a manifest, so that its tags are gone with it.
    pub(crate) fn delete(&self, repository: &str, digest: &Digest) {
        self.send("DELETE", &format!("{repository}/manifests/{}", digest.as_str()), None, &[]);
    }

    /// Loses a blob, as a garbage collection that goes wrong does.
    pub(crate) fn lose(&self, digest: &Digest) {
        let (first, _) = digest.hex().split_at(2);
        let path = format!("data/docker/registry/v2/blobs/sha256/{first}/{}", digest.hex());
        fs::remove_dir_all(self.folder.path().join(PathBuf::from(path))).unwrap();
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        kind: Option<&str>,
        bytes: &[u8],
    ) -> ureq::http::Response<ureq::Body> {
        self.request(method, &format!("http://{}/v2/{path}", self.host()), kind, bytes)
    }

    fn request(
        &self,
        method: &str,
        url: &str,
        kind: Option<&str>,
        bytes: &[u8],
    ) -> ureq::http::Response<ureq::Body> {
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let sent = ureq::run(request.body(bytes.to_vec()).unwrap());
        sent.unwrap_or_else(|error| panic!("{method} {url}: {error}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    sigstore_verify::types::SignatureBytes::from_bytes(bytes).to_base64()
}

/// Everything that a stream still holds.
pub(crate) fn rest(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A connection that is cut off has given what it had.
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

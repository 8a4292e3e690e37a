//! The user's credentials, where docker and podman keep them: `auths`, `credHelpers`, `credsStore`.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use docker_credential::{CredentialRetrievalError, DockerCredential};
use oci_client::secrets::RegistryAuth;

use super::{Answer, Gap, Image};

/// The longest that a credential helper may take.
const HELPER: Duration = Duration::from_secs(10);

/// Larger files hold no credentials.
const LIMIT: u64 = 1 << 20;

/// The credentials for the registry of `image`: of the first file that has some, else none.
pub(super) fn find(files: &[PathBuf], image: &Image) -> Answer<RegistryAuth> {
    for file in files {
        let small = fs::metadata(file).is_ok_and(|data| data.is_file() && data.len() <= LIMIT);
        let Some(text) = small.then(|| fs::read(file).ok()).flatten() else { continue };
        for server in servers(image) {
            if let Some(found) = within(text.clone(), server)? {
                return Ok(found);
            }
        }
    }
    Ok(RegistryAuth::Anonymous)
}

/// The names under which a registry is kept; Docker's own has an old one.
fn servers(image: &Image) -> Vec<String> {
    match image.registry() {
        "docker.io" => {
            ["https://index.docker.io/v1/", "index.docker.io", "docker.io"].map(Into::into).into()
        }
        other => vec![other.to_owned()],
    }
}

/// Looks into one file; a helper that hangs is left behind.
fn within(text: Vec<u8>, server: String) -> Answer<Option<RegistryAuth>> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let found = docker_credential::get_credential_from_reader(text.as_slice(), &server);
        // Nobody listens any more when it took too long.
        let _ = tell.send(found);
    });
    match told.recv_timeout(HELPER) {
        Ok(Ok(DockerCredential::UsernamePassword(user, password))) => {
            Ok(Some(RegistryAuth::Basic(user, password)))
        }
        Ok(Ok(DockerCredential::IdentityToken(token))) => Ok(Some(RegistryAuth::Bearer(token))),
        Ok(Err(error)) => none(&error),
        Err(_) => Err(Gap::unknown("the credential helper does not answer")),
    }
}

/// What an error of the look-up means. Words of a helper are not repeated: they may hold secrets.
fn none(error: &CredentialRetrievalError) -> Answer<Option<RegistryAuth>> {
    match error {
        CredentialRetrievalError::NoCredentialConfigured => Ok(None),
        CredentialRetrievalError::HelperFailure { stdout, .. } if says_none(stdout) => Ok(None),
        CredentialRetrievalError::HelperFailure { helper, .. } => {
            Err(Gap::Unknown(format!("`{helper}` fails")))
        }
        CredentialRetrievalError::HelperCommunicationError => {
            Err(Gap::unknown("the credential helper of the docker configuration cannot be run"))
        }
        _ => Err(Gap::unknown("the docker configuration cannot be read")),
    }
}

/// How docker-credential-helpers says that it has nothing.
fn says_none(stdout: &str) -> bool {
    stdout.contains("credentials not found")
}

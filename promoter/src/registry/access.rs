//! How one repository may be read: anonymously, by password or by a token of the registry's.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use oci_client::RegistryOperation;
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::OciDistributionError;
use oci_client::secrets::RegistryAuth;

use super::patience::Failure;
use super::{Answer, Gap, Image, Settings, credentials, refresh};

/// The longest that a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// The longest that a server may be silent in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(8);

const AGENT: &str = concat!("promoter/", env!("CARGO_PKG_VERSION"));

/// What a request carries to be let in. Has no `Debug`: it holds secrets.
#[derive(Clone)]
pub(super) enum Access {
    Anonymous,
    Basic(String, String),
    Bearer(String),
}

impl Access {
    pub(super) fn carried_by(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match self {
            Access::Anonymous => request,
            Access::Basic(user, password) => request.basic_auth(user, Some(password)),
            Access::Bearer(token) => request.bearer_auth(token),
        }
    }
}

/// What speaks to registries.
pub(super) struct Clients {
    pub(super) http: reqwest::Client,
    /// For tokens, of registries with TLS and without.
    secure: oci_client::Client,
    plain: oci_client::Client,
    settings: Settings,
    /// The user's own, by registry: a helper is run once.
    owned: RefCell<BTreeMap<String, Answer<RegistryAuth>>>,
}

impl Clients {
    /// Trusts what the machine trusts: the system's store, or `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    pub(super) fn new(settings: &Settings) -> Result<Self, OciDistributionError> {
        // A second installation changes nothing and says so.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().user_agent(AGENT).connect_timeout(CONNECT);
        Ok(Clients {
            http: http.read_timeout(SILENCE).build()?,
            secure: client(ClientProtocol::Https)?,
            plain: client(ClientProtocol::Http)?,
            settings: settings.clone(),
            owned: RefCell::default(),
        })
    }

    /// `http` or `https`.
    pub(super) fn scheme(&self, image: &Image) -> &'static str {
        let named = self.settings.insecure.iter().any(|host| host == image.registry());
        if named || image.is_local() { "http" } else { "https" }
    }

    /// Asks the registry how it lets readers in, with the credentials that the user has for it.
    pub(super) async fn access(&self, image: &Image) -> Result<Access, Failure> {
        let owned = self.owned(image).map_err(Failure::Final)?;
        if let RegistryAuth::Bearer(identity) = &owned {
            let token = refresh::token(&self.http, self.scheme(image), image, identity).await?;
            return Ok(Access::Bearer(token));
        }
        let token = self.token(image, &owned).await?;
        Ok(match (token, owned) {
            (Some(token), _) => Access::Bearer(token),
            (None, RegistryAuth::Basic(user, password)) => Access::Basic(user, password),
            (None, _) => Access::Anonymous,
        })
    }

    fn owned(&self, image: &Image) -> Answer<RegistryAuth> {
        let mut owned = self.owned.borrow_mut();
        let find = || credentials::find(&self.settings.credentials, image);
        owned.entry(image.registry().to_owned()).or_insert_with(find).clone()
    }

    async fn token(&self, image: &Image, owned: &RegistryAuth) -> Result<Option<String>, Failure> {
        use OciDistributionError::{AuthenticationFailure, RequestError};

        let client = if self.scheme(image) == "http" { &self.plain } else { &self.secure };
        let asked = client.auth(&image.reference(), owned, RegistryOperation::Pull).await;
        let gap = |what: &str| Gap::Unknown(format!("{} {what}", image.registry()));
        asked.map_err(|error| match error {
            RequestError(_) => Failure::Passing(gap("cannot be reached"), None),
            // The words of the server stay out: they may repeat what it was sent. It is not asked
            // again: a wrong password, repeated, may close the account.
            AuthenticationFailure(_) => Failure::Final(gap("gives no token to read it")),
            _ => Failure::Final(gap("cannot be asked for a token")),
        })
    }
}

fn client(protocol: ClientProtocol) -> Result<oci_client::Client, OciDistributionError> {
    oci_client::Client::try_from(ClientConfig {
        protocol,
        connect_timeout: Some(CONNECT),
        read_timeout: Some(SILENCE),
        user_agent: AGENT,
        ..ClientConfig::default()
    })
}

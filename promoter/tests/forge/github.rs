//! A stand-in for GitHub: real HTTP before a real bare repository, with pull requests, labels,
//! reviews, comments, Apps and auto-merge as far as promoter uses them.
//!
//! Every exchange is held against GitHub's own schemas ([`super::contract`]), and answers are made
//! from GitHub's own examples. What does not hold is told when the stand-in ends.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::contract::{Exchange, contract};
use crate::world::Checkout;

/// The token that is let in.
pub(crate) const TOKEN: &str = "let-me-in";

/// The number of the App, and of its installation.
pub(crate) const APP: u64 = 12;
const INSTALLATION: u64 = 34;
const INSTALLATION_TOKEN: &str = "installed";

/// A server that ends with the test.
pub(crate) struct GitHub {
    state: Arc<Mutex<State>>,
    address: SocketAddr,
}

/// What the server knows.
pub(crate) struct State {
    remote: Checkout,
    pub(crate) pulls: Vec<Pull>,
    /// `post /repos/{owner}/{repo}/pulls`, `graphql enablePullRequestAutoMerge`, in order.
    pub(crate) asked: Vec<String>,
    /// Faults by what is asked, each once.
    faults: BTreeMap<String, VecDeque<Fault>>,
    wrong: Vec<String>,
    /// Whether auto-merge is allowed here.
    pub(crate) auto_merge: bool,
    /// The App's private key.
    pub(crate) key: Option<PathBuf>,
    /// Logins that may review.
    pub(crate) collaborators: Vec<&'static str>,
}

/// A pull request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pull {
    pub(crate) number: usize,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) head: String,
    pub(crate) base: String,
    pub(crate) open: bool,
    pub(crate) draft: bool,
    /// The commit of its branch when it was merged.
    pub(crate) merged: Option<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) reviewers: Vec<String>,
    pub(crate) teams: Vec<String>,
    pub(crate) reviews: Vec<String>,
    pub(crate) comments: Vec<String>,
    pub(crate) auto_merge: Option<String>,
}

/// Something that goes wrong once.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The connection ends before anything is done.
    Before,
    /// It is done, and the connection ends before it is said.
    After,
    /// This status, with these headers and this message.
    Status(u16, Vec<(&'static str, String)>, Value),
}

/// An answer.
struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Value,
}

impl GitHub {
    /// A server for the repository `acme/shop`, which is `remote`.
    pub(crate) fn before(remote: Checkout) -> Self {
        let state = State {
            remote,
            pulls: Vec::new(),
            asked: Vec::new(),
            faults: BTreeMap::new(),
            wrong: Vec::new(),
            auto_merge: true,
            key: None,
            collaborators: vec!["ada", "bob"],
        };
        let state = Arc::new(Mutex::new(state));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::clone(&state);
        thread::spawn(move || serve(listener, &shared));
        GitHub { state, address }
    }

    /// The URL of the REST API, as of an Enterprise server.
    pub(crate) fn rest(&self) -> String {
        format!("http://{}/api/v3", self.address)
    }

    /// The URL of the GraphQL API.
    pub(crate) fn graphql(&self) -> String {
        format!("http://{}/api/graphql", self.address)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Lets the next requests of a kind go wrong, each once.
    pub(crate) fn fail(&self, what: &str, faults: &[Fault]) {
        self.state().faults.entry(what.to_owned()).or_default().extend(faults.iter().cloned());
    }

    /// The only pull request there ever was.
    #[track_caller]
    pub(crate) fn only(&self) -> Pull {
        let state = self.state();
        assert_eq!(state.pulls.len(), 1, "{:#?}", state.pulls);
        state.pulls[0].clone()
    }

    /// How often something was asked.
    pub(crate) fn count(&self, what: &str) -> usize {
        self.state().asked.iter().filter(|asked| *asked == what).count()
    }
}

impl Drop for GitHub {
    fn drop(&mut self) {
        if !thread::panicking() {
            let state = self.state();
            assert!(
                state.wrong.is_empty(),
                "exchanges that GitHub would not know: {:#?}",
                state.wrong
            );
            let left: Vec<_> = state.faults.iter().filter(|(_, left)| !left.is_empty()).collect();
            assert!(left.is_empty(), "never asked: {left:?}");
        }
    }
}

fn serve(listener: std::net::TcpListener, state: &Arc<Mutex<State>>) {
    listener.set_nonblocking(true).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::from_std(listener).unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let state = Arc::clone(state);
            let service = service_fn(move |request| {
                let state = Arc::clone(&state);
                async move { answer(&state, request).await }
            });
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(async move { drop(connection.await) });
        }
    });
}

/// An error ends the connection without an answer.
async fn answer(
    state: &Mutex<State>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, &'static str> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| "cut")?.to_bytes();
    let body = if body.is_empty() { None } else { Some(serde_json::from_slice(&body).unwrap()) };
    let method = parts.method.as_str().to_ascii_lowercase();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let who = header("authorization").unwrap_or_default().to_owned();
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let mut state = state.lock().unwrap();
    let reply = state.exchange(&method, parts.uri.path(), &query, body.as_ref(), &who);
    let reply = reply.ok_or("cut off")?;
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    Ok(response.body(Full::from(reply.body.to_string())).unwrap())
}

impl State {
    /// One exchange, held against the contract; none where the connection ends.
    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        query: &[(String, String)],
        body: Option<&Value>,
        who: &str,
    ) -> Option<Reply> {
        if path == "/api/graphql" {
            let body = body.cloned().unwrap_or_default();
            return self.graphql(&body, who);
        }
        let path = path.strip_prefix("/api/v3").unwrap_or(path);
        let exchange = match contract().operation(method, path) {
            Ok(exchange) => exchange,
            Err(wrong) => return Some(self.blame(wrong)),
        };
        let name = exchange.name().to_owned();
        if let Err(wrong) = exchange.request(query, body) {
            return Some(self.blame(format!("{name}: {wrong}: {body:?}")));
        }
        self.asked.push(name.clone());
        let fault = self.faults.get_mut(&name).and_then(VecDeque::pop_front);
        let reply = match fault {
            Some(Fault::Before) => return None,
            Some(Fault::Status(status, headers, body)) => Reply { status, headers, body },
            other => {
                let reply = self.act(&exchange, query, &body.cloned().unwrap_or_default(), who);
                if other.is_some() {
                    return None;
                }
                reply
            }
        };
        if let Err(wrong) = exchange.answer(reply.status, &reply.body) {
            return Some(self.blame(format!("{name}: answer {}: {wrong}", reply.status)));
        }
        Some(reply)
    }

    fn blame(&mut self, wrong: String) -> Reply {
        let said = json!({ "message": wrong });
        self.wrong.push(wrong);
        reply(400, said)
    }

    fn act(
        &mut self,
        exchange: &Exchange<'_>,
        query: &[(String, String)],
        body: &Value,
        who: &str,
    ) -> Reply {
        let tokens = [format!("Bearer {TOKEN}"), format!("Bearer {INSTALLATION_TOKEN}")];
        let name = exchange.name();
        let app = name.ends_with("/installation") || name.starts_with("post /app/");
        if !app && !tokens.iter().any(|token| token == who) {
            return reply(401, json!({ "message": "Bad credentials" }));
        }
        let value = |name: &str| {
            query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
        };
        let ours = |exchange: &Exchange<'_>| {
            exchange.value("owner") == "acme"
                && ["shop", "program"].contains(&exchange.value("repo"))
        };
        if !app && !ours(exchange) {
            return reply(404, json!({ "message": "Not Found" }));
        }
        match name {
            "get /repos/{owner}/{repo}/installation" if is_jwt(who, self.key.as_deref()) => {
                let mut found = contract().example("installation");
                found["id"] = INSTALLATION.into();
                reply(200, found)
            }
            "post /app/installations/{installation_id}/access_tokens"
                if is_jwt(who, self.key.as_deref()) =>
            {
                assert_eq!(exchange.value("installation_id"), INSTALLATION.to_string());
                assert_eq!(body["repositories"], json!(["shop"]));
                let mut made = contract().example("installation-token");
                made["token"] = INSTALLATION_TOKEN.into();
                reply(201, made)
            }
            "get /repos/{owner}/{repo}/pulls" => {
                let head = value("head").strip_prefix("acme:").unwrap_or_default();
                let wanted = |pull: &&Pull| {
                    pull.head == head
                        && pull.base == value("base")
                        && pull.open == (value("state") == "open")
                };
                let found = self.pulls.iter().filter(wanted).rev();
                let shown = found.map(|pull| self.show(pull, "pull-request-simple"));
                reply(200, shown.collect())
            }
            "post /repos/{owner}/{repo}/pulls" => self.open(body),
            "get /repos/{owner}/{repo}/compare/{basehead}" => compare(exchange.value("basehead")),
            _ => self.about(exchange, body),
        }
    }

    /// What is about one pull request.
    fn about(&mut self, exchange: &Exchange<'_>, body: &Value) -> Reply {
        match exchange.name() {
            "patch /repos/{owner}/{repo}/pulls/{pull_number}" => {
                let Some(pull) = self.pull(exchange.value("pull_number")) else { return missing() };
                if let Some(title) = body["title"].as_str() {
                    title.clone_into(&mut pull.title);
                }
                if let Some(text) = body["body"].as_str() {
                    assert!(text.chars().count() <= 65_536);
                    text.replace('\n', "\r\n").clone_into(&mut pull.body);
                }
                if let Some(state) = body["state"].as_str() {
                    pull.open = state == "open";
                }
                let pull = pull.clone();
                reply(200, self.show(&pull, "pull-request"))
            }
            "post /repos/{owner}/{repo}/issues/{issue_number}/labels" => {
                let Some(pull) = self.pull(exchange.value("issue_number")) else {
                    return missing();
                };
                for label in body["labels"].as_array().unwrap() {
                    pull.labels.push(label.as_str().unwrap().to_owned());
                }
                reply(200, labels(&pull.labels))
            }
            "get /repos/{owner}/{repo}/pulls/{pull_number}/reviews" => {
                let Some(pull) = self.pull(exchange.value("pull_number")) else { return missing() };
                let mut one = contract().example("pull-request-review-items")[0].clone();
                let shown = pull.reviews.iter().map(|login| {
                    one["user"]["login"] = login.as_str().into();
                    one.clone()
                });
                reply(200, shown.collect())
            }
            "post /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers" => {
                let list = |key: &str| -> Vec<String> {
                    serde_json::from_value(body[key].clone()).unwrap_or_default()
                };
                let (people, teams) = (list("reviewers"), list("team_reviewers"));
                let known = |login: &String| self.collaborators.contains(&login.as_str());
                if !people.iter().all(known) {
                    let words = "Reviews may only be requested from collaborators.";
                    return reply(422, json!({ "message": words }));
                }
                let Some(pull) = self.pull(exchange.value("pull_number")) else { return missing() };
                pull.reviewers.extend(people);
                pull.teams.extend(teams);
                let pull = pull.clone();
                reply(201, self.show(&pull, "pull-request-review-request"))
            }
            "get /repos/{owner}/{repo}/issues/{issue_number}/comments" => {
                let Some(pull) = self.pull(exchange.value("issue_number")) else {
                    return missing();
                };
                let mut one = contract().example("issue-comment-items")[0].clone();
                let shown = pull.comments.iter().map(|text| {
                    one["body"] = text.as_str().into();
                    one.clone()
                });
                reply(200, shown.collect())
            }
            "post /repos/{owner}/{repo}/issues/{issue_number}/comments" => {
                let Some(pull) = self.pull(exchange.value("issue_number")) else {
                    return missing();
                };
                let text = body["body"].as_str().unwrap();
                pull.comments.push(text.to_owned());
                let mut made = contract().example("issue-comment");
                made["body"] = text.into();
                reply(201, made)
            }
            _ => reply(404, json!({ "message": "Not Found" })),
        }
    }

    fn open(&mut self, body: &Value) -> Reply {
        let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
        let (head, base) = (text("head"), text("base"));
        let refuse = |message: &str| {
            let errors =
                json!([{ "resource": "PullRequest", "code": "custom", "message": message }]);
            let url = "https://docs.github.com/rest/pulls/pulls#create-a-pull-request";
            reply(
                422,
                json!({ "message": "Validation Failed", "errors": errors, "documentation_url": url }),
            )
        };
        let same = |pull: &Pull| pull.open && pull.head == head && pull.base == base;
        if self.pulls.iter().any(same) {
            return refuse(&format!("A pull request already exists for acme:{head}."));
        }
        let ahead = self.remote.git(&["rev-list", "--count", &format!("{base}..{head}")]);
        if ahead == "0" {
            return refuse(&format!("No commits between {base} and {head}"));
        }
        let pull = Pull {
            number: self.pulls.len() + 1,
            title: text("title"),
            body: text("body").replace('\n', "\r\n"),
            open: true,
            draft: body["draft"] == true,
            head,
            base,
            ..Pull::default()
        };
        self.pulls.push(pull.clone());
        reply(201, self.show(&pull, "pull-request"))
    }

    fn pull(&mut self, number: &str) -> Option<&mut Pull> {
        self.pulls.iter_mut().find(|pull| pull.number.to_string() == number)
    }

    /// GitHub's example with what differs here.
    fn show(&self, pull: &Pull, example: &str) -> Value {
        let mut shown = contract().example(example);
        if shown.is_null() {
            shown = contract().example("pull-request-simple-items")[0].clone();
        }
        shown["number"] = pull.number.into();
        shown["title"] = pull.title.as_str().into();
        shown["body"] = pull.body.as_str().into();
        shown["state"] = if pull.open { "open" } else { "closed" }.into();
        shown["draft"] = pull.draft.into();
        shown["node_id"] = format!("PR_{}", pull.number).into();
        shown["html_url"] = format!("https://github.test/acme/shop/pull/{}", pull.number).into();
        shown["user"]["login"] = "promoter-bot".into();
        shown["head"]["ref"] = pull.head.as_str().into();
        shown["base"]["ref"] = pull.base.as_str().into();
        let tip =
            || self.remote.run("git", &["rev-parse", "--verify", "--quiet", &pull.head]).stdout;
        shown["head"]["sha"] = pull.merged.clone().unwrap_or_else(tip).trim().into();
        let time = pull.merged.as_ref().map(|_| "2026-01-01T00:00:00Z");
        shown["merged_at"] = json!(time);
        shown["labels"] = labels(&pull.labels);
        let user = contract().example("pull-request-simple-items")[0]["user"].clone();
        let people = pull.reviewers.iter().map(|login| {
            let mut one = user.clone();
            one["login"] = login.as_str().into();
            one
        });
        shown["requested_reviewers"] = people.collect();
        let team = contract().example("pull-request-simple-items")[0]["requested_teams"][0].clone();
        let teams = pull.teams.iter().map(|slug| {
            let mut one = team.clone();
            one["slug"] = slug.as_str().into();
            one
        });
        shown["requested_teams"] = teams.collect();
        shown["auto_merge"] = match &pull.auto_merge {
            None => Value::Null,
            Some(method) => json!({
                "enabled_by": user, "merge_method": method.to_ascii_lowercase(),
                "commit_title": "t", "commit_message": "m",
            }),
        };
        shown
    }

    fn graphql(&mut self, body: &Value, who: &str) -> Option<Reply> {
        if who != format!("Bearer {TOKEN}") && who != format!("Bearer {INSTALLATION_TOKEN}") {
            return Some(reply(401, json!({ "message": "Bad credentials" })));
        }
        let fields = match contract().query(body) {
            Ok(fields) => fields,
            Err(wrong) => return Some(self.blame(wrong)),
        };
        let name = format!("graphql {}", fields.join(" "));
        self.asked.push(name.clone());
        let fault = self.faults.get_mut(&name).and_then(VecDeque::pop_front);
        match fault {
            Some(Fault::Before) => return None,
            Some(Fault::Status(status, headers, body)) => {
                return Some(Reply { status, headers, body });
            }
            _ => {}
        }
        let made = match fields.first().map(String::as_str) {
            Some("enablePullRequestAutoMerge") => self.enable(&body["variables"]),
            Some("createCommitOnBranch") => self.commit(&body["variables"]["input"]),
            other => return Some(self.blame(format!("{other:?}"))),
        };
        if let Err(wrong) = contract().data(body, &made) {
            return Some(self.blame(wrong));
        }
        if fault.is_some() { None } else { Some(reply(200, made)) }
    }

    fn enable(&mut self, variables: &Value) -> Value {
        if !self.auto_merge {
            let message = "Auto merge is not allowed for this repository";
            return json!({
                "data": { "enablePullRequestAutoMerge": null },
                "errors": [{ "type": "UNPROCESSABLE", "path": ["enablePullRequestAutoMerge"], "message": message }],
            });
        }
        let number = variables["pull"].as_str().unwrap().trim_start_matches("PR_").to_owned();
        let method = variables["method"].as_str().unwrap().to_owned();
        self.pull(&number).unwrap().auto_merge = Some(method);
        json!({ "data": { "enablePullRequestAutoMerge": { "pullRequest": { "id": variables["pull"] } } } })
    }

    /// Makes a commit on a branch that is where it is expected, as GitHub itself.
    fn commit(&mut self, input: &Value) -> Value {
        let text = |at: &str| input.pointer(at).and_then(Value::as_str).unwrap().to_owned();
        let (branch, expected) = (text("/branch/branchName"), text("/expectedHeadOid"));
        let head = self.remote.id(&branch);
        if head != expected {
            return denied(
                "STALE_DATA",
                &format!("Expected branch to point to \"{expected}\" but it did not."),
            );
        }
        let beside = |name: &str| self.remote.path().join(name).to_str().unwrap().to_owned();
        let index = self.remote.with_variable("GIT_INDEX_FILE", &beside("index-of-github"));
        let git = |arguments: &[&str]| index.git(arguments);
        git(&["read-tree", &head]);
        for file in input["fileChanges"]["additions"].as_array().unwrap() {
            let bytes = STANDARD.decode(file["contents"].as_str().unwrap()).unwrap();
            std::fs::write(beside("content"), bytes).unwrap();
            let blob = git(&["hash-object", "-w", &beside("content")]);
            let entry = format!("100644,{},{}", blob.trim(), file["path"].as_str().unwrap());
            git(&["update-index", "--add", "--cacheinfo", &entry]);
        }
        let tree = git(&["write-tree"]).trim().to_owned();
        let message = format!("{}\n\n{}", text("/message/headline"), text("/message/body"));
        let who = ["-c", "user.name=GitHub", "-c", "user.email=noreply@github.com"];
        let make = ["commit-tree", "-p", &head, "-m", &message, &tree];
        let commit = git(&[&who[..], &make[..]].concat()).trim().to_owned();
        git(&["update-ref", &format!("refs/heads/{branch}"), &commit, &head]);
        json!({ "data": { "createCommitOnBranch": { "commit": { "oid": commit } } } })
    }

    /// Nothing goes wrong any more.
    pub(crate) fn forgive(&mut self) {
        self.faults.clear();
    }

    /// Merges a pull request as one commit, as the button does.
    pub(crate) fn squash(&mut self, number: usize) {
        let pull = self.pulls.iter_mut().find(|pull| pull.number == number).unwrap();
        let git = |arguments: &[&str]| self.remote.git(arguments);
        let tree = git(&["merge-tree", "--write-tree", &pull.base, &pull.head]);
        let tree = tree.lines().next().unwrap().to_owned();
        let commit = git(&["commit-tree", "-p", &pull.base, "-m", &pull.title, &tree]);
        git(&["update-ref", &format!("refs/heads/{}", pull.base), &commit]);
        pull.merged = Some(git(&["rev-parse", &pull.head]));
        pull.open = false;
    }
}

fn reply(status: u16, body: Value) -> Reply {
    Reply { status, headers: Vec::new(), body }
}

fn missing() -> Reply {
    reply(404, json!({ "message": "Not Found" }))
}

fn labels(names: &[String]) -> Value {
    let mut one = contract().example("label-items")[0].clone();
    let all = names.iter().map(|name| {
        one["name"] = name.as_str().into();
        one.clone()
    });
    all.collect()
}

/// Whether the request is signed by the App: verified by openssl with the public part of its key.
fn is_jwt(who: &str, key: Option<&Path>) -> bool {
    let (Some(token), Some(key)) = (who.strip_prefix("Bearer "), key) else { return false };
    let mut python = Command::new("python3");
    let done = python.args(["-c", VERIFY, token, key.to_str().unwrap()]).output().unwrap();
    String::from_utf8_lossy(&done.stdout).trim() == format!("{APP} True")
}

const VERIFY: &str = r"
import base64, json, subprocess, sys, tempfile, time
token, key = sys.argv[1:]
data, _, signature = token.rpartition('.')
decode = lambda part: base64.urlsafe_b64decode(part + '=' * (-len(part) % 4))
claims = json.loads(decode(data.split('.')[1]))
with tempfile.NamedTemporaryFile() as sig, tempfile.NamedTemporaryFile() as public:
    sig.write(decode(signature)); sig.flush()
    subprocess.run(['openssl', 'rsa', '-in', key, '-pubout', '-out', public.name], check=True, stderr=subprocess.DEVNULL)
    verify = ['openssl', 'dgst', '-sha256', '-verify', public.name, '-signature', sig.name]
    good = subprocess.run(verify, input=data.encode(), stdout=subprocess.DEVNULL).returncode == 0
short = claims['exp'] - claims['iat'] <= 600 and claims['iat'] <= time.time() < claims['exp']
print(claims['iss'], good and short)
";

/// GitHub's example of a comparison, with a commit for each end.
fn compare(ends: &str) -> Reply {
    let (old, new) = ends.split_once("...").unwrap();
    let mut found = contract().example("commit-comparison");
    let mut commit = found["commits"][0].clone();
    commit["sha"] = new.into();
    commit["commit"]["message"] = format!("Fix @all the bugs since {old}\n\nBody.").into();
    found["commits"] = json!([commit]);
    found["total_commits"] = 3.into();
    reply(200, found)
}

/// A mutation that was understood and not done.
pub(crate) fn denied(kind: &str, message: &str) -> Value {
    json!({
        "data": { "createCommitOnBranch": null },
        "errors": [{ "type": kind, "path": ["createCommitOnBranch"], "message": message }],
    })
}

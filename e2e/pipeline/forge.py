"""forge.py GIT_DIR FOLDER: as much of GitHub's API as our scripts ask, for one repository; FOLDER/port is its port.

Every request is a line of FOLDER/requests, which contract.py holds against GitHub's own description.
FOLDER/conclusion is how the job `check` ended before.
"""

import json
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

git_dir, folder = sys.argv[1], Path(sys.argv[2])
pulls, rulesets, policies = [], [], {}


def tip(branch: str) -> str:
    command = ["git", "--git-dir", git_dir, "rev-parse", f"refs/heads/{branch}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def pull(number: int, body: dict) -> dict:
    repository = {"full_name": "example/app"}
    return body | {
        "number": number, "state": "open", "html_url": f"https://github.com/example/app/pull/{number}",
        "node_id": f"PR_{number}", "user": {"login": "promoter[bot]"},
        "head": {"ref": body["head"], "sha": tip(body["head"]), "repo": repository},
        "base": {"ref": body["base"], "sha": tip(body["base"]), "repo": repository},
    }


def list_pulls(query: dict, _) -> list:
    head = query.get("head", [":"])[0].split(":")[1]
    return [entry for entry in pulls if head in ("", entry["head"]["ref"]) and entry["state"] == query["state"][0]]


def open_pull(_, body: dict) -> dict:
    pulls.append(pull(len(pulls) + 1, body))
    return pulls[-1]


def change_pull(_, body: dict, number: str) -> dict:
    pulls[int(number) - 1].update(body)
    return pulls[int(number) - 1]


def check_runs(*_) -> dict:
    conclusion = (folder / "conclusion").read_text().strip()
    return {"check_runs": [{"id": 6, "conclusion": "cancelled"}, {"id": 7, "conclusion": conclusion}]}


def add_ruleset(_, body: dict) -> dict:
    rulesets.append({"id": len(rulesets) + 1, "name": body["name"]})
    return rulesets[-1]


def add_policy(_, body: dict, name: str) -> dict:
    policies.setdefault(name, []).append(body)
    return body


ROUTES = [
    ("GET", r"/pulls", list_pulls),
    ("POST", r"/pulls", open_pull),
    ("PATCH", r"/pulls/(\d+)", change_pull),
    ("GET", r"/commits/\w+/check-runs", check_runs),
    ("POST", r"/actions/jobs/7/rerun", lambda *_: {}),
    ("GET", r"/rulesets", lambda *_: rulesets),
    ("POST", r"/rulesets", add_ruleset),
    ("PUT", r"/rulesets/\d+", lambda *_: {}),
    ("GET", r"/environments/(\w+)/deployment-branch-policies", lambda _, __, name: {"branch_policies": policies.get(name, [])}),
    ("POST", r"/environments/(\w+)/deployment-branch-policies", add_policy),
    ("PUT", r"/environments/\w+", lambda *_: {}),
    ("PUT", r"/actions/permissions(?:/[\w-]+)?", lambda *_: {}),
    ("PATCH", r"", lambda *_: {}),
]


class Forge(BaseHTTPRequestHandler):
    def answer(self):
        url = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "null")
        with open(folder / "requests", "a") as log:
            print(json.dumps({"method": self.command, "path": url.path, "body": body}), file=log)
        for method, pattern, route in ROUTES:
            match = re.fullmatch("/repos/example/app" + pattern, url.path)
            if match and method == self.command:
                return self.send(200, route(parse_qs(url.query), body, *match.groups()))
        self.send(404, {"message": "Not Found"})

    def send(self, status: int, content):
        text = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Forge)
(folder / "port").write_text(str(server.server_port))
server.serve_forever()

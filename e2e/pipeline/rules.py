"""rules.py ROOT: what this repository asks of its workflows beyond what linters know; a finding a line."""

import re
import sys
from pathlib import Path

import yaml

root = Path(sys.argv[1])
PINNED = re.compile(r"uses: (\./\S+|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$")
CALL = re.compile(r"^(make (?P<target>[a-z-]+)|(?P<script>[\w./-]+\.sh))(?= |$)[^\n;&|]*$")


def findings(path: Path):
    text = path.read_text()
    document = yaml.safe_load(text)
    if path.name != "action.yaml":
        yield from of_workflow(text, document)
    for line in text.splitlines():
        if "uses:" in line and not PINNED.search(line):
            yield f"is not pinned: {line.strip()}"
    for step in steps(document):
        if "run" in step:
            yield from of_call(step["run"])


def of_workflow(text: str, document: dict):
    head = text.split("\nname:")[0]
    if not head.startswith("# ") or "Runs " not in head:
        yield "its head does not say when it runs"
    if document["permissions"] != {}:
        yield "grants permissions to all jobs"
    triggers = document[True]  # YAML 1.1 reads `on` as a truth
    asked = triggers.get("pull_request") or {}
    if {"paths", "paths-ignore"} & set(asked):
        yield "a required check would never come: pull_request has paths"
    if "pull_request_target" in triggers:
        yield "runs what a stranger wrote with rights: pull_request_target"
    jobs = document["jobs"]
    for name, job in jobs.items():
        if "permissions" not in job:
            yield f"job {name} does not say its permissions"
    if "gate" in jobs:
        yield from of_gate(jobs)


def of_gate(jobs: dict):
    if str(jobs["gate"].get("if")) != "always()":
        yield "the gate is skipped when a job fails"
    if set(jobs["gate"]["needs"]) != set(jobs) - {"gate"}:
        yield "the gate does not need all jobs"


def of_call(run: str):
    call = CALL.match(run.strip())
    if not call:
        yield f"is more than one call of a script or of make: {run.strip()}"
    elif call["script"] and not (root / call["script"]).exists():
        yield f"calls what is not there: {call['script']}"
    elif call["target"] and f"\n{call['target']}:" not in (root / "Makefile").read_text():
        yield f"calls what is not there: make {call['target']}"


def steps(document: dict):
    jobs = document.get("jobs", {}).values()
    return [step for job in [*jobs, document.get("runs", {})] for step in job.get("steps", [])]


found = False
for file in sorted([*root.glob(".github/workflows/*"), *root.glob(".github/actions/*/action.yaml")]):
    for finding in findings(file):
        print(f"{file.relative_to(root)}: {finding}")
        found = True
sys.exit(found)

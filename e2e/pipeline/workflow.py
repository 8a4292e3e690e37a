"""workflow.py FILE CONTEXT JOB...: runs jobs of a workflow in the current folder, as they are written.

CONTEXT is JSON: what expressions may name, `given` results of jobs that are not run here, and `actions`: what stands
in for an action (its outputs). Steps run with bash as GitHub runs them. The jobs that are named run in order; their
results and outputs are what later jobs `need`. Exit code 1 when one failed; the last line is the results as JSON.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from expressions import Context, filled


class Step:
    """One entry of `steps`; a local action is the list of its own steps."""

    def __init__(self, spec: dict, context: Context):
        self.spec, self.context = spec, context

    def run(self) -> dict:
        """The outputs; raises CalledProcessError when the step fails."""
        if "run" in self.spec:
            return self.call()
        action = self.spec["uses"].split("@")[0]
        if action.startswith("./"):
            return self.local(Path(action) / "action.yaml")
        return self.context.values["actions"][action]

    def call(self) -> dict:
        with tempfile.TemporaryDirectory() as folder:
            output, path = Path(folder, "output"), Path(folder, "path")
            output.touch(), path.touch()
            print(f"+ {self.spec['run'].strip()}", flush=True)
            subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self.spec["run"]],
                env=self.environment() | {"GITHUB_OUTPUT": str(output), "GITHUB_PATH": str(path)},
                stdin=subprocess.DEVNULL,
                check=True,
            )
            for line in path.read_text().splitlines():
                os.environ["PATH"] = f"{line}:{os.environ['PATH']}"
            return dict(line.split("=", 1) for line in output.read_text().splitlines())

    def environment(self) -> dict:
        own = {key: filled(value, self.context) for key, value in self.spec.get("env", {}).items()}
        return dict(os.environ) | self.context.values["env"] | own

    def local(self, path: Path) -> dict:
        given = {key: filled(value, self.context) for key, value in self.spec.get("with", {}).items()}
        steps(yaml.safe_load(path.read_text())["runs"]["steps"], self.context.within(inputs=given))
        return {}


def steps(specs: list, context: Context) -> Context:
    context = context.within(steps={})
    for spec in specs:
        outputs = Step(spec, context).run()
        if "id" in spec:
            context.values["steps"][spec["id"]] = {"outputs": outputs}
    return context


def run(job: dict, context: Context) -> dict:
    """What `needs` says of the job afterwards."""
    environment = {key: filled(value, context) for key, value in job.get("env", {}).items()}
    context = context.within(env=context.values["env"] | environment)
    try:
        done = steps(job["steps"], context)
    except subprocess.CalledProcessError as error:
        print(f"exit code {error.returncode}", flush=True)
        return {"result": "failure", "outputs": {}}
    return {"result": "success", "outputs": {key: filled(value, done) for key, value in job.get("outputs", {}).items()}}


def ordered(job: dict, context: Context) -> bool:
    """A job without a condition runs when all that it needs succeeded; so does one with, unless it says always()."""
    condition = str(job.get("if", "success()"))
    return condition == "always()" or (
        all(need["result"] == "success" for need in context.values["needs"].values())
        and (condition == "success()" or context.value(condition))
    )


def needed(job: dict, results: dict) -> dict:
    needs = job.get("needs", [])
    return {name: results[name] for name in ([needs] if isinstance(needs, str) else needs)}


def main(file: str, given: str, names: list) -> int:
    workflow = yaml.safe_load(Path(file).read_text())
    base = Context({"env": {}, "needs": {}, "actions": {}} | json.loads(Path(given).read_text()))
    base.values["env"] |= {key: filled(value, base) for key, value in workflow.get("env", {}).items()}
    results = {name: {"result": result, "outputs": {}} for name, result in base.values.pop("given", {}).items()}
    for name in names:
        job = workflow["jobs"][name]
        context = base.within(needs=needed(job, results))
        print(f"== {name}", flush=True)
        results[name] = run(job, context) if ordered(job, context) else {"result": "skipped", "outputs": {}}
    print(json.dumps({name: result["result"] for name, result in results.items()}))
    return int(any(results[name]["result"] == "failure" for name in names))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))

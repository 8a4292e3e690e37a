"""python e2e/alerts rules FILE | tested | linked | known METRICS-FILE: of kustomize/monitoring, what promtool does not look at."""

import json
import pathlib
import re
import sys

import yaml

MONITORING = pathlib.Path("kustomize/monitoring")
RUNBOOKS = pathlib.Path("docs/operations.md")
# Of others: kube-state-metrics, the kubelet, Argo CD, Prometheus itself.
FOREIGN = re.compile(r"kube_|kubelet_|argocd_|up$|service:")
NAMES = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?=\s*[{\[])|label_values\((\w+)")


def groups():
    return yaml.safe_load((MONITORING / "alerts.yaml").read_text())["spec"]["groups"]


def alerts():
    return [rule for group in groups() for rule in group["rules"] if "alert" in rule]


def tested():
    """Each alert has a case in which it fires, and one in which it does not."""
    files = [yaml.safe_load(file.read_text()) for file in pathlib.Path("e2e/alerts").glob("*.yaml")]
    cases = [check for file in files for test in file["tests"] for check in test["alert_rule_test"]]
    for alert in alerts():
        seen = {bool(check["exp_alerts"]) for check in cases if check["alertname"] == alert["alert"]}
        yield from (f"{alert['alert']} has no case in which it {'fires' if fires else 'is silent'}" for fires in {True, False} - seen)


def linked():
    """Each alert says what is wrong, how bad it is, and where the page is that says what to do."""
    headings = {re.sub(r"[^a-z0-9 _-]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in RUNBOOKS.read_text().splitlines() if line.startswith("#")} if RUNBOOKS.exists() else None
    for alert in alerts():
        page, _, anchor = alert["annotations"].get("runbook_url", "").partition("#")
        if alert["labels"].get("severity") not in ("page", "ticket") or not alert["annotations"].get("summary"):
            yield f"{alert['alert']} does not say how bad it is"
        if not page.endswith(str(RUNBOOKS)) or not anchor:
            yield f"{alert['alert']} has no runbook"
        elif headings is not None and anchor not in headings:
            yield f"{RUNBOOKS} has no {anchor}"


def expressions():
    dashboard = json.loads((MONITORING / "services.json").read_text())
    yield from (target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    yield from (variable["query"] for variable in dashboard["templating"]["list"])
    yield from (rule["expr"] for group in groups() for rule in group["rules"])


def known(scrape):
    """Each metric that is asked for is one that api answers with."""
    answered = set(re.findall(r"^([a-zA-Z_]\w*)[{ ]", pathlib.Path(scrape).read_text(), re.M)) - {""}
    for expression in expressions():
        for match in NAMES.finditer(expression):
            name = match[1] or match[0]
            if not FOREIGN.match(name) and name not in answered:
                yield f"{name} is not among the metrics: {expression}"


def main(what, *rest):
    if what == "rules":
        pathlib.Path(rest[0]).write_text(yaml.safe_dump({"groups": groups()}))
        return 0
    wrong = list({"tested": tested, "linked": linked, "known": known}[what](*rest))
    for words in wrong:
        print(words)
    return 1 if wrong else 0


sys.exit(main(*sys.argv[1:]))

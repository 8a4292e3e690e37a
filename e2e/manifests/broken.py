"""Copies that break one rule each: what is broken, in which overlay (None: in the tree), and how."""

import pathlib
import shutil
import tempfile

import flows
import pods
import render
import services
import tree
from render import containers


def first(overlay, kind):
    return overlay.of(kind)[0]


def pod(overlay, kind):
    return render.pods(first(overlay, kind))["spec"]


def container(overlay, kind):
    return containers(first(overlay, kind))[0]


def without(kind):
    """Takes the objects of a kind away."""
    def broken(overlay):
        overlay.objects[:] = [one for one in overlay.objects if one["kind"] != kind]
    return broken


def context(kind, key, value):
    return lambda overlay: container(overlay, kind)["securityContext"].update({key: value})


scratch = tempfile.TemporaryDirectory()


def edited(file, old, new):
    """The tree with one file edited, in a folder of its own."""
    def broken(subject):
        subject.root = pathlib.Path(tempfile.mkdtemp(dir=scratch.name))
        for folder in ("kustomize", "argocd"):
            shutil.copytree(folder, subject.root / folder)
        text = (subject.root / file).read_text()
        assert old in text, f"{file} has no {old}"
        (subject.root / file).write_text(text.replace(old, new))
    return broken


def variable(name, value):
    return lambda overlay: container(overlay, "Deployment").setdefault("env", []).append({"name": name, "value": value})


def scaler(**values):
    return lambda overlay: first(overlay, "HorizontalPodAutoscaler")["spec"].update(values)


def policies_of_pods(overlay):
    for policy in overlay.of("NetworkPolicy"):
        policy["spec"]["policyTypes"] = ["Ingress"]


def labels(subject, path):
    return first(subject.overlay(path), "Deployment")["spec"]["template"]["metadata"]["labels"]


def policy(subject, path, name):
    return next(one for one in subject.overlay(path).of("NetworkPolicy") if one["metadata"]["name"] == name)["spec"]


BROKEN = {
    pods.unprivileged: [
        ("root", "prod/api", lambda o: pod(o, "Deployment")["securityContext"].pop("runAsNonRoot")),
        ("system calls", "prod/redis", lambda o: pod(o, "StatefulSet")["securityContext"].pop("seccompProfile")),
        ("the node's network", "dev/api", lambda o: pod(o, "Deployment").update(hostNetwork=True)),
        ("a writable root", "prod/postgres", context("CronJob", "readOnlyRootFilesystem", False)),
        ("capabilities", "staging/auth", context("Deployment", "capabilities", {"drop": ["ALL"], "add": ["NET_RAW"]})),
        ("growing privileges", "dev/api", context("Job", "allowPrivilegeEscalation", True)),
    ],
    pods.tokenless: [
        ("a token", "dev/api", lambda o: pod(o, "Deployment").pop("automountServiceAccountToken")),
        ("the default account", "prod/redis", lambda o: pod(o, "StatefulSet").pop("serviceAccountName")),
    ],
    pods.bounded: [
        ("no limit", "dev/auth", lambda o: container(o, "Deployment")["resources"].pop("limits")),
        ("an endless volume", "dev/postgres", lambda o: pod(o, "StatefulSet")["volumes"].append({"name": "x", "emptyDir": {}})),
    ],
    pods.pinned: [
        ("latest", "dev/redis", lambda o: container(o, "StatefulSet").update(image="ghcr.io/example/redis:latest")),
        ("no tag", "dev/redis", lambda o: container(o, "StatefulSet").update(image="ghcr.io/example/redis")),
        ("no registry", "dev/redis", lambda o: container(o, "StatefulSet").update(image="redis:8")),
        ("a second image", "prod/api", lambda o: container(o, "Job").update(image="ghcr.io/example/api:0.0.9")),
    ],
    pods.probed: [("no readiness", "prod/api", lambda o: container(o, "Deployment").pop("readinessProbe"))],
    pods.seamless: [
        ("a gap", "prod/api", lambda o: first(o, "Deployment")["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1)),
        ("a short end", "prod/api", lambda o: pod(o, "Deployment").update(terminationGracePeriodSeconds=30)),
    ],
    pods.finished: [("an endless job", "dev/api", lambda o: first(o, "Job")["spec"].pop("activeDeadlineSeconds"))],
    services.budgeted: [
        ("copies without a budget", "prod/api", without("PodDisruptionBudget")),
        ("one copy with a budget", "staging/auth", without("HorizontalPodAutoscaler")),
    ],
    services.scaled: [
        ("one copy at least", "prod/api", scaler(minReplicas=1)),
        ("no room", "prod/api", scaler(maxReplicas=3)),
        ("two who say", "prod/api", lambda o: first(o, "Deployment")["spec"].update(replicas=3)),
    ],
    services.alone: [
        ("two servers on a volume", "prod/postgres", lambda o: first(o, "StatefulSet")["spec"].update(replicas=2)),
        ("embedded, copies unsaid", "embedded/api", lambda o: first(o, "Deployment")["spec"].pop("replicas")),
        ("embedded, two copies", "embedded/api", lambda o: first(o, "Deployment")["spec"].update(replicas=2)),
        ("embedded, rolling", "embedded/api", lambda o: first(o, "Deployment")["spec"].update(strategy={"type": "RollingUpdate"})),
    ],
    services.fenced: [
        ("no policy", "dev/auth", without("NetworkPolicy")),
        ("no way out closed", "dev/redis", policies_of_pods),
    ],
    services.addressed: [
        ("a job behind a Service", "dev/api", lambda o: first(o, "Job")["spec"]["template"]["metadata"]["labels"].update({"app.kubernetes.io/name": "api"})),
        ("nothing behind it", "dev/redis", lambda o: first(o, "Service")["spec"].update(selector={"app": "none"})),
    ],
    services.private: [
        ("the admin port", "prod/api", lambda o: first(o, "Ingress")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"].update(port={"name": "admin"})),
        ("the admin port by a route", "outside/api", lambda o: first(o, "HTTPRoute")["spec"]["rules"][0]["backendRefs"][0].update(port=9090)),
    ],
    services.secretive: [
        ("a Secret", "dev/api", lambda o: o.objects.append({"kind": "Secret", "metadata": {"name": "x"}})),
        ("a password in an address", "dev/api", variable("DATABASE_URL", "postgres://app:x@postgres/app")),
        ("a token", "dev/api", variable("SMOKE_TOKEN", "x")),
    ],
    services.ordered: [
        ("an early pod", "prod/api", lambda o: first(o, "Deployment")["metadata"].pop("annotations")),
        ("a late store", "prod/redis", lambda o: first(o, "StatefulSet")["metadata"].update(annotations={"argocd.argoproj.io/sync-wave": "3"})),
    ],
    services.kept: [("a volume", "prod/redis", lambda o: first(o, "PersistentVolumeClaim")["metadata"].pop("annotations"))],
    services.undemonstrated: [
        ("demo data", "staging/api", variable("SEED", "demo")),
        ("open writes", "prod/api", lambda o: container(o, "Deployment").update(env=[])),
    ],
    tree.nameless: [("a name", None, edited("kustomize/base/api/service.yaml", "name: api", "name: api-prod"))],
    tree.countless: [
        ("a number", None, edited("kustomize/base/auth/deployment.yaml", "spec: #", "spec:\n  replicas: 2 #")),
        ("a version", None, edited("kustomize/base/auth/deployment.yaml", "image: auth", "image: auth:1.0")),
    ],
    tree.unique: [("twice", None, lambda t: t.overlay("dev/auth").objects.extend(t.overlay("dev/api").of("Service")))],
    tree.complete: [("a hole", None, lambda t: t.overlays.remove(t.overlay("staging/redis")))],
    tree.permitted: [
        ("a Secret", None, lambda t: t.overlay("dev/api").objects.append({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x", "namespace": "dev"}})),
        ("another namespace", None, lambda t: first(t.overlay("dev/api"), "Service")["metadata"].update(namespace="prod")),
        ("a wide project", None, lambda t: t.argo("AppProject")["dev"]["spec"]["destinations"].append({"namespace": "*"})),
        ("the cluster", None, lambda t: t.argo("AppProject")["dev"]["spec"].update(clusterResourceWhitelist=[{"group": "*", "kind": "*"}])),
    ],
    tree.projects: [
        ("the default project", None, lambda t: t.argo("Application")["root"]["spec"].update(project="default")),
        ("a strange repository", None, lambda t: t.argo("Application")["ingress"]["spec"]["source"].update(repoURL="https://charts.invalid")),
        ("rights for all", None, lambda t: t.argo("AppProject")["default"]["spec"].update(sourceRepos=["*"])),
    ],
    tree.lasting: [
        ("a set that deletes", None, lambda t: t.argo("ApplicationSet")["prod"]["spec"].pop("syncPolicy")),
        ("a namespace that goes", None, lambda t: t.argo("Namespace")["prod"]["metadata"].update(annotations={})),
    ],
    tree.restricted: [
        ("any pod", None, lambda t: t.argo("Namespace")["dev"]["metadata"].pop("labels")),
        ("no denial", None, lambda t: t.fences.remove(next(one for one in t.fences if one["kind"] == "NetworkPolicy"))),
    ],
    tree.apart: [
        ("a fence made with its namespace", None, lambda t: t.cluster.append(t.fences[-1])),
        ("a fence out of reach", None, lambda t: t.fences[-1]["metadata"].update(namespace="elsewhere")),
    ],
    flows.closed: [
        ("a label too many", None, lambda t: labels(t, "dev/auth").update({"redis-client": "true"})),
        ("a label too few", None, lambda t: labels(t, "prod/api").pop("postgres-client")),
        ("any caller", None, lambda t: policy(t, "dev/auth", "auth")["ingress"][0].pop("from")),
        ("all of the cluster", None, lambda t: policy(t, "prod/postgres", "postgres")["ingress"].append({"from": [{"namespaceSelector": {}}]})),
    ],
    flows.resolving: [
        ("no names", None, lambda t: policy(t, "dev/api", "api")["egress"].pop(0)),
        ("a talkative store", None, lambda t: policy(t, "dev/redis", "redis").update(egress=[{}])),
    ],
    tree.named: [("another name", None, lambda t: t.argo("ApplicationSet")["dev"]["spec"]["template"]["metadata"].update(name="{{.path.basename}}"))],
    tree.settled: [
        ("any chart", None, lambda t: t.argo("Application")["ingress"]["spec"]["source"].update(targetRevision="40.*")),
        ("a second place", None, edited("argocd/bootstrap/application.yaml", "repoURL: repository", "repoURL: https://github.com/example/app.git")),
    ],
}

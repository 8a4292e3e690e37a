"""What must hold for a service in its environment."""

from render import containers, name, pods

# What the phases of a sync are, by the kind or the name of an object.
WAVES = {"StatefulSet": "0", "Job migrate": "1", "Deployment": "1"}
KEPT = "Prune=false,Delete=false"


def copies(overlay):
    for scaler in overlay.of("HorizontalPodAutoscaler"):
        return scaler["spec"]["minReplicas"]
    return max([one["spec"].get("replicas", 1) for one in overlay.of("Deployment")], default=1)


def budgeted(overlay):
    """a disruption budget exactly where there are copies: on one copy it blocks the drain of its node"""
    budgets = overlay.of("PodDisruptionBudget")
    if bool(budgets) != (copies(overlay) > 1):
        yield f"{len(budgets)} budgets for {copies(overlay)} copies"


def scaled(overlay):
    """an autoscaler is the only one who says how many, and never less than two"""
    for scaler in overlay.of("HorizontalPodAutoscaler"):
        if any("replicas" in one["spec"] for one in overlay.of("Deployment")):
            yield "the Deployment says how many, too"
        least, most = scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"]
        if not 2 <= least < most:
            yield f"from {least} to {most} copies"


def alone(overlay):
    """who keeps data on a volume is one, and ends before its successor starts"""
    for one in overlay.of("Deployment", "StatefulSet"):
        if not any("persistentVolumeClaim" in volume for volume in pods(one)["spec"].get("volumes", [])):
            continue
        recreates = one["kind"] == "StatefulSet" or one["spec"].get("strategy", {}).get("type") == "Recreate"
        said = one["spec"].get("replicas", 1 if one["kind"] == "StatefulSet" else None)
        if said != 1 or not recreates or overlay.of("HorizontalPodAutoscaler"):
            yield f"{name(one)} may run twice on one volume"


def fenced(overlay):
    """a network policy says for each pod who may call it and whom it may call"""
    for one in (one for one in overlay.objects if pods(one)):
        labels = pods(one)["metadata"]["labels"]
        for direction in ("Ingress", "Egress"):
            if not any(direction in policy["spec"]["policyTypes"] and selects(policy["spec"]["podSelector"], labels)
                       for policy in overlay.of("NetworkPolicy")):
                yield f"{name(one)}: {direction.lower()} is open"


def selects(selector, labels):
    return (selector.get("matchLabels") or {}).items() <= labels.items()


def addressed(overlay):
    """a Service finds the pods of its service and of no job"""
    for service in overlay.of("Service"):
        found = {one["kind"] for one in overlay.objects if pods(one)
                 and selects({"matchLabels": service["spec"]["selector"]}, pods(one)["metadata"]["labels"])}
        if not found or not found <= {"Deployment", "StatefulSet"}:
            yield f"{name(service)} leads to {', '.join(sorted(found)) or 'nothing'}"


def private(overlay):
    """no way in from outside leads to the admin port"""
    for one in overlay.of("Ingress"):
        for rule in one["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                if path["backend"]["service"]["port"] != {"name": "http"}:
                    yield f"{name(one)} leads to another port"
    for one in overlay.of("HTTPRoute"):
        if any(backend["port"] != 80 for rule in one["spec"]["rules"] for backend in rule["backendRefs"]):
            yield f"{name(one)} leads to another port"


def secretive(overlay):
    """no secret in git: no Secret, no password in a variable"""
    yield from (f"{name(one)} is in git" for one in overlay.of("Secret"))
    for one in (one for one in overlay.objects if pods(one)):
        for container in containers(one):
            for variable in container.get("env", []):
                words = variable["name"].split("_")
                value = variable.get("value", "")
                if "@" in value or ({"PASSWORD", "TOKEN", "KEY", "SECRET"} & {words[-1]} and value):
                    yield f"{name(one)} has the value of {variable['name']}"


def ordered(overlay):
    """stores, then the schema beside what waits for it"""
    for one in overlay.objects:
        wave = WAVES.get(one["kind"], WAVES.get(name(one)))
        said = one["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave")
        if wave is not None and said != wave:
            yield f"{name(one)} is in wave {said}, not {wave}"


def kept(overlay):
    """in production volumes outlive whatever Argo CD is told"""
    if overlay.environment != "prod":
        return
    for one in overlay.of("PersistentVolumeClaim"):
        if one["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-options") != KEPT:
            yield f"{name(one)} can be deleted by a sync"


def undemonstrated(overlay):
    """the demo user, whose token everybody knows, is in the first environment alone"""
    values = {variable["name"]: variable.get("value") for one in overlay.objects if pods(one)
              for container in containers(one) for variable in container.get("env", [])}
    if overlay.environment != "dev" and values.get("SEED", "none") != "none":
        yield "SEED brings the demo user"
    if (overlay.environment, overlay.service) == ("prod", "api") and values.get("WRITE_TOKEN_REQUIRED") != "true":
        yield "anybody may write timestamps"


RULES = [budgeted, scaled, alone, fenced, addressed, private, secretive, ordered, kept, undemonstrated]

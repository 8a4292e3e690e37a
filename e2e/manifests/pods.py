"""What must hold for every pod, whatever it runs."""

from render import containers, name, pods

# Pods that may ask the API server, and why.
API_CLIENTS = {"local-secrets": "it makes the Secrets of its namespace"}
# What `api` and `auth` take to end, in seconds: DRAIN_DELAY and SHUTDOWN_TIMEOUT.
SHUTDOWN = 5 + 25


def workloads(overlay):
    return [one for one in overlay.objects if pods(one)]


def unprivileged(overlay):
    """pods run as no root, on a read-only root, with nothing but what they need"""
    for one in workloads(overlay):
        pod = pods(one)["spec"]
        context = pod.get("securityContext", {})
        if not context.get("runAsNonRoot") or not context.get("runAsUser"):
            yield f"{name(one)} may run as root"
        if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{name(one)} may make any system call"
        if any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{name(one)} is in a namespace of its node"
        for container in containers(one):
            yield from (f"{name(one)}: {words}" for words in privileges(container))


def privileges(container):
    context = container.get("securityContext", {})
    if context.get("allowPrivilegeEscalation") is not False:
        yield "privileges may grow"
    if context.get("readOnlyRootFilesystem") is not True:
        yield "its root can be written"
    if context.get("capabilities", {}).get("drop") != ["ALL"] or context["capabilities"].get("add"):
        yield "it has capabilities"
    if context.get("privileged"):
        yield "it is privileged"


def tokenless(overlay):
    """no pod has a token of the API server but those that are there to ask it"""
    for one in workloads(overlay):
        asks = pods(one)["spec"].get("automountServiceAccountToken") is not False
        if asks and one["metadata"]["name"] not in API_CLIENTS:
            yield f"{name(one)} has a token"
        if pods(one)["spec"].get("serviceAccountName", "default") == "default":
            yield f"{name(one)} shares a service account"


def bounded(overlay):
    """containers say what they need and have limits, volumes of memory too"""
    for one in workloads(overlay):
        for container in containers(one):
            for part in ("requests", "limits"):
                for resource in ("cpu", "memory"):
                    if resource not in container.get("resources", {}).get(part, {}):
                        yield f"{name(one)} has no {part} of {resource}"
        for volume in pods(one)["spec"].get("volumes", []):
            if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]:
                yield f"{name(one)}: volume {volume['name']} has no limit"


def pinned(overlay):
    """one image an overlay, from a registry, by a tag that is not latest or by digest"""
    images = {container["image"] for one in workloads(overlay) for container in containers(one)}
    if len(images) != 1:
        yield f"{len(images)} images: {', '.join(sorted(images))}"
    for image in images:
        last = image.rsplit("/", 1)[-1]
        if "/" not in image or ":" not in last or last.endswith(":latest"):
            yield f"{image} is not pinned in a registry"


def probed(overlay):
    """what runs for long says whether it is ready and alive"""
    for one in overlay.of("Deployment", "StatefulSet"):
        for container in containers(one):
            for probe in ("readinessProbe", "livenessProbe"):
                if probe not in container:
                    yield f"{name(one)} has no {probe}"


def seamless(overlay):
    """a rollout takes no copy away before another is ready, and lets requests end"""
    for one in overlay.of("Deployment"):
        strategy = one["spec"].get("strategy", {})
        volumes = pods(one)["spec"].get("volumes", [])
        keeps = any("persistentVolumeClaim" in volume for volume in volumes)
        if not keeps and strategy.get("rollingUpdate", {}).get("maxUnavailable") != 0:
            yield f"{name(one)} may be away while it is updated"
        if pods(one)["spec"].get("terminationGracePeriodSeconds", 30) <= SHUTDOWN:
            yield f"{name(one)} is killed before its requests end"


def finished(overlay):
    """jobs end, one way or the other"""
    for one in overlay.of("Job", "CronJob"):
        spec = one["spec"]["jobTemplate"]["spec"] if one["kind"] == "CronJob" else one["spec"]
        if "activeDeadlineSeconds" not in spec or "backoffLimit" not in spec:
            yield f"{name(one)} may go on for ever"


RULES = [unprivileged, tokenless, bounded, pinned, probed, seamless, finished]

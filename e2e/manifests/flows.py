"""Who can call whom, as a cluster that enforces network policies would decide."""

from dataclasses import dataclass

from render import containers, pods

# From, to and port, within an environment; whatever is not here is refused.
WITHIN = {
    ("api", "auth", 8080), ("api", "postgres", 5432), ("api", "redis", 6379), ("auth", "postgres", 5432),
    ("migrate", "postgres", 5432), ("smoke-user", "postgres", 5432), ("backup", "postgres", 5432),
    ("smoke", "api", 8080), ("smoke", "api", 9090),
}
# From outside of the environment: from anywhere, and from Prometheus.
INTO = {("anywhere", "api", 8080), ("monitoring", "api", 8080), ("monitoring", "api", 9090), ("monitoring", "auth", 9090)}
SYSTEM = {"kubernetes.io/metadata.name": "kube-system"}


@dataclass(frozen=True)
class Pod:
    """One kind of pod; its ports by number, with their names."""

    name: str
    labels: dict
    ports: dict
    space: dict


def closed(tree):
    """each pod can be called by those who need it, and by nobody else"""
    for environment in tree.environments:
        there = pods_of(tree, environment)
        policies = [*policies_of(tree, environment)]
        names = {pod.name for pod in there}
        monitored = {pod.name for pod in there if pod.labels.get("monitored")}
        wanted = {flow for flow in WITHIN if names >= set(flow[:2])}
        wanted |= {flow for flow in INTO if flow[0] == "anywhere" or flow[2] == 8080 or flow[1] in monitored}
        found = set(flows(there, policies))
        yield from (f"{environment}: {flow} is open" for flow in sorted(found - wanted))
        yield from (f"{environment}: {flow} is closed" for flow in sorted(wanted - found))


def resolving(tree):
    """who calls by name can ask for names, and the stores call nobody"""
    dns = Pod("dns", {"k8s-app": "kube-dns"}, {53: "dns"}, SYSTEM)
    for environment in tree.environments:
        policies = [*policies_of(tree, environment)]
        for pod in pods_of(tree, environment):
            asks = leaves(pod, dns, 53, policies)
            if asks == (pod.name in ("postgres", "redis")):
                yield f"{environment}: {pod.name} {'asks' if asks else 'cannot ask'} for names"


def flows(there, policies):
    for target in there:
        for port in target.ports:
            for source in there:
                if source != target and leaves(source, target, port, policies) and enters(source, target, port, policies):
                    yield source.name, target.name, port
            for name in ("anywhere", "monitoring"):
                stranger = Pod(name, {}, {}, {"kubernetes.io/metadata.name": name})
                if enters(stranger, target, port, policies):
                    yield name, target.name, port


def pods_of(tree, environment):
    found = {}
    for overlay in tree.overlays:
        for one in overlay.objects if overlay.environment == environment else []:
            if pods(one):
                labels = pods(one)["metadata"]["labels"]
                ports = {port["containerPort"]: port["name"] for each in containers(one) for port in each.get("ports", [])}
                pod = Pod(labels["app.kubernetes.io/name"], labels, ports, {"kubernetes.io/metadata.name": environment})
                found[pod.name] = pod
    return list(found.values())


def policies_of(tree, environment):
    yield from (one for one in tree.all("NetworkPolicy") if one["metadata"]["namespace"] == environment)
    for overlay in tree.overlays:
        if overlay.environment == environment:
            yield from overlay.of("NetworkPolicy")


def leaves(source, target, port, policies):
    return decided(source, target, "Egress", "to", target, port, policies)


def enters(source, target, port, policies):
    return decided(target, source, "Ingress", "from", target, port, policies)


def decided(subject, peer, direction, key, target, port, policies):
    """Without a policy for the subject everything goes, else what one of them allows."""
    own = [policy["spec"] for policy in policies
           if direction in policy["spec"]["policyTypes"] and matches(policy["spec"]["podSelector"], subject.labels)]
    rules = [rule for spec in own for rule in spec.get(direction.lower()) or []]
    return not own or any(admits(rule, key, subject, peer) and opens(rule, target, port) for rule in rules)


def admits(rule, key, subject, peer):
    return not rule.get(key) or any(meets(each, subject, peer) for each in rule[key])


def meets(each, subject, peer):
    space = matches(each["namespaceSelector"], peer.space) if "namespaceSelector" in each else peer.space == subject.space
    return space and matches(each.get("podSelector", {}), peer.labels)


def opens(rule, target, port):
    return not rule.get("ports") or any(each["port"] in (port, target.ports[port]) for each in rule["ports"])


def matches(selector, labels):
    return (selector.get("matchLabels") or {}).items() <= labels.items()


RULES = [closed, resolving]

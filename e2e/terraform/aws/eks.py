"""What moto's EKS lacks: add-ons, access entries, pod identities, updates, and some fields of clusters and node groups."""

from urllib.parse import unquote

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.eks import urls
from moto.eks.exceptions import ResourceNotFoundException
from moto.eks.responses import EKSResponse
from moto.moto_api._internal import mock_random

CLUSTER = "{0}/clusters/(?P<name>[^/]+)"
# Of each collection: the answer's member, the parameter that names one, and where its arn begins.
KINDS = {
    "addons": ("addon", "addonName", "addonArn"),
    "access-entries": ("accessEntry", "principalArn", "accessEntryArn"),
    "pod-identity-associations": ("association", "associationId", "associationArn"),
}


def absent(what: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(
        clusterName=None, nodegroupName=None, fargateProfileName=None, addonName=None, message=f"No {what} found."
    )


def store(response: EKSResponse, collection: str) -> dict:
    cluster = response.eks_backend.describe_cluster(name=response._get_param("name"))
    return cluster.__dict__.setdefault("further", {}).setdefault(collection, {})


def parameters(response: EKSResponse, *names: str) -> dict:
    return {name: response._get_param(name) for name in names if response._get_param(name) is not None}


def key(response: EKSResponse, collection: str) -> str:
    return unquote(response._get_param(KINDS[collection][1]))


def made(response: EKSResponse, collection: str, fields: dict) -> ActionResult:
    member, name, arn = KINDS[collection]
    cluster = response._get_param("name")
    where = f"arn:aws:eks:{response.region}:{response.current_account}:{member.lower()}/{cluster}"
    fields = {"clusterName": cluster, "createdAt": utcnow(), "modifiedAt": utcnow(), "tags": {}, **fields}
    fields[arn] = f"{where}/{fields[name].split('/')[-1]}/{mock_random.uuid4()}"
    store(response, collection)[fields[name]] = fields
    return ActionResult({member: fields})


def found(response: EKSResponse, collection: str) -> dict:
    one = store(response, collection).get(key(response, collection))
    if one is None:
        raise absent(f"{KINDS[collection][0]} {key(response, collection)}")
    return one


def update(response: EKSResponse, kind: str) -> ActionResult:
    cluster = response.eks_backend.describe_cluster(name=response._get_param("name"))
    new = {"id": str(mock_random.uuid4()), "status": "Successful", "type": kind, "params": [], "createdAt": utcnow(), "errors": []}
    cluster.__dict__.setdefault("updates", {})[new["id"]] = new
    return ActionResult({"update": new})


class Further(EKSResponse):
    def create_addon(self):
        fields = parameters(self, "addonName", "configurationValues", "serviceAccountRoleArn", "tags")
        version = self._get_param("addonVersion") or "v1.0.0-eksbuild.1"
        return made(self, "addons", {**fields, "addonVersion": version, "status": "ACTIVE", "health": {"issues": []}})

    def update_addon(self):
        found(self, "addons").update(parameters(self, "addonVersion", "configurationValues", "serviceAccountRoleArn"))
        return update(self, "AddonUpdate")

    def create_access_entry(self):
        fields = parameters(self, "principalArn", "kubernetesGroups", "tags", "username", "type")
        fields = {"kubernetesGroups": [], "username": fields["principalArn"], "type": "STANDARD", **fields}
        return made(self, "access-entries", fields)

    def create_pod_identity_association(self):
        fields = parameters(self, "namespace", "serviceAccount", "roleArn", "tags", "disableSessionTags", "targetRoleArn")
        identity = {"associationId": f"a-{mock_random.get_random_hex(17)}", "disableSessionTags": False}
        return made(self, "pod-identity-associations", {**identity, **fields})

    def associate_access_policy(self):
        entry = found(self, "access-entries")
        policy = {**parameters(self, "policyArn", "accessScope"), "associatedAt": utcnow(), "modifiedAt": utcnow()}
        policy["accessScope"].setdefault("namespaces", [])
        entry.setdefault("policies", {})[policy["policyArn"]] = policy
        return ActionResult({"clusterName": entry["clusterName"], "principalArn": entry["principalArn"], "associatedAccessPolicy": policy})

    def list_associated_access_policies(self):
        entry = found(self, "access-entries")
        policies = list(entry.get("policies", {}).values())
        return ActionResult({"clusterName": entry["clusterName"], "principalArn": entry["principalArn"], "associatedAccessPolicies": policies})

    def disassociate_access_policy(self):
        found(self, "access-entries")["policies"].pop(unquote(self._get_param("policyArn")), None)
        return EmptyResult()

    def describe_update(self):
        cluster = self.eks_backend.describe_cluster(name=self._get_param("name"))
        known = cluster.__dict__.get("updates", {}).get(self._get_param("updateId"))
        if known is None:
            raise absent("update")
        return ActionResult({"update": known})

    def create_cluster(self):
        result = super().create_cluster()
        cluster = self.eks_backend.describe_cluster(name=self._get_param("name"))
        cluster.access_config = self._get_param("accessConfig")
        cluster.upgrade_policy = self._get_param("upgradePolicy") or {"supportType": "EXTENDED"}
        return result

    def create_nodegroup(self):
        result = super().create_nodegroup()
        group = self.eks_backend.describe_nodegroup(
            cluster_name=self._get_param("name"), nodegroup_name=self._get_param("nodegroupName")
        )
        # moto invents a key for SSH, and forgets how many nodes may be away.
        group.remote_access = self._get_param("remoteAccess")
        group.update_config = self._get_param("updateConfig")
        return result

    def update_nodegroup_config(self):
        super().update_nodegroup_config()
        return update(self, "ConfigUpdate")


def described(collection: str):
    return lambda self: ActionResult({KINDS[collection][0]: {k: v for k, v in found(self, collection).items() if k != "policies"}})


def deleted(collection: str):
    def answer(self):
        gone = found(self, collection)
        del store(self, collection)[key(self, collection)]
        return EmptyResult() if collection == "access-entries" else ActionResult({KINDS[collection][0]: {**gone}})

    return answer


def extend() -> None:
    for name, collection in {"addon": "addons", "access_entry": "access-entries", "pod_identity_association": "pod-identity-associations"}.items():
        setattr(Further, f"describe_{name}", described(collection))
        setattr(Further, f"delete_{name}", deleted(collection))
    # The arn of a principal or a policy has slashes.
    further = [f"{CLUSTER}/{collection}{end}" for collection in KINDS for end in ("$", "/(?P<one>.+)$")]
    paths = [*urls.url_paths, *further, f"{CLUSTER}/updates/(?P<updateId>[^/]+)$"]
    urls.url_paths.clear()
    urls.url_paths.update({path: Further.dispatch for path in paths})

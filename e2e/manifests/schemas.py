"""Schemas for kubeconform, from the API server's own OpenAPI and from definitions of custom resources."""

import json
import pathlib

import yaml

SOURCES = pathlib.Path(".tools/manifests/sources")
# What the API server of the loop said of itself, when it has run here; it knows the values of fields, too.
SERVER = pathlib.Path(".tools/cluster/openapi/v2.json")
SCHEMAS = pathlib.Path(".tools/manifests/schemas")
# What the OpenAPI calls a string and the server reads as a number too.
EITHER = {"type": ["string", "number"]}


def write(kinds):
    """A folder for each version of Kubernetes, with a schema for each of the kinds that it knows."""
    custom = list(custom_resources())
    published = {source.stem.split("-")[1]: source for source in sorted(SOURCES.glob("kubernetes-*.json"))}
    versions = {**({"server": SERVER} if SERVER.exists() else {}), **published}
    for version, source in versions.items():
        for kind, schema in [*server_resources(source, kinds), *custom]:
            file = SCHEMAS / version / f"{called(*kind)}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(schema))
    return versions


def called(kind, group, version):
    """As kubeconform asks: `service-v1-v1`, `deployment-apps-v1`."""
    return f"{kind}-{group or version}-{version}".lower()


def server_resources(source, kinds):
    definitions = json.loads(source.read_text())["definitions"]
    for definition in definitions.values():
        for named in definition.get("x-kubernetes-group-version-kind", []):
            kind = (named["kind"], named["group"], named["version"])
            if kind in kinds:
                yield kind, strict(definition, definitions)


def custom_resources():
    for source in SOURCES.glob("*.yaml"):
        for definition in yaml.safe_load_all(source.read_text()):
            if not definition or definition["kind"] != "CustomResourceDefinition":
                continue
            spec = definition["spec"]
            for version in spec["versions"]:
                kind = (spec["names"]["kind"], spec["group"], version["name"])
                yield kind, strict(version["schema"]["openAPIV3Schema"], {}, top=True)


def strict(schema, definitions, top=False):
    """The schema without references, in which a field that nobody knows is an error."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if name.endswith("resource.Quantity"):
            return EITHER
        if name.endswith("v1.JSONSchemaProps"):
            return {}  # it contains itself
        return strict(definitions[name], definitions)
    if schema.get("format") == "int-or-string" or schema.get("x-kubernetes-int-or-string"):
        return {"type": ["string", "integer"]}
    made = {key: schema[key] for key in ("type", "enum", "required", "minimum", "maximum", "pattern") if key in schema}
    if "items" in schema:
        made["items"] = strict(schema["items"], definitions)
    if "properties" in schema:
        made["properties"] = {key: strict(each, definitions) for key, each in schema["properties"].items()}
        made["additionalProperties"] = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
        if top:
            made["properties"]["metadata"] = {"type": "object"}
    elif isinstance(schema.get("additionalProperties"), dict):
        made["additionalProperties"] = strict(schema["additionalProperties"], definitions)
    return made

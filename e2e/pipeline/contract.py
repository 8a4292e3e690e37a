"""contract.py REQUESTS DESCRIPTION: each request is one that GitHub's OpenAPI description knows, with a body as it says."""

import json
import re
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012


def modern(schema):
    """OpenAPI 3.0 says `nullable` where JSON Schema has a type more; what is not described is refused."""
    if isinstance(schema, list):
        return [modern(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: modern(value) for key, value in schema.items()}
    if schema.pop("nullable", False):
        return {"anyOf": [schema, {"type": "null"}]}
    if schema.get("type") == "object" and "properties" in schema and "anyOf" not in schema:
        schema.setdefault("additionalProperties", False)
    return schema


description = json.loads(Path(sys.argv[2]).read_text())
schemas = {"components": {"schemas": modern(description["components"]["schemas"])}}
registry = Registry().with_resource("urn:github", DRAFT202012.create_resource(schemas))


def operation(request: dict):
    for template, methods in description["paths"].items():
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(template)), request["path"]):
            if request["method"].lower() in methods:
                return methods[request["method"].lower()]
    return None


def findings(request: dict):
    known = operation(request)
    if known is None:
        yield "is not in the description"
    elif request["body"] is not None:
        schema = known["requestBody"]["content"]["application/json"]["schema"]
        text = json.dumps(modern(schema)).replace('"#/', '"urn:github#/')
        for error in Draft202012Validator(json.loads(text), registry=registry).iter_errors(request["body"]):
            yield f"{error.json_path}: {error.message[:200]}"


requests = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
found = [f"{request['method']} {request['path']}: {text}" for request in requests for text in findings(request)]
print("\n".join(found) or f"{len(requests)} requests as described")
sys.exit(bool(found) or not requests)

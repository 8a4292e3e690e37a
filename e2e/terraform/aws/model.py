"""Requests and answers of a service, held against the model that AWS publishes of it with botocore."""

import io
import json
import re
import threading
from urllib.parse import unquote

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

KINDS = {
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
    "string": str,
    "blob": str,
}


def wrong(shape: Shape, value, at: str) -> list[str]:
    """What is wrong with a value, each with its place; null is as good as absent."""
    if value is None:
        return []
    if shape.type_name == "structure":
        return wrong_structure(shape, value, at)
    if shape.type_name == "list":
        if not isinstance(value, list):
            return [f"{at}: not a list"]
        return [one for i, item in enumerate(value) for one in wrong(shape.member, item, f"{at}[{i}]")]
    if shape.type_name == "map":
        if not isinstance(value, dict):
            return [f"{at}: not a map"]
        return [one for key, item in value.items() for one in wrong(shape.value, item, f"{at}.{key}")]
    return wrong_scalar(shape, value, at)


def wrong_structure(shape: Shape, value, at: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{at}: not a structure"]
    members = {m.serialization.get("name", name): m for name, m in shape.members.items() if "location" not in m.serialization}
    found = [f"{at}.{key}: unknown" for key in value.keys() - members.keys()]
    required = {shape.members[name].serialization.get("name", name) for name in shape.required_members}
    found += [f"{at}.{key}: missing" for key in required & members.keys() - value.keys()]
    return found + [one for key in value.keys() & members.keys() for one in wrong(members[key], value[key], f"{at}.{key}")]


def wrong_scalar(shape: Shape, value, at: str) -> list[str]:
    kind = KINDS[shape.type_name]
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        return [f"{at}: {value!r} is no {shape.type_name}"]
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        return [f"{at}: {value!r} is none of {', '.join(allowed)}"]
    return []


class Checked:
    """A WSGI application whose answers of one service are checked; a wrong one becomes a 500 that says why."""

    def __init__(self, application, service: str, journal: str):
        self.application, self.service, self.journal = application, service, journal
        self.model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
        self.lock = threading.Lock()
        self.operations = [self.pattern(self.model.operation_model(name)) for name in self.model.operation_names]

    @staticmethod
    def pattern(operation):
        path = operation.http["requestUri"].split("?")[0]
        return operation.http["method"], re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$"), operation

    def __call__(self, environ, start_response):
        if f"/{self.service}/" not in environ.get("HTTP_AUTHORIZATION", ""):
            return self.application(environ, start_response)
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(sent)
        head = {}
        body = b"".join(self.application(environ, lambda status, headers, *_: head.update(status=status, headers=headers)))
        found = self.judge(environ, sent, head["status"], body)
        if found:
            body = json.dumps({"message": "; ".join(found)}).encode()
            head = {"status": "500 Not as the model says", "headers": [("Content-Type", "application/json")]}
        start_response(head["status"], head["headers"])
        return [body]

    def judge(self, environ, sent: bytes, status: str, body: bytes) -> list[str]:
        method, path = environ["REQUEST_METHOD"], environ.get("RAW_URI", environ["PATH_INFO"]).split("?")[0]
        operation = next((op for verb, pattern, op in self.operations if verb == method and pattern.match(path)), None)
        if operation is None:
            found = [f"{method} {unquote(path)}: no operation"]
        else:
            found = self.compare(operation, sent, status, body)
        with self.lock, open(self.journal, "a", encoding="utf-8") as journal:
            journal.write(json.dumps({"operation": operation.name if operation else path, "status": status, "wrong": found}) + "\n")
        return found

    def compare(self, operation, sent: bytes, status: str, body: bytes) -> list[str]:
        found = wrong(operation.input_shape, json.loads(sent or b"{}"), "request") if operation.input_shape else []
        try:
            answer = json.loads(body or b"{}")
        except ValueError:
            return [*found, f"{operation.name}: {status} with {body[:80]!r}, which is no JSON"]
        if status.startswith("2"):
            return found + (wrong(operation.output_shape, answer, "answer") if operation.output_shape else [])
        names = {shape.name for shape in operation.error_shapes}
        named = answer.get("__type") or answer.get("code") or ""
        return found + ([] if not named or named in names else [f"{named}: no error of {operation.name}"])

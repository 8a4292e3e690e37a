"""Expressions of workflows, as far as ours use them; one of another form is an error, never an empty text."""

import json
import re

TERM = re.compile(r"[a-z][\w.*-]*$")


class Context:
    """What expressions may name: github, vars, secrets, needs, steps, matrix, inputs, env."""

    def __init__(self, values: dict):
        self.values = values

    def within(self, **more) -> "Context":
        return Context(self.values | more)

    def value(self, expression: str):
        """`a.b || c == 'd'`, contains(a.*.b, 'c') and toJSON(a); what is not there is null, if its first word is."""
        expression = expression.strip()
        if " || " in expression:
            found = [self.value(part) for part in expression.split(" || ")]
            return next((value for value in found if value), found[-1])
        if " && " in expression:
            return all(self.value(part) for part in expression.split(" && "))
        for sign in (" == ", " != "):
            if sign in expression:
                left, right = (self.value(part) or "" for part in expression.split(sign))
                return (left == right) == (sign == " == ")
        if call := re.fullmatch(r"contains\((.+), (.+)\)", expression):
            return self.value(call[2]) in (self.value(call[1]) or [])
        if call := re.fullmatch(r"toJSON\((.+)\)", expression):
            return json.dumps(self.value(call[1]))
        return self.literal(expression)

    def literal(self, text: str):
        if text in ("true", "false"):
            return text == "true"
        if quoted := re.fullmatch(r"'([^']*)'", text):
            return quoted[1]
        if not TERM.match(text):
            raise ValueError(f"an expression that is not understood: {text}")
        return self.named(text.split("."))

    def named(self, path: list):
        value = self.values[path[0]]
        for at, name in enumerate(path[1:], 1):
            if name == "*":
                return [entry.get(path[at + 1]) for entry in value or []]
            value = (value or {}).get(name)
        return value


def filled(text, context: Context) -> str:
    """The text with its expressions replaced by what they say."""
    return re.sub(r"\$\{\{(.+?)\}\}", lambda match: shown(context.value(match[1])), str(text))


def shown(value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)

"""One service's kustomization file: the styles people write it in, and the versions it pins."""

from dataclasses import dataclass, replace

from bench import dice

ENVIRONMENTS = ("prod", "staging", "dev")
"""In the order of age: every step to the right holds a newer version."""

TEAMS = ("ledger", "checkout", "search", "identity", "logistics", "platform")
REASONS = ("two zones and a spare", "measured in the load test of October", "ask before lowering", "one a zone")


@dataclass(frozen=True)
class Image:
    """An `images:` entry. At least one of `tag` and `digest` is set.

    A digest that a promotion has added gets the quotes of the tag beside it; all others stand bare.
    """

    name: str
    new_name: str | None
    tag: str | None
    digest: str | None
    digest_added: bool = False


@dataclass(frozen=True)
class Style:
    """How a service's authors write YAML."""

    indent: int
    quote: str
    flow: bool
    spaced: bool
    newline: str
    ends_in_newline: bool


def style(seed: str, service: str) -> Style:
    """The style of `service`, the same in each environment."""
    roll = lambda what: dice.fraction(seed, service, what)  # noqa: E731
    return Style(
        indent=dice.choice((2, 2, 2, 0, 0, 4), seed, service, "indent"),
        quote=dice.choice(("", "", "", '"', '"', "'"), seed, service, "quote"),
        flow=roll("flow") < 0.06,
        spaced=roll("spaced") < 0.3,
        newline="\r\n" if roll("newline") < 0.01 else "\n",
        ends_in_newline=roll("end") >= 0.02,
    )


def images(seed: str, service: str, environment: str) -> list[Image]:
    """What `service` pins in `environment`: one image in four cases of five, up to four otherwise."""
    count = 1 if dice.fraction(seed, service, "single") < 0.8 else 2 + dice.number(3, seed, service, "count")
    suffixes = ("", "-migrate", "-worker", "-proxy")[:count]
    return [_image(seed, service + suffix, environment) for suffix in suffixes]


def promoted(target: list[Image], source: list[Image]) -> list[Image]:
    """`target` with the versions of `source`; the names of its registries stay."""
    versions = {image.name: image for image in source}
    return [_with_version(image, versions[image.name]) for image in target]


def render(seed: str, service: str, environment: str, pins: list[Image]) -> bytes:
    """The bytes of the kustomization file."""
    hand = style(seed, service)
    sections = [
        _head(seed, service, environment),
        ["resources:", *_items(hand, [[f"../../../kustomize/base/{service}   # what is common"]])],
        ["images:", *_comment(seed, service, hand), *_entries(hand, pins, seed, service)],
        _tail(seed, service, environment, hand),
    ]
    lines = [line for section in sections for line in ([*section, ""] if section else [])][:-1]
    text = hand.newline.join(lines) + (hand.newline if hand.ends_in_newline else "")
    return text.encode()


def _with_version(image: Image, source: Image) -> Image:
    added = image.digest is None and source.digest is not None
    return replace(image, tag=source.tag, digest=source.digest, digest_added=added)


def _image(seed: str, name: str, environment: str) -> Image:
    shape = dice.fraction(seed, name, "shape")
    has_digest = 0.55 <= shape < 0.70 or shape >= 0.95
    mirrored = 0.70 <= shape
    digest_only = 0.67 <= shape < 0.70
    # Two in a hundred are pinned in staging only: the promotion has to add a line.
    late = dice.fraction(seed, name, "late") < 0.02
    step = _step(seed, name, environment)
    pinned = has_digest or (late and environment != "prod")
    return Image(
        name=name,
        new_name=f"registry.example.com/{environment}/{name}" if mirrored else None,
        tag=None if digest_only else _tag(seed, name, step),
        digest="sha256:" + dice.hexadecimal(64, seed, name, "digest", step) if pinned else None,
    )


def _step(seed: str, name: str, environment: str) -> int:
    """How many releases after the oldest. One image in ten has the same version everywhere."""
    settled = dice.fraction(seed, name, "settled") < 0.1
    return 0 if settled else ENVIRONMENTS.index(environment)


def _tag(seed: str, name: str, step: int) -> str:
    major, minor, patch = (dice.number(limit, seed, name, part) for part, limit in (("major", 9), ("minor", 40), ("patch", 30)))
    commit = dice.hexadecimal(8, seed, name, "commit", step)
    kinds = (f"v{major}.{minor}.{patch + step}", f"{major}.{minor}.{patch + step}", f"main-{commit}", f"2026-11-{10 + step}-{commit}")
    return dice.choice(kinds, seed, name, "kind")


def _head(seed: str, service: str, environment: str) -> list[str]:
    team = dice.choice(TEAMS, seed, service, "team")
    return [
        f"# {service} in {environment}.",
        f"# Owned by team-{team}; ask in #{team} before changing more than versions.",
        "apiVersion: kustomize.config.k8s.io/v1beta1",
        "kind: Kustomization",
        f"namespace: {service}-{environment}",
    ]


def _comment(seed: str, service: str, hand: Style) -> list[str]:
    remark = dice.choice(("Built by CI from main.", "Moved by promotion only, never by hand.", ""), seed, service, "remark")
    return [" " * hand.indent + "# " + remark] if remark else []


def _entries(hand: Style, pins: list[Image], seed: str, service: str) -> list[str]:
    if hand.flow:
        return [f"{' ' * hand.indent}- {{{', '.join(_fields(hand, pin))}}}" for pin in pins]
    blocks = [_fields(hand, pin) for pin in pins]
    note = dice.choice(("", "", "   # mirror of this environment", " # see the release notes"), seed, service, "note")
    blocks = [[fields[0] + note, *fields[1:]] for fields in blocks]
    return _items(hand, blocks)


def _fields(hand: Style, pin: Image) -> list[str]:
    quoted = lambda value: f"{hand.quote}{value}{hand.quote}"  # noqa: E731
    tag, digest = pin.tag and quoted(pin.tag), quoted(pin.digest) if pin.digest_added else pin.digest
    fields = [("name", pin.name), ("newName", pin.new_name), ("newTag", tag), ("digest", digest)]
    return [f"{key}: {value}" for key, value in fields if value]


def _items(hand: Style, blocks: list[list[str]]) -> list[str]:
    margin = " " * hand.indent
    lines: list[str] = []
    for position, block in enumerate(blocks):
        lines += [""] if position and hand.spaced else []
        lines += [f"{margin}- {block[0]}", *(f"{margin}  {line}" for line in block[1:])]
    return lines


def _tail(seed: str, service: str, environment: str, hand: Style) -> list[str]:
    if dice.fraction(seed, service, "tail") < 0.3:
        return []
    reason = dice.choice(REASONS, seed, service, "reason")
    count = 1 + ENVIRONMENTS[::-1].index(environment)
    return ["replicas:", *_items(hand, [[f"name: {service}", f"count: {count}   # {reason}"]])]

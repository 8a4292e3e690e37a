"""What a kustomization file pins, read line by line: a second opinion that shares nothing with promoter."""

import re
from dataclasses import dataclass, field

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
REMOTES = ("resources", "components", "bases")

SECTION = re.compile(r"([A-Za-z]+)\s*:\s*(.*)")
IMAGE_FIELD = re.compile(r"\s*(-\s+)?[\"']?(name|newTag|digest|tagSuffix)[\"']?\s*:\s+(.*)")
ITEM = re.compile(r"\s*-\s+(.*)")
PINNING = re.compile(r"[^#]*(newTag|digest|tagSuffix)[\"']?\s*:|[^#]*[?&](ref|version)=")
REFERENCE = re.compile(r"([?&])(ref|version)=([^&]*)(&?)")


@dataclass
class Pin:
    """One version: an image's tag and digest, or the git ref of a URL."""

    kind: str
    name: str = ""
    values: dict = field(default_factory=dict)
    """Field (`newTag`, `digest`, `tagSuffix`, `ref`) to its value."""
    lines: dict = field(default_factory=dict)
    """Field to the number of its line, from 0."""

    @property
    def key(self):
        return (self.kind, self.name)

    @property
    def version(self):
        return tuple(sorted(self.values.items()))


def is_kustomization(path):
    return path.rsplit("/", 1)[-1] in NAMES


def pins(text):
    """Every pin of a file, in its order; block style only, as all of the files looked at are."""
    found, section = [], ""
    for number, line in enumerate(text.split("\n")):
        if heading := SECTION.match(line):
            section = heading[1]
        elif section == "images":
            read_image(line, number, found)
        elif section in REMOTES and (item := ITEM.match(line)):
            found.extend(remote(scalar(item[1]), number))
    return [pin for pin in found if pin.values]


def read_image(line, number, found):
    if re.match(r"\s*-(\s|$)", line):
        found.append(Pin("image"))
    entry = IMAGE_FIELD.match(line)
    if not entry or not found:
        return
    name, value = entry[2], scalar(entry[3])
    if name == "name":
        found[-1].name = value
    else:
        found[-1].values[name] = value
        found[-1].lines[name] = number


def remote(url, number):
    if reference := REFERENCE.search(url):
        before, after = url[: reference.start()], url[reference.end() :]
        separator = reference[1] if reference[4] else ""
        yield Pin("remote", before + separator + after, {"ref": reference[3]}, {"ref": number})


def scalar(text):
    text = text.strip()
    if text[:1] in ("'", '"'):
        return text[1:].split(text[0])[0]
    return re.split(r"\s+#", text)[0].strip()


def unread(text):
    """Numbers of the lines that seem to pin something and were not read: a blind spot of this reader."""
    known = {line for pin in pins(text) for line in pin.lines.values()}
    found, section = [], ""
    for number, line in enumerate(text.split("\n")):
        heading = SECTION.match(line)
        section = heading[1] if heading else section
        if section in ("images", *REMOTES) and PINNING.match(line) and number not in known:
            found.append(number + 1)
    return found


def by_key(text):
    """Key to version; of duplicates the last, as Kustomize reads them."""
    return {pin.key: pin.version for pin in pins(text)}

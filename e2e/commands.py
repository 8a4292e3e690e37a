"""commands.py PAGE...: every command of a page is run by a test, or the page says why not; a finding a line.

A block of commands lies in a tour, or follows `<!-- run by: FILE -->` or `<!-- not run: REASON -->`.
FILE runs the block as it stands, or names each of its commands. A command within a sentence is run by test.sh
or by what that runs, or stands in docs/verification.md with what it proves.
"""

import re
import sys
from pathlib import Path

SHELLS = ("```sh", "```console", "```bash")
WITHIN = re.compile(r"`(?:[A-Z_]+=\S+ )*((?:make [a-z][a-z-]*|(?:\./|e2e/|benches/|app/|terraform/|\.github/)[\w./-]+\.sh|benches/run)\b[^`]*)`")
RUNS_AS_IT_STANDS = {"e2e/cluster.sh runbooks", "e2e/readme.sh"}


def text(path: str) -> str:
    return Path(path).read_text() if Path(path).is_file() else ""


def blocks(lines: list):
    """Each block of commands: where it begins, what stands before it, whether a tour tells it, its lines."""
    before, tour, start = "", False, None
    for number, line in enumerate(lines, 1):
        tour = line.startswith("<!-- tour:") or (tour and line != "<!-- end of the tour -->")
        if start is not None and line == "```":
            yield start, mark, told, lines[start : number - 1]
            start = None
        elif start is None and line in SHELLS:
            start, mark, told = number, before, tour
        if line.strip():
            before = line


def of_block(mark: str, told: bool, commands: list):
    if told:
        return
    if by := re.fullmatch(r"<!-- run by: (.+) -->", mark):
        yield from of_runner(by[1], commands)
    elif not re.fullmatch(r"<!-- not run(?: here)?: .{10,} -->", mark):
        yield "nothing says who runs this block"


def of_runner(runner: str, commands: list):
    files = [name.split()[0] for name in runner.split(", ")]
    for name in files:
        if not Path(name).is_file():
            yield f"{name} is not there"
    if runner in RUNS_AS_IT_STANDS:
        return
    said = "\n".join(map(text, files))
    for command in filter(None, (re.sub(r"\s+#.*|\\$", "", line).strip() for line in commands)):
        if not known(command, said):
            yield f"{runner} does not run: {command}"


def known(command: str, said: str) -> bool:
    """The runner names the program and its verb, perhaps with variables between its other words."""
    words = [word for word in command.split() if not re.search(r"=|://|^-", word)]
    if words[0] == "kubectl":
        words = [word for word in words[1:] if word in ("create", "wait", "delete")][:1]
    return all(word in said for word in words[:2])


def of_word(command: str, covered: str):
    name = " ".join(command.split()[:2]) if command.startswith("make ") else command.split()[0].removeprefix("./")
    if command.startswith("make ") and f"\n{command.split()[1]}:" not in "\n" + text("Makefile"):
        yield f"there is no {name}"
    elif not command.startswith("make ") and not Path(name).exists():
        yield f"{name} is not there"
    elif name not in covered and not any(script in covered for script in recipe(name)):
        yield f"neither a test nor docs/verification.md runs {name}"


def recipe(name: str) -> list:
    """The scripts that a target of make calls."""
    match = re.search(rf"^{re.escape(name.removeprefix('make '))}:.*\n((?:\t.*\n?)+)", text("Makefile"), re.M)
    return re.findall(r"[\w./-]+\.sh", match[1]) if match else []


def findings(page: str, covered: str):
    lines = text(page).splitlines()
    for start, mark, told, commands in blocks(lines):
        yield from (f"{page}:{start}: {finding}" for finding in of_block(mark, told, commands))
    for number, line in enumerate(lines, 1):
        for command in WITHIN.findall(line):
            yield from (f"{page}:{number}: {finding}" for finding in of_word(command, covered))


tests = ["test.sh", "docs/verification.md", *map(str, Path("e2e").rglob("*.sh"))]
found = [finding for page in sys.argv[1:] for finding in findings(page, "\n".join(map(text, tests)))]
print("\n".join(found))
sys.exit(bool(found))

"""requirements.py PAGE: every numbered line has files, a command and a status, and the command shows something.

A command is a step of test.sh, a test of a crate that exists, told of in docs/verification.md, or run here.
"""

import re
import subprocess
import sys
from pathlib import Path

EXPECTED = [17, 28, 22, 20, 16]  # how many lines each assignment has
STATUS = re.compile(r"proved|by hand|stand-in|needs an? .{5,}|no demand")

gate = Path("test.sh").read_text()
verification = Path("docs/verification.md").read_text()


def rows(page: str):
    for line in Path(page).read_text().splitlines():
        if re.match(r"\| \d+\.\d+ \|", line):
            yield [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def of_row(row: list):
    if len(row) != 5 or not all(row):
        yield "has an empty place"
        return
    _, _, where, command, status = row
    for path in re.findall(r"`([^`]+)`", where):
        if not Path(path).exists():
            yield f"{path} is not there"
    if not STATUS.fullmatch(status):
        yield f"no such status: {status}"
    yield from of_command(command.strip("`"), status)


def of_command(command: str, status: str):
    first = command.split()[0]
    if command.startswith("cargo test"):
        yield from of_test(command)
    elif first.endswith(".sh"):
        known = gate if status == "proved" else verification + gate
        if first not in known:
            yield f"{first} is {status}, and nothing says where it is run"
    elif re.fullmatch(r"make [a-z-]+", command):
        if command not in verification:
            yield f"{command} is not in docs/verification.md"
    elif subprocess.run(["bash", "-c", command], capture_output=True).returncode:
        yield f"fails: {command}"


def of_test(command: str):
    match = re.fullmatch(r"cargo test -p (\w+) --test (\w+)(?: (\w+))?", command)
    if not match:
        yield f"is no test of a crate: {command}"
        return
    crate, test, word = match.groups()
    files = [*Path(crate, "tests").glob(f"{test}.rs"), *Path(crate, "tests", test).rglob("*.rs")]
    if not files:
        yield f"there is no test {test} in {crate}"
    elif word and not any(word in file.stem or re.search(rf"(fn|mod) \w*{word}", file.read_text()) for file in files):
        yield f"no test of {crate}/{test} is called {word}"


def missing(numbers: list):
    wanted = [f"{part}.{line}" for part, count in enumerate(EXPECTED) for line in range(1, count + 1)]
    if numbers != wanted:
        yield f"lines are missing or out of order: {sorted(set(wanted) ^ set(numbers))}"


page = sys.argv[1]
found = list(missing([row[0] for row in rows(page)]))
found += [f"{row[0]}: {finding}" for row in rows(page) for finding in of_row(row)]
print("\n".join(found) or f"{sum(EXPECTED)} lines")
sys.exit(bool(found))

"""Sets the versions of real kustomization files, and compares every byte with what must come out."""

from collections import Counter
from pathlib import PurePosixPath

from kustomization import is_kustomization, pins, unread
from pipelines import first_environment

NEW = {
    "newTag": "0.0.0-proof",
    "digest": "sha256:" + "5ca1ab1e" * 8,
    "ref": "0123456789abcdef0123456789abcdef01234567",
}


def bump(scratch):
    """Each version of the newest commit by itself."""
    files = scratch.files(scratch.head)
    texts = {path: scratch.text(blob) for path, blob in files.items() if is_kustomization(path)}
    tally = Tally()
    for path, text in texts.items():
        tally.file(path, text)
        folder = str(PurePosixPath(path).parent)
        inside = {other: text for other, text in texts.items() if other.startswith(folder + "/")}
        for pin in pins(text):
            tally.add(path, *judge(scratch, scratch.head, path, inside, [pin]))
    return tally.tell("versions")


def bump_history(scratch):
    """Every state of every kustomization file that a commit ever held, all of its versions at once."""
    log = scratch.git("log", "--first-parent", "--diff-merges=first-parent", "--no-renames", "--raw",
                      "--no-abbrev", "--diff-filter=AM", "--format=", scratch.head)
    rows = [row.split("\t") for row in log.split("\n") if row]
    states = {data.split()[3]: path for data, path in rows if is_kustomization(path)}
    commit = scratch.commit({f"{at:06}/kustomization.yaml": blob for at, blob in enumerate(states)})
    tally = Tally()
    for at, (blob, path) in enumerate(states.items()):
        file, text = f"{at:06}/kustomization.yaml", scratch.text(blob)
        tally.file(f"{path} {blob[:12]}", text)
        if found := pins(text):
            tally.add(f"{path} {blob[:12]}", *judge(scratch, commit, file, {file: text}, found))
    return tally.tell("files")


class Tally:
    def __init__(self):
        self.files, self.pinning, self.unread = 0, 0, []
        self.verdicts, self.reasons = Counter(), []

    def file(self, path, text):
        self.files += 1
        self.pinning += bool(pins(text))
        self.unread += [f"{path}:{line}" for line in unread(text)]

    def add(self, path, verdict, reason):
        self.verdicts[verdict] += 1
        self.reasons += [f"{verdict}: {path}: {reason}"] if reason else []

    def tell(self, what):
        """Prints the counts; whether nothing was wrong and nothing escaped the count."""
        verdicts = self.verdicts
        print(f"{self.files} kustomization files, {self.pinning} of them with versions")
        print(f"{sum(verdicts.values())} {what}: {verdicts['exact']} with one changed line a value and no other,"
              f" {verdicts['refused']} refused by name, {verdicts['wrong']} wrong")
        print(*self.reasons, *(f"not counted: {line}" for line in self.unread), sep="\n", end="")
        return verdicts["wrong"] == 0 and verdicts["exact"] > 0 and not self.unread


def judge(scratch, commit, path, texts, wanted):
    """`exact`, `refused` or `wrong`, and why, where the file's environment is the first one."""
    scratch.put(commit)
    config = scratch.configuration(first_environment(str(PurePosixPath(path).parent)))
    values = [f"{pin.name}={new_version(pin)}" for pin in wanted]
    answer, code, _ = scratch.run(config, "bump", "first", *values)
    if code != 0:
        error = answer["error"]
        named = path in error["message"] or any(pin.name in error["message"] for pin in wanted)
        return "refused" if named else "wrong", f"{error['code']}: {error['message']}"
    rewrites = {other: rewritten(text, wanted) for other, text in texts.items()}
    expected = {other: new for other, new in rewrites.items() if new != texts[other]}
    found = {other: scratch.text(blob) for other, blob in scratch.changed(commit).items()}
    return ("exact", "") if found == expected else ("wrong", f"{sorted(found)}")


def new_version(pin):
    return "@".join(NEW[name] for name in ("newTag", "digest", "ref") if name in pin.values)


def rewritten(text, wanted):
    """The file as it must be: new values in the lines where these keys are pinned, nothing else."""
    keys = {pin.key for pin in wanted}
    lines = text.split("\n")
    for pin in pins(text):
        for name, line in pin.lines.items() if pin.key in keys else ():
            marker = "=" if pin.kind == "remote" else f"{name}:"
            before, after = lines[line].split(marker, 1)
            lines[line] = before + marker + after.replace(pin.values[name], NEW[name], 1)
    return "\n".join(lines)

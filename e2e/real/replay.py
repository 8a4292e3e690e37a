"""Promotes again what the history of a repository promoted, and compares the files byte for byte."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from kustomization import by_key, is_kustomization
from pipelines import Place


@dataclass
class Case:
    """What one commit changed in one environment, and where it may have come from."""

    commit: str
    parent: str
    to: str
    services: set
    wanted: dict
    """Path to blob, of the files whose versions changed."""
    keys: set
    """Every (service, kind, name, version) that came."""
    source: str = ""
    present: int = 0
    """How many of the keys the source held at the parent."""


def replay(scratch, pipeline, verbose=False):
    config = scratch.configuration(pipeline.yaml())
    counts, reasons, pairs = Counter(), Counter(), Counter()
    for case in cases(scratch, pipeline):
        counts["cases"] += 1
        find_source(scratch, pipeline, case)
        if not case.present:
            counts["not from an environment before"] += 1
            continue
        counts["candidates"] += 1
        outcome, reason = promote_again(scratch, config, case)
        counts[outcome] += 1
        if outcome.startswith("exact"):
            pairs[f"{case.source} -> {case.to}"] += 1
        else:
            reasons[reason] += 1
        if verbose:
            print(case.commit[:12], case.source, case.to, *sorted(case.services), outcome, reason)
    tell(counts, reasons, pairs)
    return True


def tell(counts, reasons, pairs):
    print(f"{counts['cases']} times a commit changed versions of an environment that has one before it")
    print(f"  {counts['candidates']} to a version that the environment before held at that moment:")
    for outcome in ("exact", "exact with --only", "differs", "refused"):
        print(f"    {counts[outcome]:5} {outcome}")
    for title, table in (("exact, by environments", pairs), ("differs or refused, by reason", reasons)):
        print(f"  {title}:")
        for name, number in table.most_common():
            print(f"    {number:5} {name}")


def cases(scratch, pipeline):
    log = scratch.git(
        "log", "--first-parent", "--diff-merges=first-parent", "--no-renames", "--raw",
        "--no-abbrev", "--diff-filter=M", "--format=%x01%H %P", scratch.head,
    )
    for entry in log.split("\x01")[1:]:
        heading, *rows = entry.strip("\n").split("\n")
        commit, *parents = heading.split()
        files = [(row.split("\t")[1], *row.split()[2:4]) for row in rows if row.startswith(":")]
        yield from of_commit(scratch, pipeline, commit, parents, files)


def of_commit(scratch, pipeline, commit, parents, files):
    found = {}
    for path, before, after in files:
        place = pipeline.place(path) if is_kustomization(path) else None
        if not place or not pipeline.sources[place.environment]:
            continue
        moved = changed_versions(scratch.text(before), scratch.text(after))
        if moved:
            empty = Case(commit, parents[0], place.environment, set(), {}, set())
            case = found.setdefault(place.environment, empty)
            case.services.add(place.service)
            case.wanted[path] = after
            case.keys |= {(place.service, *key, version) for key, version in moved.items()}
    return found.values()


def changed_versions(before, after):
    old, new = by_key(before), by_key(after)
    return {key: version for key, version in new.items() if key in old and old[key] != version}


def find_source(scratch, pipeline, case):
    """The environment before that held the most of what came."""
    for source in pipeline.sources[case.to]:
        held = set()
        for service in case.services:
            for folder in pipeline.folders(Place(source, service)):
                for path, blob in scratch.files(case.parent, folder).items():
                    if is_kustomization(path):
                        versions = pinned(scratch, blob).items()
                        held |= {(service, *key, version) for key, version in versions}
        present = len(case.keys & held)
        if present > case.present:
            case.source, case.present = source, present


def promote_again(scratch, config, case):
    whole = attempt(scratch, config, case, [])
    if whole is None:
        return "exact", ""
    if case.present < len(case.keys):
        return "differs", "the commit also set versions that the source did not hold"
    only = [word for key in sorted({key[2] for key in case.keys}) for word in ("--only", key)]
    narrow = attempt(scratch, config, case, only)
    if narrow is None:
        return "exact with --only", ""
    return narrow


def attempt(scratch, config, case, only):
    """Nothing when every file came out as in the commit; else what was different."""
    scratch.put(case.parent)
    services = sorted(service for service in case.services if service)
    command = ["promote", case.source, case.to, *services, *only]
    answer, code, _ = scratch.run(config, *command)
    if code != 0:
        return "refused", answer["error"]["code"]
    found = scratch.changed(case.parent)
    if found == case.wanted:
        return None
    return "differs", why(scratch, case, found)


def pinned(scratch, blob):
    return by_key(scratch.text(blob))


def why(scratch, case, found):
    if set(found) - set(case.wanted):
        return "the promotion reaches files that the commit left"
    if set(case.wanted) - set(found):
        return "the commit changed files that the promotion does not pair"
    pairs = [(pinned(scratch, blob), pinned(scratch, case.wanted[path])) for path, blob in found.items()]
    if any(ours.keys() != theirs.keys() for ours, theirs in pairs):
        return "the commit also added, removed or renamed entries"
    if any(ours != theirs for ours, theirs in pairs):
        return "other versions"
    return "same versions; the commit also edited other lines of the file"

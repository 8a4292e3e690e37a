"""python3 lifecycle.py POLICY: which images ECR would expire, by the rules that AWS documents; a release is never one.

Of the images that match a rule's tags, those that are older than it says go; what an earlier rule matches,
a later one leaves alone.
"""

import fnmatch
import json
import sys

# Days since the push; what an environment runs may be older than any limit.
IMAGES = {
    "what prod has run for a year": {"tags": ["0.1.7"], "age": 400},
    "what staging named yesterday, built long ago": {"tags": ["0.2.0", "stable"], "age": 120},
    "what dev got today": {"tags": ["0.3.41"], "age": 0},
    "a release that nobody names": {"tags": ["0.0.1"], "age": 900},
    "a pull request of last week": {"tags": ["pr-7"], "age": 7},
    "a pull request of last month": {"tags": ["pr-3"], "age": 31},
    "an interrupted push of last week": {"tags": [], "age": 7},
    "an interrupted push of last spring": {"tags": [], "age": 200},
}
EXPIRED = {"a pull request of last month", "an interrupted push of last spring"}


def matches(selection: dict, tags: list[str]) -> bool:
    if selection["tagStatus"] == "any":
        return True
    if selection["tagStatus"] == "untagged":
        return not tags
    patterns = selection.get("tagPatternList") or [prefix + "*" for prefix in selection["tagPrefixList"]]
    return all(any(fnmatch.fnmatchcase(tag, pattern) for tag in tags) for pattern in patterns)


def expired(policy: dict) -> set[str]:
    gone, claimed = set(), set()
    for rule in sorted(policy["rules"], key=lambda rule: rule["rulePriority"]):
        selection = rule["selection"]
        matched = [n for n, image in IMAGES.items() if n not in claimed and matches(selection, image["tags"])]
        claimed.update(matched)
        matched.sort(key=lambda name: IMAGES[name]["age"])
        if selection["countType"] == "imageCountMoreThan":
            gone.update(matched[selection["countNumber"]:])
        else:
            gone.update(name for name in matched if IMAGES[name]["age"] > selection["countNumber"])
    return gone


def rule(status: str, count: str, number: int) -> dict:
    selection = {"tagStatus": status, "countType": count, "countNumber": number}
    return {"rules": [{"rulePriority": 1, "selection": selection}]}


found = expired(json.loads(sys.argv[1]))
assert found == EXPIRED, f"expired: {sorted(found)}"
# Rules as they are often written take what runs; the same question finds that.
assert "what prod has run for a year" in expired(rule("any", "sinceImagePushed", 90))
assert "what prod has run for a year" in expired(rule("any", "imageCountMoreThan", 3))
print(f"{len(IMAGES) - len(found)} of {len(IMAGES)} images stay")

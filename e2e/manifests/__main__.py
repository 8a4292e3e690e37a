"""python e2e/manifests [rendered FOLDER | same FILE FILE]: every rule on every overlay and on the tree, and on broken copies.

With `rendered` it writes what the folders come to, and the schemas of their kinds, and prints the versions of those.
With `same` it compares the objects of two files, but for their order and for what Argo CD marks them with.
"""

import pathlib
import sys

import flows
import pods
import render
import schemas
import services
import tree as trees
from broken import BROKEN
from world import Tree


def check(sentence, complaints):
    print(f"{'not ok' if complaints else 'ok'} - {sentence}")
    for complaint in complaints:
        print(f"    {complaint}")
    return not complaints


def hold(tree):
    for rule in [*pods.RULES, *services.RULES]:
        every = [*tree.overlays, *tree.variants]
        yield check(rule.__doc__, [f"{one.path}: {words}" for one in every for words in rule(one)])
    for rule in [*trees.RULES, *flows.RULES]:
        yield check(rule.__doc__, [*rule(tree), *rule(tree.on("argocd/eks"))])


def notice(tree):
    """A rule that finds nothing in a broken copy proves nothing."""
    for rule in [*pods.RULES, *services.RULES, *trees.RULES, *flows.RULES]:
        missed = [] if BROKEN.get(rule) else ["there is no broken copy for it"]
        for words, path, breaks in BROKEN.get(rule, []):
            copy = tree.copy()
            subject = copy if path is None else copy.overlay(path)
            breaks(subject)
            if not list(rule(subject)):
                missed.append(words)
        yield check(f"found when broken: {rule.__doc__}", missed)


def rendered(folder):
    texts = render.everything()
    for name, text in texts.items():
        pathlib.Path(folder, f"{name}.yaml").write_text(text)
    kinds = {render.kind(one) for text in texts.values() for one in render.objects(text)}
    print("\n".join(schemas.write(kinds)))


def same(*files):
    one, other = (render.unmarked(pathlib.Path(file).read_text()) for file in files)
    for key in sorted(one.keys() | other.keys()):
        if one.get(key) != other.get(key):
            print(f"{' '.join(filter(None, key))} differs")
    return one == other and bool(one)


if sys.argv[1:2] == ["rendered"]:
    rendered(sys.argv[2])
elif sys.argv[1:2] == ["same"]:
    sys.exit(not same(*sys.argv[2:]))
else:
    world = Tree.read()
    sys.exit(not all([*hold(world), *notice(world)]))

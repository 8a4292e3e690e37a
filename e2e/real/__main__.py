"""python3 e2e/real PROOF CLONE [--pipeline NAME]: promoter against a real repository."""

import argparse
import os
import sys

from bump import bump, bump_history
from look import look
from pipelines import PIPELINES
from replay import replay
from scratch import Scratch


def main():
    parser = argparse.ArgumentParser(prog="python3 e2e/real", description=__doc__)
    parser.add_argument("proof", choices=["bump", "bump-history", "replay", "look"])
    parser.add_argument("clone", help="path or URL of the repository; it is only read")
    parser.add_argument("--pipeline", choices=PIPELINES, default="infra-deployments")
    parser.add_argument("--promoter", default=os.environ.get("PROMOTER", "promoter"))
    parser.add_argument("--verbose", action="store_true", help="a line for every case")
    asked = parser.parse_args()
    scratch = Scratch(asked.clone, asked.promoter)
    print(f"at commit {scratch.head}")
    return {
        "bump": lambda: bump(scratch),
        "bump-history": lambda: bump_history(scratch),
        "look": lambda: look(scratch, PIPELINES[asked.pipeline]),
        "replay": lambda: replay(scratch, PIPELINES[asked.pipeline], asked.verbose),
    }[asked.proof]()


sys.exit(0 if main() else 1)

"""Promotes every service of environments/FROM to environments/TO in one process with ruamel.yaml's round trip."""

import sys
from pathlib import Path

from ruamel.yaml import YAML


def promote(source: Path, target: Path) -> None:
    """Copies tag and digest by image name."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    versions = {image["name"]: image for image in yaml.load(source)["images"]}
    document = yaml.load(target)
    for image in document["images"]:
        for key in ("newTag", "digest"):
            if key in versions[image["name"]]:
                image[key] = versions[image["name"]][key]
    yaml.dump(document, target)


def main(origin: str, destination: str) -> None:
    """Every service there is."""
    environments = Path("environments")
    for source in sorted((environments / origin).glob("*/kustomization.yaml")):
        promote(source, environments / destination / source.parent.name / source.name)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""archive.py FOLDER TIME: FOLDER.tar.gz, with nothing of the machine or the day in it."""

import gzip
import sys
import tarfile
from pathlib import Path

folder, time = Path(sys.argv[1]), int(sys.argv[2])


def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = time
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry


with open(f"{folder}.tar.gz", "wb") as out:
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=time) as packed:
        with tarfile.open(mode="w", fileobj=packed, format=tarfile.PAX_FORMAT) as archive:
            for path in sorted([folder, *folder.rglob("*")]):
                archive.add(path, path.relative_to(folder.parent), recursive=False, filter=plain)

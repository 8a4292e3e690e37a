"""Postgres and Redis for a benchmark: started on free ports, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator


@dataclass(frozen=True)
class Stores:
    """Where they are."""

    postgres: str
    redis: str


@contextmanager
def started() -> Iterator[Stores]:
    """Both servers with empty stores; Postgres refuses to run as root, so it runs as `postgres` then."""
    folder = Path(tempfile.mkdtemp(prefix="stores-"))
    folder.chmod(0o777)
    postgres, redis = _port(), _port()
    processes = [_postgres(folder / "postgres", postgres), _redis(folder, redis)]
    try:
        _wait(postgres)
        _wait(redis)
        yield Stores(f"postgres://postgres@127.0.0.1:{postgres}/postgres", f"redis://127.0.0.1:{redis}")
    finally:
        for process in processes:
            process.terminate()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _postgres(data: Path, port: int) -> subprocess.Popen:
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=Path())
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*user, programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres"], check=True, **quiet)
    options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-p", str(port)]
    return subprocess.Popen([*user, "taskset", "-c", "1", programs / "postgres", "-D", data, *options], **quiet)


def _redis(folder: Path, port: int) -> subprocess.Popen:
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    return subprocess.Popen(["taskset", "-c", "1", "redis-server", *options], stdout=subprocess.DEVNULL)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)

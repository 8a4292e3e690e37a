"""Requests answered by the app and by what it is compared with: processor, latency, memory, start."""

import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from bench import stores
from bench.machine import say

SERVER_CORE, LOAD_CORE = 0, 1
CONNECTIONS = 32
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Server:
    """A program that answers; `{address}` in its command and environment is where."""

    title: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    health: str = "/"


@dataclass(frozen=True)
class Load:
    """The same request to several servers."""

    title: str
    paths: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """How often, and how long each time in seconds."""

    rounds: int
    seconds: int
    starts: int


LOADS = (
    Load("GET /", {"app": "/", "poem": "/", "axum": "/", "hyper": "/", "podinfo": "/version"}),
    Load("GET /hello", {"app": "/hello", "poem": "/hello", "axum": "/hello", "hyper": "/hello", "podinfo": "/healthz"}),
    Load("record by id", {"app": "/api/v1/records/1", "app on Postgres and Redis": "/api/v1/records/1"}),
    Load("timestamp", {"app": "/api/v1/timestamps/bench", "app on Postgres and Redis": "/api/v1/timestamps/bench"}),
)


def servers(app: Path, peers: Path, bin_folder: Path, found: stores.Stores) -> dict[str, Server]:
    """All of them; the app as in production: JSON log line for each request, metrics, limits, trace context."""
    common = {"ADDR": "{address}", "SEED": "demo", "LOG_FORMAT": "json"}
    stored = {**common, "DATABASE_URL": found.postgres, "REDIS_URL": found.redis}
    port = "{port}"
    podinfo = (str(bin_folder / "podinfo"), "--host=127.0.0.1", f"--port={port}", "--port-metrics=0", "--level=info")
    return {
        "app": Server("**app**, embedded stores", (str(app),), common, "/healthz"),
        "app on Postgres and Redis": Server("**app**, Postgres and Redis", (str(app),), stored, "/healthz"),
        "poem": Server("poem-openapi, bare", (str(peers / "peer-poem"), "{address}")),
        "axum": Server("axum, bare", (str(peers / "peer-axum"), "{address}")),
        "hyper": Server("hyper, bare", (str(peers / "peer-hyper"), "{address}")),
        "podinfo": Server("podinfo", podinfo, {}, "/healthz"),
    }


class Running:
    """A server on a core of its own, its output read as a container's is."""

    def __init__(self, server: Server, port: int):
        address = f"127.0.0.1:{port}"
        fill = lambda text: text.replace("{address}", address).replace("{port}", str(port))  # noqa: E731
        environment = {"PATH": os.environ["PATH"], "GOMAXPROCS": "1", **{k: fill(v) for k, v in server.environment.items()}}
        self.url = f"http://{address}"
        begin = time.monotonic()
        pinned = ["taskset", "-c", str(SERVER_CORE), *map(fill, server.command)]
        self.process = subprocess.Popen(pinned, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.reader = subprocess.Popen(["taskset", "-c", str(LOAD_CORE), "cat"], stdin=self.process.stdout, stdout=subprocess.DEVNULL)
        self.started = self._answers(server.health, begin)

    def _answers(self, path: str, begin: float) -> float:
        """Seconds from the start to the first answer."""
        while time.monotonic() < begin + 10:
            try:
                with urllib.request.urlopen(self.url + path, timeout=1) as answer:
                    answer.read()
                return time.monotonic() - begin
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.0005)
        self.stop()
        raise RuntimeError(f"{self.process.args} does not answer {path}")

    def request(self, method: str, path: str) -> None:
        """One request that has to succeed."""
        urllib.request.urlopen(urllib.request.Request(self.url + path, method=method), timeout=5).read()

    def cpu(self) -> float:
        """Seconds of processor of all threads so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> dict[str, int]:
        """Bytes that are resident: in all, and those that are its own and no file's."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        value = lambda name: int(re.search(rf"^{name}:\s+(\d+) kB", status, re.M)[1]) * 1024  # noqa: E731
        return {"resident": value("VmRSS"), "anonymous": value("RssAnon")}

    def stop(self) -> None:
        """Ends it without a drain."""
        self.process.kill()
        self.process.wait()
        self.reader.wait()


def run(plan: Plan, all_servers: dict[str, Server]) -> dict:
    """Every load on every server it names, taking turns within a round."""
    results = {"loads": [], "starts": _starts(plan, all_servers), "sizes": _sizes(all_servers)}
    for load in LOADS:
        costs = {name: [] for name in load.paths}
        for round_number in range(plan.rounds):
            order = list(load.paths) if round_number % 2 == 0 else list(load.paths)[::-1]
            for name in order:
                say(f"{load.title}: {name}, round {round_number + 1} of {plan.rounds}")
                costs[name].append(_measure(all_servers[name], load.paths[name], plan.seconds))
        results["loads"].append({"title": load.title, "costs": {all_servers[n].title: c for n, c in costs.items()}})
    return results


def _measure(server: Server, path: str, seconds: int) -> dict:
    running = Running(server, _free_port())
    try:
        if "/timestamps/" in path:
            running.request("PUT", path)
        _wrk(running.url + path, 1)
        before = running.cpu()
        found = _wrk(running.url + path, seconds)
        return {**found, "cpu": (running.cpu() - before) / found["requests"], **running.memory()}
    finally:
        running.stop()


def _wrk(url: str, seconds: int) -> dict:
    """Requests answered, their rate, and latencies in seconds; any error is one too many."""
    command = ["taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(f"{url}: {text}")
    unit = {"us": 1e-6, "ms": 1e-3, "s": 1.0}
    latency = lambda percent: (lambda m: float(m[1]) * unit[m[2]])(re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", text))  # noqa: E731
    requests = int(re.search(r"(\d+) requests in", text)[1])
    return {"requests": requests, "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), "p50": latency(50), "p99": latency(99)}


def _starts(plan: Plan, all_servers: dict[str, Server]) -> dict:
    """From the start of the process to the first answer, and what is resident a second later."""
    found = {server.title: [] for server in all_servers.values()}
    for _ in range(plan.starts):
        for server in all_servers.values():
            running = Running(server, _free_port())
            time.sleep(1)
            found[server.title].append({"started": running.started, **running.memory()})
            running.stop()
    return found


def _sizes(all_servers: dict[str, Server]) -> dict:
    return {server.title: Path(server.command[0]).stat().st_size for server in all_servers.values()}


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

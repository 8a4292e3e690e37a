"""A bare clone that may be written to, and promoter run on it."""

import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

BRANCH = "refs/heads/proof"


class Scratch:
    """Lives in a temporary folder; what it was cloned from is only read."""

    def __init__(self, source, promoter):
        self.room = tempfile.TemporaryDirectory()
        self.path = str(Path(self.room.name, "clone.git"))
        self.promoter = promoter
        self.environment = isolated(self.room.name)
        local = ["--shared"] if os.path.isdir(source) else []
        run(["git", "clone", "--quiet", "--bare", *local, source, self.path], self.environment)
        self.head = self.git("rev-parse", "HEAD")
        self.objects = subprocess.Popen(
            ["git", "-C", self.path, "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def git(self, *arguments):
        return run(["git", "-C", self.path, *arguments], self.environment).strip("\n")

    def blob(self, name):
        """The bytes of an object, `COMMIT:PATH` for instance; nothing where there is none."""
        self.objects.stdin.write(f"{name}\n".encode())
        self.objects.stdin.flush()
        header = self.objects.stdout.readline().split()
        if header[-1] == b"missing":
            return None
        return self.objects.stdout.read(int(header[2]) + 1)[:-1]

    def text(self, name):
        return (self.blob(name) or b"").decode(errors="surrogateescape")

    def files(self, commit, folder=""):
        """Path to blob, of every file at or below a folder."""
        below = ["--", folder] if folder else []
        rows = self.git("ls-tree", "-r", "-z", commit, *below).split("\0")
        return {row.split("\t")[1]: row.split()[2] for row in rows if row}

    def configuration(self, text):
        path = Path(self.room.name, "promoter.yaml")
        path.write_text(text)
        return str(path)

    def run(self, config, *arguments):
        """Runs promoter on the branch of the proof; its JSON, its exit code and the seconds."""
        command = [self.promoter, "--repo", self.path, "--branch", "proof", "-o", "json"]
        if config:
            command += ["--config", config]
        begun = time.monotonic()
        done = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, env=self.environment
        )
        seconds = time.monotonic() - begun
        if done.returncode not in (0, 1, 2, 3, 4):
            raise SystemExit(f"promoter ended with {done.returncode}: {arguments}\n{done.stderr}")
        return json.loads(done.stdout or done.stderr), done.returncode, seconds

    def put(self, commit):
        """Sets the branch that promoter moves."""
        self.git("update-ref", BRANCH, commit)

    def commit(self, files, parent=None):
        """A commit with these files, path to blob or text, over those of its parent."""
        index = {**self.environment, "GIT_INDEX_FILE": f"{self.room.name}/index"}
        git = ["git", "-C", self.path]
        run([*git, "read-tree", parent or "--empty"], index)
        rows = [f"100644 {self.stored(content)}\t{path}\n" for path, content in files.items()]
        run([*git, "update-index", "--add", "--index-info"], index, "".join(rows).encode())
        tree = run([*git, "write-tree"], index).strip()
        return self.git("commit-tree", "-m", "proof", *(["-p", parent] if parent else []), tree)

    def stored(self, content):
        """The id of a blob, given by its id or its text."""
        if re.fullmatch("[0-9a-f]{40}", content):
            return content
        write = ["git", "-C", self.path, "hash-object", "-w", "--stdin"]
        return run(write, self.environment, content.encode()).strip()

    def changed(self, before, after=BRANCH):
        """Path to blob, of what differs between two commits; None for a file that went."""
        rows = self.git("diff-tree", "-r", "-z", "--no-renames", before, after).split("\0")
        pairs = zip(rows[0::2], rows[1::2])
        return {path: row.split()[3] if row[-1] != "D" else None for row, path in pairs}


def isolated(home):
    """No configuration of the user's, and an author."""
    who = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", "Proof"), ("EMAIL", "proof@example.com"))
    }
    own = {"HOME": home, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": f"{home}/gitconfig"}
    Path(home, "gitconfig").write_text("[safe]\n\tdirectory = *\n")
    return {**os.environ, **own, **who}


def run(command, environment, given=b""):
    done = subprocess.run(command, capture_output=True, env=environment, input=given)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr.decode(errors='replace')}")
    return done.stdout.decode(errors="surrogateescape")

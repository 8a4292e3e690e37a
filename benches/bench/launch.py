"""Runs one command and writes what its whole process tree used.

A program of its own, started with as little of Python as there is: Linux counts the launcher's memory
as the start of the child's peak, so peaks below about 10 MB read as that.
Usage: launch.py REPORT COMMAND [ARGUMENT...]
"""

import os
import signal
import sys
import time


def main(report: str, command: list[str]) -> int:
    """Exits as the command did."""
    begin = time.monotonic_ns()
    # Held back until it can be passed on: the command may have printed, and its caller had enough, by then.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pid = os.posix_spawnp(command[0], command, os.environ, setsigmask=())
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    _, status, usage = os.wait4(pid, 0)
    wall = (time.monotonic_ns() - begin) / 1e9
    # Kibibytes on Linux, bytes on macOS.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    code = os.waitstatus_to_exitcode(status)
    with open(report, "w") as file:
        file.write(f"{usage.ru_utime + usage.ru_stime} {wall} {peak} {code}\n")
    return code & 255


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

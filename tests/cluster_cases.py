"""A real Dask scheduler with its workers on this machine, each a process of its own, and runs that do them harm.

Workers import this file: it stands where they can find it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from baiterek.study.monte_carlo import Part, Run

PROJECT = Path(__file__).resolve().parents[1]
STARTS_s = 60.0


@dataclass(frozen=True)
class Deadly(Run):
    """Kills the worker of its second part, each time."""

    def table(self, part: Part, threads: int = 1) -> bytes:
        if part.first:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().table(part, threads)


@dataclass(frozen=True)
class Asleep(Run):
    """Never comes back from its second part."""

    def table(self, part: Part, threads: int = 1) -> bytes:
        while part.first:
            time.sleep(1.0)
        return super().table(part, threads)


@contextmanager
def two_workers(folder: Path, path: str = "") -> Iterator[str]:
    """The address of a scheduler with two workers of one thread each."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scheduler.json"
    paths = os.pathsep.join([str(PROJECT / "src"), str(PROJECT / "tests")])
    env = {**os.environ, "PYTHONPATH": path or paths, "OMP_NUM_THREADS": "1"}
    dask = [sys.executable, "-m", "dask"]
    quiet = {"cwd": folder, "env": env, "stdout": subprocess.DEVNULL, "stderr": (folder / "dask.log").open("w")}
    quiet["start_new_session"] = True
    common = ["--no-dashboard", "--scheduler-file", str(file)]
    scheduler = subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *common], **quiet)
    workers = [*dask, "worker", "--host", "127.0.0.1", "--nthreads", "1", "--nworkers", "2", "--memory-limit", "0", *common]
    started = [scheduler]
    try:
        _until(file.exists)
        started.append(subprocess.Popen(workers, **quiet))
        yield json.loads(file.read_text())["address"]
    finally:
        for process in reversed(started):
            os.killpg(process.pid, signal.SIGKILL)  # its own session: a nanny that restarts a worker hears no polite word
            process.wait()


def _until(there: object) -> None:
    end = time.monotonic() + STARTS_s
    while not there():
        assert time.monotonic() < end, "the scheduler does not start"
        time.sleep(0.1)

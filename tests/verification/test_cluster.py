"""Flights on a real Dask cluster of two processes: the same table as here, and nothing lost with a worker or the driver.

Slow for a reason: schedulers, workers and drivers are processes that start, compile and are killed.
"""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

import flown
from baiterek import cli
from baiterek.errors import InputError, NotConverged, UnreadableFile
from baiterek.study import cluster as clusters
from baiterek.study import executor, safety
from baiterek.study import monte_carlo as module
from baiterek.study.cluster import cluster
from baiterek.study.monte_carlo import Asked, Run, identity, monte_carlo
from baiterek.study.steering_file import write_steering
from cluster_cases import PROJECT, Asleep, Deadly, two_workers

FLIGHTS, BATCH = 700, 100
ASKED = Asked(FLIGHTS, 11)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with two_workers(tmp_path_factory.mktemp("dask")) as found:
        yield found


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(module, "BATCH", BATCH)


def journal(out, asked=ASKED):
    """The folder of a run that was interrupted before its first flight: its steering stands ready, made by hand."""
    name, _ = identity(flown.mission(), asked)
    folder = out / f".{name}.parts"
    folder.mkdir(parents=True)
    write_steering(folder / module.STEERING, flown.by_hand(flown.mission()))
    return folder


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The table as one thread of this machine makes it."""
    out = tmp_path_factory.mktemp("alone")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BATCH", BATCH)
        journal(out)
        _, folder = monte_carlo(flown.mission(), ASKED, out, resume=True)
    return (folder / "flights.parquet").read_bytes()


def run(kind, folder, flights=2 * BATCH):
    return kind.of(flown.mission(), Asked(flights, 1), flown.by_hand(flown.mission()), folder, "0" * 64)


def test_a_worker_killed_in_mid_run_changes_no_bit_of_the_table(address, alone, tmp_path):
    journal(tmp_path)
    killed = []
    with cluster(address) as of:
        of.client.wait_for_workers(2, timeout=60)
        pids = list(of.client.run(os.getpid).values())

    def say(text):
        if text.startswith(f"{2 * BATCH} of"):
            killed.append(pids[0])
            os.kill(pids[0], signal.SIGKILL)

    _, folder = monte_carlo(flown.mission(), ASKED, tmp_path, scheduler=address, resume=True, say=say)
    assert len(pids) == 2 and killed == [pids[0]]
    assert (folder / "flights.parquet").read_bytes() == alone


def test_a_safety_case_is_the_same_on_a_cluster_that_loses_a_worker(address, tmp_path, monkeypatch):
    """Dispersed flights, failing ones and all falls go out in parts; risks, points and their tables come back to the bit."""
    monkeypatch.setattr(executor, "PART_s", 0.005)
    asked = safety.Asked(flights=90, moments=8, samples=6)
    with cluster(address) as of:
        of.client.wait_for_workers(2, timeout=60)
        pids = list(of.client.run(os.getpid).values())
    parts, killed, real = [], [], executor.Share

    def share(first, rows):
        parts.append(tuple(name in rows for name in ("times_s", "altitude_m", "states")))
        return real(first, rows)

    def say(text):
        if text.startswith("failures at"):
            killed.append(os.kill(pids[0], signal.SIGKILL))

    monkeypatch.setattr(executor, "Share", share)
    _, there = safety.safety(flown.mission(), asked, tmp_path / "there", scheduler=address, say=say)
    assert killed and len(parts) > 20 and len(set(parts)) == 4
    _, here = safety.safety(flown.mission(), asked, tmp_path / "here")
    names = {file.name for file in here.iterdir()} - {"provenance.json"}
    assert (
        {"result.json", "impacts.parquet", "risk.csv"} <= names == {file.name for file in there.iterdir()} - {"provenance.json"}
    )
    assert all((there / name).read_bytes() == (here / name).read_bytes() for name in names)


def test_a_part_that_kills_each_worker_is_a_failure_that_is_told(address, tmp_path):
    of = run(Deadly, tmp_path)
    with cluster(address) as there, pytest.raises(NotConverged, match="flights 100 to 199: killed its worker"):
        of.fly(1, print, there)
    assert [path.name for path in tmp_path.iterdir()] == ["part-000000000.parquet"]
    assert len(run(Run, tmp_path).fly(1, print)[0]) == 2


def test_a_part_that_does_not_come_back_is_a_failure_that_is_told(address, tmp_path):
    parts, landed = [module.Part(0, BATCH), module.Part(BATCH, BATCH)], []
    with cluster(address) as there:
        there.client.wait_for_workers(2, timeout=60)
        assert len(list(there.do(run(Run, tmp_path), parts))) == 2  # both have compiled
        with pytest.raises(NotConverged, match="flights 100 to 199: not back within 6 s"):
            landed.extend(part.first for part, _ in there.do(run(Asleep, tmp_path), parts, 6.0))


def test_a_worker_with_other_code_is_refused(address, tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "computed_by", lambda: "another")
    with cluster(address) as there, pytest.raises(InputError, match="other code or libraries"):
        run(Run, tmp_path).fly(1, print, there)


def test_a_killed_driver_goes_on_with_resume(alone, tmp_path):
    code = f"import baiterek.study.monte_carlo as m; m.BATCH = {BATCH}; from baiterek.cli import main; main()"
    words = ["monte-carlo", str(flown.BUNDLED), "--flights", str(FLIGHTS), "--seed", "11", "--workers", "1", "--resume"]
    kept = journal(tmp_path)
    env = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    driver = subprocess.Popen([sys.executable, "-c", code, *words, "--out", str(tmp_path)], env=env)
    while not list(kept.glob("part-*.parquet")):
        assert driver.poll() is None
        time.sleep(0.01)
    driver.kill()
    driver.wait()
    landed = {path: path.stat().st_mtime_ns for path in kept.glob("part-*.parquet")}
    assert 0 < len(landed) < FLIGHTS // BATCH
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]
    flown_again = []
    real = Run.table

    def counted(self, part, threads=1):
        flown_again.append(part.first)
        return real(self, part, threads)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "table", counted)
        _, folder = monte_carlo(flown.mission(), ASKED, tmp_path, resume=True)
    assert len(flown_again) == FLIGHTS // BATCH - len(landed)
    assert (folder / "flights.parquet").read_bytes() == alone


@pytest.mark.parametrize(("most_bytes", "kept_parts"), [(100_000, 0), (600_000, FLIGHTS // BATCH)])
def test_a_full_disk_loses_at_most_what_is_in_flight(alone, tmp_path, most_bytes, kept_parts):
    # No file may grow beyond a size (RLIMIT_FSIZE): below that of a part, then between a part's and the table's.
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, {most_bytes}))"
    code = f"{limit}; import baiterek.study.monte_carlo as m; m.BATCH = {BATCH}; from baiterek.cli import main; main()"
    words = ["monte-carlo", str(flown.BUNDLED), "--flights", str(FLIGHTS), "--seed", "11", "--resume", "--out", str(tmp_path)]
    kept = journal(tmp_path)
    env = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    done = subprocess.run([sys.executable, "-c", code, *words], env=env, capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "found" in line or "Traceback" in line]
    assert done.returncode == 2 and len(said) == 1 and "File too large" in said[0] and "--resume goes on" in said[0]
    assert len(list(kept.glob("part-*.parquet"))) == kept_parts
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]
    _, folder = monte_carlo(flown.mission(), ASKED, tmp_path, resume=True)
    assert (folder / "flights.parquet").read_bytes() == alone


def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "ANSWER_s", 1.0)
    with socket.socket() as deaf:  # takes calls and says nothing
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        addresses = [f"tcp://127.0.0.1:{deaf.getsockname()[1]}", "tcp://127.0.0.1:1", "nobody", "http://127.0.0.1:1"]
        for found in addresses:
            verb = "safety" if found == "nobody" else "monte-carlo"
            done = CliRunner().invoke(cli.app, [verb, str(flown.BUNDLED), "--scheduler", found, "--out", str(tmp_path)])
            assert done.exit_code == 2 and f"--scheduler: found {found}" in done.stderr, found
            assert len(done.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_scheduler_that_leaves_in_mid_run_is_one_line_and_keeps_what_landed(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "WORKERS_s", 3.0)
    of = run(Run, tmp_path / "parts", 40 * BATCH)
    of.journal.mkdir()
    with two_workers(tmp_path / "dask") as found, cluster(found) as there:
        there.client.wait_for_workers(2, timeout=60)
        pid = there.client.run_on_scheduler(os.getpid)
        with pytest.raises(UnreadableFile, match="--resume goes on"):
            of.fly(1, lambda text: os.kill(pid, signal.SIGKILL) if text.startswith(f"{2 * BATCH} of") else None, there)
    assert len(list(of.journal.glob("part-*.parquet"))) >= 2

"""Parts of a job on other machines, such as many flights: Dask.distributed behind the same call.

The driver asks for parts, writes each as it lands, and holds none. A part that was lost with its worker is flown once
more with nothing else in the air, so that what kills a second worker is surely the cause of it: that ends as a failure
that is told, while all other parts land.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

from baiterek.errors import BadValue, InputError, NotConverged, UnreadableFile
from baiterek.study.provenance import computed_by

ANSWER_s = 10.0
"""For a scheduler to answer."""
WORKERS_s = 60.0
"""For a worker to appear where there is none."""
PART_s = 600.0
"""For a part: one or two seconds of work, on a worker's first a minute of compiling."""
ALLOWED_FAILURES = 1
TICK_s = 0.5
GOES_ON = "--resume goes on"


class Part(Protocol):
    """Rows that are made together, by their numbers."""

    @property
    def first(self) -> int:
        """The number of the first."""

    @property
    def last(self) -> int:
        """The number of the last."""


class Job(Protocol):
    """What all parts have in common; it travels with each of them."""

    @property
    def what(self) -> str:
        """What its rows are, as a reader is told."""

    @property
    def hash(self) -> str:
        """Its first eight letters tell it from others at the scheduler."""

    def table(self, part: Any, threads: int = 1) -> Any:
        """What becomes of a part."""


class Lost(NamedTuple):
    """A part that did not land, and why."""

    part: Any
    why: str


@contextmanager
def cluster(address: str, goes_on: str = GOES_ON) -> Iterator[Cluster]:
    """The cluster of the scheduler at `address`, such as tcp://host:8786; one that does not answer raises `BadValue`.

    `goes_on` is what helps where it is lost in mid-run.
    """
    try:
        from distributed import Client
    except ImportError:
        raise BadValue("command line", "--scheduler", "no Dask here", "after: pip install 'baiterek[cluster]'") from None
    talk = logging.getLogger("distributed")
    before, talk.level = talk.level, logging.CRITICAL + 1  # what goes wrong is said by us, in one line
    try:
        try:
            # A thread of its own: a notebook's has an event loop already.
            with ThreadPoolExecutor(1) as aside:
                aside.submit(asyncio.run, _greet(address)).result()
            client = Client(address, timeout=ANSWER_s, set_as_default=False)
        except (OSError, ValueError, TypeError):
            allowed = f"a Dask scheduler that answers within {ANSWER_s:g} s, such as tcp://host:8786"
            raise BadValue("command line", "--scheduler", address, allowed) from None
        try:
            yield Cluster(client, address, goes_on)
        finally:
            client.close(timeout=ANSWER_s)
    finally:
        talk.setLevel(before)


async def _greet(address: str) -> None:
    """`Client` waits without end for one that takes the call and says nothing."""
    from distributed import rpc

    async with asyncio.timeout(ANSWER_s), rpc(address) as scheduler:
        await scheduler.identity()


def do_part(job: Job, part: Part, code: str) -> Any:
    """On a worker: what becomes of the part. Other code would give other numbers: that raises `InputError`."""
    if computed_by() != code:
        raise InputError("a worker of the cluster", "", "other code or libraries", "the same Baiterek, numba and NumPy as here")
    return job.table(part, threads=1)


class Cluster:
    """A scheduler and its workers."""

    def __init__(self, client: Any, address: str, goes_on: str = GOES_ON) -> None:
        self.client, self.address, self.goes_on = client, address, goes_on

    def do(self, job: Job, parts: Sequence[Any], part_s: float = PART_s) -> Generator[tuple[Any, Any], None, None]:
        """The parts as they land. One that fails alone, having failed before, raises `NotConverged` when all others have."""
        with self._told_at_once():
            lost: list[Lost] = []
            yield from self._in_the_air(job, parts, False, part_s, lost)
            for _ in range(ALLOWED_FAILURES):
                again, lost = lost, []
                for each in again:
                    yield from self._in_the_air(job, [each.part], True, part_s, lost)
        if lost:
            named = "; ".join(f"{job.what} {each.part.first} to {each.part.last}: {each.why}" for each in lost)
            raise NotConverged(f"{named} ({ALLOWED_FAILURES + 1} times, the last one alone); all others landed: {self.goes_on}")

    def _in_the_air(
        self, job: Job, parts: Sequence[Part], alone: bool, part_s: float, lost: list[Lost]
    ) -> Generator[tuple[Any, Any], None, None]:
        """The parts that land, one a thread of the cluster at a time; the others go to `lost`."""
        waiting = deque(parts)
        flying: dict[Any, tuple[Part, float]] = {}
        try:
            while waiting or flying:
                most = 1 if alone else self._threads()
                while waiting and len(flying) < most:
                    part = waiting.popleft()
                    flying[self._ask_for(job, part)] = part, time.monotonic()
                for future in self._over(flying):
                    part, _ = flying.pop(future)
                    why = self._why(future)
                    if why:
                        lost.append(Lost(part, why))
                    else:
                        yield part, future.result()
                    future.release()
                for future, (part, begun) in list(flying.items()):
                    if time.monotonic() - begun > part_s:
                        del flying[future]
                        self._give_up(future)
                        lost.append(Lost(part, f"not back within {part_s:g} s"))
        except OSError as error:  # TimeoutError is one
            raise self._gone(error) from None
        finally:
            for future in flying:
                future.release()

    def _ask_for(self, job: Job, part: Part) -> Any:
        key = f"baiterek-{job.hash[:8]}-{part.first}-{uuid4().hex[:8]}"
        return self.client.submit(do_part, job, part, computed_by(), key=key, pure=False, retries=0)

    def _over(self, flying: Mapping[Any, Any]) -> list[Any]:
        """Those that have ended, well or not, after a while at most."""
        from distributed import CancelledError, wait

        try:
            with self.client.as_current():
                return list(wait(list(flying), timeout=TICK_s, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            self._threads()  # raises where nobody is left to wait for
            return []
        except CancelledError:
            raise OSError("the scheduler has forgotten what it was asked") from None

    def _why(self, future: Any) -> str:
        """What has gone wrong with it; nothing, if nothing has."""
        from distributed import KilledWorker

        if future.status == "finished":
            return ""
        error = future.exception()
        if isinstance(error, KilledWorker):
            return "killed its worker"
        if isinstance(error, InputError):
            raise error
        return f"{type(error).__name__}: {error}"

    def _give_up(self, future: Any) -> None:
        """A task cannot be stopped within its worker: the worker is started again."""
        holding = [worker for worker, keys in self.client.processing().items() if future.key in keys]
        future.cancel()
        self.client.restart_workers(holding, timeout=ANSWER_s, raise_for_error=False)

    def _threads(self) -> int:
        """How many parts fly at a time. Waits for a worker where there is none."""
        begun = time.monotonic()
        while True:
            threads = sum(self.client.nthreads().values())
            if threads:
                return int(threads)
            if time.monotonic() - begun > WORKERS_s:
                raise OSError(f"no worker for {WORKERS_s:g} s")
            time.sleep(TICK_s)

    def _gone(self, error: BaseException) -> InputError:
        said = f"the cluster is gone: {error or type(error).__name__}"
        return UnreadableFile(self.address, "", said, f"a Dask scheduler that answers, with a worker; then {self.goes_on}")

    @contextmanager
    def _told_at_once(self) -> Iterator[None]:
        """Has the scheduler tell us of every part that was lost with its worker, rather than try it on three more."""

        def told_after(failures: int, dask_scheduler: Any = None) -> int:
            before, dask_scheduler.allowed_failures = dask_scheduler.allowed_failures, failures
            return int(before)

        before = self._ask(told_after, 0)
        try:
            yield
        finally:
            if self.client.status == "running":
                self._ask(told_after, before)

    def _ask(self, what: Any, value: int) -> int:
        try:
            return int(self.client.run_on_scheduler(what, value))
        except (OSError, TimeoutError) as error:
            raise self._gone(error) from None

"""Many flights of one plan, each with numbers of its own: flown in batches that are kept as they land."""

from __future__ import annotations

import math
import shutil
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.errors import BadValue, UnreadableFile
from baiterek.history import Steering
from baiterek.study.dispersions import Array, Spread, columns_of, inputs_of, spread_of
from baiterek.study.failures import CASE, Failures, check_case, failures_of
from baiterek.study.flights_file import INPUT, as_table, join_parts, read_columns, readable, write_part
from baiterek.study.folder import ALLOWED, check_writable, whole_folder
from baiterek.study.guidance import GUIDANCE, check_guidance
from baiterek.study.monte_carlo_summary import margin_kg, summary
from baiterek.study.provenance import digest, provenance
from baiterek.study.results import write_json, write_mission
from baiterek.study.sampling import DESIGNS, Design
from baiterek.study.statistics import quantile
from baiterek.study.steering_file import read_steering, write_steering

if TYPE_CHECKING:
    from baiterek.study.cluster import Cluster

Say = Callable[[str], None]
"""How flights are steered: guided to the nominal orbit by a computer that believes its inertial unit; or the optimum's
commands by time, which nothing corrects."""
BATCH = 1000
"""Flights of a part: one to two seconds of work."""
FLIGHTS, STEERING = "flights.parquet", "steering.json"


@dataclass(frozen=True)
class Stop:
    """Enough flights: when the interval of a quantile of an output is no wider than `width` (SI, as the column)."""

    output: str
    p: float
    width: float

    @staticmethod
    def prefixes(flights: int) -> list[int]:
        """Numbers of flights after which the rule is asked, fixed beforehand: batches, doubled each time."""
        found, n = [], BATCH
        while n < flights:
            found.append(n)
            n *= 2
        return found


@dataclass(frozen=True)
class Asked:
    """What a run of many flights is a function of, beside the mission."""

    flights: int
    seed: int
    design: str = "random"
    scale: float = 1.0
    """Times every sigma."""
    stop: Stop | None = None
    guidance: str = "closed"
    case: str | None = None
    """The one case of failure that every flight meets (`nominal`: none); None: by their probabilities."""

    def check(self) -> None:
        """Raises `BadValue` in one line."""
        if self.design not in DESIGNS:
            raise BadValue("command line", "--design", self.design, ", ".join(DESIGNS))
        check_guidance(self.guidance)
        if self.flights < 2:
            raise BadValue("command line", "--flights", self.flights, "2 or more")
        if not 0 <= self.seed < 2**64:
            raise BadValue("command line", "--seed", self.seed, "a whole number from 0, less than 2**64")
        if self.stop is not None and self.design != "random":
            raise BadValue(
                "command line", "--until", self.design, "only with --design random: others have their size in the seed"
            )


@dataclass(frozen=True, repr=False)
class Flights:
    """Many flights that were flown, on disk."""

    summary: dict[str, Any]
    folder: Path

    def columns(self, *names: str) -> dict[str, Array]:
        """Columns of the table by name, one value a flight; all when none is named."""
        return read_columns(self.folder / FLIGHTS, names or None)

    def __repr__(self) -> str:
        return f"<Flights: {self.summary['flown']} of {self.summary['flights']} to their end, {self.summary['guidance']}>"


def read_asked(
    file: Path,
    flights: int,
    seed: int | None,
    design: str,
    until: str | None,
    guidance: str = "closed",
    case: str | None = None,
) -> Asked:
    """What a command line asks for; `until` is `column:quantile:width`. Raises `BadValue` in one line."""
    stop = None
    if until is not None:
        allowed = "column:quantile:width, such as insertion.altitude_m:0.99:500, with 0 < quantile < 1 and a width above 0"
        name, *numbers = until.split(":")
        try:
            p, width = (float(number) for number in numbers)
        except ValueError:
            raise BadValue("command line", "--until", until, allowed) from None
        if not (0.0 < p < 1.0 and width > 0.0):
            raise BadValue("command line", "--until", until, allowed)
        stop = Stop(name, p, width)
    asked = Asked(flights, load_mission(file).seed if seed is None else seed, design, stop=stop, guidance=guidance, case=case)
    asked.check()
    return asked


def monte_carlo(
    file: Path | Mission,
    asked: Asked,
    out: Path,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    resume: bool = False,
    render: Callable[[Path], None] | None = None,
    say: Say | None = None,
) -> tuple[dict[str, Any], Path]:
    """Flies `asked.flights` dispersed flights of a mission's optimum; its summary and its folder under `out`.

    On `workers` threads of this machine, or by the Dask scheduler at an address. Parts are kept beside the folder to be;
    with `resume` those of the same inputs and code are not flown again.
    """
    say = say or (lambda text: None)
    asked.check()
    mission = file if isinstance(file, Mission) else load_mission(file)
    check_writable(out)
    check_case(mission, asked.case)
    dispersed(mission, asked, mission.payload_kg or math.inf)  # what no payload mends is told before anything is optimised
    name, origin = identity(mission, asked)
    journal = out / f".{name}.parts"
    with _others(scheduler) as cluster:
        if not resume:
            shutil.rmtree(journal, ignore_errors=True)
        _make(journal)
        run = Run.of(mission, asked, _steering(mission, journal, say), journal, origin["hash"])
        parts, stopped = run.fly(workers, say, cluster)
    say("summing up")

    def fill(folder: Path) -> None:
        join_parts(parts, folder / FLIGHTS)
        if mission.file:
            write_mission(folder / "mission.toml", mission)
        write_steering(folder / STEERING, run.steering)
        write_json(folder / "provenance.json", origin)
        document = summary(mission, run.spread, run.failures, run.nominal(), folder / FLIGHTS)
        about = {"run": origin["hash"], "guidance": GUIDANCE[asked.guidance], "asked": asdict(asked), "stopped": stopped}
        about["perfect_navigation"] = not mission.vehicle.navigation
        write_json(folder / "result.json", about | document)
        if render is not None:
            render(folder)

    try:
        folder = whole_folder(out, name, fill)
    except UnreadableFile as error:
        raise UnreadableFile(error.file, error.key, error.found, f"{error.allowed}; then --resume goes on") from None
    shutil.rmtree(journal, ignore_errors=True)
    from baiterek.study.results import read_json

    return read_json(folder / "result.json"), folder


def identity(mission: Mission, asked: Asked) -> tuple[str, dict[str, Any]]:
    """Name of the folder, and its provenance: the same inputs give the same name."""
    origin = provenance(mission, "monte-carlo")
    origin["asked"], origin["guidance"] = asdict(asked), GUIDANCE[asked.guidance]
    origin["hash"] = digest([origin["hash"], origin["asked"]])
    return f"monte-carlo-{mission.name}-{origin['hash'][:8]}", origin


def _steering(mission: Mission, journal: Path, say: Say) -> Steering:
    """Of the optimum; that of an interrupted run, digit by digit."""
    kept = journal / STEERING
    if not kept.is_file():
        from baiterek.trajectory import optimise

        say("optimising")
        steering = optimise(mission, progress=say).require().steering
        assert steering is not None
        write_steering(kept, steering)
    return read_steering(kept)


def _others(scheduler: str | None) -> Any:
    """The machines that fly, if not this one."""
    if scheduler is None:
        return nullcontext()
    from baiterek.study.cluster import cluster

    return cluster(scheduler)


def _make(journal: Path) -> None:
    try:
        journal.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableFile(str(journal), "", error.strerror or str(error), ALLOWED) from None


def dispersed(mission: Mission, asked: Asked, payload_kg: float) -> Spread:
    """What is drawn for each flight; raises `BadValue` where nothing is uncertain, or more so than is physical."""
    from baiterek.flight import felt_paths

    spread = spread_of(mission, payload_kg, felt_paths(mission, asked.guidance == "closed"), asked.scale)
    if not spread.numbers:
        raise BadValue(mission.file or mission.name, "", "no sigma", "numbers of the vehicle or the mission with a sigma")
    return spread


@dataclass(frozen=True)
class Part:
    """Flights that land together."""

    first: int
    count: int

    @property
    def last(self) -> int:
        return self.first + self.count - 1


Landing: TypeAlias = Generator[tuple[Part, bytes], None, None]
"""Parts in the order in which they land, each with the bytes of its file."""


@dataclass(frozen=True)
class Run:
    """All that the flights have in common."""

    mission: Mission
    asked: Asked
    steering: Steering
    spread: Spread
    failures: Failures
    journal: Path
    hash: str
    what: ClassVar[str] = "flights"

    @classmethod
    def of(cls, mission: Mission, asked: Asked, steering: Steering, journal: Path, hash: str) -> Run:
        """The run of a steering."""
        spread = dispersed(mission, asked, steering.payload_kg)
        return cls(mission, asked, steering, spread, failures_of(mission, steering, asked.case), journal, hash)

    def fly(self, workers: int, say: Say, cluster: Cluster | None = None) -> tuple[list[Path], int | None]:
        """Flies what is not there yet; the parts in order, and after how many flights the rule has stopped it."""
        asked, parts = self.asked, list[Path]()
        looks = Stop.prefixes(asked.flights) if asked.stop else []
        for begin, end in pairwise([0, *looks, asked.flights]):
            here = [Part(first, min(BATCH, end - first)) for first in range(begin, end, BATCH)]
            missing = [part for part in here if not readable(self.path(part))]
            landed = end - sum(part.count for part in missing)
            with closing(self._flown_here(missing, workers) if cluster is None else cluster.do(self, missing)) as tables:
                for part, table in tables:
                    self._keep(part, table)
                    landed += part.count
                    say(f"{landed} of {asked.flights} flights")
            parts += [self.path(part) for part in here]
            if asked.stop and end < asked.flights and self._enough(asked.stop, parts):
                return parts, end
        return parts, None

    def _flown_here(self, parts: Sequence[Part], workers: int) -> Landing:
        """A part a thread, so that one draws and writes while another flies; parts that are left over are shared by all."""
        alone = len(parts) - len(parts) % workers if workers > 1 else 0
        pool, flying = ThreadPoolExecutor(workers), deque[tuple[Part, Future[bytes]]]()
        try:
            for part in parts[:alone]:
                if len(flying) > workers:
                    landed, table = flying.popleft()
                    yield landed, table.result()
                flying.append((part, pool.submit(self.table, part)))
            for landed, table in flying:
                yield landed, table.result()
        finally:
            pool.shutdown(cancel_futures=True)
        for part in parts[alone:]:
            yield part, self.table(part, workers)

    def path(self, part: Part) -> Path:
        """Where a part is kept."""
        return self.journal / f"part-{part.first:09d}.parquet"

    def table(self, part: Part, threads: int = 1) -> bytes:
        """The part as the bytes of its file."""
        about = {"run": self.hash, "mission": self.mission.name, "guidance": GUIDANCE[self.asked.guidance]}
        return as_table(self.columns(part.first, part.count, threads), about)

    def columns(self, first: int, count: int, workers: int = 1) -> dict[str, Array]:
        """The table's columns of flights `first` to before `first + count`."""
        design = Design(self.asked.design, self.asked.seed, self.asked.flights)
        case, failing = self.failures.draw(self.asked.seed, first, count)
        return self.flown(self.spread.draw(design, first, count) | failing, case, first, workers)

    def nominal(self) -> dict[str, float]:
        """Outputs of the flight without dispersions."""
        columns = self.flown(self.spread.nominal() | self.failures.nominal(), np.zeros(1), 0, 1)
        return {name: float(column[0]) for name, column in columns.items() if not name.startswith(INPUT)}

    def flown(self, drawn: dict[str, Array], case: Array, first: int, workers: int) -> dict[str, Array]:
        """Flies the rows of `drawn`; the inputs of the table are the arrays that the compiled flight was given."""
        from baiterek.flight import fly_many

        knots = self.spread.knots_m
        batch = fly_many(
            self.mission,
            self.steering,
            inputs_of(drawn, knots),
            wind_knots_m=knots,
            first_flight=first,
            threads=workers,
            closed_loop=self.asked.guidance == "closed",
        )
        columns: dict[str, Any] = {"flight": np.arange(first, first + len(batch)), CASE: case}
        columns |= {INPUT + name: column for name, column in columns_of(batch.inputs, knots).items()}
        columns |= {name: np.asarray(column) for name, column in batch.columns.items()}
        return columns | {"insertion.margin_kg": margin_kg(self.mission, columns)}

    def _keep(self, part: Part, table: bytes) -> None:
        path = self.path(part)
        try:
            write_part(path, table)
        except OSError as error:
            raise UnreadableFile(str(path), "", error.strerror or str(error), f"{ALLOWED}; then --resume goes on") from None

    def _enough(self, stop: Stop, parts: list[Path]) -> bool:
        try:
            values = np.concatenate([read_columns(part, [stop.output])[stop.output] for part in parts])
        except KeyError:
            raise BadValue("command line", "--until", stop.output, "a column of the table of flights") from None
        found = quantile(np.sort(values[np.isfinite(values)]), stop.p)
        return found.low is not None and found.high is not None and found.high - found.low <= stop.width

"""Which loads and masses does Soyuz-5 have? One family, fitted together to the little that is published.

    python studies/soyuz5_fit.py [--write]

Nobody publishes the loads, inert masses, fairing mass or residuals of Soyuz-5. Three published figures constrain them:
payload, lift-off mass, and the length of the stage firing. Eight unknowns and three figures: what decides between the
members of the family is the priors, so each is stated here with its reason, and the answer is a covariance.

Bayesian least squares, relinearised (Gauss-Newton; Tarantola, Inverse Problem Theory, 2005, eq. 3.51):

    x <- m + C H' (H C H' + R)^-1 (y - g(x) + H (x - m)),    covariance C - C H' (H C H' + R)^-1 H C

The payload's row of H comes from the optimiser's own multipliers. Engines, air and limits are held at the vehicle's
and the mission's values: their own sigmas stand in the vehicle file and add to the payload's, they are not fitted.
--write puts the result into the vehicle file and into docs/soyuz5-fit.md.
"""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.override import with_values
from baiterek.catalogue.read import load_mission, load_vehicle
from baiterek.study.uncertainty import uncertainty
from baiterek.trajectory import Optimum, optimise

PROJECT = Path(__file__).resolve().parents[1]
MISSION = PROJECT / "missions" / "soyuz5-leo.toml"
VEHICLE = PROJECT / "src" / "baiterek" / "catalogue" / "vehicles" / "soyuz-5.toml"
PAGE = PROJECT / "docs" / "soyuz5-fit.md"
BLOCK = "correlations.family"
PASSES = 2
SOYUZ = load_vehicle("soyuz-5")
OXIDISER_SHARE = {stage.name: stage.mixture_ratio / (1.0 + stage.mixture_ratio) for stage in SOYUZ.stages}
"""Of a load, at the mixture ratio of the engines: oxidiser and fuel move together."""


@dataclass(frozen=True)
class Prior:
    name: str
    mean_kg: float
    sigma_kg: float
    reason: str


PRIORS = (
    Prior("stage-1 load", 398e3, 8e3, "recollection of 398 t, no source; 2 %"),
    Prior("stage-1 residuals", 2.4e3, 0.8e3, "assumed 0.6 % of the load, give or take a third"),
    Prior("stage-1 dry mass", 32.5e3, 4e3, "with the interstage 0.085 of the load, as Zenit's first (recollection); "
          "Proton-M's 0.071 (30.6 t on 428.3 t, Space Launch Report) is 1.4 sigma below"),
    Prior("stage-1 interstage", 1.5e3, 0.5e3, "assumed; nothing here tells it from the dry mass"),
    Prior("stage-2 load", 60e3, 2e3, "recollection of 60 t, no source; 3 %"),
    Prior("stage-2 residuals", 0.36e3, 0.12e3, "assumed 0.6 % of the load, give or take a third"),
    Prior("stage-2 dry mass", 7.5e3, 2e3, "0.075 of the load on Proton-M's third stage (3.5 t on 46.6 t) to 0.10 on "
          "Zenit's second (recollection) is 4.5 to 6 t; equipment bay and payload adapter 1 to 2 t; no closer"),
    Prior("fairing", 2.2e3, 0.4e3, "4.1 m fairings flown with Zenit: 1670 kg (10.4 m) and 1870 kg (11.35 m), despace "
          "database; guess for a payload of 17 t: 2.5 t"),
)  # fmt: skip


@dataclass(frozen=True)
class Observation:
    """A figure of the vehicle file's [published] table; `sigma` is that of our reading of it."""

    name: str
    unit: str
    path: str
    sigma: float
    reason: str

    @property
    def value(self) -> float:
        return float(SOYUZ.published[self.path].value)


OBSERVATIONS = (
    Observation("payload", "kg", "payload_leo_200_kg", 300.0,
                "17 t (TASS, 27 Jan 2026) to 'low orbit': half a tonne of rounding is 150 kg; that the orbit is 200 km "
                "x 51.6 deg is recollection, and 20 km of altitude are 250 kg"),
    Observation("lift-off mass", "kg", "lift_off_mass_kg", 2e3,
                "about 530 t (Flug Revue): rounding to 5 t is 1.4 t, and what rode along (fairing, payload) is not "
                "said: 1.4 t more; counted with the payload of 17 t"),
    Observation("full-thrust burn", "s", "stage_firing_s", 8.0,
                "stage firing of 160 s (TASS, 10 Oct 2025), read as usable stage-1 load over full-thrust flow; "
                "throttling and what was left in the tanks are not said: throttled as our ascent is, 160 s hold 3 s "
                "less; a firing stopped before the tanks are empty leaves several more"),
)  # fmt: skip


def directions() -> tuple[list[str], np.ndarray]:
    """Paths of the vehicle's numbers, and what a kilogram of each unknown adds to each of them."""
    columns = []
    for prior in PRIORS:
        stage, _, quantity = prior.name.partition(" ")
        if quantity in ("load", "residuals"):
            kind, share = "residual_" if quantity == "residuals" else "", OXIDISER_SHARE[stage]
            columns.append({f"{stage}.oxidiser_{kind}kg": share, f"{stage}.fuel_{kind}kg": 1.0 - share})
        else:
            columns.append({f"{stage}.{quantity.replace(' ', '_')}_kg" if quantity else "shroud.mass_kg": 1.0})
    paths = [path for column in columns for path in column]
    return paths, np.array([[column.get(path, 0.0) for column in columns] for path in paths])


PATHS, DIRECTIONS = directions()


def bundled() -> Mission:
    """The bundled mission without its assumed zones: whoever claimed 17 t had others."""
    return replace(load_mission(MISSION), zones={})


def best(x: np.ndarray) -> Optimum:
    return optimise(with_values(bundled(), dict(zip(PATHS, DIRECTIONS @ x)))).require()


def model(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, Optimum]:
    """The three figures and their slopes. Residuals are part of the load, so they do not count in the lift-off mass."""
    optimum = best(x)
    payload = np.array([optimum.sensitivities[path] for path in PATHS]) @ DIRECTIONS
    mass = np.array([0.0 if "residuals" in prior.name else 1.0 for prior in PRIORS])
    usable = {"stage-1 load": 1.0, "stage-1 residuals": -1.0}
    burn = np.array([usable.get(prior.name, 0.0) for prior in PRIORS]) / SOYUZ.stages[0].engines[0].mass_flow_kg_s
    values = np.array([optimum.payload_kg, mass @ x + OBSERVATIONS[0].value, burn @ x])
    return values, np.stack([payload, mass, burn]), optimum


def fit() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Unknowns, their covariance, values at the prior and at the end; checks the last slopes and optimum."""
    mean, prior = np.array([p.mean_kg for p in PRIORS]), np.diag([p.sigma_kg**2 for p in PRIORS])
    stated, noise = np.array([o.value for o in OBSERVATIONS]), np.diag([o.sigma**2 for o in OBSERVATIONS])
    x, first = mean, None
    for number in range(PASSES + 1):
        values, slope, optimum = model(x)
        first = values if first is None else first
        print(f"pass {number}: payload {values[0]:8.1f} kg, lift-off {values[1] / 1e3:7.2f} t, burn {values[2]:6.2f} s")
        gain = prior @ slope.T @ np.linalg.inv(slope @ prior @ slope.T + noise)
        covariance = prior - gain @ slope @ prior
        if number < PASSES:
            x = mean + gain @ (stated - values + slope @ (x - mean))
    before, after = (float(np.sqrt(slope[0] @ c @ slope[0])) for c in (prior, covariance))
    print(f"payload's sigma from the family: {before:.0f} kg before, {after:.0f} kg after")
    check(x, slope[0], optimum)
    return x, 0.5 * (covariance + covariance.T), first, values


def check(x: np.ndarray, slope: np.ndarray, optimum: Optimum, step_kg: float = 3e3) -> None:
    """The multipliers against a central difference; and how far our own ascent throttles, for the sigma of the burn."""
    step = np.array([step_kg if prior.name == "stage-1 load" else 0.0 for prior in PRIORS])
    difference = (best(x + step).payload_kg - best(x - step).payload_kg) / (2.0 * step_kg)
    print(f"payload per stage-1 load: multipliers {slope @ step / step_kg:.4f}, central difference {difference:.4f}")
    columns, firing_s = optimum.history.columns, OBSERVATIONS[2].value
    early = (columns["t_s"] <= firing_s) & (optimum.history.phase <= 1)
    full_s = float(np.trapezoid(columns["throttle"][early], columns["t_s"][early]))
    print(f"the first {firing_s:.0f} s of our own ascent hold {full_s:.1f} s at full thrust")


def tables(x: np.ndarray, covariance: np.ndarray, first: np.ndarray, values: np.ndarray) -> str:
    """The result as Markdown."""
    sigma = np.sqrt(np.diag(covariance))
    rows = ["| unknown | prior, t | fitted, t | reason of the prior |", "|---|---|---|---|"]
    rows += [
        f"| {p.name} | {p.mean_kg / 1e3:.2f} ± {p.sigma_kg / 1e3:.2f} | {a / 1e3:.2f} ± {s / 1e3:.2f} | {p.reason} |"
        for p, a, s in zip(PRIORS, x, sigma)
    ]
    rows += ["", "| figure | stated | at the priors | fitted | residual, sigmas | what it is, and why that sigma |"]
    rows += ["|---|---|---|---|---|---|"]
    rows += [
        f"| {o.name}, {o.unit} | {o.value:.0f} ± {o.sigma:.0f} | {a:.1f} | {b:.1f} "
        f"| {(b - o.value) / o.sigma:+.2f} | {o.reason} |"
        for o, a, b in zip(OBSERVATIONS, first, values)
    ]
    names = [prior.name for prior in PRIORS]
    rows += ["", "| correlation | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    correlation = covariance / np.outer(sigma, sigma)
    rows += [f"| {name} | " + " | ".join(f"{c:.2f}" for c in row) + " |" for name, row in zip(names, correlation)]
    return "\n".join(rows) + "\n"


def shipped_t(path: str, value_kg: float) -> float:
    """In tonnes, to the kilogram; rounded so that the oxidiser runs out first, as a customary fuel bias has it."""
    up = path.endswith((".fuel_kg", "oxidiser_residual_kg"))
    down = path.endswith((".oxidiser_kg", "fuel_residual_kg"))
    return float(np.ceil(value_kg) if up else np.floor(value_kg) if down else np.round(value_kg)) / 1e3


def vehicle_text(text: str, x: np.ndarray, covariance: np.ndarray) -> str:
    """The vehicle file with the fitted numbers in place of those that it has."""
    values, full = dict(zip(PATHS, DIRECTIONS @ x)), DIRECTIONS @ covariance @ DIRECTIONS.T
    sigmas = dict(zip(PATHS, np.sqrt(np.diag(full))))
    lines, table, written = [], "", set()
    for line in text.splitlines():
        header, number = re.match(r"\[([^\]]+)\]", line), re.match(r'(\w+)_t = \{.*source = "fit" \}', line)
        table = header.group(1) if header else table
        if table == BLOCK:
            continue
        if number:
            path = f"{table.removeprefix('stages.')}.{number.group(1)}_kg"
            value, sigma = shipped_t(path, values[path]), sigmas[path] / 1e3
            line = f'{number.group(1)}_t = {{ value = {value:.3f}, sigma = {sigma:.4g}, source = "fit" }}'
            written.add(path)
        lines.append(line)
    assert written == set(PATHS), written ^ set(PATHS)
    rows = "".join(f"    [{', '.join(f'{cell:.8g}' for cell in row)}],\n" for row in full)
    paths = "".join(f'    "{path}",\n' for path in PATHS)
    block = f'[{BLOCK}]\nsource = "fit"\npaths = [\n{paths}]\ncovariance = [ # kg2\n{rows}]\n'
    return "\n".join(lines).rstrip() + "\n\n" + block


def replace_file(path: Path, text: str) -> None:
    """Whole, or not at all."""
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fits the loads and masses of Soyuz-5.")
    parser.add_argument("--write", action="store_true", help="into the vehicle file and docs/soyuz5-fit.md")
    arguments = parser.parse_args()
    x, covariance, first, values = fit()
    report = tables(x, covariance, first, values)
    print("\n" + report)
    if arguments.write:
        replace_file(VEHICLE, vehicle_text(VEHICLE.read_text(encoding="utf-8"), x, covariance))
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition("<!-- fit -->\n")
        replace_file(PAGE, f"{head}<!-- fit -->\n{report}<!-- end -->" + rest.partition("<!-- end -->")[2])
        optimum = optimise(bundled()).require()
        whole = uncertainty(optimum.sensitivities, load_vehicle("soyuz-5"))
        apart = [c for c in whole.contributions if not c.correlated and c.effect > 30.0]
        print(f"as shipped {optimum.payload_kg:.1f} kg, sigma {whole.sigma:.0f} kg; of it, from what was not fitted:")
        print("   ", ", ".join(f"{c.path} {c.effect:.0f} kg" for c in apart))
    fitted = dict(zip([prior.name for prior in PRIORS], x / 1e3))
    print(
        f"\nShipped: {fitted['stage-1 load']:.1f} + {fitted['stage-2 load']:.1f} t of propellant on "
        f"{fitted['stage-1 dry mass']:.1f} + {fitted['stage-2 dry mass']:.1f} t of dry mass, with their covariance: "
        "the most probable member of the family that lifts 17 t, weighs 530 t and agrees with a 160 s firing; "
        "the sigmas are correlated, so none of these numbers is known by itself."
    )


if __name__ == "__main__":
    main()

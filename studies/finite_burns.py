"""What the length of a burn costs, and what a second burn at perigee gives back.

    python studies/finite_burns.py            # prints the tables, some seconds
    python studies/finite_burns.py --write    # and puts them into docs/upper-stages.md

Apart from the optimiser: a point mass in its plane, a thrust of constant size, the direction of each burn a parabola in
time, coasts by Kepler, and SciPy's SLSQP for the least propellant. Left out: J2, attitude control, settling, the ascent.
The loss of a burn at perigee falls as the square of the thrust, as Robbins has it; two burns leave a quarter of it, three
a ninth. With the thrust of Fregat one burn to the apogee of transfer orbits loses 2 %, with that of a Block DM 0.7 %.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from baiterek.catalogue.read import load_upper_stage
from baiterek.constants import EARTH_MU_M3_S2, STANDARD_GRAVITY_M_S2, WGS84_RADIUS_M
from baiterek.physics.transfer import apsis_speed, finite_burn_loss

PAGE = Path(__file__).resolve().parents[1] / "docs" / "upper-stages.md"
BLOCK = "finite-burns"
STEPS = 60
"""Runge-Kutta steps of a burn; twice as many move its speed by less than 1e-3 m/s."""
PARKING_M, APOGEE_M = WGS84_RADIUS_M + 200e3, WGS84_RADIUS_M + 35786e3
CASES = (("fregat", 4000.0), ("block-dm-03-light", 7000.0))
"""Stages with a payload as they carry to transfer orbits, kg."""


@dataclass(frozen=True)
class Burn:
    """One burn: where, which way, and what its orbit must be."""

    impulse_m_s: float
    """The closed form's, for the guess; negative against the motion."""
    apogee: bool = False
    """About the apogee instead of the perigee."""
    apogee_m: float | None = None
    """Radius of the apogee after it; None: whatever comes of it."""
    circle_m: float | None = None
    """Radius of the circle after it."""


@dataclass(frozen=True)
class Flown:
    """The least that the burns take."""

    speeds_m_s: tuple[float, ...]
    """Ideal velocity of each burn."""
    durations_s: tuple[float, ...]
    perigee_m: float
    """Of the last orbit."""
    solved: bool

    @property
    def speed_m_s(self) -> float:
        """Of all burns."""
        return sum(self.speeds_m_s)


class Transfer:
    """From a circle through burns; unknowns of each are its first true anomaly, its duration in shares of a guess, and the
    angle of its thrust to the local horizon at ignition: where it begins, what it gains, and how that bends over the burn.
    Canonical units of the circle."""

    def __init__(self, radius_m: float, burns: tuple[Burn, ...], acceleration_m_s2: float, exhaust_m_s: float) -> None:
        """`acceleration_m_s2` is that of the first ignition."""
        self.burns, self.length, self.exhaust_m_s = burns, radius_m, exhaust_m_s
        self.speed = float(np.sqrt(EARTH_MU_M3_S2 / radius_m))
        self.exhaust = exhaust_m_s / self.speed
        self.acceleration = acceleration_m_s2 * radius_m / self.speed**2
        self.lengths = self._lengths()

    def _lengths(self) -> np.ndarray:
        """Durations of burns 2 % longer than the impulses."""
        mass, found = 1.0, []
        for burn in self.burns:
            spent = mass * (1.0 - np.exp(-1.02 * abs(burn.impulse_m_s) / self.exhaust_m_s))
            found.append(spent * self.exhaust / self.acceleration)
            mass -= spent
        return np.array(found)

    def rows(self, unknowns: np.ndarray) -> np.ndarray:
        """What must be zero: shares of the radii that the burns ask for; `unknowns` (..., 5 burns)."""
        x, rows, orbit = np.asarray(unknowns), [], None
        used = np.zeros(x.shape[:-1])
        for k, burn in enumerate(self.burns):
            anomaly, share, *angles = np.moveaxis(x[..., 5 * k : 5 * k + 5], -1, 0)
            tau = share * self.lengths[k]
            state = _at(0.0 * anomaly + 1.0, 0.0 * anomaly, 0.0 * anomaly) if orbit is None else _at(*orbit[:2], anomaly)
            state = self._burn(burn, state, used, tau, angles)
            used, orbit = used + tau, _orbit(state)
            if burn.apogee_m is not None:
                rows.append(orbit[0] / (1.0 - orbit[1]) / (burn.apogee_m / self.length) - 1.0)
            if burn.circle_m is not None:
                rows += [orbit[0] / (burn.circle_m / self.length) - 1.0, orbit[2], orbit[3]]
        self.perigee = orbit[0] / (1.0 + orbit[1])
        return np.array(rows)

    def _burn(self, burn: Burn, state, used, tau, angles):
        """(x, y, vx, vy) at the end of a burn."""
        flow = self.acceleration / self.exhaust
        heading = np.arctan2(state[1], state[0]) + 0.5 * np.pi * np.sign(burn.impulse_m_s)

        def rate(s, part):
            angle = heading + angles[0] + angles[1] * part + angles[2] * part * part
            push = self.acceleration / (1.0 - flow * (used + tau * part))
            pull = -((s[0] ** 2 + s[1] ** 2) ** -1.5)
            return np.array([s[2], s[3], pull * s[0] + push * np.cos(angle), pull * s[1] + push * np.sin(angle)])

        h = 1.0 / STEPS
        for k in range(STEPS):
            a = rate(state, k * h)
            b = rate(state + 0.5 * h * tau * a, (k + 0.5) * h)
            c = rate(state + 0.5 * h * tau * b, (k + 0.5) * h)
            d = rate(state + h * tau * c, (k + 1) * h)
            state = state + h * tau / 6.0 * (a + 2.0 * b + 2.0 * c + d)
        return state

    def jacobian(self, unknowns: np.ndarray) -> np.ndarray:
        """Central differences, all at once."""
        count, step = len(unknowns), 1e-6 * np.eye(len(unknowns))
        both = self.rows(np.concatenate((unknowns + step, unknowns - step)))
        return (both[:, :count] - both[:, count:]) / 2e-6

    def guess(self) -> np.ndarray:
        """Burns about the apsides, which turn by half of what a circle of their place does."""
        found: list[float] = []
        for burn, tau in zip(self.burns, self.lengths, strict=True):
            found += [np.pi, 1.0, 0.0, 0.0, 0.0] if burn.apogee else [-0.5 * tau, 1.0, -0.25 * tau, 0.5 * tau, 0.0]
        return np.array(found)

    def least(self) -> Flown:
        """The least propellant."""
        count = len(self.burns)
        chosen, cost = np.arange(1, 5 * count, 5), np.zeros(5 * count)
        cost[chosen] = self.lengths / self.lengths.sum()
        guess = self.guess()
        bounds = [
            limit for k in range(count)
            for limit in ((guess[5 * k] - 1.0, guess[5 * k] + 1.0), (0.01, 20.0), *[(-1.5, 1.5)] * 3)
        ]  # fmt: skip
        found = minimize(
            lambda x: x @ cost, guess, jac=lambda x: cost, bounds=bounds, method="SLSQP",
            constraints=[{"type": "eq", "fun": self.rows, "jac": self.jacobian}], options={"maxiter": 300, "ftol": 1e-11},
        )  # fmt: skip
        times = found.x[chosen] * self.lengths
        left = 1.0 - np.concatenate(([0.0], np.cumsum(times))) * self.acceleration / self.exhaust
        met = bool(np.abs(self.rows(found.x)).max() < 1e-8)
        return Flown(
            tuple(float(v) for v in self.exhaust_m_s * np.log(left[:-1] / left[1:])),
            tuple(float(t) for t in times * self.length / self.speed),
            float(self.perigee * self.length), met,
        )  # fmt: skip


def _at(parameter, eccentricity, anomaly):
    """State of a conic at a true anomaly, its perigee on the x axis."""
    r, v = parameter / (1.0 + eccentricity * np.cos(anomaly)), 1.0 / np.sqrt(parameter)
    cos, sin = np.cos(anomaly), np.sin(anomaly)
    return np.array([r * cos, r * sin, -v * sin, v * (eccentricity + cos)])


def _orbit(state):
    """Parameter, eccentricity, and the eccentricity's vector, of a state."""
    r = np.hypot(state[0], state[1])
    h = state[0] * state[3] - state[1] * state[2]
    ex, ey = h * state[3] - state[0] / r, -h * state[2] - state[1] / r
    return h * h, np.sqrt(ex * ex + ey * ey + 1e-30), ex, ey


def raised(radius_m: float, apogee_m: float, burns: int, acceleration_m_s2: float, exhaust_m_s: float) -> Flown:
    """From a circle to an apogee in so many burns about the perigee."""
    part = impulse_m_s(radius_m, apogee_m) / burns
    plan = (*(Burn(part) for _ in range(burns - 1)), Burn(part, apogee_m=apogee_m))
    return Transfer(radius_m, plan, acceleration_m_s2, exhaust_m_s).least()


def impulse_m_s(radius_m: float, apogee_m: float) -> float:
    """The first of Hohmann's two."""
    mu = EARTH_MU_M3_S2
    return float(apsis_speed(radius_m, apogee_m, mu) - apsis_speed(radius_m, radius_m, mu))


def estimate_m_s(flown: Flown, radius_m: float) -> float:
    """Robbins's loss of all burns."""
    parts = zip(flown.speeds_m_s, flown.durations_s, strict=True)
    return sum(float(finite_burn_loss(v, t, radius_m, EARTH_MU_M3_S2)) for v, t in parts)


def table() -> str:
    """Stages, burns, and what they lose."""
    bound = impulse_m_s(PARKING_M, APOGEE_M)
    lines = ["| stage, payload | burns at perigee | burning, s | speed, m/s | lost, m/s | lost | at most, by Robbins, m/s |"]
    lines.append("|---|---|---|---|---|---|---|")
    for name, payload_kg in CASES:
        stage = load_upper_stage(name)
        exhaust = float(stage.isp_s) * STANDARD_GRAVITY_M_S2
        for times in (1.0, 10.0):
            acceleration = times * float(stage.thrust_N) / (float(stage.loaded_kg) + payload_kg)
            for burns in (1, 2, 3) if times == 1.0 else (1,):
                flown = raised(PARKING_M, APOGEE_M, burns, acceleration, exhaust)
                lost = flown.speed_m_s - bound
                assert flown.solved
                lines.append(
                    f"| `{name}`, {payload_kg / 1e3:g} t{', ten times its thrust' if times > 1.0 else ''} | {burns} "
                    f"| {sum(flown.durations_s):.0f} | {flown.speed_m_s:.1f} | {lost:.1f} | {100.0 * lost / bound:.2f} % "
                    f"| {estimate_m_s(flown, PARKING_M):.1f} |"
                )
    return "\n".join(lines)


def main() -> None:
    """Print the table, or write it into its page."""
    text = table()
    print(f"impulse: {impulse_m_s(PARKING_M, APOGEE_M):.1f} m/s")
    print(text)
    if "--write" in sys.argv[1:]:
        page = PAGE.read_text(encoding="utf-8")
        block = re.compile(rf"(<!-- {BLOCK} -->\n).*?(<!-- end -->)", re.DOTALL)
        PAGE.write_text(block.sub(lambda found: found[1] + text + "\n" + found[2], page), encoding="utf-8")


if __name__ == "__main__":
    main()

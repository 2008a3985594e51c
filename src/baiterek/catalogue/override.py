"""The same mission with other numbers: floats for another case, symbols while a problem is being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from typing import Any

from baiterek.catalogue.mission import Element, Mission, Orbit
from baiterek.catalogue.upper_stage import UpperStage
from baiterek.catalogue.vehicle import Booster, Engine, FallingBody, Shroud, Stage, Vehicle
from baiterek.physics.aerodynamics import Body
from baiterek.physics.table import Table


def with_values(mission: Mission, values: Mapping[str, Any]) -> Mission:
    """`mission` with other numbers in SI, by path. The paths:

    every key of `mission.vehicle.data`; of the upper stage's as `upper_stage.<key>`; `burns.<field>`; `payload_kg`,
    `adapter_kg`; `target.<field>` (both bounds of an element, or `.low`, `.high`); `limits.<field>`, `site.<field>`,
    `zones.<body>.<field>`, `environment.<field>` (numbers or whole tables), `reserve.last_stage_fraction`. Numbers are put
    in as they are, never looked at; `resolved` keeps what the file said.
    """
    for path, value in values.items():
        if path in mission.vehicle.data:
            mission = replace(mission, vehicle=_vehicle(mission.vehicle, path, value))
        else:
            mission = _mission(mission, path, value)
    return mission


def _mission(mission: Mission, path: str, value: Any) -> Mission:
    first, _, rest = path.partition(".")
    if not rest and first in ("payload_kg", "adapter_kg", "sidereal_angle_rad"):
        return replace(mission, **{first: value})
    if first == "target" and mission.target is not None:
        return replace(mission, target=_target(mission.target, rest, value, path))
    if first == "upper_stage" and mission.upper_stage is not None:
        return replace(mission, upper_stage=_upper_stage(mission.upper_stage, rest, value))
    if first == "zones":
        body, _, field = rest.rpartition(".")
        if body in mission.zones:
            return replace(mission, zones={**mission.zones, body: _set(mission.zones[body], field, value, path)})
    if first in ("limits", "site", "environment", "reserve", "burns"):
        return replace(mission, **{first: _set(getattr(mission, first), rest, value, path)})
    raise KeyError(f"no number at {path!r} in mission {mission.name!r}")


def _upper_stage(stage: UpperStage, key: str, value: Any) -> UpperStage:
    if key not in stage.data:
        raise KeyError(f"no number at 'upper_stage.{key}'")
    data = {**stage.data, key: replace(stage.data[key], value=value)}
    owner, _, field = key.rpartition(".")
    if not owner:
        return replace(stage, data=data, **{field: value})
    assert stage.drop_tanks is not None
    return replace(stage, data=data, drop_tanks=replace(stage.drop_tanks, **{field: value}))


def _set(record: Any, field: str, value: Any, path: str) -> Any:
    if not hasattr(record, field):
        raise KeyError(f"no number at {path!r}")
    return replace(record, **{field: value}) if is_dataclass(record) else record._replace(**{field: value})  # type: ignore[type-var]


def _target(orbit: Orbit, rest: str, value: Any, path: str) -> Orbit:
    name, _, side = rest.partition(".")
    element = getattr(orbit, name, None)
    if not isinstance(element, Element) or side not in ("", "low", "high"):
        raise KeyError(f"no element at {path!r}")
    changed: Any = replace(element, **{side: value}) if side else Element(value, value)
    return replace(orbit, **{name: changed})


def _vehicle(vehicle: Vehicle, path: str, value: Any) -> Vehicle:
    old = vehicle.data[path]
    data = {**vehicle.data, path: replace(old, value=value)}
    first, *rest = path.split(".")
    if first == "aerodynamics":
        return replace(vehicle, data=data, aerodynamics=_aerodynamics(vehicle.aerodynamics, rest[0], value, old.value))
    if first == "shroud" and vehicle.shroud is not None:
        return replace(vehicle, data=data, shroud=_part(vehicle.shroud, rest, value, old.value))
    stages = tuple(_part(s, rest, value, old.value) if s.name == first else s for s in vehicle.stages)
    boosters = tuple(_part(b, rest, value, old.value) if b.name == first else b for b in vehicle.boosters)
    return replace(vehicle, data=data, stages=stages, boosters=boosters)


def _aerodynamics(body: Body, key: str, value: Any, old: Any) -> Body:
    if key == "axial_factor":
        return body._replace(axial=_scaled(body.axial, value, old))
    if key == "normal_factor":
        return body._replace(normal_slope=_scaled(body.normal_slope, value, old))
    return body._replace(**{key: value})


def _scaled(table: Table, factor: Any, old: Any) -> Table:
    """The curve times `factor`, which was `old` before; the knots stay."""
    ratio = factor / old
    return Table(table.knots, ratio * table.coefficients, ratio * table.base)


def _part(part: Stage | Booster | Shroud, rest: list[str], value: Any, old: Any) -> Any:
    if len(rest) == 1:
        return _number(part, rest[0], value)
    name, key = rest
    if name == "body":
        assert part.body is not None
        return replace(part, body=_body(part.body, key, value, old))
    assert not isinstance(part, Shroud)
    engines = tuple(_engine(engine, key, value) if engine.name == name else engine for engine in part.engines)
    return replace(part, engines=engines)


def _number(part: Stage | Booster | Shroud, key: str, value: Any) -> Any:
    if isinstance(part, Stage) and key in ("coast_min_s", "coast_max_s"):
        low, high = part.coast_s
        return replace(part, coast_s=(value, high) if key == "coast_min_s" else (low, value))
    if not isinstance(part, Shroud) and hasattr(part.tanks, key) and key != "usable_kg":
        return replace(part, tanks=replace(part.tanks, **{key: value}))
    return replace(part, **{key: value})


def _engine(engine: Engine, key: str, value: Any) -> Engine:
    if key == "thrust_N":
        return replace(engine, thrust_vac_N=value, thrust_sl_N=value)
    return replace(engine, **{key: value})


def _body(body: FallingBody, key: str, value: Any, old: Any) -> FallingBody:
    if key == "drag_factor":
        return replace(body, drag=_scaled(body.drag, value, old))
    return replace(body, **{key: value})

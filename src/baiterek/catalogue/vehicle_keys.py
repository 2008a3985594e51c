"""The keys of a vehicle file: what each table may hold."""

from __future__ import annotations

from baiterek.catalogue.fields import Field, Fields

VEHICLE: Fields = {
    "title": Field("text", "name to print", required=True),
    "notes": Field("texts", "what a reader should know", default=()),
    "sources": Field("table", "tag = { text, grade, url }"),
    "published": Field("table", "numbers that others publish of the whole; shown, never flown", default={}),
    "aerodynamics": Field("table", "reference area and coefficients", required=True),
    "stages": Field("table", "serial stages by name, first to last", required=True),
    "boosters": Field("table", "kinds of parallel boosters by name", default={}),
    "shroud": Field("table", "fairing or escape tower"),
    "correlations": Field("table", "covariances of several numbers, by name", default={}),
    "navigation": Field("table", "errors of the inertial unit; perfect without it"),
    "failures": Field("table", "what may go wrong with an engine, by name", default={}),
}
AERODYNAMICS: Fields = {
    "reference_area_m2": Field("datum", "area to which the coefficients refer", required=True, above=0.0),
    "coefficients": Field("table", "axial and normal_slope over mach", required=True),
}
TANKS: Fields = {
    "propellant_kg": Field("datum", "load of a solid, or of both liquids together", above=0.0),
    "residual_kg": Field("datum", "part of it that never burns", low=0.0),
    "oxidiser_kg": Field("datum", "load of oxidiser", above=0.0),
    "fuel_kg": Field("datum", "load of fuel", above=0.0),
    "oxidiser_residual_kg": Field("datum", "oxidiser that never burns", low=0.0),
    "fuel_residual_kg": Field("datum", "fuel that never burns", low=0.0),
}
PIECE: Fields = {
    "dry_mass_kg": Field("datum", "mass without propellant", required=True, above=0.0),
    **TANKS,
    "engines": Field("table", "engines by name", required=True),
    "body": Field("table", "how it falls"),
}
STAGE: Fields = {
    **PIECE,
    "interstage_kg": Field("datum", "interstage that leaves with it", low=0.0),
    "separation": Field("text", "how the next stage lights", default="cold", choices=("cold", "hot")),
    "coast_min_s": Field("datum", "shortest coast before the next ignition", low=0.0),
    "coast_max_s": Field("datum", "longest coast before the next ignition", low=0.0),
    "shutdown": Field("text", "how the burn ends", default="command", choices=("command", "depletion")),
    "length_m": Field("datum", "length from the nozzles to its upper end, without the interstage", above=0.0),
    "diameter_m": Field("datum", "diameter", above=0.0),
    "interstage_length_m": Field("datum", "length of the interstage above it", above=0.0),
}
BOOSTER: Fields = {
    **PIECE,
    "count": Field("whole", "how many of this kind", required=True, low=1),
    "lights_after": Field("text", "kind of booster at whose burnout it lights; at lift-off when absent"),
    "length_m": Field("datum", "length of one, nose and nozzle included", above=0.0),
    "diameter_m": Field("datum", "diameter of one", above=0.0),
}
ENGINE: Fields = {
    "count": Field("whole", "how many in the stage", default=1, low=1),
    "thrust_N": Field("datum", "constant thrust, without back pressure", above=0.0),
    "thrust_vac_N": Field("datum", "thrust in vacuum", above=0.0),
    "thrust_sl_N": Field("datum", "thrust at sea level", above=0.0),
    "isp_vac_s": Field("datum", "specific impulse in vacuum", above=0.0),
    "exhaust_speed_m_s": Field("datum", "thrust over mass flow, in place of isp_vac_s", above=0.0),
    "burn_time_s": Field("datum", "time to burn the usable propellant, in place of isp_vac_s", above=0.0),
    "mixture_ratio": Field("datum", "oxidiser over fuel by mass", above=0.0),
    "throttle_min": Field("datum", "lowest throttle", low=0.0, high=1.2),
    "throttle_max": Field("datum", "highest throttle", above=0.0, high=1.2),
    "throttle_steps": Field("numbers", "levels in the order of use", default=(), above=0.0, high=1.2),
    "start_s": Field("datum", "rise of thrust from ignition to full", low=0.0),
    "shutdown_s": Field("datum", "fall of thrust after cut-off", low=0.0),
    "ignitions": Field("whole", "how often it can be lit", default=1, low=1),
}
SHROUD: Fields = {
    "kind": Field("text", "what it is", required=True, choices=("fairing", "escape-tower")),
    "mass_kg": Field("datum", "mass of all its pieces", required=True, above=0.0),
    "stage": Field("text", "stage during whose burn it goes", required=True),
    "heat_flux_W_m2": Field("datum", "goes when the free-molecular heat flux has fallen to this", above=0.0),
    "altitude_m": Field("datum", "goes above this altitude", above=0.0),
    "time_s": Field("datum", "goes at this time since lift-off", above=0.0),
    "body": Field("table", "how its pieces fall"),
    "length_m": Field("datum", "length", above=0.0),
    "diameter_m": Field("datum", "diameter", above=0.0),
}
RULES = {"heat_flux_W_m2": "heat_flux", "altitude_m": "altitude", "time_s": "time"}
BODY: Fields = {
    "pieces": Field("whole", "how many pieces", default=1, low=1),
    "mass_kg": Field("datum", "mass of one piece, when it is not what the separation leaves", above=0.0),
    "area_m2": Field("datum", "mean area across the flow of one piece", required=True, above=0.0),
    "coefficients": Field("table", "drag over mach", required=True),
}
CORRELATION: Fields = {
    "paths": Field("texts", "numbers of this vehicle, as paths", required=True),
    "covariance": Field("any", "their covariance, SI units, a list of rows", required=True),
    "source": Field("text", "tag of the [sources] table, the one that those numbers carry", required=True),
}
DIMENSIONS = ("length_m", "diameter_m", "interstage_length_m")
"""For the drawing; never flown."""
RESERVED = ("shroud", "aerodynamics", "published", "body", "navigation", "failures", "upper_stage")
SHARED = ("throttle_min", "throttle_max", "throttle_steps", "start_s", "shutdown_s", "mixture_ratio")
"""What all engines of a stage have in common: one throttle, one tank."""
FREE_BURNING = ("throttle_min", "throttle_max", "throttle_steps", "start_s", "shutdown_s")

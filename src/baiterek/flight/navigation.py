"""What the vehicle believes: the errors of its inertial unit, carried between the true and the navigated state."""

from __future__ import annotations

NAVIGATION = (
    *(f"navigation.accelerometer_bias_{axis}_m_s2" for axis in "xyz"),
    *(f"navigation.accelerometer_scale_{axis}" for axis in "xyz"),
    *(f"navigation.misalignment_{axis}_rad" for axis in "xyz"),
    *(f"navigation.gyro_drift_{axis}_rad_s" for axis in "xyz"),
    "navigation.velocity_random_walk_m_s05",
    "navigation.noise_key",
)

"""What every test runs under: one thread a worker, and property tests that try the same cases on every machine."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hypothesis import settings

settings.register_profile("baiterek", deadline=None, derandomize=True)
settings.load_profile("baiterek")

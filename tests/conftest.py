"""What every test gets: hypothesis profiles and lanes. Fixtures live beside the tests they serve."""

import os

from hypothesis import settings

# pytester is for the tests of lanes.py.
pytest_plugins = ["pytester", "tests.lanes", "tests.databases", "tests.brokers"]

# No deadline: a shared machine may stall for longer than any example may honestly take.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

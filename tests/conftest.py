"""What every test gets: hypothesis profiles and lanes. Fixtures live beside the tests they serve."""

import os

from hypothesis import Phase, settings

# pytester is for the tests of lanes.py.
pytest_plugins = [
    *("pytester", "tests.lanes", "tests.counting", "tests.cycles"),
    *("tests.databases", "tests.brokers"),
]

# No deadline: a shared machine may stall for longer than any example may honestly take.
# Nor the phase that explains: it traces every line once an example has failed, and a slow test then
# ends by its time limit, which hides what failed.
PHASES = tuple(phase for phase in Phase if phase is not Phase.explain)
settings.register_profile("dev", max_examples=50, deadline=None, phases=PHASES)
settings.register_profile(
    "ci", max_examples=200, deadline=None, phases=PHASES, derandomize=True, print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

"""Timefold Solver for Java as a command.

.venv/bin/python -m benchmarks.peers.timefold PROBLEM --seconds 60 --seed 1 --out PLAN
"""

from benchmarks.peers.command import run
from benchmarks.peers.timefold.solving import CONFIGS, solve

run("timefold", solve, CONFIGS)

"""Fixtures of the tests that run whole processes."""

from tests.e2e.installations import installation as installation  # noqa: PLC0414 - a fixture

"""The examples run on an installation of their own."""

from tests.e2e.installations import installation as installation  # noqa: PLC0414 - a fixture

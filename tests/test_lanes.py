"""A missing lane is skipped by name, and is a failure where it is required."""

import pytest

from tests import lanes

ONE_TEST = """
    import pytest

    @pytest.mark.lane("postgres")
    def test_needs_it():
        pass
"""


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lanes.LANES, "postgres", lambda: "no such thing here")


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(lanes.REQUIRE_VARIABLE, " postgres ,")


@pytest.fixture(autouse=True)
def nothing_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(lanes.REQUIRE_VARIABLE, raising=False)


def run(pytester: pytest.Pytester, source: str) -> pytest.RunResult:
    pytester.makepyfile(source)
    # In this process, so that the monkeypatched table counts.
    quiet = ("-o", "asyncio_default_fixture_loop_scope=function")
    return pytester.runpytest_inprocess("-p", "tests.lanes", "-rsf", "--strict-markers", *quiet)


def test_a_lane_that_is_there_runs(pytester: pytest.Pytester) -> None:
    run(pytester, ONE_TEST).assert_outcomes(passed=1)


@pytest.mark.usefixtures("missing")
def test_a_missing_lane_is_skipped_by_name(pytester: pytest.Pytester) -> None:
    result = run(pytester, ONE_TEST)
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*lane postgres skipped: no such thing here"])


@pytest.mark.usefixtures("missing", "required")
def test_a_missing_lane_that_is_required_fails(pytester: pytest.Pytester) -> None:
    result = run(pytester, ONE_TEST)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*lane postgres is required and missing: no such thing here*"])


def test_a_fixture_may_find_out_late(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        from tests.lanes import lane_missing

        def test_server():
            lane_missing("postgres", "the server does not come up")
        """,
    )
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*lane postgres skipped: the server does not come up"])


def test_a_test_cannot_invent_a_lane(pytester: pytest.Pytester) -> None:
    result = run(pytester, ONE_TEST.replace('"postgres"', '"postgers"'))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*there is no lane 'postgers'*"])


def test_a_misspelt_requirement_stops_the_run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(lanes.REQUIRE_VARIABLE, "postgers")
    result = run(pytester, ONE_TEST)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*WURAO_REQUIRE_LANES names no lane of ours: postgers"])

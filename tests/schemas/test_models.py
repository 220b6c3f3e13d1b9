"""What holds for every model of the vocabulary."""

import importlib
import pkgutil
from datetime import datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import schemas
from schemas.base import Frozen, Sealed
from schemas.json_schemas import refs
from tests.samples import sample

MODULES = [
    importlib.import_module(f"schemas.{module.name}")
    for module in pkgutil.iter_modules(schemas.__path__)
]
BASES = {"Frozen", "CommandBase", "EventBase", "RuleBase"}
MODELS = sorted(
    {
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseModel) and value is not BaseModel
        if value.__module__.startswith("schemas.") and value.__name__ not in BASES
    },
    key=lambda model: model.__name__,
)
# The envelopes carry data of any type, which are judged by their own models.
CARRIERS = {"CommandMessage", "Entry"}
FILLED = [model for model in MODELS if model.__name__ not in CARRIERS]
each = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
each_filled = pytest.mark.parametrize("model", FILLED, ids=lambda model: model.__name__)


def test_there_are_models() -> None:
    assert len(MODELS) > 100


@each
def test_a_model_is_frozen_and_takes_no_field_that_it_does_not_know(model: Any) -> None:  # noqa: ANN401
    assert issubclass(model, Frozen)
    assert model.model_config["frozen"] is True
    assert model.model_config["extra"] == "forbid"


@each
def test_a_model_says_what_it_is(model: Any) -> None:  # noqa: ANN401
    assert model.__doc__
    assert "usage docs" not in model.__doc__.lower()


@each_filled
def test_a_value_cannot_be_changed(model: Any) -> None:  # noqa: ANN401
    value = sample(model, rich=False)
    name = next(iter(model.model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(value, name, None)


@each_filled
def test_an_unknown_field_is_refused(model: Any) -> None:  # noqa: ANN401
    plain = sample(model, rich=True).model_dump()
    with pytest.raises(ValidationError, match="Extra inputs"):
        model.model_validate({**plain, "colour": "red"})


@each_filled
def test_a_value_survives_json(model: Any) -> None:  # noqa: ANN401
    for rich in (False, True):
        value = sample(model, rich=rich)
        assert model.model_validate_json(value.model_dump_json(), strict=True) == value


def numbers(node: Any) -> set[str]:  # noqa: ANN401 - any part of a schema
    if isinstance(node, dict):
        own = {node["type"]} if isinstance(node.get("type"), str) else set()
        return own.union(*map(numbers, node.values()))
    if isinstance(node, list):
        return set[str]().union(*map(numbers, node))
    return set()


@each
def test_no_model_holds_a_float(model: Any) -> None:  # noqa: ANN401
    """Tests that every number of the ledger is whole, so that its bytes are the same everywhere."""
    assert "number" not in numbers(model.model_json_schema())


@each_filled
def test_instants_are_kept_in_china_standard_time(model: Any) -> None:  # noqa: ANN401
    value = sample(model, rich=True)
    instants = [name for name, field in value if isinstance(field, datetime)]
    for name in instants:
        plain = {**value.model_dump(), name: "2026-12-24T20:30:00Z"}
        kept = getattr(model.model_validate(plain), name)
        assert kept.isoformat() == "2026-12-25T04:30:00+08:00"
        with pytest.raises(ValidationError, match="timezone"):
            model.model_validate({**plain, name: "2026-12-25T04:30:00"})


def test_only_events_and_their_parts_hold_sealed_fields() -> None:
    holding = {
        model.__name__
        for model in MODELS
        if "#/$defs/Sealed" in set(refs(model.model_json_schema())) and model is not Sealed
    }
    # Whoever adds to this list also says in `personal` whose field it is.
    assert holding <= {
        *("Officer", "Enterprise", "Scan"),
        *("RegisterOfficer", "RegisterEnterprise", "ScanIn", "RateVisit", "CommitDraw"),
        *("ReportProblem", "RecordCallback"),
        "PlanSealed",
        *("OfficerRegistered", "EnterpriseRegistered", "VisitEntered", "RatingGiven"),
        *("DrawCommitted", "DrawSubstituted", "SubstituteDrawn"),
        "SealedPlanned",
    }

"""What runs on Kubernetes has few rights, is watched, and says what the program understands."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.check import kustomize
from deploy.check.kustomize import OVERLAYS, Resource, built
from streams.kafka.intake import group
from tests.deploy.commands import parses

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="no kubectl here")


def pods(overlay: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the pods of an overlay with their owner's name."""
    for each in built(ROOT, overlay):
        if each["kind"] in {"Deployment", "StatefulSet", "Job"}:
            yield each["metadata"]["name"], each["spec"]["template"]["spec"]


def containers(overlay: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, pod in pods(overlay):
        for container in [*pod.get("initContainers", ()), *pod["containers"]]:
            yield f"{name}/{container['name']}", container


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_has_few_rights(overlay: str) -> None:
    assert [
        name
        for name, pod in pods(overlay)
        if pod["securityContext"].get("runAsNonRoot") is not True
        or pod["automountServiceAccountToken"] is not False
        or pod["securityContext"]["seccompProfile"]["type"] != "RuntimeDefault"
    ] == []
    loose = [
        name
        for name, container in containers(overlay)
        if container["securityContext"]["allowPrivilegeEscalation"]
        or container["securityContext"]["capabilities"] != {"drop": ["ALL"]}
        or not container["securityContext"].get("readOnlyRootFilesystem", False)
    ]
    # The broker's start script writes into its image.
    assert loose == (["wurao-kafka/kafka"] if overlay == "small" else [])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_container_is_pinned_and_bounded(overlay: str) -> None:
    for name, container in containers(overlay):
        assert ":" in container["image"], name
        assert not container["image"].endswith(":latest"), name
        assert container["resources"]["requests"], name
        assert container["resources"]["limits"]["memory"], name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_container_that_stays_is_asked_whether_it_lives(overlay: str) -> None:
    stays = {each["metadata"]["name"] for each in built(ROOT, overlay) if each["kind"] != "Job"}
    unasked = [
        f"{name}/{container['name']}"
        for name, pod in pods(overlay)
        for container in pod["containers"]
        if name in stays and not {"livenessProbe", "readinessProbe"} & container.keys()
    ]
    assert unasked == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_program_understands_every_command_and_setting(overlay: str) -> None:
    seen = 0
    for _, container in containers(overlay):
        words = container.get("command", ())
        if words and words[0] == "wurao":
            parses([word.replace("$(POD_NAME)", "worker-0") for word in words])
            seen += 1
    settings = [each for each in built(ROOT, overlay) if each["kind"] == "ConfigMap"]
    for each in settings:
        parses(["wurao", "relay"], each["data"])
    assert seen >= 7
    assert settings


@pytest.mark.parametrize("overlay", ["city", "province"])
def test_every_domain_has_its_own_data_and_settings(overlay: str) -> None:
    resources = built(ROOT, overlay)
    domains = [each["data"]["WURAO_DOMAIN"] for each in resources if each["kind"] == "ConfigMap"]
    claims = [each for each in resources if each["kind"] == "PersistentVolumeClaim"]
    assert len(set(domains)) == len(domains) == len(claims)


def test_workers_grow_by_the_lag_of_the_group_that_they_read_in() -> None:
    (scaled,) = [each for each in built(ROOT, "city") if each["kind"] == "ScaledObject"]
    (settings,) = [each for each in built(ROOT, "city") if each["kind"] == "ConfigMap"]
    (trigger,) = scaled["spec"]["triggers"]
    assert trigger["metadata"]["consumerGroup"] == group(settings["data"]["WURAO_DOMAIN"])
    assert trigger["metadata"]["bootstrapServers"] == settings["data"]["WURAO_KAFKA"]


def test_nobody_is_reached_who_need_not_be() -> None:
    policies = [each for each in built(ROOT, "city") if each["kind"] == "NetworkPolicy"]
    closed = [each for each in policies if not {"ingress", "egress"} & each["spec"].keys()]
    assert [each["spec"]["policyTypes"] for each in closed] == [["Ingress", "Egress"]]


def test_a_planted_fault_is_found() -> None:
    (portal,) = [
        each
        for each in built(ROOT, "small")
        if each["kind"] == "Deployment" and each["metadata"]["name"] == "wurao-portal"
    ]
    broken: Resource = copy.deepcopy(portal)
    broken["spec"]["replica"] = 3
    assert list(kustomize._misfits(portal)) == []
    (fault,) = kustomize._misfits(broken)
    assert "replica" in fault

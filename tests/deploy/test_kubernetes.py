"""What runs on Kubernetes has few rights, is watched, and says what the program understands."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.check import kustomize
from deploy.check.kustomize import OVERLAYS, Resource, built
from streams.kafka import acls
from streams.kafka.access import MECHANISM
from streams.kafka.intake import group
from tests.deploy.commands import parses

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="no kubectl here")


AUTHORITY = "wurao-cluster-ca-cert"
"""The secret in which the broker's operator says who vouches for the broker named wurao."""

KINDS = {
    "topic": acls.Kinds.TOPIC,
    "group": acls.Kinds.GROUP,
    "transactionalId": acls.Kinds.TRANSACTION,
}


def rows(user: Resource) -> set[acls.Row]:
    """Return the rights of a KafkaUser as rows of the access lists."""
    assert user["metadata"]["labels"]["strimzi.io/cluster"] == "wurao"
    assert user["spec"]["authentication"] == {"type": MECHANISM.lower()}
    return {
        acls.Row(
            user["metadata"]["name"],
            KINDS[each["resource"]["type"]],
            each["resource"]["name"],
            acls.Operation["_".join(re.findall("[A-Z][a-z]+", operation)).upper()],
            prefix=each["resource"]["patternType"] == "prefix",
        )
        for each in user["spec"]["authorization"]["acls"]
        for operation in each["operations"]
    }


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
    # It comes in as the processes do.
    (way,) = [each for each in built(ROOT, "city") if each["kind"] == "TriggerAuthentication"]
    assert trigger["authenticationRef"]["name"] == way["metadata"]["name"]
    assert (trigger["metadata"]["tls"], trigger["metadata"]["sasl"]) == ("enable", "scram_sha512")
    told = {
        each["parameter"]: (each["name"], each["key"]) for each in way["spec"]["secretTargetRef"]
    }
    assert told == {"password": ("wurao", "password"), "ca": (AUTHORITY, "ca.crt")}
    assert way["spec"]["env"][0]["name"] in settings["data"]


@pytest.mark.parametrize("overlay", ["city", "province"])
def test_the_broker_asks_who_comes(overlay: str) -> None:
    (broker,) = [each for each in built(ROOT, overlay) if each["kind"] == "Kafka"]
    spec = broker["spec"]["kafka"]
    for listener in spec["listeners"]:
        assert listener["tls"] is True
        assert listener["authentication"]["type"] == MECHANISM.lower()
        assert listener["networkPolicyPeers"]
    assert spec["authorization"] == {"type": "simple"}
    templates = (spec["template"], broker["spec"]["entityOperator"]["template"])
    for each in (part["securityContext"] for template in templates for part in template.values()):
        assert each in (
            {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        )


@pytest.mark.parametrize("overlay", ["city", "province"])
def test_every_domain_comes_in_as_a_user_of_its_own(overlay: str) -> None:
    resources = built(ROOT, overlay)
    users = {each["metadata"]["name"]: each for each in resources if each["kind"] == "KafkaUser"}
    seen = set()
    for settings in (each["data"] for each in resources if each["kind"] == "ConfigMap"):
        name, domain = settings["WURAO_KAFKA_USER"], settings["WURAO_DOMAIN"]
        assert rows(users[name]) == set(acls.application(name, domain))
        seen.add(name)
    assert seen == users.keys()
    for owner, pod in pods(overlay):
        volumes = {
            each["name"]: each.get("secret", {}).get("secretName") for each in pod["volumes"]
        }
        (settings,) = (
            each["data"]
            for each in resources
            if each["kind"] == "ConfigMap"
            and each["metadata"]["name"]
            == pod["containers"][0]["envFrom"][0]["configMapRef"]["name"]
        )
        assert volumes["broker"] == settings["WURAO_KAFKA_USER"], owner
        assert volumes["broker-ca"] == AUTHORITY
        mounts = {each["name"]: each["mountPath"] for each in pod["containers"][0]["volumeMounts"]}
        assert settings["WURAO_KAFKA_PASSWORD_FILE"] == f"{mounts['broker']}/password"
        assert settings["WURAO_KAFKA_CA"] == f"{mounts['broker-ca']}/ca.crt"


def test_a_neighbour_may_what_its_example_says() -> None:
    (user,) = yaml.safe_load_all((ROOT / "deploy/examples/kafka-user.yaml").read_text("utf-8"))
    name = user["metadata"]["name"]
    assert rows(user) == set(acls.source(name, "wurao", "fire"))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nobody_is_reached_who_need_not_be(overlay: str) -> None:
    policies = [each for each in built(ROOT, overlay) if each["kind"] == "NetworkPolicy"]
    closed = [each for each in policies if not {"ingress", "egress"} & each["spec"].keys()]
    assert closed
    for each in closed:
        assert each["spec"]["policyTypes"] == ["Ingress", "Egress"]
        assert each["spec"]["podSelector"] == {}


@pytest.mark.parametrize("overlay", ["city", "province"])
def test_the_closed_door_lets_broker_and_database_live(overlay: str) -> None:
    """Their operators' pods are none of ours; each of them needs a way to its own kind, and to names."""
    policies = [each["spec"] for each in built(ROOT, overlay) if each["kind"] == "NetworkPolicy"]
    for label, cluster in (("strimzi.io/cluster", "wurao"), ("cnpg.io/cluster", "wurao-postgres")):
        (own,) = [each for each in policies if label in each["podSelector"].get("matchLabels", {})]
        assert own["podSelector"]["matchLabels"] == {label: cluster}
        ways = [way for each in own["egress"] for way in each.get("to", ())]
        assert {"podSelector": {"matchLabels": {label: cluster}}} in ways
        ports = {port["port"] for each in own["egress"] for port in each.get("ports", ())}
        assert ports == {53, 443, 6443}


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

"""Kubernetes: what each overlay comes to, held against the schemas of a version of Kubernetes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from deploy.check import kinds
from deploy.check.found import Found

OVERLAYS: Final = ("small", "city", "province")
VERSION: Final = "1.34"
"""The version of Kubernetes whose schemas are asked."""

_OPERATORS: Final = ("cnpg.io", "strimzi.io", "keda.sh")
"""Whose kinds have no schema in Kubernetes itself."""

Resource = dict[str, Any]


class NoKubectlError(RuntimeError):
    """The program that puts an overlay together is not here."""


@cache
def built(root: Path, overlay: str) -> list[Resource]:
    """Return the resources of an overlay.

    Raises:
        NoKubectlError: If there is no ``kubectl``; it is asked nothing that needs a cluster.
        ValueError: If it cannot put the overlay together; the text says why.
    """
    program = shutil.which("kubectl")
    if program is None:
        raise NoKubectlError
    folder = root / "deploy" / "kustomize" / "overlays" / overlay
    done = subprocess.run(
        [program, "kustomize", str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode or done.stderr.strip():
        raise ValueError(done.stderr.strip())
    # The loader in C: a province is long, and the one in Python takes seconds for it.
    return [each for each in yaml.load_all(done.stdout, yaml.CSafeLoader) if each]


def check(root: Path, known: kinds.Kinds | None = None) -> Iterator[Found]:
    """Check every overlay of a checkout; ``known`` are the kinds of operators, where somebody has them."""
    for overlay in OVERLAYS:
        what = f"deploy/kustomize/overlays/{overlay}"
        try:
            resources = built(root, overlay)
        except NoKubectlError:
            yield Found(what, "kubectl kustomize", skipped="no kubectl here")
            continue
        except ValueError as error:
            yield Found(what, "kubectl kustomize", [str(error)])
            continue
        own = [each for each in resources if not _by_operator(each)]
        faults = [fault for each in own for fault in _misfits(each)]
        how = f"schemas of Kubernetes {VERSION}, {len(own)} resources"
        yield Found(what, how, faults)
        others = sorted({each["kind"] for each in resources if _by_operator(each)})
        if others and known is None:
            yield Found(
                what, ", ".join(others), skipped="kinds of operators; CRDS=FOLDER checks them"
            )
        elif others and known is not None:
            theirs = [
                fault for r in resources if _by_operator(r) for fault in kinds.misfits(r, known)
            ]
            yield Found(what, f"{', '.join(others)} by the definitions given", theirs)


def _by_operator(resource: Resource) -> bool:
    group = str(resource["apiVersion"]).split("/", maxsplit=1)[0]
    return group.endswith(_OPERATORS)


def _misfits(resource: Resource) -> Iterator[str]:
    # Loaded late: it takes a while, and most callers only want the resources.
    import kubernetes_validate  # noqa: PLC0415

    try:
        kubernetes_validate.validate(resource, VERSION, strict=True)
    except kubernetes_validate.ValidationError as error:
        path = ".".join(map(str, error.path))
        yield f"{resource['kind']} {resource['metadata']['name']}: {path}: {error.message}"
    except kubernetes_validate.SchemaNotFoundError as error:
        yield f"{resource['kind']}: {error.message}"

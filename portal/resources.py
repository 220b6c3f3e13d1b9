"""Where the data that ship with the program lie: policies, calendars, the demo county.

They are folders of `deploy/` in a checkout and of `wurao_deploy/` beside the packages in a wheel
(`force-include` in pyproject.toml). No other module may know either place.
"""

from pathlib import Path
from typing import Literal

DeployName = Literal[
    "policies", "calendars", "bundles", "demo", "kafka", "verifiers", "retention", "lists"
]
"""The folders that ship in the wheel."""

_BESIDE_PACKAGES = Path(__file__).resolve().parents[1]


class ResourceMissingError(FileNotFoundError):
    """A folder that ships with the program is not there: the installation is broken."""


def deploy_dir(name: DeployName, *, beside: Path = _BESIDE_PACKAGES) -> Path:
    """Return the folder `name` of the data that ship with the program.

    Args:
        name: which folder.
        beside: the folder that holds the four packages.

    Raises:
        ResourceMissingError: neither a wheel's nor a checkout's folder is there.
    """
    # The wheel's place first: site-packages may hold a stranger's "deploy", a checkout never
    # holds a "wurao_deploy".
    places = [beside / "wurao_deploy" / name, beside / "deploy" / name]
    for place in places:
        if place.is_dir():
            return place
    looked = " and ".join(str(place) for place in places)
    message = f"the folder {name!r} of the program's data is missing; looked for {looked}"
    raise ResourceMissingError(message)

"""The mission's own posts and sensors, as the case's `mission.yaml` lists them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from truceline.agreement.documents import read_document
from truceline.agreement.terms import TermsModel

OwnKind = Literal[
    "post", "camera", "acoustic array", "seismic array", "drone base", "reaction base"
]


class OwnPlace(TermsModel):
    """One post or sensor of the mission.

    Attributes
    ----------
    id : str
        Its name in the mission.
    kind : str
        What it is.
    lon, lat : float
        Where it stands, WGS 84 degrees.
    source : str or None
        The feed that carries what it sees, as its effort names it; null where it sees nothing.
    witness : str or None
        How observations name it; null where they name it by its id.
    heard_every_h : float or None
        How often it is to be heard at least, hours; null where nothing was set.
    """

    id: str = Field(min_length=1, max_length=60)
    kind: OwnKind
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    source: str | None = None
    witness: str | None = None
    heard_every_h: float | None = Field(default=None, gt=0)

    @property
    def heard_as(self) -> str:
        """Return the witness that observations name."""
        return self.witness or self.id


class MissionFile(TermsModel):
    """The content of `mission.yaml`."""

    own: tuple[OwnPlace, ...] = ()


def own_places(folder: Path) -> tuple[OwnPlace, ...]:
    """Return the mission's own places; none where the case does not list them."""
    path = folder / "mission.yaml"
    return read_document(path, MissionFile)[0].own if path.is_file() else ()

"""What a map shows under the incidents: the case's own lines, zones and sectors."""

from __future__ import annotations

from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class MapLine:
    """A line to draw.

    Attributes
    ----------
    name : str
        What the legend calls it.
    geometry : shapely line
        In WGS 84 degrees.
    kind : str
        `line` (of contact), `coast`, `border` or `disputed` (dashed).
    """

    name: str
    geometry: BaseGeometry
    kind: str = "line"


@dataclass(frozen=True)
class MapZone:
    """A zone of the agreement; `party` is whose duty it is, null for both."""

    name: str
    geometry: BaseGeometry
    party: str | None = None


@dataclass(frozen=True)
class MapSector:
    """A sector: its id as in the tables, its name, and its outline in degrees."""

    id: str
    name: str
    geometry: BaseGeometry


@dataclass(frozen=True)
class Geography:
    """All that a case gives its maps. Nothing that it does not give is drawn."""

    lines: tuple[MapLine, ...] = field(default=())
    zones: tuple[MapZone, ...] = field(default=())
    sectors: tuple[MapSector, ...] = field(default=())

    def sector_names(self) -> dict[str, str]:
        """Return the sectors' names by id."""
        return {sector.id: sector.name for sector in self.sectors}

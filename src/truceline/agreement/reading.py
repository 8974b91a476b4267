"""Reading an agreement: typed terms, checked against one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from truceline.agreement.documents import FaultsError, Lines, line_of, read_document
from truceline.agreement.terms import Agreement
from truceline.core.types.errors import TermsError, Where


@dataclass(frozen=True)
class AgreementFile:
    """An agreement with where each of its terms stands.

    Attributes
    ----------
    agreement : Agreement
        The terms.
    path : Path
        Its file.
    lines : dict
        Line of every key.
    """

    agreement: Agreement
    path: Path
    lines: Lines

    @property
    def geometry(self) -> Path:
        """Folder of its GeoJSON files."""
        return self.path.parent / "geometry"

    def where(self, *path: str | int) -> Where:
        """Return the place of a term in the file."""
        return Where(str(self.path), line_of(self.lines, path), ".".join(str(p) for p in path))


def load_agreement(path: Path) -> AgreementFile:
    """Read `agreement.yaml`; all that is wrong with it is said at once."""
    agreement, lines = read_document(path, Agreement)
    loaded = AgreementFile(agreement, path, lines)
    faults = [
        TermsError(message, where=loaded.where(*where), hint="Correct the name, or declare it.")
        for where, message in _unknown_names(agreement)
    ]
    if faults:
        raise FaultsError(faults)
    return loaded


def json_schema() -> dict[str, Any]:
    """Return the published JSON Schema of an agreement."""
    schema = Agreement.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _unknown_names(agreement: Agreement) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find names that refer to nothing, and names given twice."""
    parties = {party.id for party in agreement.parties}
    lines = {line.id for line in agreement.lines}
    zones = {zone.id for zone in agreement.zones}
    clauses = {clause.id for clause in agreement.clauses}
    exemptions = {exemption.id for exemption in agreement.exemptions}
    for group in ("parties", "lines", "zones", "clauses", "exemptions", "duties"):
        seen: set[str] = set()
        for i, item in enumerate(getattr(agreement, group)):
            if item.id in seen:
                yield (group, i, "id"), f"the name {item.id!r} is given twice in {group}."
            seen.add(item.id)
    known_names = {
        "parties": parties,
        "sides": parties | {"both"},
        "lines": lines,
        "zones": zones,
        "clauses": clauses,
        "exemptions": exemptions,
    }
    for where, name, kind in _references(agreement):
        if name is not None and name not in known_names[kind]:
            known = ", ".join(sorted(known_names[kind])) or "none"
            yield where, f"{name!r} is not declared; known are {known}."


def _references(agreement: Agreement) -> Iterator[tuple[tuple[str | int, ...], str | None, str]]:
    """List every name by which one term refers to another, and what it must be a name of."""
    for i, zone in enumerate(agreement.zones):
        yield ("zones", i, "line"), zone.line, "lines"
        yield ("zones", i, "side"), zone.side, "sides"
        for party, line in zone.line_of.items():
            yield ("zones", i, "line_of", party), party, "parties"
            yield ("zones", i, "line_of", party), line, "lines"
    for i, clause in enumerate(agreement.clauses):
        yield ("clauses", i, "zone"), clause.zone, "zones"
        for party in clause.parties:
            yield ("clauses", i, "parties"), party, "parties"
    for i, ceiling in enumerate(agreement.ceilings):
        yield ("ceilings", i, "zone"), ceiling.zone, "zones"
        yield ("ceilings", i, "party"), ceiling.party, "parties"
    for i, exemption in enumerate(agreement.exemptions):
        for clause_id in exemption.clauses:
            yield ("exemptions", i, "clauses"), clause_id, "clauses"
    for i, notice in enumerate(agreement.notices):
        yield ("notices", i, "exemption"), notice.exemption, "exemptions"
        yield ("notices", i, "party"), notice.party, "parties"
    for i, duty in enumerate(agreement.duties):
        for party in duty.parties:
            yield ("duties", i, "parties"), party, "parties"

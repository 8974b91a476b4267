"""Alerts: the list of violations in the Common Alerting Protocol 1.2 (OASIS)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import polars as pl

from truceline.core.types.time import format_time
from truceline.publish.bulletins.catalogue import wording
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.draw.incidents import NINETY
from truceline.publish.wording import Wording

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
#: Violations in one alert; all of them are in the data files.
MOST = 100


def cap(bulletin: Bulletin) -> str:
    """Return one alert with one `info` for each listed violation, the surest first.

    Urgency is always `Past` and severity `Unknown`: an alert says that something
    happened and how sure it is, and grades nothing. With no violation on the list the
    alert has no `info`, as the standard allows.
    """
    words = wording(bulletin, bulletin.settings.languages[0])
    alert = ET.Element("alert", {"xmlns": NAMESPACE})
    _add(alert, "identifier", _token(bulletin.identity))
    _add(alert, "sender", _token(bulletin.settings.sender))
    _add(alert, "sent", _time(bulletin.issued))
    _add(alert, "status", "Exercise" if bulletin.settings.exercise else "Actual")
    _add(alert, "msgType", "Alert")
    if bulletin.settings.handling == "CLEAR":
        _add(alert, "scope", "Public")
    else:
        _add(alert, "scope", "Restricted")
        _add(alert, "restriction", f"TLP:{bulletin.settings.handling}")
    rows = bulletin.incidents.filter(pl.col("listed") == "violation").head(MOST)
    for row in rows.to_dicts():
        alert.append(_info(bulletin, words, row))
    ET.indent(alert)
    body = ET.tostring(alert, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _info(bulletin: Bulletin, words: Wording, row: dict[str, Any]) -> ET.Element:
    info = ET.Element("info")
    kind, sector = words.term("kind", row["kind"]), words.name(row["sector"], "sector")
    p = words.probability(row["p_violation"])
    _add(info, "language", words.language)
    _add(info, "category", "Security")
    _add(info, "event", f"{words.term('list', 'violation')}: {kind}")
    _add(info, "urgency", "Past")
    _add(info, "severity", "Unknown")
    _add(info, "certainty", _certainty(row["p_violation"]))
    _add(info, "onset", _time(row["t_best"]))
    _add(info, "headline", f"{row['label']}: {kind}, {sector}, P = {p}")
    if bulletin.settings.disclaimer:
        _add(info, "instruction", bulletin.settings.disclaimer)
    # An onset is one moment; how exactly it is known is said beside it.
    told = {"t_start": _time(row["t_start"]), "t_end": _time(row["t_end"])}
    for name in ("incident_id", "clause", "p_violation", "p_hostile", "party", "p_unattributable"):
        missing = "unattributable" if name == "party" else ""
        told[name] = missing if row[name] is None else str(row[name])
    for name, value in told.items():
        parameter = ET.SubElement(info, "parameter")
        _add(parameter, "valueName", name)
        _add(parameter, "value", value)
    area = ET.SubElement(info, "area")
    _add(area, "areaDesc", sector)
    if row["lon"] is not None and row["lat"] is not None:
        radius = NINETY * (row["err_major_m"] or 0.0) / 1000
        _add(area, "circle", f"{row['lat']:.5f},{row['lon']:.5f} {radius:.3f}")
    return info


def _certainty(p: float) -> str:
    """Return the standard's word: `Likely` is above one half, `Observed` near certain."""
    if p >= 0.95:
        return "Observed"
    return "Likely" if p > 0.5 else "Possible"


def _time(micros: int) -> str:
    """Return a time as the standard wants it: UTC is written -00:00 and never Z."""
    return format_time(micros).replace("Z", "-00:00")


def _token(words: str) -> str:
    """Return an identity without the characters that the standard forbids."""
    return re.sub(r"[\s,<&]", "_", words)


def _add(parent: ET.Element, name: str, words: str) -> None:
    ET.SubElement(parent, name).text = words

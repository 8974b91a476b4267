"""Words by which strangers' tables name their columns and what they saw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from truceline.core.types.vocabulary import PHENOMENA

#: Names of columns, the surest first; compared by their parts, without case.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "time": (
        "t_start", "start_time", "start_date", "date_start", "started_at", "event_date", "datetime",
        "date_time", "timestamp", "time", "date", "day", "when", "acq_date", "start", "дата", "час",
        "время", "fecha", "datum", "tarih", "tarix", "data", "التاريخ", "תאריך",
    ),
    "clock": (
        "event_time", "time_of_day", "time", "clock", "hour", "acq_time", "час", "время", "hora",
        "heure", "uhrzeit", "saat", "ora", "الوقت", "שעה",
    ),
    "end": ("t_end", "end_time", "end_date", "date_end", "finished_at", "end", "until"),
    "lat": ("latitude", "lat", "y", "широта", "latitud", "breite", "enlem"),
    "lon": (
        "longitude", "lon", "lng", "long", "x", "долгота", "довгота", "longitud", "länge", "boylam",
    ),
    "point": (
        "point", "coord", "coords", "coordinates", "coordinate_location", "geom_wkt", "wkt", "geom",
        "geometry", "location", "координаты", "координати", "coordenadas",
    ),
    "precision": (
        "geo_precision", "where_prec", "geo_accuracy", "location_precision", "precision",
    ),
    "sigma_m": (
        "sigma_m", "error_m", "accuracy_m", "uncertainty_m", "precision_m", "radius_m",
        "horizontal_accuracy", "coordinateuncertaintyinmeters",
    ),
    "phenomenon": (
        "phenomenon", "sub_event_type", "event_type", "type", "kind", "event", "category", "class",
        "label", "what", "action", "incident", "тип", "подія", "событие", "tipo", "evento",
        "événement", "ereignis", "olay", "النوع",
    ),
    "witness": (
        "witness", "source", "reporter", "observer", "outlet", "agency", "channel", "author",
        "provider", "url", "link", "джерело", "источник", "fuente", "quelle", "kaynak", "المصدر",
    ),
    "count": (
        "count", "number", "n", "quantity", "rounds", "shots", "explosions", "violations",
        "кількість", "количество", "cantidad", "nombre", "anzahl", "العدد",
    ),
    "area": (
        "area", "admin1", "adm_1", "oblast", "region", "province", "governorate", "state",
        "district", "область",
    ),
}  # fmt: skip

#: Parts of a name that say the time is not that of the event.
NOT_OF_EVENT: Final = frozenset(
    {"updated", "created", "published", "modified", "retrieved", "upload", "downloaded", "source"}
)

#: Columns worth keeping beside the others.
KEPT: Final = frozenset(
    {"id", "note", "notes", "description", "comment", "comments", "fatalities", "deaths", "title",
     "location", "settlement", "actor1", "actor2"}
)  # fmt: skip

#: What a word means; the first that fits. Of a shelling nobody says on which side it was heard.
_MEANINGS: Final = tuple(
    (re.compile(pattern), phenomenon)
    for pattern, phenomenon in (
        (r"siren|air.?raid alert|air.?alert|тривог|тревог|אזעק", "alert"),
        (
            r"small.?arms|gun.?fire|shooting|sniper|rifle|\bshots?\b|стрілян|стрельб|"
            r"dispar|tiroteo|\btirs?\b|schuss|schüsse|إطلاق نار|إطلاق النار|\bירי\b",
            "shot",
        ),
        (r"machine.?gun|\bbursts?\b", "burst"),
        (
            r"clash|battle|fire.?fight|assault|ground attack|storming|штурм|бої|бой|"
            r"enfrentamiento|affrontement|gefecht|çatışma|اشتباك",
            "assault",
        ),
        (
            r"shell|artiller|mortar|rocket|missile|mlrs|bomb|strike|explo|blast|\bied\b|landmine|"
            r"detonat|grenade|обстр|вибух|взрыв|ракет|артил|"
            r"frappe|beschuss|patlama|قصف|انفجار|صاروخ|הפגז|פיצוץ|רקט",
            "explosion",
        ),
        (r"drone|\buavs?\b|fpv|quadcopter|shahed|дрон|бпла|مسيّ?رة|כטב", "uav"),
        (r"launch", "launch"),
        (r"advance|overtak|captur|territory|seiz", "advance"),
        (r"damag|destr", "damage"),
        (r"kill|wound|casualt|injur|fatal|harm|death", "casualty"),
        (r"\bfires?\b|burning|thermal|hot.?spot|пожеж|пожар", "fire"),
        (r"denied|denial|obstruct|restrict|blocked|jamm", "obstruction"),
        (r"aircraft|helicopter|airplane|overflight|\bjets?\b", "aircraft"),
        (r"violat", "violation"),
        (r"weapon|howitzer|\btanks?\b|armou?r|troops|equipment", "weapon_present"),
    )
)


def parts_of(name: str) -> tuple[str, ...]:
    """Return the parts of a column's name in small letters.

    Examples
    --------
    >>> parts_of("EventDate"), parts_of("geo_lat")
    (('event', 'date'), ('geo', 'lat'))
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return tuple(part for part in re.split(r"[\W_]+", apart.lower()) if part)


def meaning_of(text: str) -> str | None:
    """Return the phenomenon that a stranger's word stands for, as far as it can be told.

    Examples
    --------
    >>> meaning_of("Shelling/artillery/missile attack"), meaning_of("Peaceful protest")
    ('explosion', None)
    """
    plain = text.strip().lower()
    if plain.replace(" ", "_") in PHENOMENA:
        return plain.replace(" ", "_")
    return next((meant for pattern, meant in _MEANINGS if pattern.search(plain)), None)


def ranked(names: Iterable[str], field: str) -> list[str]:
    """Return the columns that may be of a field by their names, the surest first."""
    wanted = [parts_of(name) for name in NAMES[field]]
    found = []
    for name in names:
        parts = parts_of(name)
        fits = [
            (parts != sure, rank)
            for rank, sure in enumerate(wanted)
            if parts == sure or _holds(parts, sure)
        ]
        if fits:
            found.append((min(fits), name))
    return [name for _, name in sorted(found, key=lambda f: f[0])]


def _holds(parts: tuple[str, ...], sure: tuple[str, ...]) -> bool:
    """Return whether the parts of a surer name are among those of a column's, one letter aside."""
    long = all(len(part) > 1 for part in sure)
    return long and any(parts[i : i + len(sure)] == sure for i in range(len(parts) - len(sure) + 1))

"""The folder of one bulletin: every form of it, written from the one model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from truceline.publish.bulletins.alerts import cap
from truceline.publish.bulletins.data import as_csv, as_json
from truceline.publish.bulletins.features import geography_geojson, geojson, geoparquet
from truceline.publish.bulletins.hypertext import hypertext
from truceline.publish.bulletins.print import printed
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.setting import page

#: Findings whose evidence is laid out on the screen; on paper only a spot report's is.
ON_SCREEN = 30


def write(bulletin: Bulletin, folder: Path) -> list[Path]:
    """Write the bulletin in every form and return the files, in order.

    The same bulletin gives the same bytes. A file is written beside its name and moved
    there, so that a reader never finds half of one.

    Parameters
    ----------
    bulletin : Bulletin
        What is said.
    folder : Path
        Where to; it is made if it is not there.
    """
    written = []
    for name, content in forms(bulletin):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.part")
        draft.write_bytes(content)
        draft.replace(target)
        written.append(target)
    return written


def forms(bulletin: Bulletin) -> Iterator[tuple[str, bytes]]:
    """Yield each file's name and bytes."""
    on_paper = 1 if bulletin.kind == "spot" else 0
    for language in bulletin.settings.languages:
        screen = hypertext(page(bulletin, language, dossiers=ON_SCREEN))
        yield f"bulletin.{language}.html", screen.encode("utf-8")
        yield f"bulletin.{language}.pdf", printed(page(bulletin, language, dossiers=on_paper))
    yield "bulletin.json", as_json(bulletin).encode("utf-8")
    yield "alert.cap.xml", cap(bulletin).encode("utf-8")
    yield "incidents.geojson", geojson(bulletin).encode("utf-8")
    yield "geography.geojson", geography_geojson(bulletin.geography).encode("utf-8")
    yield "incidents.parquet", geoparquet(bulletin)
    for name, text in as_csv(bulletin):
        yield f"data/{name}", text.encode("utf-8")

"""A race over time as an animated picture: ranked bars, month by month."""

from __future__ import annotations

import io
from dataclasses import dataclass

import polars as pl
from PIL import Image

from truceline.accounts.aid.evaluation import Reading, basis
from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import TYPES, AidRelease
from truceline.accounts.aid.series import cumulative, monthly, months_of
from truceline.core.types.errors import InputError
from truceline.publish.aid.figures import WIDTH, quantity
from truceline.publish.aid.picture import pixels
from truceline.publish.draw.aid.bars import Bar, ranked_bars
from truceline.publish.draw.aid.paint import complete

FRAME_MS = 350
LAST_FRAME_MS = 4000


@dataclass(frozen=True)
class Race:
    """Frames of a race, the figures behind them and their citation."""

    frames: tuple[str, ...]
    table: pl.DataFrame
    citation: str

    def as_gif(self) -> bytes:
        """Return the race as an animated GIF that stops long at its end and starts anew."""
        images = [Image.open(io.BytesIO(png)).convert("RGB") for png in pixels(list(self.frames))]
        small = [i.resize((i.width // 2, i.height // 2), Image.Resampling.LANCZOS) for i in images]
        colours = small[-1].quantize(64, dither=Image.Dither.NONE)
        flat = [i.quantize(palette=colours, dither=Image.Dither.NONE) for i in small]
        out = io.BytesIO()
        times = [FRAME_MS] * (len(flat) - 1) + [LAST_FRAME_MS]
        flat[0].save(
            out, "GIF", save_all=True, append_images=flat[1:], duration=times, loop=0, optimize=True
        )
        return out.getvalue()


def race(release: AidRelease, reading: Reading, indicators: Indicators, *, most: int = 12) -> Race:
    """Draw a frame for each month: running sums of the largest donors of that month.

    The axis stays as it is at the end, so that bars can be compared between frames. Undated
    aid is in no frame; the citation says so.
    """
    months = months_of(release)
    running = cumulative(monthly(release, reading, indicators), months)
    if not running.height:
        raise InputError(
            f"release {release.name} has no months: it holds sums over its whole period.",
            hint="Choose a release with dates, such as one of activities or of months.",
        )
    kinds = pl.col("type").cast(pl.String()).fill_null("unsplit")
    cells = running.with_columns(kinds.alias("type")).drop_nulls("value")
    sums = cells.group_by("donor", "donor_name", "month").agg(pl.col("value").sum())
    top = float(sums["value"].max() or 0.0)  # type: ignore[arg-type]
    title = f"{reading.measure.capitalize()}s, added up, dated aid only"
    shown = quantity(reading, indicators, release)
    frames = tuple(
        complete(
            ranked_bars(
                _bars(cells.filter(month=month), sums.filter(month=month), most),
                shown,
                width=WIDTH,
                ident="aid-race",
                title=title,
                top=top,
                stamp=f"{month:%Y-%m}",
            )
        )
        for month in months
    )
    wide = sums.sort("month", "donor_name").pivot("donor_name", index="month", values="value")
    said = basis(release, reading, indicators) + " Undated aid is in no frame."
    return Race(frames, wide, said)


def _bars(cells: pl.DataFrame, sums: pl.DataFrame, most: int) -> list[Bar]:
    parts: dict[str, dict[str, float]] = {}
    for name, kind, value in cells.select("donor_name", "type", "value").iter_rows():
        parts.setdefault(name, {})[kind] = value
    order = sums.sort("value", "donor_name", descending=[True, False]).head(most)
    return [
        Bar(name, value, {k: parts[name].get(k, 0.0) for k in (*TYPES, "unsplit")})
        for name, value in order.select("donor_name", "value").iter_rows()
    ]

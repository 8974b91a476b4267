"""`truceline aid`: who gave what, under a stated reading, as tables, pictures and a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from truceline.core.types.errors import InputError, TrucelineError

if TYPE_CHECKING:
    import polars as pl

    from truceline.accounts.aid.evaluation import Reading
    from truceline.accounts.aid.indicators import Indicators
    from truceline.accounts.aid.model import AidRelease
    from truceline.publish.aid.picture import Picture

app = typer.Typer(help="Aid given: tables, pictures and a page.", no_args_is_help=True)

Measure = Literal["allocation", "commitment", "disbursement"]
Kind = Literal["all", "military", "financial", "humanitarian"]
Rate = Literal["release", "month"]
Chart = Literal["ranked", "groups", "gap", "time", "months", "map", "pair", "change", "race"]

Data = Annotated[Path, typer.Option("--data", help="Folder with releases, rates, GDP and heads.")]
Release = Annotated[str | None, typer.Option(help="Number of the release; the last if left out.")]
Unit = Annotated[
    str, typer.Option(help="usd, eur, national, constant, gdp (per cent) or head (euros).")
]
MeasureOf = Annotated[Measure, typer.Option(help="What is counted.")]
KindOf = Annotated[Kind, typer.Option(help="Which kind of aid.")]
EuShare = Annotated[bool, typer.Option(help="Add members' shares in EU aid.")]
Undated = Annotated[bool, typer.Option(help="Count amounts without a date.")]
AsOf = Annotated[str | None, typer.Option(help="Last day counted, such as 2024-08-31.")]
RateOf = Annotated[Rate, typer.Option(help="One rate of the release, or the mean of each month.")]
GdpYear = Annotated[
    int | None, typer.Option(help="World Bank year of GDP or heads; the release's own if left out.")
]
Out = Annotated[Path, typer.Option("--out", "-o", help="File to write.")]
Donors = Annotated[list[str] | None, typer.Option("--donor", help="Name or code; may be repeated.")]


@app.command()
def table(
    data: Data,
    release: Release = None,
    unit: Unit = "eur",
    measure: MeasureOf = "allocation",
    kind: KindOf = "all",
    eu_share: EuShare = False,
    undated: Undated = True,
    as_of: AsOf = None,
    rate: RateOf = "release",
    gdp_year: GdpYear = None,
    csv: Annotated[Path | None, typer.Option(help="Write the table as CSV too.")] = None,
) -> None:
    """Print every donor's total by kind, and how it came about."""
    with _errors():
        from truceline.publish.aid.figures import ranked

        reading = _reading(unit, measure, kind, eu_share, undated, as_of, rate, gdp_year)
        releases, indicators = _load(data)
        chosen = _pick(releases, release)
        picture = ranked(chosen, reading, indicators, most=1000)
        _show(picture.table, reading, indicators, chosen)
        typer.echo(picture.citation)
        if csv is not None:
            csv.write_text(picture.as_csv(), "utf-8")


@app.command()
def chart(
    data: Data,
    out: Out,
    picture: Annotated[Chart, typer.Option(help="Which picture.")] = "ranked",
    release: Release = None,
    unit: Unit = "eur",
    measure: MeasureOf = "allocation",
    kind: KindOf = "all",
    eu_share: EuShare = False,
    undated: Undated = True,
    as_of: AsOf = None,
    rate: RateOf = "release",
    gdp_year: GdpYear = None,
    donor: Donors = None,
) -> None:
    """Draw a picture as SVG, PNG, HTML or CSV, or a race as GIF, by the file's ending."""
    with _errors():
        reading = _reading(unit, measure, kind, eu_share, undated, as_of, rate, gdp_year)
        releases, indicators = _load(data)
        chosen = _pick(releases, release)
        if picture == "race":
            _write_race(chosen, reading, indicators, out)
        else:
            made = _picture(picture, releases, chosen, reading, indicators, donor or [])
            _write(made, out)
        typer.echo(f"{out} written.")


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A donor.")],
    second: Annotated[str, typer.Argument(help="Another donor.")],
    data: Data,
    release: Release = None,
    measure: MeasureOf = "allocation",
    kind: KindOf = "all",
    undated: Undated = True,
    as_of: AsOf = None,
    rate: RateOf = "release",
    gdp_year: GdpYear = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Draw it too: SVG, PNG, HTML or CSV.")
    ] = None,
) -> None:
    """Set one donor against another under every unit, with and without the EU share."""
    with _errors():
        from truceline.publish.aid.figures import pair

        reading = _reading("eur", measure, kind, False, undated, as_of, rate, gdp_year)
        releases, indicators = _load(data)
        made = pair(_pick(releases, release), reading, indicators, first, second)
        _print(made.table, {})
        typer.echo(made.citation)
        if out is not None:
            _write(made, out)


@app.command("diff-releases")
def diff_releases(
    before: Annotated[str, typer.Argument(help="Number of the earlier release.")],
    after: Annotated[str, typer.Argument(help="Number of the later release.")],
    data: Data,
    unit: Unit = "eur",
    measure: MeasureOf = "allocation",
    kind: KindOf = "all",
    eu_share: EuShare = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Draw it too: SVG, PNG, HTML or CSV.")
    ] = None,
) -> None:
    """Print what a later release changed: revisions of the past apart from new aid."""
    with _errors():
        from truceline.publish.aid.figures import since

        reading = _reading(unit, measure, kind, eu_share, True, None, "release", None)
        releases, indicators = _load(data)
        later = _pick(releases, after)
        made = since(_pick(releases, before), later, reading, indicators)
        _show(made.table, reading, indicators, later)
        typer.echo(made.citation)
        if out is not None:
            _write(made, out)


@app.command()
def reconcile(data: Data, release: Release = None) -> None:
    """Hold our sums against the totals that the releases print, and list differences."""
    with _errors():
        from truceline.accounts.aid.reconciliation import reconcile as held

        releases, _ = _load(data)
        wanted = releases.values() if release is None else [_pick(releases, release)]
        for one in wanted:
            found = held(one)
            wrong = found.filter(~found["agrees"])
            typer.echo(f"release {one.name}: {found.height - wrong.height} of {found.height} agree")
            for row in wrong.iter_rows(named=True):
                typer.echo(
                    f"  {row['donor']} {row['measure']} {row['type'] or 'all'}: ours less stated "
                    f"EUR {row['difference_eur'] / 1e6:+.3f} m ({row['where']})"
                )
            for note in one.notes:
                typer.echo(f"  note: {note}")


@app.command()
def page(
    data: Data,
    out: Out,
    title: Annotated[str, typer.Option(help="Heading of the page.")] = "Aid given",
) -> None:
    """Write the page to explore aid: one HTML file that works offline."""
    with _errors():
        from truceline.publish.aid.aid_page import aid_page

        releases, indicators = _load(data)
        out.write_text(aid_page(releases, indicators, title=title), "utf-8")
        typer.echo(f"{out} written: {len(releases)} releases, {out.stat().st_size // 1024} KiB.")


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except TrucelineError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(error.exit_code) from error


def _load(data: Path) -> tuple[dict[str, AidRelease], Indicators]:
    from truceline.accounts.aid.indicators import load_indicators
    from truceline.accounts.aid.loading import load_releases

    return load_releases(data), load_indicators(data)


def _pick(releases: dict[str, AidRelease], name: str | None) -> AidRelease:
    if name is None:
        return list(releases.values())[-1]
    if name not in releases:
        raise InputError(
            f"there is no release {name!r}.", hint=f"There are: {', '.join(releases)}."
        )
    return releases[name]


def _reading(
    unit: str,
    measure: Measure,
    kind: Kind,
    eu_share: bool,
    undated: bool,
    as_of: str | None,
    rate: Rate,
    gdp_year: int | None,
) -> Reading:
    from truceline.accounts.aid.evaluation import Reading, parse_unit

    return Reading(parse_unit(unit), measure, kind, eu_share, _day(as_of), rate, gdp_year, undated)


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as cause:
        raise InputError(f"{text!r} is not a day.", hint="Write it as 2024-08-31.") from cause


def _picture(
    name: Chart,
    releases: dict[str, AidRelease],
    release: AidRelease,
    reading: Reading,
    indicators: Indicators,
    donors: list[str],
) -> Picture:
    from truceline.accounts.aid.donors import groups
    from truceline.publish.aid import figures

    if name == "groups":
        return figures.grouped(release, reading, indicators, list(groups().values()))
    if name in ("time", "months", "pair"):
        least = 2 if name == "pair" else 1
        if len(donors) < least:
            raise InputError(
                f"this picture needs {least} donor{'s' if least > 1 else ''}.",
                hint="Name them with --donor.",
            )
        if name == "time":
            return figures.over_time(release, reading, indicators, donors)
        if name == "months":
            return figures.by_month(release, reading, indicators, donors[0])
        return figures.pair(release, reading, indicators, donors[0], donors[1])
    if name == "change":
        earlier = [r for r in releases.values() if r.info.cut_off < release.info.cut_off]
        if not earlier:
            raise InputError("there is no earlier release.", hint="Add one to the folder.")
        return figures.since(earlier[-1], release, reading, indicators)
    draw = {"gap": figures.gap, "map": figures.tiles}.get(name, figures.ranked)
    return draw(release, reading, indicators)


def _write(made: Picture, out: Path) -> None:
    forms = {".svg": made.as_svg, ".html": made.as_html, ".csv": made.as_csv}
    if out.suffix == ".png":
        out.write_bytes(made.as_png())
    elif out.suffix in forms:
        out.write_text(forms[out.suffix](), "utf-8")
    else:
        raise InputError(
            f"{out.suffix!r} is no form of picture.", hint="Use svg, png, html or csv."
        )


def _write_race(release: AidRelease, reading: Reading, indicators: Indicators, out: Path) -> None:
    from truceline.publish.aid.race import race

    made = race(release, reading, indicators)
    if out.suffix == ".gif":
        out.write_bytes(made.as_gif())
    elif out.suffix == ".csv":
        out.write_text(f"# {made.citation}\n{made.table.write_csv()}", "utf-8")
    else:
        raise InputError("a race is a GIF or its CSV.", hint="Use --out race.gif.")


def _show(
    table_: pl.DataFrame, reading: Reading, indicators: Indicators, release: AidRelease
) -> None:
    from truceline.publish.aid.figures import quantity

    shown = quantity(reading, indicators, release)
    typer.echo(shown.axis)
    _print(table_, dict.fromkeys(table_.columns, shown.say))


def _print(table_: pl.DataFrame, forms: dict[str, object]) -> None:
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=None, header_style="bold")
    for i, name in enumerate(table_.columns):
        drawn.add_column(name, justify="left" if i == 0 else "right")
    for row in table_.iter_rows():
        drawn.add_row(*(_cell(v, forms.get(n)) for n, v in zip(table_.columns, row, strict=True)))
    Console(width=None, soft_wrap=True).print(drawn)


def _cell(value: object, form: object) -> str:
    if value is None:
        return "not known"
    if not isinstance(value, float):
        return str(value)
    if callable(form):
        return str(form(value))
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.3f}"

"""Every statement of the register as a list that can be searched and narrowed."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Final

import polars as pl

#: What the list can be narrowed by: name in the address, label, and column.
FILTERS: Final = (
    ("speaker", "Speaker", "speaker"),
    ("state", "State", "state"),
    ("kind", "Kind", "kind"),
    ("outcome", "Outcome", "outcome"),
    ("year", "Year", "year"),
)
_LENGTH: Final = {"day": 10, "month": 7, "year": 4}


def statement_list(rows: pl.DataFrame) -> str:
    """Return the section of all statements, newest first, with its filters.

    Parameters
    ----------
    rows : polars.DataFrame
        Statements with `outcome` and `outcome_reason`.
    """
    newest = rows.sort("date", "statement_id", descending=[True, False], nulls_last=True)
    shown = newest.with_columns(pl.col("date").dt.year().alias("year"))
    listed = "".join(_row(r) for r in shown.iter_rows(named=True))
    options = "".join(
        f'<div><label for="f-{name}">{label}</label><select id="f-{name}" name="{name}">'
        f'<option value="">all</option>{_options(shown[column])}</select></div>'
        for name, label, column in FILTERS
    )
    return (
        '<section id="register"><h2>Every statement</h2>'
        '<form class="filter" role="search" aria-label="Statements">'
        '<div><label for="f-q">Search</label><input id="f-q" name="q" type="search"></div>'
        f"{options}"
        '<div><label for="f-month">Month or year</label>'
        '<input id="f-month" name="month" placeholder="2024-09" size="8"></div>'
        '<button type="reset">Show all</button>'
        '<button type="button" id="save">Save those found (CSV)</button></form>'
        f'<p class="count" id="told" role="status">{rows.height} statements shown.</p>'
        '<div class="scroll" tabindex="0" role="group" aria-label="Statements">'
        "<table><caption>Statements, newest first; undated at the end</caption>"
        '<thead><tr><th scope="col">Date</th><th scope="col">Speaker</th><th scope="col">Statement'
        '</th><th scope="col">Outcome</th></tr></thead>'
        f"<tbody>{listed}</tbody></table></div>"
        '<p><button type="button" id="more" hidden>Show more</button></p></section>'
    )


def _options(values: pl.Series) -> str:
    names = sorted({str(v) for v in values.to_list() if v is not None})
    return "".join(
        f'<option value="{html.escape(n)}">{html.escape(n.replace("_", " "))}</option>'
        for n in names
    )


def _row(row: Mapping[str, object]) -> str:
    e = html.escape
    date = str(row["date"])[: _LENGTH.get(str(row["date_precision"]), 0)] if row["date"] else ""
    date = date or "undated"
    office = f"{row['state']}, {str(row['standing']).replace('_', ' ')}"
    who = f'{e(str(row["speaker"]))}<br><span class="note">{e(office)}</span>'
    outcome = e(str(row["outcome"]).replace("_", " "))
    why = e(str(row["outcome_reason"] or ""))
    data = "".join(
        f' data-{name}="{e("" if row[column] is None else str(row[column]))}"'
        for name, _, column in FILTERS
    )
    return (
        f'<tr id="s-{e(str(row["statement_id"]))}"{data} data-date="{date}">'
        f'<td class="d" data-h="Date"><span>{date}</span></td>'
        f'<td data-h="Speaker"><span>{who}</span></td>'
        f'<td data-h="Statement"><div>{_words(row)}</div></td>'
        f'<td data-h="Outcome"><span>{outcome}<br><span class="note">{why}</span></span></td></tr>'
    )


def _words(row: Mapping[str, object]) -> str:
    e = html.escape
    words = f"<strong>{e(str(row['kind']).replace('_', ' '))}</strong>: {e(str(row['summary']))}"
    if row["condition"] and row["consequence"]:
        words += f"<br>If {e(str(row['condition']))}: {e(str(row['consequence']))}."
    if row["quote"]:
        words += (
            f"<details><summary>The words ({e(str(row['language']))})</summary>"
            f'<blockquote lang="{e(str(row["language"]))}">{e(str(row["quote"]))}</blockquote>'
            "</details>"
        )
    repeats = row["repeats"]
    if isinstance(repeats, list) and repeats:
        links = ", ".join(f'<a href="#s-{e(r)}">{e(r)}</a>' for r in repeats)
        words += f"<br>repeats {links}"
    source = str(row["source"] or "")
    place = f'<a href="{e(source)}">source</a>' if source.startswith("http") else e(source)
    return words + f'<div class="note">{place}</div>'

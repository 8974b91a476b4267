"""The planning report: every part, one file, the same in HTML, PDF and data."""

from __future__ import annotations

import json
import re
from html import unescape

import polars as pl
import pypdf
import pytest

from truceline.core.types.errors import InputError, SchemaError
from truceline.publish.bulletins.hypertext import hypertext
from truceline.publish.bulletins.page import Figure, Sheet
from truceline.publish.force.plan_cells import hours, percent, share
from truceline.publish.force.plan_page import plan_page, write_report
from truceline.publish.force.plan_places import watch_of
from truceline.publish.force.plan_rehearsed import read_rehearsed


def blocks(page, kind):
    return [block for s in page.sections for block in s.blocks if isinstance(block, kind)]


def sheets_of(page):
    return blocks(page, Sheet) + [figure.sheet for figure in blocks(page, Figure)]


def test_every_part_is_there_in_order(plan, swept):
    page = plan_page(plan, swept)
    assert [section.anchor for section in page.sections] == [
        "summary", "offered", "manned", "rotation", "places", "prices", "answering", "ladder",
        "air", "failing", "sensitivity", "rehearsed", "compared", "assumptions",
    ]  # fmt: skip
    assert {figure.ident for figure in blocks(page, Figure)} == {
        "map", "map-1", "stretches", "answer-day", "answer-night", "ladder", "failing",
        "hang-seen", "hang-hours", "rotation", "density", "sweep",
        "lost", "hung", "step-people", "clocks",
    }  # fmt: skip


def test_every_figure_has_rows_beside_it_and_draws_at_each_width(plan, swept):
    for figure in blocks(plan_page(plan, swept), Figure):
        assert figure.sheet.rows
        for width in (328.0, 600.0, 900.0):
            svg = figure.draw(width, f"x{width:.0f}")
            assert svg is not None
            assert svg.startswith("<svg")
            assert "NaN" not in svg
            assert "nan" not in svg
            assert " style=" not in svg


def test_every_row_has_a_cell_for_each_column(plan, swept):
    for sheet in sheets_of(plan_page(plan, swept)):
        assert {len(row) for row in sheet.rows} <= {len(sheet.columns)}


def test_the_page_asks_nothing_of_anybody(plan):
    html = unescape(hypertext(plan_page(plan)))
    assert not re.search(r"\son\w+=", html)
    assert "http://" not in html.replace("http://www.w3.org/", "")
    assert not re.search(r"(src|href)=\"(?!#|data:)", html)
    assert "default-src 'none'" in html


def test_each_assumption_stands_with_its_source(plan):
    page = plan_page(plan)
    assumed = next(s for s in page.sections if s.anchor == "assumptions").blocks[1]
    assert all(row[5].text for row in assumed.rows)
    assert len(assumed.rows) > plan.asked.assumed.table().height


def test_a_saturated_step_is_said_to_be_saturated(plan):
    html = hypertext(plan_page(plan))
    assert "saturated" in html
    late = next(f for f in blocks(plan_page(plan), Figure) if f.ident == "ladder")
    for row in late.sheet.rows:
        if row[6].text == "saturated":
            assert row[6].accent
            assert row[7].text == "not known"
            assert row[8].text == "-"


def test_a_quick_plan_says_what_it_left_out(quick_plan):
    html = hypertext(plan_page(quick_plan))
    assert "Not reckoned in a quick plan." in html
    assert "Not rostered in a quick plan." in html
    assert "Not tried in a quick plan." in html
    assert "No aircraft were given." in html


def test_every_result_states_its_length_of_line(plan):
    page = plan_page(plan)
    assert dict(page.facts)["line"].endswith("km as drawn")
    densities = next(f for f in blocks(page, Figure) if f.ident == "density")
    assert [head.text for head in densities.sheet.columns][2] == "line, km"
    assert all(float(row[2].text.replace(",", "")) > 0 for row in densities.sheet.rows)


def test_a_sweep_states_its_own_line(plan, swept):
    assert "Reckoned on 1,200 km of line." in hypertext(plan_page(plan, swept))


def test_what_is_watched_and_what_is_not_make_up_the_band(plan):
    watch = watch_of(plan)
    assert watch.once.intersection(watch.unseen).area == pytest.approx(0.0, abs=1e-9)
    assert watch.twice.difference(watch.once).area == pytest.approx(0.0, abs=1e-9)
    whole = watch.once.area + watch.unseen.area
    assert watch.once.area / whole == pytest.approx(plan.standing.seen.once, abs=0.02)
    assert watch.twice.area / whole == pytest.approx(plan.standing.seen.twice, abs=0.03)


def test_no_unit_kind_is_told_by_colour(plan):
    map_ = next(f for f in blocks(plan_page(plan), Figure) if f.ident == "map")
    drawn = map_.draw(900.0, "m") or ""
    assert not re.search(r'class="[fe][0-3u]"', drawn)


def test_every_unit_stands_on_a_map_of_its_stretch_as_a_symbol_of_its_own(plan):
    figures = [f for f in blocks(plan_page(plan), Figure) if f.ident.startswith("map-")]
    counted = sum(int(cell.text) for f in figures for row in f.sheet.rows for cell in row[1:-1])
    assert counted == plan.standing.units.height
    drawn = "".join(figure.draw(900.0, figure.ident) or "" for figure in figures)
    assert all(name in drawn for name in plan.standing.units["unit"].to_list())
    assert 'class="unit"' in drawn


def test_the_folder_holds_page_paper_data_and_laydown(plan, tmp_path):
    left_out: list[str] = []
    written = write_report(plan, tmp_path, tell=left_out.append)
    assert left_out == []
    assert {path.name for path in written} == {
        "plan.html", "plan.pdf", "plan.json", "laydown.geojson", "laydown.gpkg", "laydown.xlsx",
    }  # fmt: skip
    record = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    features = json.loads((tmp_path / "laydown.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == len(record["units"])
    for feature in features:
        assert len(feature["properties"]["sidc"]) == 20
    nations = {f["properties"]["nation"] for f in features}
    assert nations == {None, "Aland", "Celand"}


#: Foot and head of the printed text, points from the foot of the sheet.
FOOT, HEAD = 57.0, 791.0


def read(page):
    """Return a printed page's text, and the share of it below its last line, the footer left out.

    Words within pictures are lines too.
    """
    heights = []

    def seen(text, matrix, inner, _font, _size):
        if text.strip():
            heights.append(inner[4] * matrix[1] + inner[5] * matrix[3] + matrix[5])

    text = page.extract_text(visitor_text=seen)
    return text, (min(y for y in heights if y > FOOT) - FOOT) / (HEAD - FOOT)


@pytest.fixture(scope="module")
def paper(plan, swept, tmp_path_factory):
    """Read the printed report: each page's text and how much of it is white below, in two parts."""
    out = tmp_path_factory.mktemp("paper")
    write_report(plan, out, swept)
    pages = [read(page) for page in pypdf.PdfReader(out / "plan.pdf").pages]
    first = next(at for at, (text, _) in enumerate(pages) if "Annexes: the tables" in text)
    return pages[:first], pages[first:]


def test_the_paper_has_pages_and_text(plan, swept, paper):
    assert 6 <= sum(map(len, paper)) <= 20
    body, annexes = ("".join(text for text, _ in part) for part in paper)
    assert "What each caveat costs" in body
    folded = [sheet for sheet in sheets_of(plan_page(plan, swept)) if sheet.folded]
    for number in range(1, len(folded) + 1):
        assert re.search(rf"table A{number},\s+page \d+", body)
        assert f"A{number}. " in annexes


def test_no_printed_page_is_much_white_but_the_last_of_a_part(paper):
    assert max(white for part in paper for _, white in part[:-1]) <= 1 / 3


def test_the_first_page_has_the_answer_and_the_map(paper):
    first, _ = paper[0][0]
    assert "The answer" in first
    assert "km of line is in somebody's range" in first
    assert "the line" in first.split("not watched")[1]


def test_no_two_tables_have_one_name(plan, swept):
    sheets = sheets_of(plan_page(plan, swept))
    assert len({sheet.caption for sheet in sheets}) == len(sheets)


def test_the_same_plan_gives_the_same_bytes(quick_plan, tmp_path):
    for name in ("one", "two"):
        write_report(quick_plan, tmp_path / name)
    for name in ("plan.html", "plan.pdf", "plan.json", "laydown.geojson"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_folder_without_a_sweep_is_told(tmp_path, swept):
    with pytest.raises(InputError, match="no sweep in this folder"):
        read_rehearsed(tmp_path)
    pl.DataFrame({"force": ["a"]}).write_csv(tmp_path / "sweep.csv")
    with pytest.raises(SchemaError, match=r"sweep\.csv"):
        read_rehearsed(tmp_path)
    swept.sweep.write_csv(tmp_path / "sweep.csv")
    assert read_rehearsed(tmp_path).stress is None
    swept.stress.write_csv(tmp_path / "stress.csv")
    swept.gains.write_csv(tmp_path / "gains.csv")
    swept.clocks.write_csv(tmp_path / "ladder.csv")
    again = read_rehearsed(tmp_path)
    assert again.gains.equals(swept.gains)
    assert again.clocks.equals(swept.clocks)
    assert again.sweep.equals(swept.sweep)
    assert again.stress.equals(swept.stress)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.5, "50.0 %"), (0.9996, ">99.9 %"), (1.166, "117 %")],
)
def test_shares_are_written_honestly(value, text):
    assert share(value) == text
    assert percent(value).sort == value


def test_what_is_never_reached_sorts_last():
    assert hours(None).text == "never"
    assert hours(None).sort > hours(9.0).sort

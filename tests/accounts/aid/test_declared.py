"""The declared data hold together: donors, groups, layouts, releases, prices."""

import datetime as dt
import re

import openpyxl
import pytest

from truceline.accounts.aid.donors import declared, donor_of, donors, groups
from truceline.accounts.aid.evaluation import Reading, basis, totals
from truceline.accounts.aid.indicators import euro_area_prices
from truceline.accounts.aid.readers.country_sheet import layout_of, required
from truceline.accounts.aid.readers.mapped import read_mapped
from truceline.accounts.aid.releases import info_of
from truceline.accounts.aid.shapes import SHAPES, shape_of
from truceline.core.types.errors import InputError
from truceline.publish.draw.aid.tiles import places_of

LAYOUTS = ["country_sheet_r19", "country_sheet_r25", "country_sheet_norway",
           "country_sheet_workbook"]  # fmt: skip


def test_codes_and_currencies_have_their_form():
    for code, donor in donors().items():
        assert re.fullmatch("[A-Z]{3}", code)
        assert re.fullmatch("[A-Z]{3}", donor.currency)
        assert donor_of(donor.name).code == code
        assert donor_of(code.lower()).code == code


def test_no_spelling_stands_for_two_donors():
    seen = {}
    for code, row in declared("donors.yaml")["donors"].items():
        for spelling in (row["name"], *row.get("aliases", [])):
            assert seen.setdefault(spelling.casefold(), code) == code


def test_every_donor_has_a_tile_of_its_own():
    places = places_of(donors())
    assert set(places) == set(donors())
    assert len(set(places.values())) == len(places)


def test_groups_hold_states_and_grow_only():
    for group in groups().values():
        codes = [member.code for member in group.members]
        assert len(codes) == len(set(codes))
        assert all(not donors()[code].institution for code in codes)
        assert all(donors()[code].institution for code in group.institutions)
        early, late = group.on(dt.date(2022, 1, 1)), group.on(dt.date(2026, 1, 1))
        assert set(early) <= set(late) == set(codes)
    assert len(groups()["eu_members"].members) == 27
    assert len(groups()["nato"].on(dt.date(2022, 1, 1))) == 30 - 3  # three give no aid here


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts_name_each_heading_once_and_all_six_amounts(name):
    layout = layout_of(name)
    headings = required(layout)
    assert len(headings) == len(set(headings))
    kinds = {(k["measure"], k["type"]) for k in layout["amounts"].values()}
    assert len(kinds) == 6
    assert set(layout["stated"].values()) == {"allocation", "commitment"}


def test_no_shape_is_taken_for_another(tmp_path):
    for shape in SHAPES:
        path = tmp_path / f"{shape.name}.csv"
        path.write_text(",".join(f'"{mark}"' for mark in shape.marks) + "\n1,2\n")
        assert shape_of(path) == shape.name
    other = tmp_path / "other.csv"
    other.write_bytes(b"\xff\xfe\x00 nothing, known\n")
    assert shape_of(other) is None


def test_releases_state_where_their_rates_are_from():
    for name in declared("releases.yaml")["releases"]:
        info = info_of(str(name))
        assert info.usd_per_eur > 0.5
        assert all((info.rate_source, info.gdp_source, info.cut_off_source, info.citation))


def test_prices_follow_the_published_changes():
    prices = euro_area_prices()
    for year, change in ((2022, 8.4), (2023, 5.4), (2024, 2.4), (2025, 2.1)):
        step = prices.annual[year] / prices.annual[year - 1]
        assert step == pytest.approx(1 + change / 100, abs=1e-5)
    assert prices.level(2026) == prices.annual[2025]
    assert prices.level(2019) is None


def test_a_table_in_a_workbook_is_read_by_its_mapping(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["See the other sheet"])
    sheet = book.create_sheet("Totals")
    title, names = ["Aid to the valley"], ["Donor", "Total ($ billion)"]
    for row in (title, names, ["Japan", 13.7], ["France", 6.7]):
        sheet.append(row)
    book.save(tmp_path / "gifts.xlsx")
    (tmp_path / "aid.yaml").write_text(
        "{file: gifts.xlsx, sheet: Totals, release: '1', title: t, citation: c, "
        "cut_off: 2026-06-30, columns: {donor: Donor, amount: Total ($ billion)}, scale: 1e9, "
        "currency: USD, rates: {USD: {eur: 0.5, date: 2026-06-30, source: a bank}}}"
    )
    aid = read_mapped(tmp_path / "aid.yaml").aid
    assert dict(aid.select("donor", "amount_eur").iter_rows()) == {"JPN": 6.85e9, "FRA": 3.35e9}


GIFTS = """who;how much;day
Emirates;70;2024-04-01
Saudi Arabia;17.5;2024-04-02
UN;7;2024-04-02
"""
OF_GIFTS = """
{file: gifts.csv, release: '1', title: t, citation: c, cut_off: 2024-06-30, scale: 1e6,
 currency: USD, columns: {donor: who, amount: how much, date: day}, donors: {Emirates: ARE},
 rates: {USD: {eur: 0.9, date: 2024-01-02, source: a bank}}}
"""


def test_dollars_come_out_as_they_were_given_where_the_release_has_no_rate_of_its_own(tmp_path):
    (tmp_path / "gifts.csv").write_text(GIFTS)
    (tmp_path / "aid.yaml").write_text(OF_GIFTS)
    release = read_mapped(tmp_path / "aid.yaml")
    given = {"ARE": 70e6, "SAU": 17.5e6, "UNO": 7e6}
    told = totals(release, Reading("usd")).select("donor", "value").iter_rows()
    assert dict(told) == pytest.approx(given)
    assert "a bank, 2024-01-02" in basis(release, Reading("usd"))


def test_a_name_that_no_list_has_is_told_with_where_to_say_whose_it_is(tmp_path):
    (tmp_path / "gifts.csv").write_text(GIFTS)
    (tmp_path / "aid.yaml").write_text(OF_GIFTS.replace(" donors: {Emirates: ARE},", ""))
    with pytest.raises(InputError, match=r"'Emirates' is unknown.*donors.*aid\.yaml"):
        read_mapped(tmp_path / "aid.yaml")

"""A wrong cell is named: file or sheet, row, column, what stood there and what was expected."""

import datetime as dt

import openpyxl
import pytest

from truceline.accounts.aid.readers.workbook import COUNTRY, MAIN, read_workbook
from truceline.accounts.aid.sheets import letters, plain, read_csv, read_sheet, with_header
from truceline.core.types.errors import InputError, UnknownFormatError

HEADINGS = ["donor", "announcement_date", "aid_type_general ", "measure",
            "tot_sub_activity_value_EUR", "month_number", "tot_activity_value_EUR"]  # fmt: skip


def book(path, rows, *, headings=HEADINGS, top=0, left=0, name=MAIN, country=None):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = name
    for r, row in enumerate([headings, *rows]):
        for c, value in enumerate(row):
            if value is not None:
                sheet.cell(row=1 + top + r, column=1 + left + c, value=value)
    if country:
        second = made.create_sheet(COUNTRY)
        for r, row in enumerate(country):
            for c, value in enumerate(row):
                second.cell(row=8 + r, column=2 + c, value=value)
    made.save(path)
    return path


GOOD = [
    ["France", dt.date(2022, 3, 1), "Military ", "Allocation", 1.5e9, 3, 9e9],
    ["France", None, "Military", "Allocation", 5e8, 12, 9e9],
    ["Denmark ", dt.date(2023, 1, 2), "Humanitarian", "Allocation", 2e8, 13, 2e8],
    ["Denmark", dt.date(2023, 1, 2), "Humanitarian", "Commitment", 0, 13, 2e8],
    ["   ", None, None, None, None, None, None],
]
COUNTRY_ROWS = [
    ["Country", "EU member", "Financial allocations ($ billion)", "Humanitarian allocations",
     "Military allocations", "Total bilateral allocations", "Financial commitments",
     "Humanitarian commitments", "Military commitments", "Total bilateral commitments"],
    ["France", 1, 0, 0, 2, 2, 0, 0, 3, 3],
    ["Denmark", 1, 0, 0.2, 0, 0.2, 0, 0.2, 0, 0.2],
    ["Total", None, 0, 0.2, 2, 2.2, 0, 0.2, 3, 3.2],
    ["Source: somebody", None, None, None, None, None, None, None, None, None],
]  # fmt: skip


def test_the_trackers_own_workbook_is_read(tmp_path):
    path = book(tmp_path / "Tracker_Release_41.xlsx", GOOD, country=COUNTRY_ROWS)
    made = read_workbook(path, "41")
    assert made.info.cut_off == dt.date(2023, 1, 2)
    allocated = made.aid.filter(measure="allocation")
    assert allocated["amount_eur"].sum() == pytest.approx(2.2e9)
    assert allocated.filter(precision="undated")["booked"].to_list() == [dt.date(2022, 12, 1)]
    assert made.aid.filter(measure="commitment")["amount_eur"].sum() == pytest.approx(3.2e9)
    assert made.stated.filter(donor="*", measure="allocation")["amount_eur"].max() == 2.2e9
    assert any("Source: somebody" in note for note in made.notes)


def test_shares_in_eu_aid_and_gdp_are_read_where_the_workbook_has_them(tmp_path):
    more = ["Total bilateral and EU allocations", "Allocations % GDP 2021"]
    values = [more, [2.5, 0.125], [0.4, 0.1], [2.9, "."], [None, None]]
    rows = [[*row, *extra] for row, extra in zip(COUNTRY_ROWS, values, strict=True)]
    made = read_workbook(book(tmp_path / "w.xlsx", GOOD, country=rows), "41")
    shares = dict(made.eu_share.select("donor", "amount_eur").iter_rows())
    assert shares == pytest.approx({"FRA": 0.5e9, "DNK": 0.2e9})
    assert dict(made.gdp.select("donor", "gdp_eur").iter_rows())["FRA"] == pytest.approx(2e12)


def test_a_moved_header_is_found(tmp_path):
    path = book(tmp_path / "w.xlsx", GOOD, top=5, left=2)
    assert read_workbook(path, "41").aid["amount_eur"].sum() == pytest.approx(2.2e9)


def test_a_renamed_column_is_named_with_its_cell(tmp_path):
    changed = [*HEADINGS]
    changed[4] = "total_sub_activity_val_EUR"
    path = book(tmp_path / "w.xlsx", GOOD, headings=changed, top=2, left=1)
    with pytest.raises(InputError) as error:
        read_workbook(path, "41")
    said = str(error.value)
    assert "cell F3" in said
    assert "'tot_sub_activity_value_EUR' was expected" in said
    assert "total sub activity val eur" in said
    assert MAIN in said


@pytest.mark.parametrize(
    ("value", "words"),
    [("12 m", "a number was expected, found '12 m'"), ("$ 5000", "marks another currency")],
)
def test_text_in_a_number_is_named_with_its_cell(tmp_path, value, words):
    rows = [[*r] for r in GOOD]
    rows[2][4] = value
    path = book(tmp_path / "w.xlsx", rows, top=3, left=1)
    with pytest.raises(InputError) as error:
        read_workbook(path, "41")
    assert words in str(error.value)
    assert "cell F7" in str(error.value)


def test_an_unknown_kind_or_donor_is_named(tmp_path):
    rows = [[*r] for r in GOOD]
    rows[1][2] = "Miltary"
    with pytest.raises(InputError, match=r"cell C3 .*Military, Financial or Humanitarian was"):
        read_workbook(book(tmp_path / "a.xlsx", rows), "41")
    rows = [[*r] for r in GOOD]
    rows[0][0] = "Atlantis"
    with pytest.raises(InputError, match=r"cell A2 .*the donor 'Atlantis' is unknown"):
        read_workbook(book(tmp_path / "b.xlsx", rows), "41")


def test_a_wrong_sheet_or_file_is_said(tmp_path):
    with pytest.raises(InputError, match="MAIN DATA' was expected"):
        read_workbook(book(tmp_path / "w.xlsx", GOOD, name="Sheet9"), "41")
    broken = tmp_path / "x.xlsx"
    broken.write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(InputError, match="cannot be opened"):
        read_workbook(broken, "41")
    with pytest.raises(UnknownFormatError, match="has no sheet 'Nope'"):
        read_sheet(book(tmp_path / "v.xlsx", GOOD), "Nope")


def test_csv_cells_are_named_by_row_and_column(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a title,,\ndonor,amount\nFrance, 5 \nJapan,five\n")
    sheet = with_header(read_csv(path), ["donor", "amount"])
    with pytest.raises(InputError, match=r"row 4, column 'amount': a number was expected"):
        sheet.numbers("amount")


def test_no_header_at_all_is_an_unknown_format(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("1,2\n3,4\n")
    with pytest.raises(UnknownFormatError, match="no header row was found"):
        with_header(read_csv(path), ["donor", "amount", "date"])


def test_headings_and_letters():
    assert plain("  Aid_Type general ") == plain("aid_type_general")
    assert plain("Amount (EUR)") == "amount"
    assert [letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]

"""A data folder of invented aid, positions and polls, with a text beside it."""

from pathlib import Path

GIFTS = """who,how much,day,what,how
France,1500,2022-03-01,arms,allocated
France,500,2022-12-07,food,allocated
France,1000,,arms,allocated
Japan,7000,2022-06-01,cash,allocated
Japan,500,2023-02-01,food,allocated
Denmark,2000,2022-09-01,arms,allocated
United States,40000,2022-04-09,arms,allocated
United States,20000,2022-05-09,cash,allocated
EU (Commission and Council),8000,2022-07-09,cash,allocated
France,6000,2022-03-02,arms,committed
Japan,8000,2022-06-02,cash,committed
Denmark,1500,2022-09-02,arms,committed
United States,70000,2022-04-10,arms,committed
"""
MAPPING = """file: gifts.csv
release: "{release}"
title: Invented tracker, release {release}
citation: Nobody & co
cut_off: {cut_off}
columns: {{donor: who, amount: how much, date: day, type: what, measure: how}}
scale: 1000000
types: {{arms: military, cash: financial, food: humanitarian}}
measures: {{allocated: allocation, committed: commitment}}
"""
STATES = (
    ("FRA", 2.96e12, 68e6),
    ("JPN", 5.0e12, 125e6),
    ("DNK", 4.0e11, 5.9e6),
    ("USA", 2.3e13, 3.3e8),
)
POSITIONS = """date,nation,role,position,troops_min,troops_max,caveat,source_url,source_reliability
2025-01-02,Northland,undecided,Too early to say,,,,https://n.example/1,press
2025-02-03,Northland,ground troops,Would send <two> brigades,1000,2000,After a vote,https://n.example/2,press
2025-02-04,Southmark,no troops,Sends none,,0,,https://s.example/1,press
"""
POLLS = """fieldwork_start,fieldwork_end,published,pollster,client,country,\
question_in_own_words,support_pct,oppose_pct,dont_know_pct,n,breakdown,source_url
,2025-01-10,,Askers,,Northland,troops after a truce,49,44,7,1000,,https://p.example/1
,2025-02-10,,Callers,,Northland,troops now,36,45,19,900,,https://p.example/2
"""
SUM = "It counted 10: 4 shots and 7 bursts."
TEXT = f"""A paragraph.
{SUM} <b>bold</b>
Japan gives considerably more than France. 30,000 troops stand on 1,200 km.
"""


def invented_folder(root: Path, *, aid: bool = True) -> Path:
    """Write the folder and return it."""
    data = root / "data"
    opinions = data / "statements" / "positions"
    opinions.mkdir(parents=True)
    (opinions / "positions.csv").write_text(POSITIONS)
    (opinions / "polls.csv").write_text(POLLS)
    texts = root / "articles"
    texts.mkdir()
    (texts / "report-2025-02.txt").write_text(TEXT)
    if aid:
        _aid(data / "aid")
    return data


def _aid(folder: Path) -> None:
    lines = GIFTS.splitlines(keepends=True)
    early = "".join(line for line in lines if "2023-" not in line)
    for release, cut_off, rows in (
        ("1", "2022-12-31", early.replace("7000", "9000")),
        ("2", "2023-03-31", GIFTS),
    ):
        place = folder / f"release_{release}"
        place.mkdir(parents=True)
        (place / "gifts.csv").write_text(rows)
        (place / "aid.yaml").write_text(MAPPING.format(release=release, cut_off=cut_off))
    for name, column in (("gdp", 1), ("heads", 2)):
        rows = "".join(
            f"{s[0]},{s[0]},{year},{s[column]:.0f}\n" for s in STATES for year in (2021, 2022, 2023)
        )
        (folder / f"{name}.csv").write_text(f"Country Name,Country Code,Year,Value\n{rows}")
    months = [f"{year}-{month:02d}-01" for year in (2021, 2022, 2023) for month in range(1, 13)]
    rates = "".join(
        f"{day},{place},{rate}\n"
        for place, rate in (("Euro", 1.1), ("Japan", 130.0), ("Denmark", 7.0))
        for day in months
    )
    (folder / "rates.csv").write_text(f"Date,Country,Exchange rate\n{rates}")

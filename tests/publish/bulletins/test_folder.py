"""Every form of a bulletin comes from the one model, byte for byte the same each time."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import duckdb
import polars as pl
import pypdf
import pytest
import shapely
from polars.testing import assert_frame_equal

from truceline.core.types.errors import InputError
from truceline.publish.bulletins.alerts import NAMESPACE, cap
from truceline.publish.bulletins.changes import read_published
from truceline.publish.bulletins.data import SCHEMAS
from truceline.publish.bulletins.folder import forms, write
from truceline.publish.bulletins.hypertext import hypertext
from truceline.publish.bulletins.print import printed
from truceline.publish.bulletins.report import Bulletin, compose
from truceline.publish.bulletins.setting import page


@pytest.fixture
def bulletin(judgement, settings, period, now, ground, claims) -> Bulletin:
    one = dataclasses.replace(settings, languages=("en",))
    return compose(judgement, one, period=period, now=now, geography=ground, claims=claims)


def test_the_same_bulletin_gives_the_same_bytes(bulletin):
    assert dict(forms(bulletin)) == dict(forms(bulletin))


def test_all_forms_are_written_and_nothing_else(bulletin, tmp_path):
    files = write(bulletin, tmp_path)
    assert sorted(files) == sorted(p for p in tmp_path.rglob("*") if p.is_file())
    names = {str(p.relative_to(tmp_path)) for p in files}
    assert {"bulletin.en.html", "bulletin.en.pdf", "bulletin.json", "alert.cap.xml",
            "incidents.geojson", "incidents.parquet", "data/incidents.csv"} <= names  # fmt: skip


def test_the_data_file_reads_back_as_it_was(bulletin, tmp_path):
    write(bulletin, tmp_path)
    published = read_published(tmp_path / "bulletin.json")
    assert published.identity == bulletin.identity
    assert published.period == bulletin.period
    assert_frame_equal(published.incidents, bulletin.incidents)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"identity": 1, "period": [1]}'])
def test_another_file_is_refused_with_a_remedy(tmp_path, text):
    path = tmp_path / "bulletin.json"
    path.write_text(text)
    with pytest.raises(InputError, match="data file of a bulletin") as caught:
        read_published(path)
    assert caught.value.hint


def test_every_column_of_every_data_file_is_explained(bulletin):
    files = {k: v.decode() for k, v in forms(bulletin) if k.startswith("data/")}
    explained = {
        (row["file"], row["column"])
        for row in csv.DictReader(io.StringIO(files["data/columns.csv"]))
    }
    for name in SCHEMAS:
        header = files[f"data/{name}.csv"].splitlines()[0].split(",")
        assert {(f"{name}.csv", column) for column in header} <= explained


def test_geoparquet_is_read_by_another_program(bulletin, tmp_path):
    path = tmp_path / "incidents.parquet"
    path.write_bytes(dict(forms(bulletin))["incidents.parquet"])
    connection = duckdb.connect()
    rows = connection.sql(
        f"select decode(value) from parquet_kv_metadata('{path}') where decode(key) = 'geo'"
    ).fetchall()
    meta = json.loads(rows[0][0])
    assert meta["version"] == "1.1.0"
    assert meta["columns"][meta["primary_column"]]["encoding"] == "WKB"
    table = pl.read_parquet(path)
    point = shapely.from_wkb(table["geometry"][0])
    assert (point.x, point.y) == (table["lon"][0], table["lat"][0])


def test_geojson_has_one_feature_for_each_listed_incident(bulletin):
    features = json.loads(dict(forms(bulletin))["incidents.geojson"])["features"]
    assert [f["id"] for f in features] == bulletin.incidents["incident_id"].to_list()
    assert all(set(f) == {"type", "id", "geometry", "properties"} for f in features)


def test_an_incident_without_a_place_has_no_geometry(judgement, settings, period, now):
    nowhere = dataclasses.replace(
        judgement,
        incidents=judgement.incidents.with_columns(
            pl.lit(None, dtype=pl.Float64()).alias("lon"),
            pl.lit(None, dtype=pl.Float64()).alias("lat"),
        ),
    )
    bulletin = compose(nowhere, dataclasses.replace(settings, languages=("en",)), period=period,
                       now=now)  # fmt: skip
    made = dict(forms(bulletin))
    assert {f["geometry"] for f in json.loads(made["incidents.geojson"])["features"]} == {None}
    assert b"circle" not in made["alert.cap.xml"]
    assert b'id="f-map"' not in made["bulletin.en.html"]


CAP_ORDER = ["language", "category", "event", "urgency", "severity", "certainty", "onset",
             "headline", "instruction", "parameter", "area"]  # fmt: skip


def test_the_alert_has_what_the_standard_requires_in_its_order(bulletin):
    alert = ET.fromstring(cap(bulletin))
    ns = f"{{{NAMESPACE}}}"
    heads = [e.tag.removeprefix(ns) for e in alert if e.tag != f"{ns}info"]
    assert heads == ["identifier", "sender", "sent", "status", "msgType", "scope"]
    assert not re.search(r"[\s,<&]", alert.findtext(f"{ns}identifier") or " ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", alert.findtext(f"{ns}sent"))
    infos = alert.findall(f"{ns}info")
    assert len(infos) == 5
    for info in infos:
        places = [CAP_ORDER.index(e.tag.removeprefix(ns)) for e in info]
        assert places == sorted(places)
        assert info.findtext(f"{ns}certainty") in {"Observed", "Likely", "Possible", "Unlikely"}
        assert info.findtext(f"{ns}area/{ns}areaDesc")
        assert re.fullmatch(
            r"-?\d+\.\d+,-?\d+\.\d+ \d+\.\d+", info.findtext(f"{ns}area/{ns}circle")
        )


def test_a_rehearsal_is_an_exercise_everywhere(judgement, settings, period, now):
    rehearsed = dataclasses.replace(settings, exercise=True, handling="AMBER", languages=("en",))
    bulletin = compose(judgement, rehearsed, period=period, now=now)
    assert "<status>Exercise</status>" in cap(bulletin)
    assert "<restriction>TLP:AMBER</restriction>" in cap(bulletin)
    assert 'class="banner"' in hypertext(page(bulletin, "en"))


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_the_pdf_is_archival_accessible_and_in_the_language(bulletin, language):
    data = printed(page(bulletin, language, dossiers=0))
    reader = pypdf.PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfaid:part>2<" in metadata
    assert "pdfuaid:part>1<" in metadata
    text = "".join(p.extract_text() for p in reader.pages)
    for section in page(bulletin, language).sections:
        assert section.heading.split()[1] in text


class Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values[k] for k in ("href", "src") if k in values]
        self.inline += [k for k in values if k == "style" or k.startswith("on")]

    def handle_data(self, data):
        self.text.append(data)


def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    return parser


def test_the_page_needs_nothing_but_itself(bulletin):
    html = hypertext(page(bulletin, "en"))
    seen = outline(html)
    assert all(link.startswith(("#", "bulletin.")) for link in seen.links)
    assert "default-src &#39;none&#39;" in html
    assert "@import" not in html
    assert seen.inline == []


def test_identities_are_unique_and_links_lead_somewhere(bulletin):
    seen = outline(hypertext(page(bulletin, "en")))
    assert len(seen.ids) == len(set(seen.ids))
    assert {link[1:] for link in seen.links if link.startswith("#")} <= set(seen.ids)


def test_what_was_not_watched_is_hatched_and_said(bulletin):
    html = hypertext(page(bulletin, "en"))
    assert "url(#w-map-h)" in html
    assert "jamming, denied access" in html


def test_hostile_words_stay_words(judgement, settings, period, now, ground):
    nasty = "<script>alert(1)</script> & \"'{{ 7*7 }} #eval"
    poisoned = dataclasses.replace(
        judgement,
        weights=judgement.weights.with_columns(
            pl.lit(nasty).alias("why"), pl.lit(nasty).alias("witness")
        ),
        states=judgement.states.with_columns(
            pl.lit(nasty).alias("why"), pl.lit(nasty).alias("sector")
        ),
    )
    named = dataclasses.replace(settings, title=nasty, parties={"north": nasty, "south": "S"},
                                languages=("en",))  # fmt: skip
    bulletin = compose(poisoned, named, period=period, now=now, geography=ground)
    made = dict(forms(bulletin))
    html = made["bulletin.en.html"].decode()
    assert "<script>alert" not in html
    assert "alert(1)" in html
    assert "7*7" in html
    ET.fromstring(made["alert.cap.xml"])


@pytest.mark.slow
def test_a_huge_period_stays_readable(make_judgement, make_many, settings, period, now, ground):
    one = dataclasses.replace(settings, languages=("en",))
    bulletin = compose(
        make_judgement(make_many(5000)), one, period=period, now=now, geography=ground
    )
    html = hypertext(page(bulletin, "en"))
    assert len(html.encode()) < 3_000_000
    assert "100 of 3,301 rows are shown" in html
    assert html.count("<ellipse") < 200
    assert bulletin.incidents.height > 4000


def test_an_empty_period_says_so_and_claims_no_quiet(make_judgement, settings, period, now):
    bulletin = compose(make_judgement((), quiet=True), settings, period=period, now=now)
    made = dict(forms(bulletin))
    text = " ".join(outline(made["bulletin.en.html"].decode()).text)
    assert "This is no proof of quiet" in text
    assert made["bulletin.en.pdf"].startswith(b"%PDF")
    assert b"<info>" not in made["alert.cap.xml"]


def test_swapping_the_parties_in_the_case_leaves_every_other_byte(
    judgement, settings, period, now, ground
):
    """Parties named by the swapped ids take each other's place on the page and nothing moves."""
    plain = dataclasses.replace(
        settings, parties={"side-x": "side-x", "side-y": "side-y"}, languages=("en",)
    )
    mirrored = dataclasses.replace(plain, parties={"side-y": "side-y", "side-x": "side-x"})

    def naming(north: str, south: str):
        names = {"north": north, "south": south}
        return dataclasses.replace(
            judgement,
            assessments=judgement.assessments.with_columns(pl.col("party").replace(names)),
            attributions=judgement.attributions.with_columns(pl.col("party").replace(names)),
        )

    def screen(case, named):
        return hypertext(page(compose(named, case, period=period, now=now, geography=ground), "en"))

    one = screen(plain, naming("side-x", "side-y"))
    two = screen(mirrored, naming("side-y", "side-x"))
    assert one != two
    swap = {"side-x": "side-y", "side-y": "side-x"}
    back = re.sub("side-x|side-y", lambda m: swap[m.group()], two)
    assert back == one


def test_numbers_on_the_page_are_those_of_the_tables(bulletin):
    html = hypertext(page(bulletin, "en"))
    for row in bulletin.incidents.to_dicts():
        assert f'id="i-{row["label"]}"' in html
        assert row["incident_id"] in html

"""Drafts of the terms: linted, kept beside the case in force, handed out whole, adopted openly."""

import hashlib
import io
import json
import zipfile

import pytest
import shapely
import yaml
from tests.web.room.conftest import csrf_of

from truceline.agreement.geometry import zone_polygon
from truceline.agreement.reading import load_agreement

RING = [[-30.3, 47.9], [-29.9, 47.9], [-29.9, 48.2], [-30.3, 48.2]]
DRAWN = {"zones": [{"id": "heavy", "side": "both", "ring": RING}], "without": []}
WHY = "Decided by the commission in its third session."


def saved(client, drawn=DRAWN, version="2-draft"):
    data = {"csrf": csrf_of(client), "version": version, "drawn": json.dumps(drawn)}
    return client.post("/terms/drafts", data=data)


def files(client, number=1):
    answer = client.get(f"/terms/drafts/{number}/case.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    return {name: archive.read(name) for name in archive.namelist()}


def test_a_draft_is_a_whole_case_of_terms_and_the_case_in_force_stays(enter, room, tmp_path):
    before = {p: p.read_bytes() for p in room.case.folder.rglob("*") if p.is_file()}
    client = enter("anna")
    assert saved(client).headers["location"] == "/terms?draft=1"
    for name, content in files(client).items():
        (tmp_path / "draft" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "draft" / name).write_bytes(content)
    terms = load_agreement(tmp_path / "draft" / "agreement.yaml")
    zones = {zone.id: zone for zone in terms.agreement.zones}
    drawn = zone_polygon(terms.agreement, zones["heavy"], terms.geometry)
    assert terms.agreement.version == "2-draft"
    assert drawn.equals(shapely.Polygon(RING))
    assert zones["heavy"].width_m is None
    assert zones["no-flight"] == room.case.terms.agreement.zones[1]
    alone = client.get("/terms/drafts/1/agreement.yaml").text
    assert (
        yaml.safe_load(alone)["clauses"] == yaml.safe_load(before[room.case.terms.path])["clauses"]
    )
    assert before == {p: p.read_bytes() for p in room.case.folder.rglob("*") if p.is_file()}


def test_to_adopt_writes_the_hash_of_every_file_into_the_record_once(enter, room):
    saved(enter("anna"))
    paul = enter("paul")
    data = {"csrf": csrf_of(paul), "why": WHY}
    assert enter("anna").post("/terms/drafts/1/adopt", data=data).status_code == 403
    assert paul.post("/terms/drafts/1/adopt", data={**data, "why": "yes"}).status_code == 422
    assert paul.post("/terms/drafts/1/adopt", data=data).status_code == 303
    assert paul.post("/terms/drafts/1/adopt", data=data).status_code == 422
    (written,) = [item.values() for item in room.log.entries() if item.kind == "terms"]
    held = {name: hashlib.sha256(content).hexdigest() for name, content in files(paul).items()}
    assert (written["version"], written["files"], written["why"]) == ("2-draft", held, WHY)


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        ({"zones": [{"id": "a", "side": "both", "ring": RING[:2]}]}, "ring"),
        ({"zones": [{"id": "a", "side": "west", "ring": RING}]}, "west"),
        ({"zones": [{"id": "a", "side": "both", "ring": [RING[0], RING[2], RING[1], RING[3]]}]},
         "crosses"),
        ({"zones": [{"id": "../a", "side": "both", "ring": RING}]}, "id"),
        ({"zones": [], "without": ["heavy"]}, "heavy"),
        ({"zones": [{"id": "a", "side": "both", "ring": RING}] * 2}, "two zones"),
    ],
)  # fmt: skip
def test_what_is_no_terms_is_refused_with_its_place(enter, room, drawn, told):
    answer = saved(enter("anna"), drawn)
    assert answer.status_code == 422
    assert told in answer.text.split('role="alert">')[1].split("</p>")[0]


def test_the_draft_is_linted_and_not_the_case_in_force(enter, room):
    client = enter("anna")
    ask = {"headers": {"X-Truceline": "test"}}
    bare = client.post("/api/terms/lint", json={"zones": [], "without": []}, **ask).json()
    without = client.post("/api/terms/lint", json={"without": ["heavy"]}, **ask).json()
    assert "unknown-name" in {f["rule"] for f in without["findings"]}
    assert "unknown-name" not in {f["rule"] for f in bare["findings"]}
    assert client.post("/api/terms/lint", json={}).status_code == 403


def test_drafts_are_for_those_who_work_here(enter, room):
    saved(enter("anna"))
    lina = enter("lina")
    assert "2-draft" not in lina.get("/terms").text
    for path in ("case.zip", "agreement.yaml", "zones.geojson"):
        assert lina.get(f"/terms/drafts/1/{path}").status_code == 403
    assert lina.get("/api/terms/drafts/1").status_code == 403

"""Sensors: they find their datastream, and what they send is kept once or rejected by name."""

import shutil

import polars as pl
import pytest
import yaml
from fastapi.testclient import TestClient

from truceline.core.store.case_store import CaseStore
from truceline.web.access.accounts import add_account
from truceline.web.app import create_app
from truceline.web.interfaces.sensor_things.routes import BASE, CONFORMS
from truceline.web.settings import Settings

from .conftest import PASSWORD, make_room

SENSORS = {
    "sensors": [
        {"id": "mic-1", "title": "Microphone on the tower", "instrument": "acoustic",
         "lon": -30.0, "lat": 48.0, "reliability": "B", "handling": "AMBER", "streams": [
             {"id": "mic-1-bangs", "phenomenon": "explosion", "sigma_m": 4000},
             {"id": "mic-1-bursts", "phenomenon": "burst", "sigma_m": 1500}]},
        {"id": "cam-1", "title": "Camera on the road", "instrument": "camera",
         "lon": -30.1, "lat": 48.1, "streams": [
             {"id": "cam-1-bangs", "phenomenon": "explosion", "sigma_m": 800}]},
    ]
}  # fmt: skip
TIME = "2031-05-03T10:00:00+02:00"
SEEN = {"Datastream": {"@iot.id": "mic-1-bangs"}, "phenomenonTime": TIME, "result": 3}
POINT = {"name": "there", "encodingType": "application/geo+json",
         "feature": {"type": "Point", "coordinates": [-29.9, 48.2]}}  # fmt: skip


@pytest.fixture(scope="module")
def room(rehearsed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sensors")
    shutil.copytree(rehearsed / "room", folder / "room")
    shutil.copytree(rehearsed / "case", folder / "case")
    (folder / "case" / "sensors.yaml").write_text(yaml.safe_dump(SENSORS))
    made = make_room(folder / "case", folder / "room", str(folder / "room.sqlite"))
    with made.database.writing() as connection:
        for name, role in (("mona", "monitor"), ("vera", "viewer")):
            add_account(connection, name, role, PASSWORD)
    return made


@pytest.fixture(scope="module")
def enter(room):
    app = create_app(Settings(requests_per_minute=10**6), room)

    def come_in(name):
        client = TestClient(app, base_url="https://room.test")
        words = {"name": name, "password": PASSWORD}
        token = client.post("/api/session", data=words).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    return come_in


@pytest.fixture(scope="module")
def mona(enter):
    return enter("mona")


def read(client, path, **asked):
    answer = client.get(path if path.startswith("http") else f"{BASE}{path}", params=asked or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def sent(room):
    return room.judge_again().observations.filter(pl.col("source") == "sensor_form")


def test_every_way_leads_to_an_entity_that_leads_back(mona):
    service = read(mona, "")
    assert service["serverSettings"]["conformance"] == list(CONFORMS)
    for told in service["value"]:
        for entity in read(mona, told["url"])["value"]:
            assert read(mona, entity["@iot.selfLink"]) == entity
            for name, link in entity.items():
                if name.endswith("@iot.navigationLink"):
                    found = read(mona, link)
                    assert found.get("value", [found])


def test_a_sensor_finds_its_datastream(mona):
    things = read(mona, "/Things", **{"$filter": "name eq 'Camera on the road'"})["value"]
    (stream,) = read(mona, things[0]["Datastreams@iot.navigationLink"])["value"]
    assert stream["@iot.id"] == "cam-1-bangs"
    assert read(mona, stream["ObservedProperty@iot.navigationLink"])["name"] == "explosion"
    bangs = read(mona, "/ObservedProperties('explosion')/Datastreams")["value"]
    assert [told["@iot.id"] for told in bangs] == ["cam-1-bangs", "mic-1-bangs"]


def test_pages_lead_to_everything_once(mona):
    page = read(mona, "/Datastreams", **{"$top": 2, "$count": "true"})
    assert (page["@iot.count"], len(page["value"])) == (3, 2)
    rest = read(mona, page["@iot.nextLink"])
    assert [told["@iot.id"] for told in rest["value"]] == ["mic-1-bursts"]
    assert mona.get(f"{BASE}/Things", params={"$expand": "Datastreams"}).status_code == 501
    assert mona.get(f"{BASE}/Things('none')").status_code == 404


def test_an_observation_is_kept_once_and_judged(mona, room):
    before = sent(room).height
    first = mona.post(f"{BASE}/Observations", json=SEEN)
    assert first.status_code == 201, first.text
    again = mona.post(f"{BASE}/Observations", json=dict(reversed(SEEN.items())))
    assert (again.status_code, again.headers["location"]) == (200, first.headers["location"])
    within = {key: value for key, value in SEEN.items() if key != "Datastream"}
    named = mona.post(f"{BASE}/Datastreams('mic-1-bangs')/Observations", json=within)
    assert named.status_code == 200
    rows = sent(room)
    assert rows.height == before + 1
    row = rows.row(0, named=True)
    assert (row["witness"], row["instrument"], row["phenomenon"]) == (
        "sensor mic-1", "acoustic", "explosion",
    )  # fmt: skip
    assert (row["lon"], row["lat"], row["sigma_m"], row["count"]) == (-30.0, 48.0, 4000.0, 3.0)
    assert (row["reliability"], row["handling"]) == ("B", "AMBER")


def test_a_data_array_is_kept_row_by_row_and_its_bad_rows_are_rejects(mona, room):
    array = {
        "Datastream": {"@iot.id": "cam-1-bangs"},
        "components": ["phenomenonTime", "result", "FeatureOfInterest", "parameters/sigma_m"],
        "dataArray": [
            ["2031-05-03T11:00:00Z", 1, POINT, 120],
            ["yesterday", 1, POINT, 120],
            ["2031-05-03T11:10:00Z/2031-05-03T11:11:00Z", True, POINT, 90],
            ["2031-05-03T11:20:00Z", -1, POINT, 90],
            ["2031-05-03T11:30:00Z", 1],
        ],
    }
    answer = mona.post(f"{BASE}/CreateObservations", json=[array])
    assert answer.status_code == 201, answer.text
    assert [told == "error" for told in answer.json()] == [False, True, False, True, True]
    assert mona.post(f"{BASE}/CreateObservations", json=[array]).json() == answer.json()
    rows = sent(room).filter(pl.col("witness") == "sensor cam-1")
    assert rows.sort("t_start")["sigma_m"].to_list() == [120.0, 90.0]
    assert set(rows["lon"]) == {-29.9}
    rejects = CaseStore(room.folder / "store").scan_rejects().collect()
    problems = rejects.filter(pl.col("raw").str.contains("cam-1-bangs"))["problem"].to_list()
    assert len(problems) == 3
    assert any("phenomenonTime" in problem for problem in problems)
    assert any("result" in problem for problem in problems)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"Datastream": {"@iot.id": "none"}}, "no such datastream"),
        ({"Datastream": 7}, "no such datastream"),
        ({"phenomenonTime": "2031-05-03"}, "phenomenonTime"),
        ({"phenomenonTime": f"{TIME}/2031-05-02T10:00:00Z"}, "ends before"),
        ({"result": "many"}, "result"),
        ({"result": -1}, "result"),
        ({"strange": 1}, "strange"),
        ({"parameters": {"weapon": "sling"}}, "weapon"),
        ({"FeatureOfInterest": {"feature": {"type": "Point", "coordinates": [500, 1]}}}, "Feature"),
    ],
)
def test_a_bad_observation_is_refused_in_a_sentence(mona, changed, said):
    answer = mona.post(f"{BASE}/Observations", json={**SEEN, **changed})
    assert answer.status_code == 400
    assert said in answer.json()["message"]
    assert "\n" not in answer.json()["message"]


@pytest.mark.parametrize("body", ["[]", "{}", '[{"Datastream": {"@iot.id": "mic-1-bangs"}}]', "{"])
def test_a_bad_array_is_refused_in_a_sentence(mona, body):
    answer = mona.post(f"{BASE}/CreateObservations", content=body)
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_who_may_not_report_neither_reads_nor_sends(enter):
    vera = enter("vera")
    assert vera.get(f"{BASE}/Things").status_code == 403
    assert vera.post(f"{BASE}/Observations", json=SEEN).status_code == 403
    outside = TestClient(vera.app, base_url="https://room.test")
    assert outside.get(f"{BASE}/Things").status_code == 401

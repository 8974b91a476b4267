"""OGC API - Features, Part 1: the abstract test suite of 17-069r4, annex A, test by test."""

import itertools
import shutil

import pytest
import shapely
from fastapi.testclient import TestClient
from jsonschema import Draft4Validator

from truceline.core.types.time import parse_time
from truceline.web.access.accounts import add_account
from truceline.web.app import create_app
from truceline.web.interfaces.features import COLLECTIONS, CONFORMS
from truceline.web.settings import Settings

from .conftest import PASSWORD, make_room

GEOJSON = "application/geo+json"
MOMENTS = ("t_start", "t_end")


@pytest.fixture(scope="module")
def anna(rehearsed, tmp_path_factory):
    """An analyst in a room of its own, since nothing is changed here."""
    folder = tmp_path_factory.mktemp("features")
    shutil.copytree(rehearsed / "room", folder / "room")
    room = make_room(rehearsed / "case", folder / "room", str(folder / "room.sqlite"))
    with room.database.writing() as connection:
        add_account(connection, "anna", "analyst", PASSWORD)
    app = create_app(Settings(requests_per_minute=10**6), room)
    with TestClient(app, base_url="https://room.test") as client:
        words = {"name": "anna", "password": PASSWORD}
        token = client.post("/api/session", data=words).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def items(client, name, **asked):
    answer = client.get(f"/ogc/collections/{name}/items", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == GEOJSON
    return answer.json()


def links(document, rel):
    return [link for link in document["links"] if link["rel"] == rel]


def all_of(client, name, **asked):
    """All features, by following the links to the next page (A.4.14)."""
    page, found = items(client, name, **asked), []
    while True:
        found += page["features"]
        following = links(page, "next")
        if not following:
            return found
        assert following[0]["type"] == GEOJSON
        page = client.get(following[0]["href"]).json()


def test_a_landing_page_leads_to_everything(anna):
    """/conf/core/root-op, root-success; api-definition-op, -success; conformance-op, -success."""
    page = anna.get("/ogc").json()
    (definition,) = links(page, "service-desc")
    assert links(page, "self")
    (conformance,) = links(page, "conformance")
    (data,) = links(page, "data")
    told = anna.get(definition["href"])
    assert told.headers["content-type"] == definition["type"]
    assert anna.get(conformance["href"]).json() == {"conformsTo": list(CONFORMS)}
    named = [c["id"] for c in anna.get(data["href"]).json()["collections"]]
    assert named == list(COLLECTIONS)


def test_collections_are_described_with_their_extent_and_items(anna):
    """/conf/core/fc-md-op, -success, -links, -items; sfc-md-op, -success; crs84."""
    for told in anna.get("/ogc/collections").json()["collections"]:
        assert told["crs"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
        west, south, east, north = told["extent"]["spatial"]["bbox"][0]
        assert west < east
        assert south < north
        begin, end = told["extent"]["temporal"]["interval"][0]
        assert parse_time(begin) < parse_time(end)
        (features,) = links(told, "items")
        assert features["type"] == GEOJSON
        assert anna.get(features["href"]).status_code == 200
        assert anna.get(links(told, "self")[0]["href"]).json() == told


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_page_says_how_much_there_is(anna, name):
    """/conf/core/fc-op, fc-response: self link, timeStamp, numberMatched, numberReturned."""
    page = items(anna, name)
    assert page["type"] == "FeatureCollection"
    assert page["numberReturned"] == len(page["features"]) > 0
    assert page["numberMatched"] >= page["numberReturned"]
    parse_time(page["timeStamp"])
    (own,) = links(page, "self")
    assert anna.get(own["href"]).json()["features"] == page["features"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_limit_is_kept_and_the_next_links_lead_to_every_feature_once(anna, name):
    """/conf/core/fc-limit-definition, fc-limit-response-1; fc-links."""
    total = items(anna, name)["numberMatched"]
    size = max(1, total // 3)
    page = items(anna, name, limit=size)
    assert page["numberReturned"] == min(size, total)
    found = [feature["id"] for feature in all_of(anna, name, limit=size)]
    assert len(found) == len(set(found)) == total
    assert items(anna, name, limit=10**9)["numberReturned"] == min(total, 10_000)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_box_keeps_what_meets_it(anna, name):
    """/conf/core/fc-bbox-definition, fc-bbox-response; with four numbers and with six."""
    every = [f for f in all_of(anna, name) if f["geometry"] is not None]
    west, south, east, north = _shape(every[len(every) // 2]).bounds
    box = shapely.box(west - 0.1, south - 0.1, east + 0.1, north + 0.1)
    four = [round(edge, 6) for edge in box.bounds]
    found = all_of(anna, name, bbox=",".join(map(str, four)))
    shape = shapely.box(*four)
    wanted = {f["id"] for f in every if _shape(f).intersects(shape)}
    assert {f["id"] for f in found} == wanted
    six = [*four[:2], -100, *four[2:], 9000]
    assert all_of(anna, name, bbox=",".join(map(str, six))) == found
    # A box over the 180th meridian holds what lies outside of the rest.
    rest = f"{four[2]},-90,{four[0]},90"
    across = {f["id"] for f in all_of(anna, name, bbox=rest)}
    outside = [shapely.box(four[2], -90, 180, 90), shapely.box(-180, -90, four[0], 90)]
    assert across == {f["id"] for f in every if any(_shape(f).intersects(o) for o in outside)}


def _shape(feature):
    return shapely.geometry.shape(feature["geometry"])


@pytest.mark.parametrize("name", ["incidents", "observations"])
def test_a_time_keeps_what_meets_it(anna, name):
    """/conf/core/fc-time-definition, fc-time-response: a moment, an interval, half an interval."""
    every = all_of(anna, name)
    begin, end = ({f["id"]: f["properties"][m] for f in every} for m in MOMENTS)
    middle = sorted(begin.values())[len(every) // 2]
    late = sorted(end.values())[-1]
    for asked, low, high in (
        (middle, middle, middle), (f"{middle}/{late}", middle, late),
        (f"{middle}/..", middle, None), (f"{middle}/", middle, None),
        (f"../{middle}", None, middle), (f"/{middle}", None, middle),
    ):  # fmt: skip
        found = {f["id"] for f in all_of(anna, name, datetime=asked)}
        assert found == {
            key for key in begin
            if (low is None or parse_time(end[key]) >= parse_time(low))
            and (high is None or parse_time(begin[key]) <= parse_time(high))
        }, asked  # fmt: skip
        assert found


def test_features_without_a_time_meet_every_time(anna):
    everything = items(anna, "zones")["numberMatched"]
    assert items(anna, "zones", datetime="1990-01-01T00:00:00Z")["numberMatched"] == everything


@pytest.mark.parametrize("name", COLLECTIONS)
def test_one_feature_is_the_one_of_the_list(anna, name):
    """/conf/core/f-op, f-success, f-links; /conf/geojson/content."""
    for feature in items(anna, name, limit=3)["features"]:
        answer = anna.get(f"/ogc/collections/{name}/items/{feature['id']}")
        assert answer.headers["content-type"] == GEOJSON
        one = answer.json()
        assert {key: one[key] for key in feature} == feature
        assert anna.get(links(one, "self")[0]["href"]).json() == one
        assert anna.get(links(one, "collection")[0]["href"]).json()["id"] == name


RESOURCES = ("", "/api", "/conformance", "/collections", "/collections/zones",
             "/collections/zones/items")  # fmt: skip
BAD = (
    "bbox=1,2,3", "bbox=a,b,c,d", "bbox=nan,0,1,1", "bbox=0,10,1,5", "bbox=0,0,181,1",
    "bbox=0,0,0,1,1,1,1", "bbox=", "datetime=yesterday", "datetime=../..", "datetime=",
    "datetime=2031-05-02T00:00:00Z/2031-05-01T00:00:00Z",
    "datetime=2031-05-01T00:00:00Z/2031-05-02T00:00:00Z/2031-05-03T00:00:00Z",
    "limit=0", "limit=-1", "limit=ten", "offset=-1", "limit=1&limit=2", "f=html",
)  # fmt: skip


@pytest.mark.parametrize("asked", BAD)
def test_a_bad_parameter_is_refused(anna, asked):
    """/conf/core/query-param-invalid."""
    answer = anna.get(f"/ogc/collections/incidents/items?{asked}")
    assert answer.status_code == 400
    assert answer.json()["message"]


@pytest.mark.parametrize("path", RESOURCES)
def test_an_unknown_parameter_is_refused(anna, path):
    """/conf/core/query-param-unknown, of every resource."""
    assert anna.get(f"/ogc{path}").status_code == 200
    assert anna.get(f"/ogc{path}", params={"unknown": "1"}).status_code == 400


def test_what_is_not_there_is_not_found(anna):
    for path in ("/collections/none", "/collections/none/items", "/collections/zones/items/none"):
        assert anna.get(f"/ogc{path}").status_code == 404


def test_the_definition_is_complete(anna):
    """/conf/oas30/oas-definition-1, -2, oas-impl; fc-*-definition: all that answers is defined."""
    told = anna.get("/ogc/api").json()
    assert told["openapi"].startswith("3.0.")
    given = told["components"]["parameters"]
    for parameter in given.values():
        Draft4Validator.check_schema(parameter["schema"])
        assert (parameter["in"], parameter["required"]) == ("query", False)
    assert given["bbox"]["schema"]["items"] == {"type": "number"}
    assert {given[n]["style"] for n in ("bbox", "datetime", "limit")} == {"form"}
    assert not any(given[n]["explode"] for n in ("bbox", "datetime", "limit"))
    for path, name in itertools.product(("{}", "{}/items", "{}/items/{{featureId}}"), COLLECTIONS):
        assert f"/collections/{path.format(name)}" in told["paths"]
    for path, operations in told["paths"].items():
        for parameter in operations["get"]["parameters"]:
            named = parameter.get("$ref", "").removeprefix("#/components/parameters/")
            assert named in given or parameter["in"] == "path"
        assert {"200", "400"} <= set(operations["get"]["responses"])
        if "{" not in path:
            assert anna.get(f"/ogc{path}".rstrip("/")).status_code == 200

"""Another generator, of other code and another view of the world, enters by the same format.

It uses nothing of the package: the standard library, plain CSV, and the reference page.
"""

import csv
import hashlib
import json
import math
import random

import polars as pl
import pytest

from truceline.rehearsal.baselines.contest import baseline_answers
from truceline.rehearsal.rehearsal_folder import open_folder
from truceline.rehearsal.runner import answers_of, judge
from truceline.rehearsal.scores.score import score

HOUR = 3_600_000_000
START = 1_900_000_000_000_000
DAYS = 10
OBS = [
    "obs_id",
    "source",
    "instrument",
    "witness",
    "t_start",
    "t_end",
    "received_at",
    "lon",
    "lat",
    "sigma_m",
    "area",
    "phenomenon",
    "count",
    "weapon_class",
    "bearing_deg",
    "bearing_sigma_deg",
    "party_claimed",
    "handling",
    "attributes",
    "raw_file",
    "raw_row",
]
EVENT = [
    "event_id",
    "episode_id",
    "act",
    "phenomenon",
    "party",
    "actor",
    "blamed",
    "sector",
    "t_start",
    "t_end",
    "lon",
    "lat",
    "origin_lon",
    "origin_lat",
    "weapon_class",
    "count",
    "is_truce",
]
PER_METRE = 1.0 / 111_195.0

AGREEMENT = """
id: crude
title: A crude truce
version: "1"
sources: [{title: invented}]
parties: [{id: left, name: Left}, {id: right, name: Right}]
in_force: {start: "2030-03-01T00:00:00Z"}
clauses:
  - {id: fire, text: No fire., kind: prohibition, phenomena: [explosion_impact, explosion_undetermined, burst]}
"""  # noqa: E501
CASE = """
id: crude
title: Crude
summary: Invented.
timezone: UTC
window: {start: "2030-03-01T00:00:00Z"}
before: {start: "2030-02-01T00:00:00Z", end: "2030-03-01T00:00:00Z"}
bbox: [-1, -1, 1, 1]
ground: {areas: {left: {file: ground.geojson}}, sigma_m: 100}
sectors: sectors.geojson
"""


def write_csv(path, names, rows):
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)


def square(west, east, **properties):
    ring = [[west, -1], [east, -1], [east, 1], [west, 1], [west, -1]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


class Crude:
    """Independent days and villages; two ears and a newspaper; the line is a meridian."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.observations, self.events, self.harmless, self.links = [], [], [], []

    def see(self, event, cause, source, instrument, phenomenon, t, lon, lat, sigma, **more):
        number = len(self.observations) + 1
        name = hashlib.md5(f"crude {number}".encode()).hexdigest()
        blur = sigma * PER_METRE
        self.observations.append({
            "obs_id": name, "source": source, "instrument": instrument,
            "witness": f"{source} {number}", "t_start": t, "t_end": t + HOUR // 60,
            "received_at": t + HOUR, "lon": lon + self.dice.gauss(0, blur),
            "lat": lat + self.dice.gauss(0, blur), "sigma_m": sigma, "phenomenon": phenomenon,
            "handling": "CLEAR", "raw_file": "crude", "raw_row": number, **more,
        })  # fmt: skip
        self.links.append({"obs_id": name, "event_id": event, "cause": cause})

    def act(self, number: int) -> None:
        side = self.dice.choice((-1, 1))
        t = START + int(self.dice.random() * DAYS * 24 * HOUR)
        lat = self.dice.uniform(-0.8, 0.8)
        lon, origin = side * 3_000 * PER_METRE, -side * 4_000 * PER_METRE
        name = f"e{number}"
        self.events.append({
            "event_id": name, "episode_id": name, "act": "shelling",
            "phenomenon": "explosion_impact", "party": "left" if side > 0 else "right",
            "sector": "all", "t_start": t, "t_end": t + HOUR // 4, "lon": lon, "lat": lat,
            "origin_lon": origin, "origin_lat": lat, "weapon_class": "mortar", "count": 5,
            "is_truce": "true",
        })  # fmt: skip
        for ear in ("ear-1", "ear-2"):
            if self.dice.random() < 0.6:
                self.see(name, "hostile", ear, "acoustic", "explosion_impact", t, lon, lat, 300)
        if self.dice.random() < 0.4:
            self.see(name, "hostile", "paper", "news", "explosion_impact", t, lon, lat, 2_000)

    def field_fire(self, number: int) -> None:
        t = START + int(self.dice.random() * DAYS * 24 * HOUR)
        lon, lat = self.dice.uniform(-0.5, 0.5), self.dice.uniform(-0.8, 0.8)
        name = f"f{number}"
        self.harmless.append({
            "event_id": name, "cause": "field fire", "t_start": t, "t_end": t + HOUR,
            "lon": lon, "lat": lat,
        })  # fmt: skip
        power = -8 * math.log(1 - self.dice.random())
        self.see(name, "field fire", "heat", "satellite_thermal", "fire", t, lon, lat, 300,
                 attributes=json.dumps({"frp": round(power, 1)}))  # fmt: skip

    def write(self, folder) -> None:
        (folder / "truth").mkdir(parents=True)
        (folder / "geometry").mkdir()
        write_csv(folder / "observation.csv", OBS, self.observations)
        write_csv(
            folder / "effort.csv",
            [
                "source",
                "instrument",
                "cell",
                "area",
                "t_start",
                "t_end",
                "phenomenon",
                "p_detect",
                "reason",
            ],
            [],
        )
        write_csv(folder / "truth" / "true_event.csv", EVENT, self.events)
        write_csv(folder / "truth" / "benign_event.csv", list(self.harmless[0]), self.harmless)
        write_csv(folder / "truth" / "truth_link.csv", list(self.links[0]), self.links)
        (folder / "agreement.yaml").write_text(AGREEMENT)
        (folder / "case.yaml").write_text(CASE)
        ground = collection(square(-1, 0))
        (folder / "geometry" / "ground.geojson").write_text(ground)
        (folder / "geometry" / "sectors.geojson").write_text(collection(square(-1, 1, name="all")))
        manifest = {
            "format": "truceline-rehearsal/1", "generator": "crude", "scenario": "crude", "seed": 3,
            "period": [START, START + DAYS * 24 * HOUR],
        }  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.fixture(scope="module")
def crude(tmp_path_factory):
    world = Crude(3)
    for number in range(80):
        world.act(number)
    for number in range(150):
        world.field_fire(number)
    folder = tmp_path_factory.mktemp("other") / "crude"
    world.write(folder)
    return open_folder(folder)


def test_it_is_read_judged_and_scored_like_our_own(crude) -> None:
    figures = score(crude, answers_of(judge(crude)), "truceline")
    assert figures.incidents["true"] == 80
    # By the dice 1 - 0.4 * 0.4 * 0.6 of the acts leave a trace.
    assert figures.incidents["true_and_seen"] / 80 == pytest.approx(0.904, abs=0.1)
    assert figures.happenings["n"] == figures.incidents["true_and_seen"] + 150
    # What ears heard is told from fields that burn, however uncertain the level is.
    answers = answers_of(judge(crude))
    linked = answers.members.join(crude.truth("truth_link"), on="obs_id").join(
        answers.incidents, on="answer_id"
    )
    mean = linked.group_by(pl.col("cause") == "hostile").agg(pl.col("p_hostile").mean())
    by_truth = dict(mean.rows())
    assert by_truth[True] > by_truth[False] + 0.3


def test_parties_are_found_from_the_ground(crude) -> None:
    """The surer of the two is the right one, and who is named is named rightly."""
    answers = answers_of(judge(crude))
    figures = score(crude, answers, "truceline").attribution
    assert figures["right_when_named"] is None or figures["right_when_named"] > 0.95
    best = answers.parties.filter(pl.col("party") != "unattributable").sort("p")
    said = best.group_by("answer_id", maintain_order=True).last()
    true = answers.members.join(crude.truth("truth_link"), on="obs_id").join(
        crude.truth("true_event").select("event_id", so="party"), on="event_id"
    )
    both = true.join(said, on="answer_id").filter(pl.col("p") > 0.7).unique("answer_id")
    assert len(both) > 40
    assert (both["party"] == both["so"]).mean() > 0.95


def test_baselines_answer_it_too(crude) -> None:
    import numpy as np

    for name, answers in baseline_answers(crude, np.random.default_rng(1)):
        assert score(crude, answers, name).happenings["n"] > 200

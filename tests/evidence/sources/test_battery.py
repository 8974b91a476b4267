"""Every installed source passes the public battery, on samples made up by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.evidence.sources.source import installed_sources
from truceline.testing.sources import Sampled, check_bytes, check_info, check_source

SOURCES = installed_sources()

VIIRS = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_t31,frp,daynight"
)

SAMPLES: dict[str, list[Sampled]] = {
    "firms": [
        Sampled(
            "points.csv",
            b"LATITUDE,LONGITUDE,ACQ_DATE\n48.1,37.5,2020-07-27\n48.2,37.6,2020-07-28\n"
            b"37.6,148.2,2020-07-28\n148.2,37.6,2020-07-28\n48.2,37.6,2020-02-30\n",
            rows=5,
            rejects=2,
        ),
        Sampled(
            "viirs.csv",
            f"{VIIRS}\n48.1,37.5,330.1,0.39,0.36,2023-06-01,16,N,VIIRS,n,2.0NRT,290.1,4.5,N\n"
            "48.2,37.6,340.1,0.5,0.4,2023-06-01,1106,N,VIIRS,h,2.0NRT,291.1,inf,D\n"
            "48.3,37.6,340.1,0.5,0.4,2023-06-01,2461,N,VIIRS,h,2.0NRT,291.1,7,D\n".encode(),
            rows=3,
            rejects=2,
        ),
        Sampled(
            "area-api.csv",
            b"latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,"
            b"confidence,version,bright_ti5,frp,daynight\n"
            b"48.1,37.5,330.1,0.39,0.36,2025-04-20,2358,N20,VIIRS,n,2.0NRT,290.1,4.5,N\n",
            rows=1,
        ),
        Sampled(
            "modis.csv",
            f"{VIIRS},type\n48.1,37.5,330,1,1,2021-06-01,0906,Terra,MODIS,35,6.03,274.4,11,D,2\n"
            "48.1,37.5,330,2.5,1.5,2021-06-01,0906,Aqua,MODIS,80,6.03,274.4,11,D,0\n".encode(),
            rows=2,
        ),
    ],
    "news_events": [
        Sampled(
            "news.csv",
            '\ufeff"datetime","lon","lat","place_name","event_type","headline"\n'
            '"2025-05-08 00:00:00","37.5","48.1","Alpha","artillery|loc","Shelled: Alpha, Beta"\n'
            '"2025-05-08 00:00:00","37.6","48.2","Beta","artillery|loc","Shelled: Alpha, Beta"\n'
            '"2025-05-08 00:00:00","37.6","48.2","Beta","artillery|loc","Shelled: Alpha, Beta"\n'
            '"2025-05-08 14:26:00","37.7","48.3","Gamma","","A ""quiet"" day"\n'
            '"2025-05-08 14:26:00","nan","48.3","Delta","uav","Somewhere"\n'.encode(),
            rows=5,
            rejects=1,
        )
    ],
    "launches": [
        Sampled(
            "launches.csv",
            b"time_start,time_end,model,target,launched,destroyed,source\n"
            b"2025-04-17 20:00,2025-04-18 07:30,Drone A,,80,60,kpszsu/posts/1\n"
            b"2025-04-18,2025-04-18,Drone B,,1,1,PvKPivden/posts/2\n"
            b"2025-04-20 20:00,2025-04-21 7:30,Drone A,,90,,kpszsu/posts/3\n"
            b"2025-04-22 20:00,2025-04-21 07:30,Drone A,,90,,kpszsu/posts/3\n"
            b"2025-04-22 20:00,2025-04-23 07:30,Drone A,,-9,,kpszsu/posts/4\n",
            rows=5,
            rejects=2,
        )
    ],
    "alerts": [
        Sampled(
            "regions.csv",
            b"region,started_at,finished_at,n_subalerts\n"
            b"North,2025-04-19 10:00:00+00:00,2025-04-19 11:00:00+00:00,1\n"
            b"North,2025-04-20 10:00:00+00:00,2025-04-28 03:00:00+00:00,1\n"
            b"South,2025-04-20 10:00:00+00:00,,1\n",
            rows=3,
            rejects=1,
        ),
        Sampled(
            "levels.csv",
            b"oblast,raion,hromada,level,started_at,finished_at,source\n"
            b"North,,,oblast,2025-04-19 10:00:00+00:00,2025-04-19 11:00:00+00:00,official\n"
            b"North,East,,raion,2025-04-19 10:01:00+00:00,2025-04-19 11:00:00+00:00,official\n",
            rows=2,
        ),
    ],
    "ucdp_ged": [
        Sampled(
            "ged.csv",
            "id,side_a,side_b,number_of_sources,where_prec,date_prec,date_start,date_end,latitude,"
            "longitude,best,low,high,deaths_civilians,adm_1,event_clarity\n"
            "1,A,B,2,1,1,2021-06-01,2021-06-01,48.1,37.5,1,1,2,0,Regi\xf3n,1\n"
            "2,A,B,2,4,4,6/01/2021 12:00:00 AM,06/30/2021 00:00,48.1,37.5,3,2,5,1,Regi\xf3n,1\n"
            "3,A,B,2,9,4,2021-06-01,2021-06-30,48.1,37.5,3,2,5,1,Regi\xf3n,1\n".encode("latin-1"),
            rows=3,
            rejects=1,
        )
    ],
    "civilian_harm": [
        Sampled(
            "harm.csv",
            b"date,latitude,longitude,description,sources\n"
            b'2022-03-01,48.1,37.5,"A house, hit",2\n2022-13-01,48.1,37.5,No such month,1\n',
            rows=2,
            rejects=1,
        )
    ],
    "eyes_on_russia": [
        Sampled(
            "map.csv",
            b"entry,date,event_group,title,lat,lon,arms/munition\n"
            b"E1,2022-03-01,Bombing or Explosion,01/03/2022 A strike,48.1,37.5,\n"
            b"E2,2022-03-02,Military Presence,02/03/2022 Destroyed vehicle,48.1,37.5,\n"
            b"E3,2024-03-02,Bombing or Explosion,02/03/2024 A strike,48.1,37.5,\n"
            b"E4,2022-09-02,Bombing or Explosion,02/03/2022 A strike,48.1,37.5,\n",
            rows=4,
            rejects=2,
        )
    ],
    "smm_daily": [
        Sampled(
            "smm.csv",
            b"period_end_local_1930,days_covered,donetsk_violations,donetsk_explosions,"
            b"luhansk_violations,luhansk_explosions,derived,report\n"
            b"2020-07-27,1,5,2,0,0,no,1/2020\n2020-07-28,1,many,2,0,0,no,2/2020\n"
            b'2020-07-29,1,,"1,200 (about)",,,no,3/2020\n2020-07-30,1,,,,,no,4/2020\n',
            rows=4,
            rejects=2,
        )
    ],
    "daily_events": [
        Sampled(
            "daily.csv",
            b"date,acled_events,acled_fatalities,ucdp_events,ucdp_fatalities\n"
            b"2020-07-26T00:00:00,30,1,0,0\n2020-07-27T00:00:00,0,0,0,0\n2020-07-28T00:00:00,,0,0,0\n",
            rows=3,
            rejects=1,
        )
    ],
    "monthly_violations": [
        Sampled(
            "months.csv",
            b"month,violations_reported,reported_by\n2021-02,380,One side\n2021-03,0,One side\n",
            rows=2,
        ),
        Sampled("totals.csv", b"Month_wise,Total_cfv\n2013-01,3\n2013-02,-1\n", rows=2, rejects=1),
    ],
}

STREAM = (
    '{"form": "truceline-sensor-report/1", "stream": {"id": "mic-1-bangs", "sensor": "mic-1", '
    '"instrument": "acoustic", "phenomenon": "explosion", "lon": 37.5, "lat": 48.1, '
    '"sigma_m": 4000}, "observation": '
)
SAMPLES["sensor_form"] = [
    Sampled(
        "sensors.jsonl",
        (
            STREAM + '{"phenomenonTime": "2025-05-08T10:00:00Z", "result": 3}}\n' + STREAM
            + '{"phenomenonTime": "2025-05-08T10:00:00Z", "result": 3}}\n' + STREAM
            + '{"phenomenonTime": "2025-05-08T11:00:00Z/2025-05-08T11:01:00Z", "result": true}}\n'
            + STREAM + '{"phenomenonTime": "yesterday", "result": 3}}\n'
            + STREAM + '"\\ud800"}\n'
        ).encode(),
        rows=5,
        rejects=2,
    )
]  # fmt: skip

CASES = [(name, sample) for name, samples in SAMPLES.items() for sample in samples]


@pytest.mark.parametrize(("name", "sample"), CASES, ids=[f"{n}-{s.name}" for n, s in CASES])
def test_source_passes_the_battery(name: str, sample: Sampled, tmp_path: Path) -> None:
    strangers = [other for owner, other in CASES if owner != name]
    check_source(SOURCES[name], sample, tmp_path, strangers)


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_installed_source_describes_itself(name: str) -> None:
    check_info(SOURCES[name])
    assert SOURCES[name].info.name == name


def test_every_sample_has_its_source_installed() -> None:
    assert set(SAMPLES) <= set(SOURCES)


@pytest.mark.parametrize("name", sorted(SOURCES))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(name: str, tmp_path: Path, data: bytes) -> None:
    check_bytes(SOURCES[name], data, tmp_path)


@pytest.mark.parametrize(("name", "sample"), CASES, ids=[f"{n}-{s.name}" for n, s in CASES])
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    where=st.floats(0, 1),
    removed=st.integers(0, 12),
    junk=st.one_of(
        st.sampled_from(
            [b'"', b"\n", b"\x00", b"\xff", b",", b"\r", b"-1e999", b"NaN", b"\xe2\x80"]
        ),
        st.binary(max_size=6),
    ),
)
def test_a_damaged_sample_still_adds_up(
    name: str, sample: Sampled, tmp_path: Path, where: float, removed: int, junk: bytes
) -> None:
    at = int(where * len(sample.data))
    data = sample.data[:at] + junk + sample.data[at + removed :]
    check_bytes(SOURCES[name], data, tmp_path, name=sample.name, settings=sample.settings)

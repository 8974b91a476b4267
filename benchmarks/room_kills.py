"""Kill a room's server again and again under load, then hold it to every word it gave.

    python benchmarks/room_kills.py [--kills 200] [--on-postgresql 20]

Runs the check of `tests/web/room/kills.py` with more kills: every acknowledged report there
once, in the database, the record, the files and the store, and the log verifies.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.postgres import programs, server
from tests.web.room.conftest import PASSWORD, make_room
from tests.web.room.kills import kill_often

from truceline.rehearsal.generation import generate
from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.web.access.accounts import add_account

SMALL = {"days": 4, "before_days": 2, "background_days": 6, "line": {"km": 120}}


def kill(name: str, folder: Path, address: str, kills: int) -> None:
    """Print how many reports were acknowledged; an error tells that a word was not kept."""
    work = folder / name
    shutil.copytree(folder / "room", work)
    room = make_room(folder / "case", work, address)
    with room.database.writing() as connection:
        add_account(connection, "mona", "monitor", PASSWORD)
    room.database.close()
    begun = time.perf_counter()
    kept = kill_often(folder / "case", work, address, kills, random.Random(kills))
    took = time.perf_counter() - begun
    print(f"{name}: {kills} kills in {took:.0f} s, {kept} reports acknowledged,")
    print("  each there once; record, files and store hold", flush=True)


def main() -> None:
    """Kill the server of a small rehearsed case on both databases."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--on-postgresql", type=int, default=20)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        generate(load_scenario("spoiler", SMALL), folder / "case")
        make_room(folder / "case", folder / "room", str(folder / "first.sqlite")).working()
        if told.kills:
            kill("SQLite", folder, str(folder / "room.sqlite"), told.kills)
        found = programs()
        if found is not None and told.on_postgresql:
            with server(found) as address:
                with psycopg.connect(address.format(name="postgres"), autocommit=True) as made:
                    made.execute("CREATE DATABASE room")
                kill("PostgreSQL", folder, address.format(name="room"), told.on_postgresql)


if __name__ == "__main__":
    main()

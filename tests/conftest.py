"""Fixtures that every test may use."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from tests.postgres import programs, server

# The same examples on every run of a build: a rare failure is found at a desk, not there.
# What must hold holds on a busy machine too, however long an example takes there.
settings.register_profile("usual", deadline=None)
settings.register_profile("build", deadline=None, derandomize=True)
settings.load_profile("usual")
if os.environ.get("CI"):
    settings.load_profile("build")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of recorded data, or skip with the reason."""
    folder = Path(os.environ.get("TRUCELINE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the recorded data is not at {folder}; set TRUCELINE_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the address of a running PostgreSQL with `{name}` in it, or skip with the reason."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    with server(found) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database, of each kind that can be used."""
    if request.param == "sqlite":
        return str(tmp_path / "room.sqlite")
    template = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(template.format(name="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return str(template.format(name=name))

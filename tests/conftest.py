"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of recorded data, or skip with the reason."""
    folder = Path(os.environ.get("TRUCELINE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the recorded data is not at {folder}; set TRUCELINE_DATA to its folder")
    return folder

"""A case is read whole, or each fault of it is told with the way out."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from truceline.agreement.case import load_case
from truceline.core.types.errors import TermsError

SHIPPED = Path(__file__).parents[2] / "src" / "truceline" / "cases"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("case.yaml", "measure: count", "mesure: count", "'mesure' here. There are name, sources"),
        ("case.yaml", "title:", "titel: x\ntitle:", "'titel' here. There are id, title"),
        ("agreement.yaml", "sigma_m: 500", "sigma: 500", "'sigma' here. There are id, geometry"),
        ("sources.yaml", "files:", "file: x\n    files:", "'file' here. There are source, files"),
    ],
)
def test_a_key_that_there_is_not_is_told_with_those_that_there_are(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    folder = tmp_path / "case"
    shutil.copytree(SHIPPED / "loc-2021", folder)
    path = folder / file
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(TermsError, match=re.escape(told)):
        load_case(folder)

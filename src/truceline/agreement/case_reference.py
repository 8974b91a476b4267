"""The reference page of a case's files, written from what their models say of themselves.

python -m truceline.agreement.case_reference > docs/reference/case.md
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from typing import Final

from pydantic.fields import FieldInfo

from truceline.agreement.case import (
    CaseSettings,
    FeedSettings,
    Front,
    Ground,
    IndicatorSettings,
    Publication,
    StateLimits,
    ThresholdSettings,
)
from truceline.agreement.terms import Geometry, Period, TermsModel

#: What each table of the page is of, with the words above it.
TABLES: Final[tuple[tuple[str, type[TermsModel]], ...]] = (
    ("case.yaml", CaseSettings),
    ("a period: `window`, `before`, `background`", Period),
    ("a geometry: `line`, and each of `ground.areas`", Geometry),
    ("`ground`", Ground),
    ("`front`", Front),
    ("an entry of `indicators`", IndicatorSettings),
    ("`thresholds`", ThresholdSettings),
    ("`state`", StateLimits),
    ("`publication`", Publication),
    ("sources.yaml: an entry of `feeds`", FeedSettings),
)

_HEAD = """# The files of a case

Written from the models by `python -m truceline.agreement.case_reference`; a test fails when this
page and they differ. A case is a folder: `case.yaml`, `agreement.yaml` ([the
agreement](../methods/agreement.md), [its schema](agreement.schema.json)), `sources.yaml` ([the
sources](sources.md)), and GeoJSON in `geometry/`. How one is made from nothing:
[a truce of your own](../tutorials/own-case.md). A key that there is not is refused, with the line
and the keys that there are.
"""


def reference_page() -> str:
    """Return the page as Markdown."""
    return _HEAD + "".join(_table(title, model) for title, model in TABLES)


def _table(title: str, model: type[TermsModel]) -> str:
    meanings = dict(meanings_of(model))
    rows = [
        f"| `{name}` | {_default(field)} | {meanings.get(name, '')} |"
        for name, field in model.model_fields.items()
    ]
    return "\n".join(
        [
            "",
            f"## {title}",
            "",
            "| key | unless told | what it is |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def meanings_of(model: type[TermsModel]) -> Iterator[tuple[str, str]]:
    """Yield each attribute of a model with what its docstring says of it."""
    told = inspect.getdoc(model) or ""
    listed = told.partition("Attributes\n----------\n")[2]
    for names, said in re.findall(r"^(\S[^:\n]*) : .*\n((?:    .*\n?)+)", listed, re.MULTILINE):
        meaning = " ".join(said.split()).replace("|", "\\|")
        yield from ((name.strip(), meaning) for name in names.split(","))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be told"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), {}):
        return "nothing"
    if isinstance(value, TermsModel):
        return "see below"
    if isinstance(value, tuple):
        return ", ".join(f"`{part}`" for part in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    sys.stdout.write(reference_page())

"""The reference page of the sources, written from what each says of itself.

python -m truceline.evidence.sources.reference > docs/reference/sources.md
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from truceline.evidence.sources.source import Source, SourceInfo, installed_sources

_HEAD = """# Sources

Written from the sources themselves by `python -m truceline.evidence.sources.reference`; a test
fails when this page and they differ. A source is found through the entry point group
`truceline.sources`, so that a package of your own can add one; `truceline.testing.sources` holds
the checks it has to pass.

Every delimited source also takes these settings:

- `encoding`: `utf-8`, `sniff` (UTF-8 if the whole file is so, otherwise Latin-1), or another
  such as `windows-1251`. A file packed by gzip is unpacked as it is read; UTF-16 is known by its
  mark.
- `bbox`: west, south, east and north in degrees; those of the case unless told. A place outside is
  rejected, with a hint where latitude and longitude seem to be swapped.
- `received_before`: a time with its offset. What is said to have happened later is rejected.
- `handling`: Traffic Light Protocol mark of the observations; `CLEAR` unless told.
"""


def reference_page(sources: Mapping[str, Source]) -> str:
    """Return the page as Markdown, in the order of names."""
    return _HEAD + "".join(_section(sources[name].info) for name in sorted(sources))


def _section(info: SourceInfo) -> str:
    lines = [
        f"\n## {info.name}\n",
        f"{info.title}\n",
        f"- Publisher: {info.publisher}",
        f"- Licence: {info.licence}",
        f"- Instrument: `{info.instrument}`",
        f"- Sees: {', '.join(f'`{name}`' for name in info.phenomena)}",
        f"- One witness is: {info.witness}",
        f"- Silence means: {info.effort}",
        f"- Limits: {info.limits}",
        *(f"- Setting `{name}`: {told}" for name, told in sorted(info.settings.items())),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference_page(installed_sources()))

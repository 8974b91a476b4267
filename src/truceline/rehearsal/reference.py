"""The reference page of the rehearsal format, made from the schemas themselves."""

from __future__ import annotations

from truceline.rehearsal.rehearsal_folder import FORMAT, TRUTH_TABLES
from truceline.rehearsal.scores.answers import (
    ANSWER,
    ANSWER_FINDING,
    ANSWER_MEMBER,
    ANSWER_PARTY,
    ANSWER_STATE,
)

_HEAD = """# The rehearsal format

A rehearsal is a folder. Any program can write one, and any program can answer one.
`truceline rehearse SCENARIO` writes it; `truceline score FOLDER ANSWERS` reads it. Each table is
either a folder of Parquet parts, or one file of the table's name ending in `.parquet` or `.csv`.
Times are UTC microseconds (integers), places WGS 84 degrees, lengths metres. What is not known is
null (empty in CSV), never 0.

```
FOLDER/
  manifest.json          what it is; written last
  case.yaml  agreement.yaml  geometry/     the case, as for a real truce
  observation            evidence: the table `observation`, as every source writes it
  effort                 evidence: the table `effort`
  background/observation, background/effort    a season without violations (may be missing)
  mission.yaml           the mission's posts and where they stand (may be missing)
  claims.yaml            statements of the parties, as a ledger of claims (may be missing)
  truth/true_event       the acts
  truth/benign_event     harmless happenings (may be missing)
  truth/truth_link       what each observation saw
  truth/true_violation   clauses that acts broke (may be missing)
  truth/true_state       state of each sector and day (may be missing)
```

A program that judges reads everything but `truth/`. `manifest.json` holds at least:

| key | meaning |
| --- | --- |
| `format` | `{form}` |
| `generator` | name of the program that wrote it |
| `scenario`, `seed` | name and seed, for the report |
| `period` | first and last microsecond of the truce |
| `observed_from` | first microsecond observed, where that is before the truce |

The columns of `observation` and `effort` are those of the system's own tables; `obs_id` must be
different for every row, and the same hash must not stand for two rows. `witness` is who or what
first saw it: copies of an agency's text carry the agency's document.

## The truth
"""

_ANSWERS = """
## Answers

Another folder, with at least `answer`. The other tables may be missing: then that part is not
scored. Give `answer_member` if you can: without it a program is asked about each happening by
the answers within 3 km (or twice the answer's error, at most 10 km) and 3 hours.
"""


def reference_page() -> str:
    """Return the page as Markdown."""
    truth = "\n".join(f"\n### {s.name}\n\n{s.document()}" for s in TRUTH_TABLES.values())
    tables = (ANSWER, ANSWER_PARTY, ANSWER_MEMBER, ANSWER_FINDING, ANSWER_STATE)
    answers = "\n".join(f"\n### {s.name}\n\n{s.document()}" for s in tables)
    return _HEAD.replace("{form}", FORMAT) + truth + "\n" + _ANSWERS + answers + "\n"

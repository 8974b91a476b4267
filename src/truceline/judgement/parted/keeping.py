"""A judgement in parts of what a store holds, and what of it is brought back together."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from truceline.core.engines.local import LocalEngine
from truceline.core.store.case_store import CaseStore
from truceline.core.types.tables import EFFORT
from truceline.evidence.observations import in_order
from truceline.judgement.assess import Setting
from truceline.judgement.incidents.tiles import Tiling
from truceline.judgement.judgement import Judgement
from truceline.judgement.parted.judging import Parting, assess_in_parts
from truceline.judgement.parted.slices import rows_in

#: Observations that a part has as a rule: a process needs some 1.5 GB for it.
PART_ROWS = 1_000_000


def look_in_parts(
    store: CaseStore,
    setting: Setting,
    period: tuple[int, int],
    folder: Path,
    *,
    states: pl.DataFrame,
    unwatched: pl.DataFrame,
    provenance: Mapping[str, str],
) -> Judgement:
    """Judge the incidents of a period in bounded memory, on all processors of this machine.

    All incidents and assessments are those of `assess`. Of what they stand on, the judgement
    holds only what belongs to incidents on a list; the folder holds the rest, table by table.

    Parameters
    ----------
    store : CaseStore
        What was observed, and what was watched.
    setting, period, states, unwatched, provenance
        As for `assess`.
    folder : Path
        Folder for the tables; what lies there of an earlier judgement is replaced.
    """
    shutil.rmtree(folder, ignore_errors=True)
    files, processes = store.paths("observations"), os.cpu_count() or 1
    parts = max(processes, sum(rows_in(file) for file in files) // PART_ROWS)
    tables = assess_in_parts(
        LocalEngine(processes), files, store.paths("effort"), setting, period, folder,
        Parting(Tiling(parts=parts), PART_ROWS),
    )  # fmt: skip
    assessments = _by_incident(tables["assessments"])
    shown = assessments.filter(pl.col("listed") != "background").select("incident_id").lazy()
    found = {
        name: _by_incident(tables[name].join(shown, on="incident_id", how="semi"))
        for name in ("members", "weights", "attributions", "findings")
    }
    members = found["members"].lazy().select("obs_id")
    observations = store.scan_observations().join(members, on="obs_id", how="semi").collect()
    return Judgement(
        observations=in_order(observations),
        effort=EFFORT.empty(),
        incidents=_by_incident(tables["incidents"]),
        assessments=assessments,
        states=states,
        unwatched=unwatched,
        period=period,
        provenance={"parameters": setting.parameters.version, **provenance},
        **found,
    )


def _by_incident(table: pl.LazyFrame) -> pl.DataFrame:
    return table.collect().sort("incident_id", maintain_order=True)

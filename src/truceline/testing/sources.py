"""A battery of checks that every source must pass, its own author's among them.

Each check raises `AssertionError` with a sentence. A plugin's tests need no more than a
sample of its files::

    def test_my_source(tmp_path):
        check_source(SOURCE, Sampled("events.csv", b"..."), tmp_path)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from truceline.core.store.case_store import CaseStore
from truceline.core.types.errors import TrucelineError
from truceline.core.types.schema import Schema
from truceline.core.types.tables import EFFORT, OBSERVATION, REJECT
from truceline.core.types.vocabulary import INSTRUMENTS, PHENOMENA
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.source import Batch, Sample, Source


@dataclass(frozen=True)
class Sampled:
    """A sample of a source's files, made up by hand.

    Attributes
    ----------
    name : str
        File name.
    data : bytes
        Its bytes.
    rows : int
        Raw rows in it.
    rejects : int
        How many of them are no good.
    settings : mapping
        Settings to read it with.
    """

    name: str
    data: bytes
    rows: int
    rejects: int = 0
    settings: Mapping[str, object] = field(default_factory=dict)

    def put(self, folder: Path, data: bytes | None = None) -> Path:
        """Write the sample, or other bytes under its name, to a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.name
        path.write_bytes(self.data if data is None else data)
        return path


def check_source(
    source: Source, sample: Sampled, folder: Path, strangers: Sequence[Sampled] = ()
) -> None:
    """Run all checks that need a sample.

    Parameters
    ----------
    source : Source
        The source.
    sample : Sampled
        A file of its own.
    folder : Path
        An empty folder to write in.
    strangers : sequence of Sampled
        Files of other sources, which it must not take for its own.
    """
    check_info(source)
    path = sample.put(folder / "sample")
    check_recognises(source, path, [s.put(folder / "strangers") for s in strangers])
    check_tables(source, sample, path)
    check_idempotent(source, sample, path, folder / "store")
    check_order(source, sample, folder / "order")
    check_truncated(source, sample, folder / "truncated")


def check_info(source: Source) -> None:
    """Check that what the source says of itself is whole and in the agreed words."""
    info = source.info
    for part in ("name", "title", "publisher", "licence", "witness", "effort", "limits"):
        _hold(getattr(info, part).strip() != "", f"{info.name} does not state its {part}.")
    _hold(info.instrument in INSTRUMENTS, f"{info.instrument!r} is no instrument.")
    strange = set(info.phenomena) - set(PHENOMENA)
    _hold(bool(info.phenomena) and not strange, f"{sorted(strange)} are no phenomena.")
    _hold(all(info.settings.values()), "a setting has no description.")


def check_recognises(source: Source, own: Path, strangers: Sequence[Path] = ()) -> None:
    """Check that the source knows its own file, and nothing else."""
    _hold(source.recognises(Sample.of(own)), f"{source.info.name} does not know its own sample.")
    for path in strangers:
        _hold(
            not source.recognises(Sample.of(path)),
            f"{source.info.name} takes {path.name} for its own.",
        )
    for head in (b"", b"\x00" * 64, b"a,b\n1,2\n", b"\xff\xfe\x00", b"{}", b"<xml/>"):
        _hold(
            not source.recognises(Sample(Path("stranger"), head)),
            f"{source.info.name} takes {head!r} for its own.",
        )


def check_tables(source: Source, sample: Sampled, path: Path) -> None:
    """Check the schemas, that rows add up, and that what is said is within what is declared."""
    batches = read_all(source, path, sample.settings)
    seen, rejects = batches.observations, batches.rejects
    _hold(batches.rows == sample.rows, f"{batches.rows} rows were read, {sample.rows} are there.")
    _hold(len(rejects) == sample.rejects, f"{len(rejects)} rows were rejected: {rejects.rows()}.")
    _hold(len(seen) + len(rejects) == batches.rows, "good and rejected rows do not add up.")
    _hold(seen["source"].unique().to_list() in ([source.info.name], []), "another source's name.")
    _hold(set(seen["phenomenon"]) <= set(source.info.phenomena), "a phenomenon not declared.")
    _hold((seen["witness"].str.strip_chars() != "").all(), "a witness without a name.")
    _hold((seen["t_end"] >= seen["t_start"]).all(), "an interval that ends before it starts.")
    _hold((batches.effort["t_end"] > batches.effort["t_start"]).all(), "effort without time.")
    placed = seen["lon"].is_not_null()
    _hold((placed == seen["sigma_m"].is_not_null()).all(), "a place without an error.")
    _hold((placed | seen["area"].is_not_null()).all(), "neither place nor area.")


def check_idempotent(source: Source, sample: Sampled, path: Path, folder: Path) -> None:
    """Check that a file read twice, or under another name, adds nothing to a store."""
    store = CaseStore(folder)
    first = ingest(store, [Entry(path, source, sample.settings)])
    _hold(not first.errors, f"the sample is not taken in: {first.errors}.")
    tally = first.tally
    _hold(tally.rows == tally.fresh + tally.repeated + tally.rejected, "counts do not add up.")
    before = store.scan_observations().sort("obs_id").collect()
    again = ingest(store, [Entry(path, source, sample.settings)])
    _hold([file.status for file in again.files] == ["known"], "the file is taken in twice.")
    copy = path.with_name(f"copy-{path.name}")
    copy.write_bytes(path.read_bytes() + b"\n")
    ingest(store, [Entry(copy, source, sample.settings)])
    after = store.scan_observations().sort("obs_id").collect()
    _hold(before.equals(after), "a copy of the file adds or changes observations.")
    _hold(store.verify() == [], f"the store is not sound: {store.verify()}.")


def check_order(source: Source, sample: Sampled, folder: Path) -> None:
    """Check, for text of one line a row, that the order of rows changes nothing."""
    lines = sample.data.splitlines(keepends=True)
    if len(lines) != sample.rows + 1:
        return
    turned = lines[0] + b"".join(line.rstrip(b"\r\n") + b"\n" for line in reversed(lines[1:]))
    forth = _content(source, sample.put(folder / "forth"), sample)
    back = _content(source, sample.put(folder / "back", turned), sample)
    _hold(forth.equals(back), "the order of the rows changes what is read.")


def check_truncated(source: Source, sample: Sampled, folder: Path) -> None:
    """Check that a file cut anywhere is read or refused, and never a failure of another kind."""
    step = max(1, len(sample.data) // 24)
    for size in range(0, len(sample.data), step):
        check_bytes(source, sample.data[:size], folder, name=sample.name, settings=sample.settings)


def check_bytes(
    source: Source,
    data: bytes,
    folder: Path,
    *,
    name: str = "bytes",
    settings: Mapping[str, object] | None = None,
) -> None:
    """Check that any bytes are read, rejected or refused with a sentence, and that rows add up."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    source.recognises(Sample.of(path))
    try:
        read = read_all(source, path, settings or {})
    except TrucelineError as refused:
        _hold(bool(refused.message) and refused.where is not None, "a refusal says not where.")
        return
    _hold(read.rows == len(read.observations) + len(read.rejects), "rows do not add up.")


def read_all(source: Source, path: Path, settings: Mapping[str, object]) -> Batch:
    """Return a whole file as one batch, with its schemas checked."""
    batches = list(source.read(path, settings))

    def whole(schema: Schema, tables: list[pl.DataFrame]) -> pl.DataFrame:
        for table in tables:
            _hold(schema.conform(table).equals(table), f"a table is not of {schema.name}.")
        return pl.concat([schema.empty(), *tables])

    return Batch(
        whole(OBSERVATION, [batch.observations for batch in batches]),
        whole(EFFORT, [batch.effort for batch in batches]),
        whole(REJECT, [batch.rejects for batch in batches]),
        sum(batch.rows for batch in batches),
    )


def _content(source: Source, path: Path, sample: Sampled) -> pl.DataFrame:
    seen = read_all(source, path, sample.settings).observations
    return seen.drop("raw_file", "raw_row").sort(pl.all())


def _hold(condition: bool, sentence: str) -> None:
    if not condition:
        raise AssertionError(sentence)

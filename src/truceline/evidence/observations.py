"""Identity of an observation: the same raw row of the same source is the same observation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import polars_hash as plh

from truceline.core.sorting import IntArray, order_of_ids, ranks_of_names

#: Separates fields in the canonical form of a row; it does not occur in text files.
_UNIT = "\x1f"


def observation_id(source: str, raw_columns: Sequence[str]) -> pl.Expr:
    """Return the identity of each row: 128 bits of BLAKE3 over its source and raw fields.

    Fields are stripped of surrounding blanks; an empty one and a missing one are the same.

    Parameters
    ----------
    source : str
        Name of the source.
    raw_columns : sequence of str
        The text columns of the raw row, in the order of the file.

    Examples
    --------
    >>> table = pl.DataFrame({"a": ["1", " 1 "], "b": ["2", "2"]})
    >>> table.select(observation_id("mine", ["a", "b"]).alias("id"))["id"].n_unique()
    1
    """
    fields = [pl.col(name).fill_null("").str.strip_chars() for name in raw_columns]
    canonical = plh.concat_str(pl.lit(source), *fields, separator=_UNIT)
    digest: pl.Expr = canonical.chash.blake3()
    return digest.str.slice(0, 32)


@dataclass(frozen=True)
class Distinct:
    """Observations with each identity once.

    Attributes
    ----------
    observations : polars.DataFrame
        The first of each identity, in the order of the rows.
    repeats : int
        How many rows said the same again and were left out.
    """

    observations: pl.DataFrame
    repeats: int


def distinct(observations: pl.DataFrame, known: pl.Series | None = None) -> Distinct:
    """Return the observations that say something new.

    An exact repeat of a row, in the same file or in another one, adds nothing.

    Parameters
    ----------
    observations : polars.DataFrame
        Of the schema `OBSERVATION`.
    known : polars.Series, optional
        Identities that are already held.
    """
    once = observations.unique("obs_id", keep="first", maintain_order=True)
    if known is not None and len(known):
        held = known.rename("obs_id").to_frame()
        once = once.join(held, on="obs_id", how="anti", maintain_order="left")
    return Distinct(once, len(observations) - len(once))


def in_order(observations: pl.DataFrame) -> pl.DataFrame:
    """Return observations in the order of their identities, the first row of each.

    Examples
    --------
    >>> in_order(pl.DataFrame({"obs_id": ["b", "a", "b"], "n": [1, 2, 3]}))["n"].to_list()
    [2, 1]
    """
    ids = observations["obs_id"]
    order = order_of_ids(ids)
    sorted_ids = ids.gather(order)
    fresh = (sorted_ids != sorted_ids.shift()).fill_null(value=True).to_numpy()
    if fresh.all() and ids.is_sorted():
        return observations
    return observations.select(pl.all().gather(order[fresh]))


def count_witnesses(observations: pl.DataFrame) -> int:
    """Return how many independent witnesses stand behind the observations.

    A witness is one instrument, document or agency of one source; however many rows it
    gives, and however often it is copied under the same name, it counts once.
    """
    return observations.select(pl.struct("source", "witness").n_unique()).item()  # type: ignore[no-any-return]


def witness_numbers(observations: pl.DataFrame) -> IntArray:
    """Return a number for each row's witness, smaller for one whose source and name come first.

    Examples
    --------
    >>> table = pl.DataFrame({"source": ["b", "a", "a"], "witness": ["x", "y", "x"]})
    >>> witness_numbers(table).argsort().tolist()
    [2, 1, 0]
    """
    source, name = (ranks_of_names(observations[c]) for c in ("source", "witness"))
    return np.asarray(source * (name.max(initial=0) + 1) + name)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as empty:
    ...     file_digest(Path(empty.name))[:8]
    'e3b0c442'
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""What the benchmarks are, and how their lines are read: one declaration each."""

from __future__ import annotations

import re
from dataclasses import dataclass

_N = r"[\d.,]+"


@dataclass(frozen=True)
class Bench:
    """One benchmark.

    Attributes
    ----------
    name, title : str
        Its name on the command line, and its heading on the page.
    about : str
        One or two sentences: what is compared, and what is in the times.
    command : tuple of str
        Program in this folder, and its options.
    line : str
        Pattern of a line that holds figures; its named groups are the columns of the table.
    peer : str
        Who the column `times` is against, with the names of groups in braces; empty if nobody.
    aims : tuple of (str, float)
        How many times a peer is aimed at, by words of its name.
    """

    name: str
    title: str
    about: str
    command: tuple[str, ...]
    line: str
    peer: str = ""
    aims: tuple[tuple[str, float], ...] = ()

    def rows(self, text: str) -> list[dict[str, str]]:
        """Return the figures of a run, a row a line."""
        found = (re.search(self.line, line) for line in text.splitlines())
        return [match.groupdict("") for match in found if match]


BENCHES = (
    Bench(
        "linking", "Linking observations, against scikit-learn and SciPy",
        "One process. The peers solve an easier task: one radius, one gap, no cut of chains. "
        "`times` is processor seconds over those of linking alone, which is what they do too.",
        ("association.py", "--largest", "1000000"),
        rf"^(?P<points>\d+) +(?P<program>\S[\w -]*?) +(?P<seconds>{_N}) +(?P<processor_s>{_N})"
        rf" +(?P<memory_mb>\d+) +\d+ +(?P<times>{_N})$",
        "{program}, {points} points", (("learn, 10000000", 20), ("scipy, 10000000", 5)),
    ),
    Bench(
        "growth", "Growth of association in parts",
        "Local engine, two processes, out of core. The floor is DuckDB reading the same files, "
        "sorting them by time and writing them. Bytes are of the files read and of those between.",
        ("scale.py", "--plot", "docs/images/growth.svg"),
        rf"^\| (?P<points>10\^\d+) \| (?P<seconds>{_N}) \| (?P<processor_s>{_N})"
        rf" \| (?P<us_each>{_N}) \| (?P<floors>{_N}) \| (?P<memory_mb>{_N})"
        rf" \| (?P<bytes_in>{_N}), (?P<bytes_between>{_N})",
    ),
    Bench(
        "engines", "Local against Spark at equal cores",
        "Two processes of this machine against a standalone cluster of two workers of one core "
        "each, on loopback; in the last round one worker is killed half way.",
        ("engines.py", "--points", "100000", "1000000"),
        rf"^(?P<engine>\S.*?) +(?P<points>\d+) +(?P<seconds>{_N}) s +(?P<incidents>\d+) incidents,"
        r" (?P<result>the same|NOT THE SAME)",
    ),
    Bench(
        "kernels", "Instructions of the compiled kernels",
        "Counted by Callgrind, which no other work on the machine moves; `kept` are the counts "
        "of the last release, and a tenth more is a failure.",
        ("kernels.py",),
        rf"^(?P<kernel>\w[\w ]*, an? \w+) +(?P<instructions>{_N}) +(?P<kept>{_N}) +(?P<ratio>{_N})",
    ),
    Bench(
        "siting", "Siting, against PySAL spopt",
        "The same instances and distances; our time includes the coverage, theirs the model. "
        "Processor seconds; spopt's solver is stopped after ten minutes of the clock.",
        ("siting.py",),
        rf"spopt, (?P<instance>.*): (?P<their_s>{_N}) s \((?P<status>\w+)\);"
        rf" objective (?P<objective>{_N}|nan) of theirs, (?P<times>{_N}) times",
        "spopt, {instance}", (("spopt", 100),),
    ),
    Bench(
        "viewshed", "Viewshed, against GDAL and xarray-spatial",
        "Agreement is with exact sightlines on hills. Processor seconds; GDAL's include its files. "
        "`times` is how many times as many cells a second the default (fineness 2) judges.",
        ("viewshed.py",),
        rf"^(?P<program>truceline, fineness \d|GDAL|xarray-spatial) +(?P<iou_mean>{_N})"
        rf" +(?P<iou_least>{_N}) +(?P<seconds>{_N}) +(?P<mcells_s>{_N}) +(?P<times>{_N})$",
        "{program}", (("GDAL", 1), ("xarray", 100)),
    ),
    Bench(
        "queue", "The ladder's queue, against SimPy",
        "The same cases through three steps, random numbers included.",
        ("ladder_queue.py",),
        rf"^(?P<cases>\d+) cases: ours (?P<seconds>{_N}) s, SimPy (?P<their_s>{_N}) s,"
        rf" (?P<times>{_N}) times",
        "SimPy, {cases} cases", (("SimPy", 50),),
    ),
    Bench(
        "rehearsal", "Simulated truces, against SimPy",
        "Acts alone, random numbers included; sector-days a second.",
        ("rehearsal.py", "speed"),
        rf"^(?P<truce>\w+): (?P<sector_days_s>{_N}) sector-days/s.*; SimPy (?P<theirs>{_N}) "
        rf"\(.*ratio (?P<times>{_N})$",
        "SimPy, {truce} line", (("SimPy", 50),),
    ),
    Bench(
        "reading", "Reading feeds, against reading them into typed tables",
        "All recorded CSV files; the best of three.",
        ("reading.py",),
        rf"^ *(?P<step>typed|observed|stored): +(?P<seconds>{_N}) s, +(?P<floors>{_N}) times",
    ),
    Bench(
        "whole-run", "The whole run, against reading its input into typed tables",
        "All recorded feeds, from files to findings, in one process; the ratio by processor.",
        ("whole_run.py",),
        rf"^\| (?P<step>[a-z][\w ,:]*) \| (?P<seconds>{_N}) \| {_N} \| (?P<floors>{_N}) \|",
    ),
    Bench(
        "room", "The room's map after a year of a busy truce",
        "100,000 incidents on a million observations, in headless Chromium with a software "
        "renderer. `open`: from navigation to the incidents on the map, five times, `slow` the "
        "longest. `frames`: time between two while a hand moves the map, its `slow` p99.",
        ("room_map.py",),
        rf"^(?P<what>(?:open|frames), [\w ]+): median (?P<median>{_N} m?s), (?:longest|p99)"
        rf" (?P<slow>{_N} m?s)",
    ),
    Bench(
        "same", "The same incidents from every way of working",
        "All thermal detections on record: at once, as a stream in random order with restarts, in "
        "parts, and on Spark.",
        ("same.py",),
        rf"^(?P<way>\S.*?) +(?P<detections>\d+) +(?P<incidents>\d+) +(?P<result>the same|NOT THE"
        rf" SAME) +(?P<seconds>{_N}) s",
    ),
    Bench(
        "kills", "Watches killed at random moments",
        "Nothing lost, nothing there twice, every incident led to one that stands.",
        ("kills.py",),
        r'"killed": (?P<killed>\d+), "\w+": (?P<started>\d+), "held": (?P<held>\w+)',
    ),
    Bench(
        "kills-topic", "Watches on a broker's topics killed at random moments",
        "Each message taken once, each event of the history told once.",
        ("kills.py", "--topic"),
        r'"killed": (?P<killed>\d+), "\w+": (?P<messages>\d+), "held": (?P<held>\w+)',
    ),
)  # fmt: skip

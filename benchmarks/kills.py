"""Kill a watch again and again at random moments, then hold it to one association of all.

    python benchmarks/kills.py [--kills 100] [--topic]

Runs the checks of `tests/test_watch.py`, or with `--topic` those of `tests/test_watch_topic.py`
with a broker, with more kills: nothing lost, nothing there twice, every incident ever published
still leading to one that stands, every event told to the topic once.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))


def main() -> None:
    """Print how many watches died by the kill; an error tells that something is wrong."""
    from tests import test_watch, test_watch_topic

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--topic", action="store_true", help="take and tell through a broker")
    told = parser.parse_args()
    kill = test_watch_topic.kill_often if told.topic else test_watch.kill_often
    count = "rows_sent" if told.topic else "started"
    total = 0
    for done in range(0, told.kills, 10):
        with tempfile.TemporaryDirectory() as folder:
            total += kill(Path(folder), min(10, told.kills - done), random.Random(done))
        killed = min(done + 10, told.kills)
        print(json.dumps({"killed": killed, count: total, "held": True}), flush=True)


if __name__ == "__main__":
    main()

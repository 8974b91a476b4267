"""Workers of a pool end when the program that started them is killed."""

import os
import signal
import subprocess
import sys
import time

_PROGRAM = """
import os, time
from truceline.core.engines.pool import spawned

if __name__ == "__main__":
    with spawned(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(120)
"""


def test_no_worker_outlives_a_killed_parent(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM, encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    os.kill(worker, 0)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(300):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError(f"process {worker} lives on")

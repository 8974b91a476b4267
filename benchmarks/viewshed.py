"""Viewshed against GDAL and xarray-spatial: cells a second, and agreement with exact sightlines.

    python benchmarks/viewshed.py            # 301 cells for agreement, 2,001 for speed
    python benchmarks/viewshed.py --small    # seconds

GDAL (`gdal_viewshed`, with pyogrio to write its input) and xarray-spatial are used where they
are installed, and named as absent where they are not. All look from the middle of the same
hills with the same eye, target and curvature. Times are processor seconds, which other work on
the machine changes least; GDAL's include reading and writing files.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from truceline.force.terrain.viewshed import Lookout, Relief, agreement, sightlines, viewshed

DEFAULT = "truceline, fineness 2"
SLOW = ("GDAL", "xarray-spatial")
CELL_M, EYE_M, TARGET_M = 30.0, 10.0, 2.0


def hills(size, seed, slope=2.0):
    rng = np.random.default_rng(seed)
    step = np.fft.fftfreq(size)
    away = np.hypot(*np.meshgrid(step, step))
    away[0, 0] = 1.0
    noise = np.fft.ifft2(np.fft.fft2(rng.standard_normal((size, size))) * away**-slope).real
    return (noise - noise.mean()) / noise.std() * 120.0


def spent():
    """Return the processor seconds of this process and of those it has waited for."""
    waited = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + waited.ru_utime + waited.ru_stime


def gdal(ground, lookout):
    rows, columns = ground.shape
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "ground.bil"), Path(folder, "seen.tif")
        ground.astype("<f4").tofile(given)
        given.with_suffix(".hdr").write_text(
            f"BYTEORDER I\nLAYOUT BIL\nNROWS {rows}\nNCOLS {columns}\nNBANDS 1\nNBITS 32\n"
            f"PIXELTYPE FLOAT\nULXMAP {CELL_M / 2}\nULYMAP {rows * CELL_M - CELL_M / 2}\n"
            f"XDIM {CELL_M}\nYDIM {CELL_M}\n"
        )
        x, y = (lookout.column + 0.5) * CELL_M, (rows - lookout.row - 0.5) * CELL_M
        began = spent()
        subprocess.run(
            ["gdal_viewshed", "-q", "-ox", str(x), "-oy", str(y), "-oz", str(EYE_M),
             "-tz", str(TARGET_M), "-md", "0", "-cc", str(1.0 - lookout.refraction),
             "-a_nodata", "-1", str(given), str(made)],
            check=True,
        )  # fmt: skip
        took = spent() - began
        raw = Path(folder, "seen.bil")
        subprocess.run(["gdal_translate", "-q", "-of", "EHdr", str(made), str(raw)], check=True)
        seen = np.fromfile(raw, dtype=np.uint8)
    return seen.reshape(rows, columns) > 0, took


def xarray_spatial(ground, lookout):
    import xarray
    from xrspatial import viewshed as theirs

    rows, columns = ground.shape
    y, x = np.arange(rows) * CELL_M, np.arange(columns) * CELL_M
    grid = xarray.DataArray(ground, coords={"y": y, "x": x}, dims=("y", "x"))
    at = {"x": x[lookout.column], "y": y[lookout.row]}
    began = spent()
    seen = theirs(grid, **at, observer_elev=EYE_M, target_elev=TARGET_M)
    return np.asarray(seen) >= 0, spent() - began


def ours(fineness):
    def look(ground, lookout):
        relief = Relief(ground, CELL_M)
        began = spent()
        seen = viewshed(relief, lookout, fineness=fineness)
        return seen, spent() - began

    return look


def contenders():
    found = {f"truceline, fineness {each}": ours(each) for each in (2, 1, 3, 4)}
    if shutil.which("gdal_viewshed"):
        found["GDAL"] = gdal
    else:
        print("GDAL is not installed: no figures for it")
    if importlib.util.find_spec("xrspatial"):
        found["xarray-spatial"] = xarray_spatial
    else:
        print("xarray-spatial is not installed: no figures for it")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true")
    small = parser.parse_args().small
    size, seeds, large = (151, 3, 301) if small else (301, 12, 2001)
    looks = contenders()
    ground = hills(large, 0)
    print(f"{'':24}{'IoU mean':>10}{'IoU least':>11}{'s':>9}{'Mcell/s':>9}{'times':>9}")
    pace = {}
    for name, look in looks.items():
        scores = []
        for seed in range(seeds):
            lookout = Lookout(size // 2, size // 2, EYE_M, TARGET_M)
            exact = sightlines(Relief(hills(size, seed), CELL_M), lookout)
            scores.append(agreement(look(hills(size, seed), lookout)[0], exact))
        n = 601 if name == "xarray-spatial" and not small else large
        part = ground[:n, :n]
        took = min(
            look(part, Lookout(n // 2, n // 2, EYE_M, TARGET_M))[1]
            for _ in range(2 if name in SLOW else 6)
        )
        pace[name] = n * n / took / 1e6
        # How many times as fast as this one the default is, which comes first.
        times = pace[DEFAULT] / pace[name]
        print(
            f"{name:24}{np.mean(scores):10.4f}{min(scores):11.4f}{took:9.3f}"
            f"{pace[name]:9.2f}{times:9.2f}",
            flush=True,
        )
    abreast(ground, large)


def abreast(ground, size):
    """Time four viewsheds one after another and two at a time: the kernel lets others run."""
    relief = Relief(ground, CELL_M)
    lookouts = [Lookout(size // 2, size // 2 + at, EYE_M, TARGET_M) for at in range(4)]
    for threads in (1, 2):
        with ThreadPoolExecutor(threads) as pool:
            began = time.perf_counter()
            list(pool.map(lambda lookout: viewshed(relief, lookout), lookouts))
            took = time.perf_counter() - began
        print(
            f"four viewsheds, default fineness, threads {threads}: {took:.3f} s, "
            f"{4 * size * size / took / 1e6:.1f} Mcell/s"
        )


if __name__ == "__main__":
    main()

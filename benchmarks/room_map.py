"""How quick the room is after a year of a busy truce, on the server and in a real browser.

    python benchmarks/room_map.py [FOLDER]

Makes a room of 100,000 incidents on 1,000,000 observations in the folder (kept for the next
time), serves it and prints: what each page and interface costs the server, wall clock and
processor; in headless Chromium with a software renderer, how long after navigation the incidents
of the year are on the map, in a browser that was never there and in one that was, with the
processor time of all of Chromium; and the times between frames while the map is dragged by the
mouse and zoomed by its wheel, while the slider moves, and while it plays. The same drag of the
map with nothing on it but its ground is measured beside it: no map on this machine is quicker.
"""

from __future__ import annotations

import math
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from busy_room import PASSWORD, busy_room
from truceline.web.app import create_app
from truceline.web.room.room import Room
from truceline.web.settings import Settings

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--use-gl=angle",
         "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]  # fmt: skip
OPEN = Settings(requests_per_minute=10**6, logins_per_minute=10**4)
ROUNDS = 5
VIEW: ViewportSize = {"width": 1200, "height": 900}

#: Begins to note the times between frames, and hands them out.
BEGIN = """() => { const times = window.frames_ = []; let before = performance.now();
  window.noting = true;
  requestAnimationFrame(function frame(now) { times.push(now - before); before = now;
    if (window.noting) requestAnimationFrame(frame); }); }"""
END = "() => { window.noting = false; return window.frames_.slice(2); }"
SLIDE = """(share) => { const slide = document.getElementById('slide');
  slide.value = slide.max * share; slide.dispatchEvent(new Event('input', { bubbles: true })); }"""
SHOWN = """new Promise((done) => { truceline.map.once('render', () =>
  requestAnimationFrame(() => done(true))); truceline.map.triggerRepaint(); })"""
BARE = """() => { for (const layer of truceline.map.getStyle().layers)
  if (layer.id !== 'base') truceline.map.removeLayer(layer.id); }"""


@contextmanager
def served(room: Room) -> Iterator[str]:
    """Serve the room on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(OPEN, room), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def spread(times: list[float]) -> str:
    """Return the median and the 99th percentile."""
    ordered = sorted(times)
    slow = ordered[int(0.99 * len(ordered))]
    return f"median {statistics.median(ordered):.0f} ms, p99 {slow:.0f} ms"


def answers(room: Room) -> None:
    """Print what pages and interfaces cost the server: the first time, and when it knows."""
    incident = room.working().incidents["incident_id"][5]
    ogc = "/ogc/collections"
    addresses = (
        "/incidents", "/incidents?order=hostile&page=900", "/queue", f"/incidents/{incident}",
        "/watching", "/map", "/api/map/incidents", "/api/map/details", "/api/map/ground",
        "/api/map/effort?at=2031-09-01T00:00:00Z", f"{ogc}/incidents/items",
        f"{ogc}/incidents/items?offset=90000", f"{ogc}/incidents/items/{incident}",
        f"{ogc}/observations/items", f"{ogc}/zones/items",
    )  # fmt: skip
    client = TestClient(create_app(OPEN, room), base_url="https://room.test")
    client.post("/login", data={"name": "rita", "password": PASSWORD})
    print("answers: address, bytes, processor first, processor and wall after")
    for address in addresses:
        wall, busy = [], []
        for _ in range(ROUNDS + 1):
            at = time.perf_counter(), time.process_time()
            answer = client.get(address)
            wall.append(1000 * (time.perf_counter() - at[0]))
            busy.append(1000 * (time.process_time() - at[1]))
        assert answer.status_code == 200, address
        again = statistics.median(busy[1:]), statistics.median(wall[1:])
        name = address.replace(incident, "ID")
        print(f"  {name}: {len(answer.content)} bytes, {busy[0]:.0f} ms, "
              f"then {again[0]:.0f} and {again[1]:.0f} ms")  # fmt: skip


def come_in(page: Page, address: str) -> None:
    """Come in as the reviewer."""
    page.goto(f"{address}/login")
    page.fill("#name", "rita")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/incidents")


def processor(driver: int) -> float:
    """Return the processor seconds of all that runs below a process, those that ended too."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            told = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(told[1]), sum(map(int, told[11:15]))
    below, found = {driver}, 0
    while grown := {pid for pid, (parent, _) in parents.items() if parent in below} - below:
        below |= grown
        found += sum(parents[pid][1] for pid in grown)
    return found / os.sysconf("SC_CLK_TCK")


def opened(chromium: Browser, address: str, *, known: bool) -> None:
    """Print how long after navigation the incidents are on the map, and with what effort."""
    drawn, whole, effort = [], [], []
    page = chromium.new_page(viewport=VIEW)
    come_in(page, address)
    for _ in range(ROUNDS + known):
        if not known:
            page.context.close()
            page = chromium.new_page(viewport=VIEW)
            come_in(page, address)
        spent, start = processor(os.getpid()), time.perf_counter()
        page.goto(f"{address}/map", wait_until="commit")
        page.wait_for_selector("#map[data-drawn]", state="attached", timeout=60_000)
        page.evaluate(SHOWN)
        drawn.append(time.perf_counter() - start)
        effort.append(processor(os.getpid()) - spent)
        page.wait_for_selector("#map[data-ready]", timeout=60_000)
        whole.append(time.perf_counter() - start)
        page.wait_for_timeout(3000)
    page.context.close()
    # The first time of a browser that was there before makes it one.
    drawn, whole, effort = drawn[known:], whole[known:], effort[known:]
    print(f"open, {'again' if known else 'first'}: median {statistics.median(drawn):.2f} s, "
          f"longest {max(drawn):.2f} s, shortest {min(drawn):.2f} s; "
          f"table whole {statistics.median(whole):.2f} s; "
          f"processor {statistics.median(effort):.2f} s", flush=True)  # fmt: skip


def frames(page: Page, act: str, seconds: float) -> list[float]:
    """Return the times between frames while a hand does something to the map."""
    box = page.locator("#map canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    acts: dict[str, Callable[[float], None]] = {
        "drag": lambda s: page.mouse.move(x + 200 * math.sin(2 * s), y + 90 * math.sin(3 * s)),
        "zoom": lambda s: page.mouse.wheel(0, -120 if s % 2 < 1 else 120),
        "slide": lambda s: page.evaluate(SLIDE, 0.5 - 0.5 * math.cos(s)),
        "play": lambda _: None,
    }
    page.mouse.move(x, y)
    if act == "drag":
        page.mouse.down()
    if act == "play":
        page.click("#play")
    page.evaluate(BEGIN)
    start = time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        acts[act](passed)
        time.sleep(0.05 if act == "zoom" else 0.016)
    times: list[float] = page.evaluate(END)
    page.mouse.up()
    if act == "play":
        page.click("#play")
    page.goto(page.url.split("?")[0])
    page.wait_for_selector("#map[data-ready]", timeout=60_000)
    page.wait_for_timeout(3000)
    return times


def main(folder: Path) -> None:
    """Print all figures."""
    room = busy_room(folder)
    seen = room.working()
    print(f"{seen.incidents.height} incidents, {seen.observations.height} observations, "
          f"{seen.effort.height} rows of effort; load {os.getloadavg()[0]:.1f}")  # fmt: skip
    answers(room)
    with served(room) as address, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for known in (False, True):
            opened(chromium, address, known=known)
        page = chromium.new_page(viewport=VIEW)
        come_in(page, address)
        page.goto(f"{address}/map")
        page.wait_for_selector("#map[data-ready]", timeout=60_000)
        page.wait_for_timeout(3000)
        for act in ("drag", "zoom", "slide", "play"):
            print(f"frames, {act}: {spread(frames(page, act, 6))}", flush=True)
        page.evaluate(BARE)
        print(f"frames, drag of an empty map: {spread(frames(page, 'drag', 6))}")
        chromium.close()
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.gettempdir()) / "busy-room"
    main(given)

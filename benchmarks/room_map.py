"""How quick the room is after a year of a busy truce, on the server and in a real browser.

    python benchmarks/room_map.py [FOLDER]

Makes a room of 100,000 incidents on 1,000,000 observations in the folder (kept for the next
time), serves it and prints: what each page and interface costs the server, wall clock and
processor; in headless Chromium with a software renderer, how long after navigation the incidents
of the year are on the map; and the times between frames while the map is dragged and zoomed,
while the slider moves, and while it plays. A bare map of the same size, panned in the same way,
is measured beside it: no map on this machine is quicker than that.
"""

from __future__ import annotations

import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Page, sync_playwright

from busy_room import PASSWORD, busy_room
from truceline.web.app import create_app
from truceline.web.room.room import Room
from truceline.web.settings import Settings

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--use-gl=angle",
         "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]  # fmt: skip
OPEN = Settings(requests_per_minute=10**6, logins_per_minute=10**4)
ROUNDS = 5

#: Moves the map for some seconds, a little each frame, and returns the times between frames.
FRAMES = """async ([act, seconds]) => {
  const map = truceline.map, home = [map.getCenter(), map.getZoom()], times = [];
  const slide = document.getElementById('slide');
  const acts = {
    drag: (s) => map.jumpTo({ center:
      [home[0].lng + 0.4 * Math.sin(s), home[0].lat + 0.4 * Math.sin(1.3 * s)] }),
    zoom: (s) => map.jumpTo({ zoom: home[1] + 2 - 2 * Math.cos(s) }),
    slide: (s) => { slide.value = slide.max * (0.5 - 0.5 * Math.cos(s));
      slide.dispatchEvent(new Event('input', { bubbles: true })); },
    play: () => {},
  };
  if (act === 'play') document.getElementById('play').click();
  const start = performance.now();
  let before = start;
  await new Promise((done) => requestAnimationFrame(function frame(now) {
    times.push(now - before);
    before = now;
    if (now - start > 1000 * seconds) { done(); return; }
    acts[act]((now - start) / 1000);
    map.triggerRepaint();
    requestAnimationFrame(frame);
  }));
  if (act === 'play') document.getElementById('play').click();
  map.jumpTo({ center: home[0], zoom: home[1] });
  return times.slice(2);
}"""
SHOWN = "new Promise((r) => truceline.map.once('render', () => requestAnimationFrame(r)))"
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
    return (
        f"p50 {statistics.median(ordered):.0f} ms, p99 {ordered[int(0.99 * len(ordered))]:.0f} ms"
    )


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


def opened(page: Page, address: str) -> None:
    """Print how long after navigation the incidents are on the map."""
    drawn, said = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        page.goto(f"{address}/map", wait_until="commit")
        page.wait_for_selector("#map[data-drawn]", state="attached", timeout=60_000)
        page.evaluate(
            "new Promise((r) => truceline.map.once('render', () => requestAnimationFrame(r)))"
        )
        drawn.append(time.perf_counter() - start)
        page.wait_for_selector("#map[data-ready]", timeout=60_000)
        said.append(time.perf_counter() - start)
    print(f"open, {ROUNDS} times: incidents on the map {min(drawn):.2f} to {max(drawn):.2f} s, "
          f"median {statistics.median(drawn):.2f} s, "
          f"table whole {statistics.median(said):.2f} s")  # fmt: skip


def main(folder: Path) -> None:
    room = busy_room(folder)
    seen = room.working()
    print(f"{seen.incidents.height} incidents, {seen.observations.height} observations, "
          f"{seen.effort.height} rows of effort; load {os.getloadavg()[0]:.1f}")  # fmt: skip
    answers(room)
    with served(room) as address, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = chromium.new_page(viewport={"width": 1200, "height": 900})
        page.goto(f"{address}/login")
        page.fill("#name", "rita")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/incidents")
        opened(page, address)
        for act, seconds in (("drag", 6), ("zoom", 6), ("slide", 6), ("play", 8)):
            print(f"frames, {act}: {spread(page.evaluate(FRAMES, [act, seconds]))}", flush=True)
        page.evaluate(BARE)
        print(f"frames, drag of an empty map: {spread(page.evaluate(FRAMES, ['drag', 4]))}")
        chromium.close()
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.gettempdir()) / "busy-room"
    main(given)

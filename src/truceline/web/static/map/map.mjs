// The live map: incidents, ground and effort from three answers of the server, drawn with
// MapLibre GL on an empty base; nothing is fetched from anywhere else.
import { AttributionControl, Map as GlMap, NavigationControl, ScaleControl, setWorkerUrl }
  from "./maplibre-gl.mjs";

setWorkerUrl("/static/map/maplibre-gl-worker.mjs");
const box = document.getElementById("map");
const form = document.getElementById("filters");
const slide = document.getElementById("slide");
const span = document.getElementById("span");
const play = document.getElementById("play");
const START = Number(box.dataset.start) / 1e6, END = Number(box.dataset.end) / 1e6;
const PARTIES = box.dataset.parties.split(" ");
const NAMES = Object.fromEntries(PARTIES.map((id, i) => [id, box.dataset.names.split("|")[i]]));
const MOST_ROWS = 200, ICON_ZOOM = 8.5;
const empty = { type: "FeatureCollection", features: [] };
const asked = new URLSearchParams(location.search);
let incidents = [], order = { key: "t_start", down: true }, chosen = asked.get("incident");

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const when = (seconds, zone) => new Date(seconds * 1000).toLocaleString("sv-SE",
  { timeZone: zone, dateStyle: "short", timeStyle: "short" });
const both = (seconds) => {
  try { return `${when(seconds, "UTC")} UTC · ${when(seconds, box.dataset.zone)} local`; }
  catch { return `${when(seconds, "UTC")} UTC`; }
};
const shown = (p) => p == null ? "not known" : p > 0.99 ? ">0.99" : p < 0.01 ? "<0.01" : p.toFixed(2);
const plain = (word) => (word ?? "–").replaceAll("_", " ");

// Columns to rows: words that repeat come as a list and numbers into it.
function rows(columns) {
  const get = Object.fromEntries(Object.entries(columns).map(([name, column]) =>
    [name, Array.isArray(column) ? (i) => column[i]
      : (i) => column.at[i] == null ? null : column.words[column.at[i]]]));
  const names = Object.keys(columns), count = columns.incident_id.length, out = new Array(count);
  for (let i = 0; i < count; i++) {
    const row = {};
    for (const name of names) row[name] = get[name](i);
    row.t_start /= 1e6; row.t_end /= 1e6;
    out[i] = row;
  }
  return out;
}

function feature(row, index) {
  const party = PARTIES.indexOf(row.party);
  return { type: "Feature", id: index, geometry: { type: "Point", coordinates: [row.lon, row.lat] },
    properties: { i: index, a: row.t_start, b: row.t_end, p: row.p_hostile, k: row.kind,
      l: row.listed, s: row.sector ?? "", w: row.party ?? "",
      icon: `${row.listed === "violation" ? "full" : "ring"}-${party < 0 ? "none" : party % 4}` } };
}

// Marks: a shape for each party, full for a violation and hollow for what is only credible.
function mark(shape, full) {
  const size = 28, canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d"), c = size / 2, r = 9;
  const corners = { 0: [[0, -r], [r, r * 0.8], [-r, r * 0.8]], 1: [[-7, -7], [7, -7], [7, 7], [-7, 7]],
    2: [[0, -r], [r, 0], [0, r], [-r, 0]], 3: [[0, r], [r, -r * 0.8], [-r, -r * 0.8]] }[shape];
  pen.beginPath();
  if (corners) corners.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](c + x, c + y));
  else pen.arc(c, c, 7, 0, 7);
  pen.closePath();
  pen.lineWidth = 2.5;
  pen.strokeStyle = pen.fillStyle = colour("--ink");
  if (full) pen.fill(); else { pen.fillStyle = colour("--paper"); pen.fill(); }
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

function hatch() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 8;
  const pen = canvas.getContext("2d");
  pen.strokeStyle = colour("--hatch");
  pen.lineWidth = 1.4;
  for (const at of [-8, 0, 8]) { pen.beginPath(); pen.moveTo(at, 8); pen.lineTo(at + 8, 0); pen.stroke(); }
  return pen.getImageData(0, 0, 8, 8);
}

function layers() {
  const ink = colour("--ink"), muted = colour("--muted");
  return [
    { id: "base", type: "background", paint: { "background-color": colour("--ground") } },
    { id: "sector", type: "line", source: "ground", filter: ["==", ["get", "layer"], "sector"],
      paint: { "line-color": colour("--rule"), "line-width": 1 } },
    { id: "trouble", type: "line", source: "ground",
      filter: ["in", ["get", "state"], ["literal", ["eroding", "broken"]]],
      paint: { "line-color": colour("--accent"), "line-width": ["match", ["get", "state"], "broken", 3, 1.5] } },
    { id: "zone", type: "line", source: "ground", filter: ["==", ["get", "layer"], "zone"],
      paint: { "line-color": muted, "line-width": 1, "line-dasharray": [4, 3] } },
    { id: "watched", type: "fill", source: "effort", filter: ["==", ["get", "layer"], "watched"],
      paint: { "fill-color": colour("--link"), "fill-opacity": ["*", 0.32, ["get", "p"]] } },
    { id: "blind", type: "fill", source: "effort", filter: ["==", ["get", "layer"], "blind"],
      paint: { "fill-pattern": "hatch", "fill-opacity": 0.75 } },
    { id: "line", type: "line", source: "ground", filter: ["==", ["get", "layer"], "line"],
      paint: { "line-color": ink, "line-width": 2 } },
    { id: "far", type: "circle", source: "incidents", maxzoom: ICON_ZOOM,
      paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, 2, 8, 4.5],
        "circle-color": ["match", ["get", "l"], "violation", ink, colour("--paper")],
        "circle-stroke-color": ink, "circle-stroke-width": 1,
        "circle-opacity": ["max", 0.15, ["get", "p"]], "circle-stroke-opacity": ["max", 0.15, ["get", "p"]] } },
    { id: "near", type: "symbol", source: "incidents", minzoom: ICON_ZOOM,
      layout: { "icon-image": ["get", "icon"], "icon-size": 0.8, "icon-allow-overlap": true },
      paint: { "icon-opacity": ["max", 0.2, ["get", "p"]] } },
    { id: "error", type: "line", source: "error", paint: { "line-color": ink, "line-width": 1.2, "line-dasharray": [2, 2] } },
    { id: "chosen", type: "circle", source: "error", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 13, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": colour("--accent"), "circle-stroke-width": 2.5 } },
  ];
}

const bounds = box.dataset.bbox.split(",").map(Number);
const at = (asked.get("at") ?? "").split(",").map(Number);
const place = at.length === 3 && at.every(Number.isFinite)
  ? { zoom: at[0], center: [at[2], at[1]] } : { bounds, fitBoundsOptions: { padding: 24 } };
const map = new GlMap({ container: box, ...place, attributionControl: false, fadeDuration: 0,
  maxZoom: 16, renderWorldCopies: false, dragRotate: false, pitchWithRotate: false,
  style: { version: 8, sources: {}, layers: [] } });
map.addControl(new NavigationControl({ showCompass: false }), "top-right");
map.addControl(new ScaleControl({ unit: "metric" }));
map.addControl(new AttributionControl({ customAttribution: "Line and sectors: the case's. No other base." }));
map.getCanvas().setAttribute("aria-label", "Map of the incidents. The table below says the same.");
window.truceline = { map };

function dress() {
  for (const shape of [0, 1, 2, 3, "none"]) {
    for (const full of [true, false]) {
      const name = `${full ? "full" : "ring"}-${shape}`;
      if (map.hasImage(name)) map.removeImage(name);
      map.addImage(name, mark(shape, full), { pixelRatio: 1.4 });
    }
  }
  if (map.hasImage("hatch")) map.removeImage("hatch");
  map.addImage("hatch", hatch());
  for (const layer of layers()) {
    if (map.getLayer(layer.id)) map.removeLayer(layer.id);
    map.addLayer(layer);
  }
  narrow();
}

async function answer(path) {
  const got = await fetch(path, { headers: { "X-Truceline": "map" } });
  if (!got.ok) throw new Error(`${path}: ${got.status}`);
  return got.json();
}

async function load() {
  const [columns, land] = await Promise.all([answer("/api/map/incidents"), answer("/api/map/ground")]);
  incidents = rows(columns);
  map.getSource("incidents").setData({ type: "FeatureCollection", features: incidents.map(feature) });
  map.getSource("ground").setData(land);
  for (const name of ["kind", "sector"]) {
    const select = form.elements[name], held = select.value || asked.get(name) || "";
    select.replaceChildren(new Option("all", ""), ...[...new Set(incidents.map((r) => r[name]))]
      .filter(Boolean).sort().map((v) => new Option(plain(v), v)));
    select.value = held;
  }
  narrow();
  if (chosen) choose(incidents.findIndex((r) => r.incident_id === chosen));
}

function period() {
  const end = START + (END - START) * Number(slide.value) / 1000;
  const width = Number(span.value);
  return [width ? end - width : START, end];
}

function fits(row, [low, high]) {
  const f = form.elements;
  const list = f.listed.value;
  return row.t_end >= low && row.t_start <= high && row.p_hostile >= Number(f.p.value)
    && (list === "all" || (list === "listed" ? row.listed !== "background" : row.listed === list))
    && (!f.kind.value || row.kind === f.kind.value) && (!f.sector.value || row.sector === f.sector.value)
    && (!f.party.value || (f.party.value === "none" ? !row.party : row.party === f.party.value));
}

function expression([low, high]) {
  const f = form.elements, all = ["all", [">=", ["get", "b"], low], ["<=", ["get", "a"], high],
    [">=", ["get", "p"], Number(f.p.value)]];
  if (f.listed.value === "listed") all.push(["!=", ["get", "l"], "background"]);
  else if (f.listed.value !== "all") all.push(["==", ["get", "l"], f.listed.value]);
  if (f.kind.value) all.push(["==", ["get", "k"], f.kind.value]);
  if (f.sector.value) all.push(["==", ["get", "s"], f.sector.value]);
  if (f.party.value) all.push(["==", ["get", "w"], f.party.value === "none" ? "" : f.party.value]);
  return all;
}

function narrow() {
  const now = period();
  document.getElementById("moment").textContent = both(now[1]);
  slide.setAttribute("aria-valuetext", both(now[1]));
  if (!map.getLayer("far")) return;
  for (const id of ["far", "near"]) map.setFilter(id, expression(now));
  for (const id of ["watched", "blind"])
    map.setLayoutProperty(id, "visibility", form.elements.effort.checked ? "visible" : "none");
  later(table, 150);
  later(effort, 250);
  later(keep, 400);
}

// One timer for each thing that may wait until the hand rests.
const timers = new Map();
function later(what, ms) {
  clearTimeout(timers.get(what));
  timers.set(what, setTimeout(what, ms));
}

async function effort() {
  if (!form.elements.effort.checked) return;
  // Just before the end of the window: an interval does not hold its own end.
  const moment = new Date((period()[1] - 1) * 1000).toISOString();
  map.getSource("effort").setData(await answer(`/api/map/effort?at=${encodeURIComponent(moment)}`));
}

function table() {
  const view = map.getBounds(), now = period();
  const found = incidents.filter((r) => fits(r, now) && view.contains([r.lon, r.lat]));
  const sign = order.down ? -1 : 1, key = order.key;
  found.sort((a, b) => (a[key] == null) - (b[key] == null) || (a[key] < b[key] ? -sign : a[key] > b[key] ? sign : 0));
  const body = document.querySelector("#rows tbody");
  body.replaceChildren(...found.slice(0, MOST_ROWS).map((row) => {
    const line = document.createElement("tr");
    const first = document.createElement("td"), link = document.createElement("a");
    link.href = `/incidents/${row.incident_id}`;
    link.textContent = both(row.t_start);
    first.append(link);
    line.append(first, ...[plain(row.kind), row.sector ?? "–", row.listed, shown(row.p_hostile),
      shown(row.p_violation), row.party ? NAMES[row.party] ?? row.party : "not named"].map((text) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      return cell;
    }));
    return line;
  }));
  const more = found.length > MOST_ROWS ? `, the first ${MOST_ROWS} of them below` : "";
  document.querySelector("#rows caption").textContent = `${found.length.toLocaleString("en")} incidents in view${more}`;
}

// An ellipse of one sigma around the best place, in degrees.
function ellipse(row) {
  const ring = [], turn = row.err_azimuth_deg * Math.PI / 180;
  for (let step = 0; step <= 48; step++) {
    const angle = step * Math.PI / 24, a = row.err_major_m * Math.cos(angle), b = row.err_minor_m * Math.sin(angle);
    const north = a * Math.cos(turn) - b * Math.sin(turn), east = a * Math.sin(turn) + b * Math.cos(turn);
    ring.push([row.lon + east / (111320 * Math.cos(row.lat * Math.PI / 180)), row.lat + north / 110574]);
  }
  return ring;
}

function choose(index) {
  const row = incidents[index], side = document.getElementById("chosen");
  if (!row) return;
  chosen = row.incident_id;
  const features = [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [row.lon, row.lat] } }];
  if (row.err_major_m != null)
    features.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: ellipse(row) } });
  map.getSource("error").setData({ type: "FeatureCollection", features });
  const lines = [`${plain(row.kind)}, ${both(row.t_start)}${row.sector ? `, sector ${row.sector}` : ""}`,
    `Hostile ${shown(row.p_hostile)}; violation ${shown(row.p_violation)}${row.clause ? ` of ${row.clause}` : ""}; ` +
    (row.party ? `${NAMES[row.party] ?? row.party} with ${shown(row.p_party)}` : "not attributable") +
    (row.err_major_m == null ? "" : `; error ${row.err_major_m} × ${row.err_minor_m} m (one sigma)`)];
  const link = document.createElement("a");
  link.href = `/incidents/${row.incident_id}`;
  link.textContent = "Open the incident";
  side.replaceChildren(...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })), link);
  side.hidden = false;
  keep();
}

// The address holds the view, so that a link shows another person the same.
function keep() {
  const centre = map.getCenter(), query = new URLSearchParams();
  query.set("at", [map.getZoom().toFixed(2), centre.lat.toFixed(4), centre.lng.toFixed(4)].join(","));
  for (const element of form.elements)
    if (element.type === "checkbox" ? !element.checked : element.value && element.value !== element.defaultValue && element.value !== "listed")
      query.set(element.name, element.type === "checkbox" ? "off" : element.value);
  if (slide.value !== "1000") query.set("t", slide.value);
  if (span.value !== "0") query.set("span", span.value);
  if (chosen) query.set("incident", chosen);
  history.replaceState(null, "", `?${query}`);
}

function restore() {
  for (const name of ["listed", "party", "p"]) if (asked.has(name)) form.elements[name].value = asked.get(name);
  if (asked.get("effort") === "off") form.elements.effort.checked = false;
  if (asked.has("t")) slide.value = asked.get("t");
  if (asked.has("span")) span.value = asked.get("span");
}

let playing = 0;
play.addEventListener("click", () => {
  clearInterval(playing);
  playing = playing ? 0 : setInterval(() => {
    if (Number(span.value) === 0) span.value = "86400";
    const step = Math.max(1, 1000 * Number(span.value) / 2 / (END - START));
    slide.value = Number(slide.value) >= 1000 ? 0 : Math.min(1000, Number(slide.value) + step);
    narrow();
  }, 700);
  play.setAttribute("aria-pressed", String(Boolean(playing)));
  play.textContent = playing ? "Pause" : "Play";
});
form.addEventListener("input", narrow);
form.addEventListener("submit", (event) => event.preventDefault());
slide.addEventListener("input", narrow);
span.addEventListener("change", narrow);
document.querySelectorAll("#rows th button").forEach((button) => button.addEventListener("click", () => {
  order = { key: button.dataset.sort, down: order.key === button.dataset.sort ? !order.down : true };
  button.closest("tr").querySelectorAll("th").forEach((head) => head.removeAttribute("aria-sort"));
  button.closest("th").setAttribute("aria-sort", order.down ? "descending" : "ascending");
  table();
}));
map.on("click", (event) => {
  const near = 6, { x, y } = event.point;
  const hit = map.queryRenderedFeatures([[x - near, y - near], [x + near, y + near]], { layers: ["far", "near"] });
  if (hit.length) choose(hit[0].properties.i);
});
map.on("moveend", () => { later(table, 150); later(keep, 400); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
map.on("load", async () => {
  for (const name of ["ground", "effort", "incidents", "error"])
    map.addSource(name, { type: "geojson", data: empty, tolerance: name === "incidents" ? 0.375 : 0.1, buffer: 32 });
  restore();
  dress();
  await load();
  box.dataset.ready = "yes";
});
const events = new EventSource("/api/events");
for (const name of ["judgement", "published"]) events.addEventListener(name, load);

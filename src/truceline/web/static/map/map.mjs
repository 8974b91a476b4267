// The live map: incidents, ground and effort from the server's answers, drawn with MapLibre GL on
// an empty base; nothing is fetched from anywhere else. All incidents are in the browser as packed
// columns, and only what is in view is handed to the map: gathered into cells while there are many.
import { AttributionControl, Map as GlMap, NavigationControl, ScaleControl, setWorkerUrl }
  from "./maplibre-gl.mjs";
import { details as askDetails, features, first, picture } from "./answers.mjs";
import { ellipse, gathered, matching, north, readDetails, readMarks, within, word } from "./columns.mjs";
import { layers } from "./layers.mjs";
import { drawPictures, dropPictures, kindIcon } from "./marks.mjs";
import { both, fillSectors, fillTable, plain, sayChosen, sayEffort } from "./panel.mjs";
import { timeline } from "./timeline.mjs";

setWorkerUrl("/static/map/maplibre-gl-worker.mjs");
const box = document.getElementById("map"), form = document.getElementById("filters");
const START = Number(box.dataset.start) / 1e6, END = Number(box.dataset.end) / 1e6;
const PARTIES = box.dataset.parties.split(" ");
const names = Object.fromEntries(PARTIES.map((id, i) => [id, box.dataset.names.split("|")[i]]));
const told = { zone: box.dataset.zone, names };
// More single marks than these are gathered; ellipses are drawn where they are not a dot.
const MOST_SINGLES = 700, MOST_ELLIPSES = 250, LEAST_ELLIPSE_PX = 5, MARGIN = 0.6;
const empty = { type: "FeatureCollection", features: [] };
const collection = (members) => ({ type: "FeatureCollection", features: members });
const asked = new URLSearchParams(location.search);
let marks = null, details = null, rows = new Int32Array(0), covered = null;
let order = { key: "t_start", down: true }, chosen = asked.get("incident");

const bounds = box.dataset.bbox.split(",").map(Number);
const at = (asked.get("at") ?? "").split(",").map(Number);
const place = at.length === 3 && at.every(Number.isFinite)
  ? { zoom: at[0], center: [at[2], at[1]] } : { bounds, fitBoundsOptions: { padding: 24 } };
const SOURCES = ["ground", "effort", "groups", "incidents", "ellipses", "mission", "error"];
const source = { type: "geojson", data: empty, tolerance: 0.2, buffer: 32 };
const map = new GlMap({ container: box, ...place, attributionControl: false, fadeDuration: 0,
  maxZoom: 16, renderWorldCopies: false, dragRotate: false, pitchWithRotate: false,
  style: { version: 8, sources: Object.fromEntries(SOURCES.map((name) => [name, source])), layers: layers() } });
map.addControl(new NavigationControl({ showCompass: false }), "top-right");
map.addControl(new ScaleControl({ unit: "metric" }), "top-left");
map.addControl(new AttributionControl({ customAttribution: "Line and sectors: the case's. No other base." }));
map.getCanvas().setAttribute("aria-label", "Map of the incidents. The table below says the same.");
window.truceline = { map };
drawPictures(map);
const time = timeline(START, END, narrow);

// One timer for each thing that may wait: until the hand rests, or at most so often.
const timers = new Map();
function later(what, ms) {
  clearTimeout(timers.get(what));
  timers.set(what, setTimeout(what, ms));
}
function soon(what, ms) {
  if (!timers.has(what)) timers.set(what, setTimeout(() => { timers.delete(what); what(); }, ms));
}

function filters() {
  const f = form.elements, [low, high] = time.period();
  const listed = { all: null, listed: ["violation", "credible"] }[f.listed.value];
  return { low, high, p: Number(f.p.value), listed: listed === undefined ? [f.listed.value] : listed,
    kind: f.kind.value, sector: f.sector.value, party: f.party.value, clause: f.clause.value };
}

/** Return what is in view as a box of the Mercator square, with a margin of its own size. */
function view(margin) {
  const b = map.getBounds(), west = (b.getWest() + 180) / 360, east = (b.getEast() + 180) / 360;
  const top = north(b.getNorth()), bottom = north(b.getSouth());
  const x = margin * (east - west), y = margin * (bottom - top);
  return [west - x, top - y, east + x, bottom + y];
}

function point(row) {
  const party = PARTIES.indexOf(word(marks, "party", row)), listed = word(marks, "listed", row);
  return { type: "Feature", geometry: { type: "Point", coordinates: [marks.lon[row], marks.lat[row]] },
    properties: { i: row, p: marks.p_hostile[row], l: listed, kind: kindIcon(word(marks, "kind", row)),
      icon: `${listed === "violation" ? "full" : "ring"}-${party < 0 ? "none" : party % 4}` } };
}

const short = (n) => n < 1000 ? String(n) : n < 9950 ? `${(n / 1000).toFixed(1)}k` : `${Math.round(n / 1000)}k`;
const group = (cell) => ({ type: "Feature", geometry: { type: "Point", coordinates: [cell.lon, cell.lat] },
  properties: { n: cell.n, p: cell.p, said: `${short(cell.n)}\n${cell.p.toFixed(2)}` } });

function ellipsesOf(singles) {
  if (!details || singles.length > MOST_ELLIPSES) return [];
  const metres = LEAST_ELLIPSE_PX * 40075017 / (512 * 2 ** map.getZoom());
  return Array.from(singles).filter((i) => details.err_major_m[i] >= metres).map((i) => ({ type: "Feature",
    properties: { p: marks.p_hostile[i] }, geometry: { type: "LineString",
      coordinates: ellipse(marks.lon[i], marks.lat[i], details.err_major_m[i], details.err_minor_m[i], details.err_azimuth_deg[i]) } }));
}

/** Hand the map what is in view and around it; many incidents are gathered into cells. */
function draw() {
  if (!marks) return;
  covered = { box: view(MARGIN), zoom: Math.floor(2 * map.getZoom()) };
  const near = within(marks, rows, covered.box), many = near.length > MOST_SINGLES;
  const cells = many ? gathered(marks, near, map.getZoom()) : [];
  // A cell with one incident in it is that incident.
  const singles = many ? cells.filter((c) => c.n === 1).map((c) => c.row) : Array.from(near);
  map.getSource("groups").setData(collection(cells.filter((c) => c.n > 1).map(group)));
  map.getSource("incidents").setData(collection(singles.map(point)));
  covered.singles = singles;
  drawEllipses();
  box.dataset.drawn = String(near.length);
}

const drawEllipses = () => map.getSource("ellipses").setData(collection(ellipsesOf(covered.singles)));

function moved() {
  if (!covered) return;
  const [west, top, east, bottom] = view(0), [w, n, e, s] = covered.box;
  if (west < w || top < n || east > e || bottom > s || Math.floor(2 * map.getZoom()) !== covered.zoom) soon(draw, 150);
}

/** Show what the filters and the slider ask for now. */
function narrow() {
  const said = both(time.now(), told.zone);
  document.getElementById("moment").textContent = said;
  document.getElementById("slide").setAttribute("aria-valuetext", said);
  for (const id of ["watched", "blind"])
    if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", form.elements.effort.checked ? "visible" : "none");
  if (marks) {
    rows = matching(marks, filters());
    draw();
    later(table, 150);
  }
  later(effort, 250);
  later(keep, 400);
}

const table = () => fillTable(marks, details, within(marks, rows, view(0)), order, told);

async function effort() {
  // Just before the end of the window: an interval does not hold its own end.
  const now = time.now(), moment = encodeURIComponent(new Date((now - 1) * 1000).toISOString());
  const [seen, own] = await Promise.all([features(`/api/map/effort?at=${moment}`), features(`/api/map/mission?at=${moment}`)]);
  sayEffort(seen);
  if (form.elements.effort.checked) map.getSource("effort").setData(seen);
  map.getSource("mission").setData(own);
}

function choose(row) {
  if (!details || row < 0) return;
  chosen = details.incident_id[row];
  const here = [marks.lon[row], marks.lat[row]];
  const drawn = [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: here } }];
  if (!Number.isNaN(details.err_major_m[row]))
    drawn.push({ type: "Feature", properties: {}, geometry: { type: "LineString",
      coordinates: ellipse(...here, details.err_major_m[row], details.err_minor_m[row], details.err_azimuth_deg[row]) } });
  map.getSource("error").setData(collection(drawn));
  sayChosen(marks, details, row, told);
  keep();
}

// The address holds the view, so that a link shows another person the same.
function keep() {
  const centre = map.getCenter(), query = new URLSearchParams();
  query.set("at", [map.getZoom().toFixed(2), centre.lat.toFixed(4), centre.lng.toFixed(4)].join(","));
  for (const element of form.elements)
    if (element.type === "checkbox" ? !element.checked : element.value && element.value !== element.defaultValue && element.value !== "listed")
      query.set(element.name, element.type === "checkbox" ? "off" : element.value);
  for (const [name, value] of Object.entries(time.kept())) query.set(name, value);
  if (chosen) query.set("incident", chosen);
  history.replaceState(null, "", `?${query}`);
}

function restore() {
  for (const name of ["listed", "party", "p"]) if (asked.has(name)) form.elements[name].value = asked.get(name);
  if (asked.get("effort") === "off") form.elements.effort.checked = false;
  time.restore(asked);
}

function fillChoices() {
  for (const name of ["kind", "sector", "clause"]) {
    const select = form.elements[name], held = select.value || asked.get(name) || "";
    select.replaceChildren(new Option("all", ""), ...marks.words[name].map((w) => new Option(plain(w), w)));
    select.value = held;
  }
}

/** Take the server's picture: first what is drawn, then what the table says besides. */
async function load(sent) {
  const more = askDetails();
  const [packed, land] = await Promise.all([sent.marks, sent.land]);
  marks = readMarks(packed);
  details = null;
  map.getSource("ground").setData(land);
  fillSectors(land);
  fillChoices();
  narrow();
  const found = readDetails(await more);
  // Another picture may have come meanwhile; its own details follow.
  if (found.incident_id.length !== marks.rows) return;
  details = found;
  drawEllipses();
  later(table, 0);
  if (chosen) choose(details.incident_id.indexOf(chosen));
  box.dataset.ready = "yes";
}

function dress() {
  dropPictures(map);
  for (const layer of layers()) {
    if (map.getLayer(layer.id)) map.removeLayer(layer.id);
    map.addLayer(layer);
  }
  narrow();
}

form.addEventListener("input", narrow);
form.addEventListener("submit", (event) => event.preventDefault());
document.querySelectorAll("#rows th button").forEach((button) => button.addEventListener("click", () => {
  order = { key: button.dataset.sort, down: order.key === button.dataset.sort ? !order.down : true };
  button.closest("tr").querySelectorAll("th").forEach((head) => head.removeAttribute("aria-sort"));
  button.closest("th").setAttribute("aria-sort", order.down ? "descending" : "ascending");
  table();
}));
map.on("click", (event) => {
  const near = 6, { x, y } = event.point, hit = (layers) => map.queryRenderedFeatures([[x - near, y - near], [x + near, y + near]], { layers });
  const [single] = hit(["far", "near"]), [cell] = hit(["groups"]);
  if (single) choose(single.properties.i);
  else if (cell) map.easeTo({ center: cell.geometry.coordinates, zoom: map.getZoom() + 1.5 });
});
map.on("move", moved);
map.on("moveend", () => { moved(); if (marks) later(table, 150); later(keep, 400); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
map.once("style.load", () => {
  restore();
  load(first);
});
const events = new EventSource("/api/events");
for (const name of ["judgement", "published"])
  events.addEventListener(name, () => load(picture()));

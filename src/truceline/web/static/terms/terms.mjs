// The zones of a draft, drawn on a map and kept as corners in tables: each is the other's mirror.
// The zones in force lie beneath and are never changed here.
import * as maplibre from "/static/map/maplibre-gl.mjs";
import { TerraDraw, TerraDrawPolygonMode, TerraDrawSelectMode } from "./terra-draw.mjs";
import { TerraDrawMapLibreGLAdapter } from "./terra-draw-maplibre-gl-adapter.mjs";
import { showFindings, zoneTable } from "./corners.mjs";

maplibre.setWorkerUrl("/static/map/maplibre-gl-worker.mjs");
const box = document.getElementById("map"), may = box.dataset.edit === "yes";
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const answer = async (path) => (await fetch(path, { headers: { "X-Truceline": "terms" } })).json();
const number = new URLSearchParams(location.search).get("draft");
const held = await answer("/api/terms/zones");
const first = number && /^\d+$/.test(number) ? await answer(`/api/terms/drafts/${number}`) : { zones: [], without: [] };

// Zones that are drawn, by name; and names of zones in force that the draft leaves out.
const zones = new Map(first.zones.map((zone) => [zone.id, { side: zone.side, ring: zone.ring }]));
const without = new Set(first.without);
const shapes = new Map();
let chosen = null;

const outline = (zone) => ({ type: "Feature", properties: { name: zone.id }, geometry: zone.geometry });
const map = new maplibre.Map({ container: box, bounds: held.bbox, fitBoundsOptions: { padding: 24 },
  attributionControl: false, fadeDuration: 0, renderWorldCopies: false, dragRotate: false, pitchWithRotate: false,
  style: { version: 8,
    sources: { force: { type: "geojson", data: { type: "FeatureCollection", features: held.zones.map(outline) } },
      ground: { type: "geojson", data: "/api/map/ground" } },
    layers: [
      { id: "base", type: "background", paint: { "background-color": colour("--ground") } },
      { id: "force", type: "line", source: "force", paint: { "line-color": colour("--muted"), "line-dasharray": [4, 3] } },
      { id: "line", type: "line", source: "ground", filter: ["==", ["get", "layer"], "line"],
        paint: { "line-color": colour("--ink"), "line-width": 2 } },
      { id: "names", type: "symbol", source: "force", layout: { "symbol-placement": "line", "text-field": ["get", "name"],
        "text-size": 11, "text-font": ["sans-serif"], "symbol-spacing": 400 },
        paint: { "text-color": colour("--ink"), "text-halo-color": colour("--paper"), "text-halo-width": 1.5 } },
    ] } });
map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
map.getCanvas().setAttribute("aria-label", "Map of the zones. The corners are in the tables below.");

const ink = colour("--ink"), accent = colour("--accent"), paper = colour("--paper");
const draw = may ? new TerraDraw({
  adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 5 }),
  modes: [
    new TerraDrawPolygonMode({ styles: { fillColor: ink, fillOpacity: 0.15, outlineColor: ink, outlineWidth: 2, closingPointColor: accent } }),
    new TerraDrawSelectMode({
      flags: { polygon: { feature: { draggable: false, coordinates: { draggable: true, deletable: true, midpoints: { draggable: true } } } } },
      styles: { selectedPolygonColor: ink, selectedPolygonFillOpacity: 0.2, selectedPolygonOutlineColor: accent,
        selectedPolygonOutlineWidth: 2, selectionPointColor: paper, selectionPointOutlineColor: ink, selectionPointOutlineWidth: 2,
        midPointColor: ink, midPointOutlineColor: paper } }),
  ],
}) : null;

const round = (v) => Math.round(v * 1e5) / 1e5;
const open = (ring) => ring.slice(0, -1).map(([lon, lat]) => [round(lon), round(lat)]);
const closed = (ring) => [...ring, ring[0]];
const sent = () => ({ zones: [...zones].map(([id, zone]) => ({ id, ...zone })), without: [...without] });

function say(text) { document.getElementById("drawn-said").textContent = text; }

/** Put the tables' corners on the map; `name` alone, or all. */
function toMap(name) {
  for (const [id, zone] of zones) {
    if (name && id !== name) continue;
    const had = shapes.get(id);
    if (had !== undefined && draw.hasFeature(had)) draw.removeFeatures([had]);
    shapes.delete(id);
    if (zone.ring.length < 3) continue;
    const [added] = draw.addFeatures([{ type: "Feature", properties: { mode: "polygon" },
      geometry: { type: "Polygon", coordinates: [closed(zone.ring)] } }]);
    if (added.valid) shapes.set(id, added.id);
    else say(`The zone ${id} cannot be drawn: ${added.reason ?? "its edges cross"}.`);
  }
}

/** Take a shape of the map into the tables. */
function fromMap(shape) {
  const feature = draw.getSnapshotFeature(shape);
  if (!feature || feature.geometry.type !== "Polygon") return;
  const known = [...shapes].find(([, id]) => id === shape)?.[0];
  const ring = open(feature.geometry.coordinates[0]);
  if (known) zones.get(known).ring = ring;
  else {
    const name = fresh();
    shapes.set(name, shape);
    zones.set(name, { side: "both", ring });
    say(`The zone ${name} has ${ring.length} corners.`);
  }
  list();
}

function fresh() {
  for (let i = 1; ; i++) if (!zones.has(`zone-${i}`) && !held.zones.some((z) => z.id === `zone-${i}`)) return `zone-${i}`;
}

function remove(id) {
  const shape = shapes.get(id);
  if (shape !== undefined && draw.hasFeature(shape)) { if (chosen === shape) draw.deselectFeature(shape); draw.removeFeatures([shape]); }
  shapes.delete(id);
  zones.delete(id);
  list();
  say(`The zone ${id} is taken out of the draft.`);
}

function rename(id, name) {
  if (!name || zones.has(name)) return;
  const entries = [...zones].map(([key, zone]) => [key === id ? name : key, zone]);
  zones.clear();
  for (const [key, zone] of entries) zones.set(key, zone);
  if (shapes.has(id)) { shapes.set(name, shapes.get(id)); shapes.delete(id); }
  list();
}

/** Take a zone in force into the draft, as corners of its own. */
function take(zone) {
  if (zone.geometry.type !== "Polygon") { say(`The zone ${zone.id} has several parts and cannot be drawn here.`); return; }
  zones.set(zone.id, { side: zone.side, ring: open(zone.geometry.coordinates[0]) });
  without.delete(zone.id);
  toMap(zone.id);
  list();
  say(`The zone ${zone.id} is in the draft with ${zones.get(zone.id).ring.length} corners; in force it stays as it is.`);
}

function list() {
  const sides = ["both", ...held.parties];
  const drawn = [...zones].map(([id, zone]) => zoneTable(id, zone, sides, {
    changed: () => toMap(id), rename: (name) => rename(id, name), remove: () => remove(id), list }));
  const others = held.zones.filter((zone) => !zones.has(zone.id)).map((zone) => {
    const line = document.createElement("p");
    const out = without.has(zone.id);
    line.append(`${zone.id}, in force, ${zone.made === "width" ? "measured from its line" : "drawn"}${out ? ", left out of the draft" : ""} `);
    const button = (text, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
      made.addEventListener("click", act);
      line.append(made);
    };
    button(`Draw ${zone.id} anew`, () => take(zone));
    button(out ? `Keep ${zone.id}` : `Leave ${zone.id} out`, () => { if (out) without.delete(zone.id); else without.add(zone.id); list(); });
    return line;
  });
  const opened = new Set([...document.querySelectorAll("#zones details[open]")].map((d) => d.dataset.zone));
  for (const table of drawn) table.open = opened.has(table.dataset.zone);
  document.getElementById("zones").replaceChildren(...drawn, ...others);
}

async function relint() {
  const got = await fetch("/api/terms/lint", { method: "POST", body: JSON.stringify(sent()),
    headers: { "X-Truceline": "terms", "Content-Type": "application/json" } });
  if (!got.ok) { say((await got.json()).message ?? "The draft cannot be read."); return; }
  const { findings } = await got.json();
  showFindings(findings);
  say(`The lint of the draft finds ${findings.length} points; they stand beside the agreement above.`);
}

function mode(name) {
  draw.setMode(name);
  document.getElementById("draw").setAttribute("aria-pressed", String(name === "polygon"));
  document.getElementById("choose").setAttribute("aria-pressed", String(name === "select"));
}

if (may) {
  document.getElementById("draw").addEventListener("click", () => mode("polygon"));
  document.getElementById("choose").addEventListener("click", () => mode("select"));
  document.getElementById("relint").addEventListener("click", relint);
  document.getElementById("save").addEventListener("submit", () => {
    document.getElementById("drawn").value = JSON.stringify(sent());
  });
  document.getElementById("zones").insertAdjacentElement("beforebegin", Object.assign(document.createElement("button"),
    { type: "button", id: "by-corners", textContent: "Enter a zone by its corners" })).addEventListener("click", () => {
    const name = fresh();
    zones.set(name, { side: "both", ring: [] });
    list();
    const table = document.querySelector(`#zones details[data-zone="${name}"]`);
    table.open = true;
    table.querySelector("input").focus();
  });
  map.once("load", () => {
    draw.start();
    mode("select");
    draw.on("finish", (shape) => { fromMap(shape); mode("select"); });
    draw.on("select", (shape) => { chosen = shape; });
    draw.on("deselect", (shape) => { fromMap(shape); chosen = null; });
    draw.on("change", (ids, type) => { if (type === "update" && ids.includes(chosen)) fromMap(chosen); });
    toMap();
    list();
    box.dataset.ready = "yes";
  });
} else {
  map.once("load", () => { box.dataset.ready = "yes"; });
}
window.truceline = { map, draw, sent };

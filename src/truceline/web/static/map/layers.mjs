// What the map draws of each source, from the ground up.
import { colour } from "./marks.mjs";

/** Above this zoom a single incident has its party's mark and its kind's symbol. */
export const ICON_ZOOM = 8.5;

// A count is always said; a sector's or a zone's words give way to it.
const COUNT = { "text-size": 12, "text-font": ["sans-serif"], "text-allow-overlap": true, "text-line-height": 1 };

function ground(ink, muted) {
  const state = ["get", "state"];
  return [
    { id: "sector", type: "line", source: "ground", filter: ["==", ["get", "layer"], "sector"],
      paint: { "line-color": colour("--rule"), "line-width": 1 } },
    { id: "trouble", type: "line", source: "ground",
      filter: ["in", state, ["literal", ["eroding", "broken"]]],
      paint: { "line-color": colour("--accent"), "line-width": ["match", state, "broken", 3, 1.5] } },
    { id: "zone", type: "line", source: "ground", filter: ["==", ["get", "layer"], "zone"],
      paint: { "line-color": muted, "line-width": 1, "line-dasharray": [4, 3] } },
  ];
}

function effort() {
  return [
    { id: "watched", type: "fill", source: "effort", filter: ["==", ["get", "layer"], "watched"],
      paint: { "fill-color": colour("--link"), "fill-opacity": ["*", 0.32, ["get", "p"]], "fill-antialias": false } },
    { id: "blind", type: "fill", source: "effort", filter: ["==", ["get", "layer"], "blind"],
      paint: { "fill-pattern": "hatch", "fill-opacity": 0.5, "fill-antialias": false } },
  ];
}

function incidents(ink, paper) {
  const seen = ["max", 0.15, ["get", "p"]];
  return [
    { id: "ellipses", type: "line", source: "ellipses", paint: { "line-color": ink, "line-width": 0.8, "line-opacity": seen } },
    { id: "groups", type: "circle", source: "groups",
      paint: { "circle-radius": ["+", 7, ["*", 4, ["log10", ["get", "n"]]]], "circle-color": ink,
        "circle-opacity": ["*", 0.75, ["get", "p"]], "circle-stroke-color": ink, "circle-stroke-width": 1 } },
    { id: "far", type: "circle", source: "incidents", maxzoom: ICON_ZOOM,
      paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, 2, 8, 4.5],
        "circle-color": ["match", ["get", "l"], "violation", ink, paper],
        "circle-stroke-color": ink, "circle-stroke-width": 1,
        "circle-opacity": seen, "circle-stroke-opacity": seen } },
    { id: "near", type: "symbol", source: "incidents", minzoom: ICON_ZOOM,
      layout: { "icon-image": ["get", "icon"], "icon-size": 0.8, "icon-allow-overlap": true, "icon-ignore-placement": true },
      paint: { "icon-opacity": ["max", 0.2, ["get", "p"]] } },
    { id: "kind", type: "symbol", source: "incidents", minzoom: ICON_ZOOM, filter: ["!=", ["get", "kind"], ""],
      layout: { "icon-image": ["get", "kind"], "icon-size": 0.8, "icon-offset": [0, -24] },
      paint: { "icon-opacity": ["max", 0.4, ["get", "p"]] } },
    { id: "counts", type: "symbol", source: "groups",
      layout: { ...COUNT, "text-field": ["get", "said"] },
      paint: { "text-color": ink, "text-halo-color": paper, "text-halo-width": 2 } },
  ];
}

function words(ink, paper) {
  return [
    // Hundreds of posts would hide the line: from afar only those with room are drawn, below names.
    { id: "own", type: "symbol", source: "mission",
      layout: { "icon-image": ["get", "sidc"], "icon-padding": 6,
        "icon-allow-overlap": ["step", ["zoom"], false, 10, true],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 5, 0.45, 10, 0.9] } },
    { id: "zones", type: "symbol", source: "ground", filter: ["==", ["get", "layer"], "zone"],
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-size": 11, "text-font": ["sans-serif"], "symbol-spacing": 400 },
      paint: { "text-color": colour("--muted"), "text-halo-color": paper, "text-halo-width": 1.5 } },
    { id: "state", type: "symbol", source: "ground", filter: ["==", ["get", "layer"], "sector words"], maxzoom: 12,
      layout: { "text-field": ["concat", ["get", "name"], "\n", ["get", "state"]], "text-size": 11, "text-font": ["sans-serif"], "text-padding": 4 },
      paint: { "text-color": ink, "text-halo-color": paper, "text-halo-width": 1.5 } },
  ];
}

/** Return all layers in the colours of the page as it is now. */
export function layers() {
  const ink = colour("--ink"), paper = colour("--paper");
  return [
    { id: "base", type: "background", paint: { "background-color": colour("--ground") } },
    ...ground(ink, colour("--muted")),
    ...effort(),
    { id: "line", type: "line", source: "ground", filter: ["==", ["get", "layer"], "line"],
      paint: { "line-color": ink, "line-width": 2 } },
    ...words(ink, paper),
    ...incidents(ink, paper),
    { id: "error", type: "line", source: "error", paint: { "line-color": ink, "line-width": 1.5, "line-dasharray": [2, 2] } },
    { id: "chosen", type: "circle", source: "error", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 13, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": colour("--accent"), "circle-stroke-width": 2.5 } },
  ];
}

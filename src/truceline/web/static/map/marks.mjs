// Pictures that the map draws with: marks for the parties, the hatch for what nobody watched, and
// APP-6 symbols by milsymbol. No frame says hostile or friend: the mission is neutral, and what
// happened has no frame at all.

// Symbols of kinds of incident, where APP-6 (D) has one among its activities. A shot, a burst and
// a muzzle flash are one: shooting. What has none is told by its mark and the table alone.
const EXPLOSION = "110600", SHOOTING = "110400";
const KINDS = { explosion: EXPLOSION, explosion_airburst: EXPLOSION, explosion_impact: EXPLOSION,
  explosion_outgoing: EXPLOSION, explosion_undetermined: EXPLOSION, shot: SHOOTING, burst: SHOOTING,
  muzzle_flash: SHOOTING, fire: "140000", casualty: "110108", damage: "110114" };

// Version 10, reality, identity unknown, symbol set 40: activities and events.
const INCIDENT = "1001400000";

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Return the name of the picture of a kind of incident; empty where APP-6 has none. */
export const kindIcon = (kind) => KINDS[kind] ? `${INCIDENT}${KINDS[kind]}0000` : "";

function drawn(size, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  // To be read at once: a canvas of the graphics processor would be waited for.
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  draw(pen, size);
  return pen.getImageData(0, 0, size, size);
}

// A shape for each party, full for a violation and hollow for what is only credible.
function mark(shape, full) {
  return drawn(28, (pen, size) => {
    const c = size / 2, r = 9;
    const corners = { 0: [[0, -r], [r, r * 0.8], [-r, r * 0.8]], 1: [[-7, -7], [7, -7], [7, 7], [-7, 7]],
      2: [[0, -r], [r, 0], [0, r], [-r, 0]], 3: [[0, r], [r, -r * 0.8], [-r, -r * 0.8]] }[shape];
    pen.beginPath();
    if (corners) corners.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](c + x, c + y));
    else pen.arc(c, c, 7, 0, 7);
    pen.closePath();
    pen.lineWidth = 2.5;
    pen.strokeStyle = colour("--ink");
    pen.fillStyle = colour(full ? "--ink" : "--paper");
    pen.fill();
    pen.stroke();
  });
}

const hatch = () => drawn(8, (pen) => {
  pen.strokeStyle = colour("--hatch");
  pen.lineWidth = 1.4;
  for (const at of [-8, 0, 8]) { pen.beginPath(); pen.moveTo(at, 8); pen.lineTo(at + 8, 0); pen.stroke(); }
});

/**
 * Return an APP-6 symbol in the page's ink, without the colours of friend and foe.
 *
 * The program that draws it is as large as the rest of the page, so it comes when it is needed.
 */
async function symbol(code) {
  await import("./milsymbol.js");
  const bare = code.startsWith(INCIDENT) ? { frame: false } : { fill: false };
  const canvas = new globalThis.ms.Symbol(code, { size: 26, monoColor: colour("--ink"),
    outlineColor: colour("--paper"), outlineWidth: 3, ...bare }).asCanvas(2);
  return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
}

async function picture(name) {
  if (name === "hatch") return [hatch(), 1];
  const [fill, shape] = name.split("-");
  return shape === undefined ? [await symbol(name), 2] : [mark(shape, fill === "full"), 1.4];
}

/** Let a map ask for its pictures by name: `hatch`, a mark such as `full-0`, or an APP-6 code. */
export function drawPictures(map) {
  map.setMissingStyleImageResolver(async (name) => {
    const [image, pixelRatio] = await picture(name);
    if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio });
  });
}

/** Drop all pictures, so that they are drawn anew in the colours of the page. */
export function dropPictures(map) {
  for (const name of map.listImages()) map.removeImage(name);
}

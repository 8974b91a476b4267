// Packed columns of the server as typed arrays: filtered, counted and gathered for the screen
// without asking the server again. Nothing here knows of a map library.

const TYPES = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i4: Int32Array, f4: Float32Array };
const CELL_PX = 76, TILE_PX = 512;

/** Part a picture of the server (`live_map/marks.py` tells how it is packed) into its columns. */
function columns(picture) {
  const length = new DataView(picture).getUint32(0, true), utf8 = new TextDecoder();
  const told = JSON.parse(utf8.decode(new Uint8Array(picture, 4, length)));
  const read = ({ type, at, length: n }) => type === "text"
    ? (n ? utf8.decode(new Uint8Array(picture, 4 + length + at, n)).split("\n") : [])
    : new TYPES[type](picture, 4 + length + at, n);
  return { rows: told.rows, columns: Object.entries(told.columns).map(([name, c]) => [name, c, read(c)]) };
}

const none = (column) => 2 ** (8 * Number(column.type[1])) - 1;

/** Divide all by a scale. */
function scaled(raw, scale) {
  const values = new Float64Array(raw.length);
  for (let i = 0; i < raw.length; i++) values[i] = raw[i] / scale;
  return values;
}

/** Read what is needed to draw and to filter. */
export function readMarks(picture) {
  const sent = columns(picture), marks = { rows: sent.rows, words: {}, codes: {}, none: {} };
  for (const [name, column, raw] of sent.columns) {
    if (column.words) {
      marks.words[name] = column.words;
      marks.codes[name] = raw;
      marks.none[name] = none(column);
    } else marks[name] = column.scale < 1 ? raw : scaled(raw, column.scale);
  }
  marks.x = new Float64Array(marks.rows);
  marks.y = new Float64Array(marks.rows);
  for (let i = 0; i < marks.rows; i++) {
    marks.x[i] = (marks.lon[i] + 180) / 360;
    marks.y[i] = north(marks.lat[i]);
  }
  return marks;
}

/** Read what the table beside the map says besides. */
export function readDetails(picture) {
  return Object.fromEntries(columns(picture).columns.map(([name, column, raw]) =>
    [name, column.type === "text" ? raw : scaled(raw, column.scale)]));
}

/** Return a latitude as a share of the Mercator square, from its north edge. */
export function north(lat) {
  const s = Math.sin(lat * Math.PI / 180);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
}

const longitude = (x) => x * 360 - 180;
const latitude = (y) => Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI;

/** Return a word of a row, or null where it has none. */
export function word(marks, name, row) {
  const code = marks.codes[name][row];
  return code === marks.none[name] ? null : marks.words[name][code];
}

/**
 * Return the rows that are asked for, in order.
 *
 * `asked` has `low`, `high` (seconds), `p`, `listed` (words, or null for all) and for kind,
 * sector, party and clause a word, an empty text for all, or `none` for those without one.
 */
export function matching(marks, asked) {
  const codes = ["kind", "sector", "party", "clause"].filter((name) => asked[name]).map((name) =>
    [marks.codes[name], asked[name] === "none" ? marks.none[name] : marks.words[name].indexOf(asked[name])]);
  const lists = marks.words.listed.map((w) => asked.listed === null || asked.listed.includes(w));
  const { t_start, t_end, p_hostile } = marks, listed = marks.codes.listed;
  const found = new Int32Array(marks.rows);
  let n = 0;
  next: for (let i = 0; i < marks.rows; i++) {
    if (t_end[i] < asked.low || t_start[i] > asked.high || p_hostile[i] < asked.p || !lists[listed[i]]) continue;
    for (const [column, code] of codes) if (column[i] !== code) continue next;
    found[n++] = i;
  }
  return found.subarray(0, n);
}

/** Return those of some rows that lie in a box `[west, north, east, south]` of the Mercator square. */
export function within(marks, rows, [west, top, east, bottom]) {
  const { x, y } = marks, found = new Int32Array(rows.length);
  let n = 0;
  for (const i of rows) if (x[i] >= west && x[i] <= east && y[i] >= top && y[i] <= bottom) found[n++] = i;
  return found.subarray(0, n);
}

/**
 * Gather rows into cells about as wide as a finger on the screen.
 *
 * A cell stands at the mean place of what is in it, and has their number, how many of them
 * are violations, and the mean probability of a hostile act: expected acts over incidents.
 */
export function gathered(marks, rows, zoom) {
  const across = TILE_PX * 2 ** (Math.floor(2 * zoom) / 2) / CELL_PX, cells = new Map();
  const violation = marks.words.listed.indexOf("violation");
  for (const i of rows) {
    const key = Math.floor(marks.x[i] * across) * 67108864 + Math.floor(marks.y[i] * across);
    let cell = cells.get(key);
    if (!cell) cells.set(key, cell = { n: 0, x: 0, y: 0, p: 0, violations: 0, row: i });
    cell.n++; cell.x += marks.x[i]; cell.y += marks.y[i]; cell.p += marks.p_hostile[i];
    if (marks.codes.listed[i] === violation) cell.violations++;
  }
  return [...cells.values()].map((c) => ({ ...c, p: c.p / c.n, lon: longitude(c.x / c.n), lat: latitude(c.y / c.n) }));
}

/** Return an ellipse of one sigma around a place, in degrees. */
export function ellipse(lon, lat, major, minor, azimuth) {
  const ring = [], turn = azimuth * Math.PI / 180;
  for (let step = 0; step <= 36; step++) {
    const angle = step * Math.PI / 18, a = major * Math.cos(angle), b = minor * Math.sin(angle);
    const up = a * Math.cos(turn) - b * Math.sin(turn), east = a * Math.sin(turn) + b * Math.cos(turn);
    ring.push([lon + east / (111320 * Math.cos(lat * Math.PI / 180)), lat + up / 110574]);
  }
  return ring;
}

// Marks of all pictures, as text of SVG. Every row can be reached by keyboard and says itself.

const KIND_WORDS = {
  military: 'military',
  financial: 'financial',
  humanitarian: 'humanitarian',
  unsplit: 'not split by kind',
  undated: 'without a date',
};
const KIND_ORDER = Object.keys(KIND_WORDS);
const LINE_MARKS = ['\u25cf', '\u25a0', '\u25b2', '\u25c6'];
const LINE_DASHES = ['', '7 4', '2 3', '10 3 2 3'];

const esc = (words) =>
  String(words).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const px = (n) => Number(n.toFixed(1));
const wide = (words, size = 10.5) => words.length * size * 0.6;

function label(x, y, words, kind = 't', anchor = 'start') {
  return `<text x="${px(x)}" y="${px(y)}" class="${kind}" text-anchor="${anchor}">${esc(words)}</text>`;
}
function rule(x1, y1, x2, y2, kind = 'gr') {
  return `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" class="${kind}"/>`;
}
function box(x, y, width, height, kind, more = '') {
  const w = Math.max(px(width), 0);
  return `<rect x="${px(x)}" y="${px(y)}" width="${w}" height="${Math.max(px(height), 0)}" class="${kind}" ${more}/>`;
}
function piece(kind, x, y, width, height) {
  if (kind === 'undated') {
    return box(x, y, width, height, 'paper') + box(x, y, width, height, '', 'fill="url(#hatch)"') +
      box(x, y, width, height, 'edge');
  }
  const plain = box(x, y, width, height, `k-${kind}`);
  if (kind !== 'humanitarian') return plain;
  return plain + box(x, y, width, height, '', 'fill="url(#dots)"') + box(x, y, width, height, 'edge');
}
function row(inner, words) {
  return `<g role="listitem" tabindex="0" aria-label="${esc(words)}"><title>${esc(words)}</title>${inner}</g>`;
}
function legend(kinds, width) {
  let x = 0;
  let y = 36;
  let out = '';
  for (const kind of kinds) {
    const words = KIND_WORDS[kind];
    if (x > 0 && x + 20 + wide(words) > width) [x, y] = [0, y + 16];
    out += piece(kind, x, y - 9, 13, 10) + label(x + 18, y, words, 's');
    x += 34 + wide(words);
  }
  return { out, height: y - 36 };
}
const PATTERNS =
  '<defs><pattern id="hatch" patternUnits="userSpaceOnUse" width="6" height="6">' +
  '<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" class="hatch"/></pattern>' +
  '<pattern id="dots" patternUnits="userSpaceOnUse" width="5" height="5">' +
  '<circle cx="2.5" cy="2.5" r="0.8" class="dot"/></pattern></defs>';

function sheet(width, height, title, said, inner) {
  const lines = titleLines(title, width);
  const up = (lines.length - 1) * 18;
  const head = lines.map((line, i) => label(0, 16 - up + i * 18, line, 'head')).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" class="fig" viewBox="0 ${-up} ${px(width)} ${px(height + up)}" ` +
    `width="${px(width)}" height="${px(height + up)}" role="group" aria-labelledby="pic-t pic-d">` +
    `<title id="pic-t">${esc(title)}</title><desc id="pic-d">${esc(said)}</desc>${PATTERNS}` +
    `${head}<g role="list">${inner}</g></svg>`;
}
// A long title takes a second line above the picture.
function titleLines(title, width) {
  const lines = [''];
  for (const word of title.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) && wide(longer, 15) * 1.06 > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
function cut(words, room, size = 12) {
  const fits = Math.max(1, Math.floor(room / (size * 0.56)));
  return words.length <= fits ? words : `${words.slice(0, fits - 1)}\u2026`;
}

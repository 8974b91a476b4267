// Ranked bars stacked by kind: donors, groups, and every frame of the race.

function rankedBars(bars, q, width, title, options = {}) {
  const kinds = KIND_ORDER.filter((k) => bars.some((b) => Math.abs(b.parts[k] || 0) > 1e-12));
  const key = legend(kinds, width);
  const head = 62 + key.height;
  const step = 22;
  const height = head + step * Math.max(bars.length, 1) + 26;
  const longest = Math.max(90, ...bars.map((b) => wide(b.name, 11.5) + 12));
  const left = Math.min(longest, options.labelRoom || (width < 480 ? 118 : 250));
  const room = Math.max(40, ...bars.map((b) => wide(say(b.value, q)))) + 10;
  const right = Math.max(width - room, left + 40);
  const top = options.top || Math.max(1e-12, ...bars.map((b) => b.value || 0));
  const x = (v) => left + (Math.min(Math.max(v, 0), top) / top) * (right - left);
  let inner = key.out;
  for (const t of ticks(0, top, width < 480 ? 3 : 4)) {
    inner += rule(x(t), head - 4, x(t), height - 26) + label(x(t), head - 8, tickText(t, q), 's', 'middle');
  }
  bars.forEach((bar, i) => {
    inner += barRow(bar, head + i * step, left, x, right, q);
  });
  inner += label(left, height - 2, q.axis, 's');
  if (options.stamp) inner += label(width - 4, height - 34, options.stamp, 'big', 'end');
  return sheet(width, height, title, `${bars.length} bars in ${q.axis}.`, inner);
}

function barRow(bar, y, left, x, right, q) {
  const name = label(left - 8, y + 14, cut(bar.name, left - 10), 't', 'end');
  if (bar.value === null) {
    const hatch = piece('undated', left, y + 3, right - left, 14);
    return row(name + hatch + label(right + 6, y + 14, '?', 's'), `${bar.name}: not known`);
  }
  let inner = name;
  let at = 0;
  const told = [];
  for (const kind of KIND_ORDER) {
    const value = Math.max(bar.parts[kind] || 0, 0);
    if (value > 0) {
      inner += piece(kind, x(at), y + 3, x(at + value) - x(at), 14);
      at += value;
      told.push(`${KIND_WORDS[kind]} ${say(value, q)}`);
    }
  }
  inner += label(x(Math.max(at, bar.value)) + 6, y + 14, say(bar.value, q), 'lab');
  return row(inner, `${bar.name}: ${say(bar.value, q)}${told.length ? ` (${told.join(', ')})` : ''}`);
}

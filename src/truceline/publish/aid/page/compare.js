// Promised against given, one donor against another, one release against the one before.

function promises(rows, q, width, title) {
  const head = 62;
  const step = 30;
  const height = head + step * Math.max(rows.length, 1) + 26;
  const left = width < 480 ? 100 : 122;
  const right = width - (width < 480 ? 84 : 110);
  const top = Math.max(1e-12, ...rows.map((r) => Math.max(r.committed || 0, r.allocated || 0)));
  const x = (v) => left + (Math.max(v, 0) / top) * (right - left);
  let inner = box(1, 27, 12, 10, 'paper wh') + label(18, 36, 'committed', 's') +
    box(96, 27, 13, 10, 'k-military') + label(114, 36, 'allocated', 's') + label(width, 36, 'gap', 's', 'end');
  for (const t of ticks(0, top, width < 480 ? 2 : 4)) {
    inner += rule(x(t), head - 4, x(t), height - 26) + label(x(t), head - 8, tickText(t, q), 's', 'middle');
  }
  rows.forEach((r, i) => {
    const y = head + i * step;
    let drawn = label(left - 8, y + 17, cut(r.name, left - 10), 't', 'end');
    if (r.committed !== null) drawn += box(left, y + 3, x(r.committed) - left, 10, 'paper wh');
    if (r.allocated !== null) drawn += box(left, y + 14, x(r.allocated) - left, 10, 'k-military');
    const gap = say(r.gap, q, true);
    drawn += label(width, y + 17, gap, r.gap < 0 ? 'acct' : 'lab', 'end');
    inner += row(drawn, `${r.name}: committed ${say(r.committed, q)}, allocated ${say(r.allocated, q)}, gap ${gap}`);
  });
  inner += label(left, height - 2, q.axis, 's');
  return sheet(width, height, title, `${rows.length} donors in ${q.axis}.`, inner);
}

function duels(rows, names, width, title) {
  const head = 74;
  const step = 36;
  const height = head + step * rows.length + 22;
  const narrow = width < 480;
  const left = narrow ? 8 : 250;
  const right = width - 60;
  const ratios = rows.map((r) => r.times).filter((t) => t !== null);
  const reach = Math.max(2, ...ratios, ...ratios.map((t) => 1 / t)) * 1.15;
  const x = (v) => left + ((Math.log(v) + Math.log(reach)) / (2 * Math.log(reach))) * (right - left);
  let inner = label(x(1) - 10, 42, `${names[1]} more`, 's', 'end') + label(x(1) + 10, 42, `${names[0]} more`, 's');
  for (const t of [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]) {
    if (t >= 1 / reach && t <= reach) {
      inner += rule(x(t), head - 12, x(t), height - 20, t === 1 ? 'wh' : 'gr') +
        label(x(t), head - 16, t === 1 ? 'equal' : `${t}\u00d7`, 's', 'middle');
    }
  }
  rows.forEach((r, i) => {
    const y = head + i * step;
    const mid = narrow ? y + 24 : y + 10;
    const both = `${say(r.first, r.q)} / ${say(r.second, r.q)}`;
    let drawn = label(0, y + 10, r.name, 't over') + (narrow ? '' : label(0, y + 24, both, 's'));
    if (r.times === null) {
      drawn += label(x(1) + 8, mid + 4, 'not known', 's');
    } else {
      drawn += rule(x(1), mid, x(r.times), mid, 'ax') +
        `<circle cx="${px(x(r.times))}" cy="${px(mid)}" r="6" class="${r.times >= 1 ? 'd0' : 'd1'}"/>` +
        label(width, mid + 4, `${r.times.toFixed(2)}\u00d7`, 'b', 'end');
    }
    const times = r.times === null ? 'not known' : `${r.times.toFixed(2)} times`;
    inner += row(drawn, `${r.name}: ${names[0]} ${say(r.first, r.q)}, ${names[1]} ${say(r.second, r.q)}, ${times}`);
  });
  return sheet(width, height, title, `${names[0]} against ${names[1]}.`, inner);
}

function changeBars(rows, q, width, title) {
  const head = 62;
  const step = 30;
  const height = head + step * Math.max(rows.length, 1) + 26;
  const left = width < 480 ? 100 : 128;
  const right = width - (width < 480 ? 90 : 96);
  const all = rows.flatMap((r) => [r.change, r.revision, r.fresh]).filter((v) => v !== null);
  const low = Math.min(0, ...all);
  const high = Math.max(low + 1e-12, 0, ...all);
  const x = (v) => left + ((v - low) / (high - low)) * (right - left);
  const bar = (v, y, h, kind) => box(Math.min(x(0), x(v)), y, Math.abs(x(v) - x(0)), h, kind);
  let inner = '';
  [[0, 'ink', 'net'], [60, 'k-financial', 'new'], [124, 'paper wh', 'revised']].forEach(([at, kind, words]) => {
    inner += box(at + 1, 27, 12, 10, kind) + label(at + 18, 36, words, 's');
  });
  for (const t of ticks(low, high, width < 480 ? 3 : 5)) {
    inner += rule(x(t), head - 4, x(t), height - 26, t === 0 ? 'ax' : 'gr') +
      label(x(t), head - 8, tickText(t, q), 's', 'middle');
  }
  rows.forEach((r, i) => {
    const y = head + i * step;
    let drawn = label(left - 8, y + 16, cut(r.name, left - 10), 't', 'end') + bar(r.change, y + 3, 9, 'ink');
    if (r.fresh !== null) drawn += bar(r.fresh, y + 14, 5, 'k-financial');
    if (r.revision !== null) drawn += bar(r.revision, y + 20, 5, 'paper wh');
    drawn += label(width, y + 16, say(r.change, q, true), 'b', 'end');
    const split = r.revision === null ? ''
      : `, of it revised ${say(r.revision, q, true)} and new ${say(r.fresh, q, true)}`;
    inner += row(drawn, `${r.name}: ${say(r.change, q, true)}${split}`);
  });
  inner += label(left, height - 2, `change, ${q.axis}`, 's');
  return sheet(width, height, title, `${rows.length} donors in ${q.axis}.`, inner);
}

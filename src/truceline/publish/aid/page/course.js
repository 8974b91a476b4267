// Aid over time: running sums as lines, or one donor's months as columns.

function frame(months, x, y, top, q, left, right, base) {
  let out = '';
  for (const t of ticks(0, top, 4)) {
    out += rule(left, y(t), right, y(t)) + label(left - 6, y(t) + 4, tickText(t, q), 's', 'end');
  }
  months.forEach((month, i) => {
    if (month.endsWith('-01')) {
      out += rule(x(i), base, x(i), base + 5, 'ax') ;
      if (x(i) + 30 <= right) out += label(x(i) + 2, base + 14, month.slice(0, 4), 's');
    }
  });
  return out + label(left, base + 30, q.axis, 's');
}

function runningLines(courses, months, q, width, title) {
  const height = 340;
  const left = 48;
  const named = width < 480 ? 8 : 150;
  const base = height - 34;
  const head = width < 480 ? 44 + courses.length * 15 : 58;
  const sums = courses.map((c) => c.values.at(-1) || 0);
  const top = Math.max(1e-12, ...courses.map((c, i) => sums[i] + Math.max(c.undated, 0)));
  const right = width - named - 14;
  const x = (i) => left + (i / Math.max(months.length - 1, 1)) * (right - left);
  const y = (v) => base - (v / top) * (base - head);
  let inner = frame(months, x, y, top, q, left, right, base);
  const ends = courses.map((c, i) => y(sums[i] + Math.max(c.undated, 0)));
  const order = ends.map((_, i) => i).sort((a, b) => ends[a] - ends[b]);
  for (let n = 1; n < order.length; n += 1) {
    ends[order[n]] = Math.max(ends[order[n]], ends[order[n - 1]] + 14);
  }
  courses.forEach((course, i) => {
    const points = course.values.map((v, n) => `${px(x(n))} ${px(y(v))}`).join('L');
    let drawn = points
      ? `<path d="M${points}" class="l${i}" stroke-dasharray="${LINE_DASHES[i]}"/>` : '';
    const end = x(Math.max(course.values.length - 1, 0));
    if (course.undated > 0) {
      const high = y(sums[i] + course.undated);
      drawn += piece('undated', end + 3, high, 8, y(sums[i]) - high);
    }
    drawn += `<circle cx="${px(end)}" cy="${px(y(sums[i]))}" r="3" class="d${i}"/>`;
    const words = `${LINE_MARKS[i]} ${course.name} ${say(sums[i] + Math.max(course.undated, 0), q)}`;
    drawn += width < 480 ? label(0, 34 + i * 15, words, `s d${i}`) : label(end + 16, ends[i] + 4, words, `s d${i}`);
    const loose = course.undated > 0 ? `, of it ${say(course.undated, q)} without a date` : '';
    inner += row(drawn, words + loose);
  });
  return sheet(width, height, title, `Running sums in ${q.axis}.`, inner);
}

function monthColumns(data, q, width, title) {
  const height = 320;
  const left = 48;
  const base = height - 34;
  const sums = data.months.map((m) => Object.values(m.parts).reduce((a, v) => a + Math.max(v, 0), 0));
  const top = Math.max(1e-12, data.undated, ...sums);
  const kinds = KIND_ORDER.filter((k) => data.months.some((m) => m.parts[k] > 0));
  const key = legend(data.undated > 0 ? [...kinds, 'undated'] : kinds, width);
  const head = 58 + key.height;
  const right = width - 60;
  const step = (right - left) / Math.max(data.months.length, 1);
  const x = (i) => left + i * step;
  const y = (v) => base - (v / top) * (base - head);
  let inner = key.out + frame(data.months.map((m) => m.month), x, y, top, q, left, right, base);
  data.months.forEach((m, i) => {
    let drawn = '';
    let at = 0;
    for (const kind of KIND_ORDER) {
      const value = Math.max(m.parts[kind] || 0, 0);
      if (value > 0) {
        drawn += piece(kind, x(i), y(at + value), Math.max(step - 1.5, 1), y(at) - y(at + value));
        at += value;
      }
    }
    if (drawn) inner += row(drawn, `${m.month}: ${say(at, q)}`);
  });
  if (data.undated > 0) {
    const drawn = piece('undated', width - 50, y(data.undated), 26, base - y(data.undated)) +
      label(width - 37, base + 14, 'undated', 's', 'middle');
    inner += row(drawn, `without a date: ${say(data.undated, q)}`);
  }
  return sheet(width, height, title, `${data.months.length} months in ${q.axis}.`, inner);
}

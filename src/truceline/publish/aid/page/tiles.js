// A map of donors with no borders: one tile a donor, near where it lies.

function tileMap(cells, q, width, title) {
  const placed = cells.filter((c) => DATA.places[c.code]);
  const columns = 13;
  const size = Math.min(56, width / columns - 3);
  const small = size < 34;
  const head = 58;
  const rows = Math.max(...Object.values(DATA.places).map(([, r]) => r)) + 1;
  const height = head + rows * (size + 3) + 16;
  const known = placed.map((c) => c.value).filter((v) => v !== null).sort((a, b) => a - b);
  let inner = label(0, 36, q.axis, 's');
  for (let s = 0; s < 5; s += 1) inner += box(width - 130 + s * 26, 27, 26, 10, `q${s + 1}`);
  if (known.length) {
    inner += label(width - 130, 50, say(known[0], q), 's') + label(width, 50, say(known.at(-1), q), 's', 'end');
  }
  for (const cell of placed) {
    const [column, line] = DATA.places[cell.code];
    const x = column * (size + 3);
    const y = head + line * (size + 3);
    const short = cell.code === BODY ? 'EU' : cell.code;
    const middle = x + size / 2;
    if (cell.value === null) {
      inner += row(box(x, y, size, size, '', 'fill="url(#hatch)"') + box(x, y, size, size, 'edge') +
        label(middle, y + size * 0.55, short, `tl on-light${small ? ' tiny' : ''}`, 'middle'), `${cell.name}: not known`);
      continue;
    }
    const below = known.filter((v) => v < cell.value).length;
    const fifth = Math.min(5, Math.floor((below * 5) / known.length) + 1);
    const ink = fifth >= 4 ? 'on-dark' : 'on-light';
    const words = say(cell.value, q).replace(q.suffix, '');
    inner += row(box(x, y, size, size, `q${fifth}`) +
      label(middle, y + size * (small ? 0.62 : 0.45), short, `tl ${ink}${small ? ' tiny' : ''}`, 'middle') +
      (small ? '' : label(middle, y + size * 0.78, words, `tv ${ink}`, 'middle')), `${cell.name}: ${say(cell.value, q)}`);
  }
  return sheet(width, height, title, `${known.length} donors with a value in ${q.axis}.`, inner);
}

// Take the figures, the picture or the view away.

function csvText(view, cited) {
  const cell = (v) => (v === null || v === undefined ? '' : /[",\n]/.test(String(v)) ? `"${String(v).replace(/"/g, '""')}"` : v);
  const lines = [view.table.head, ...view.table.body].map((r) => r.map(cell).join(','));
  return `# ${cited}\n${lines.join('\n')}\n`;
}

// The picture with its colours inside, so that it stands alone.
function plainSvg(cited) {
  const svg = document.querySelector('#drawing svg');
  if (!svg) return '';
  const styles = getComputedStyle(document.documentElement);
  const css = [...document.styleSheets].flatMap((s) => [...s.cssRules])
    .filter((r) => r.selectorText && !/^(body|header|nav|form|:root|button|h1|h2|table|#)/.test(r.selectorText))
    .map((r) => r.cssText).join('')
    .replace(/var\(--([a-z0-9-]+)\)/g, (_, name) => styles.getPropertyValue(`--${name}`).trim());
  const copy = svg.cloneNode(true);
  const [, y, w, h] = copy.getAttribute('viewBox').split(' ').map(Number);
  copy.setAttribute('viewBox', `-14 ${y - 14} ${w + 28} ${h + 28}`);
  copy.setAttribute('width', w + 28);
  copy.setAttribute('height', h + 28);
  const paper = styles.getPropertyValue('--paper').trim();
  const head = `<metadata>${esc(cited)}</metadata><style>${esc(css)}</style>` +
    `<rect x="-14" y="${y - 14}" width="${w + 28}" height="${h + 28}" fill="${paper}"/>`;
  const text = new XMLSerializer().serializeToString(copy);
  return text.replace(/(<\/desc>)/, `$1${head}`);
}

function save(name, parts, type) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function savePng(name, cited) {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement('canvas');
    canvas.width = image.width * 2;
    canvas.height = image.height * 2;
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(name, [blob], 'image/png'));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(plainSvg(cited))}`;
}

function offer(words) {
  const field = document.getElementById('copied');
  field.hidden = false;
  field.value = words;
  field.select();
  if (navigator.clipboard) navigator.clipboard.writeText(words).catch(() => field.focus());
}

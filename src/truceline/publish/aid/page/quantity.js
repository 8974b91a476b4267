// Numbers as words, in billions or millions, per cent or by the head.

const MINUS = '\u2212';

function quantityOf(unit) {
  const small = DATA.scale === 'million';
  const money = { divisor: small ? 1e6 : 1e9, suffix: small ? ' m' : ' bn', digits: 2 };
  if (unit === 'gdp_share') return { axis: 'per cent of GDP', divisor: 1, suffix: ' %', digits: 3 };
  if (unit === 'per_head') return { axis: 'euros per head', divisor: 1, suffix: '', digits: 0 };
  const words = {
    national: "donor's own currency",
    constant: `constant euros of ${DATA.prices.base}`,
    usd: 'US dollars',
    eur: 'euros',
  };
  return { axis: `${words[unit]}, ${DATA.scale}`, ...money };
}

// Making a format costs far more than using it: each is made once.
const formats = {};
function formatOf(least, most) {
  formats[`${least}-${most}`] ??= new Intl.NumberFormat('en', {
    minimumFractionDigits: least,
    maximumFractionDigits: most,
  });
  return formats[`${least}-${most}`];
}

function say(value, q, signed) {
  if (value === null || value === undefined) return 'not known';
  const number = value / q.divisor;
  const digits = Math.abs(number) < 100 ? q.digits : Math.max(q.digits - 1, 0);
  const plain = formatOf(digits, digits).format(Math.abs(number));
  const zero = !/[1-9]/.test(plain);
  const sign = number < 0 && !zero ? MINUS : signed && !zero ? '+' : '';
  return `${sign}${plain}${q.suffix}`;
}

function ticks(low, high, parts) {
  const span = high - low || 1;
  const raw = span / parts;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999);
  const out = [];
  for (let n = Math.ceil(low / step - 1e-9); n <= Math.floor(high / step + 1e-9); n += 1) {
    out.push(Number((n * step).toPrecision(12)));
  }
  return out;
}

const tickText = (value, q) =>
  formatOf(0, 6).format(value / q.divisor).replace('-', MINUS);

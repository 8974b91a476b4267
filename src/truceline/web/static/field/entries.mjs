// What both forms share: times with their offset, numbers in bounds, and entries that come and go.

export class Unfinished extends Error {}

const two = (n) => String(n).padStart(2, "0");

export function local(at) {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

// A local time as the phone shows it, with the phone's own offset written out.
export function withOffset(text) {
  const at = new Date(text);
  if (!text || Number.isNaN(at.getTime())) return null;
  const offset = -at.getTimezoneOffset(), sign = offset < 0 ? "-" : "+", size = Math.abs(offset);
  return `${local(at)}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export const now = () => withOffset(local(new Date()));

function labelOf(input) {
  const around = input.closest("label");
  return (around ? around.firstChild : document.querySelector(`label[for=${input.id}]`)).textContent.trim();
}

export function numberOf(scope, name, needed, low, high) {
  const input = scope.querySelector(`[name=${name}]`), text = input.value.trim().replace(",", ".");
  if (!text && !needed) return undefined;
  const value = Number(text);
  if (!text || !Number.isFinite(value) || value < low || value > high) {
    input.focus();
    throw new Unfinished(`${labelOf(input)}: a number from ${low} to ${high}.`);
  }
  return value;
}

export function countOf(scope, name) {
  const value = numberOf(scope, name, false, 0, 1e6);
  if (value === undefined || Number.isInteger(value)) return value;
  scope.querySelector(`[name=${name}]`).focus();
  throw new Unfinished("How many: a whole number.");
}

export function timeOf(scope, name) {
  const input = scope.querySelector(`[name=${name}]`), made = withOffset(input.value);
  if (!made) { input.focus(); throw new Unfinished("Give the time."); }
  return made;
}

export const wordOf = (scope, name) => scope.querySelector(`[name=${name}]`).value.trim() || undefined;

// Add an entry of a template to the form, with the time of now.
export function add(kind, entries) {
  const made = document.getElementById(kind).content.cloneNode(true).firstElementChild;
  made.dataset.kind = kind;
  for (const input of made.querySelectorAll("[type=datetime-local]")) {
    const at = local(new Date());
    input.value = input.step === "60" ? at.slice(0, 16) : at;
  }
  made.querySelector(".remove").addEventListener("click", () => {
    made.remove();
    entries.dispatchEvent(new Event("input", { bubbles: true }));
  });
  entries.append(made);
  return made;
}

// Fill in the own place from the phone, if its owner lets it.
export function askPlace(form, said) {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.lat.value = coords.latitude.toFixed(5);
      form.elements.lon.value = coords.longitude.toFixed(5);
      form.dispatchEvent(new Event("input", { bubbles: true }));
    },
    () => { said.textContent = "The phone does not say where it is: type the place."; },
    { enableHighAccuracy: true, timeout: 20000 });
}

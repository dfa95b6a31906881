// Instants come in UTC and are shown in the time zone of the equipe, wherever the browser is.
const DAY = 86_400_000;
let zone = "America/Sao_Paulo";
const formats = new Map();

export function useZone(name) {
  zone = name;
  formats.clear();
}

function format(name, options) {
  if (!formats.has(name)) {
    formats.set(name, new Intl.DateTimeFormat("pt-BR", { timeZone: zone, ...options }));
  }
  return formats.get(name);
}

const CLOCK = { hour: "2-digit", minute: "2-digit" };
const PARTS = {
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
};

function partsOf(instant) {
  const parts = format("parts", PARTS).formatToParts(instant);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

export const clock = (iso) => format("clock", CLOCK).format(new Date(iso));

// AAAA-MM-DD in the zone.
export function dayOf(instant) {
  const { year, month, day } = partsOf(new Date(instant));
  return `${year}-${month}-${day}`;
}

// How many days from today until then, by the calendar of the zone.
export function daysUntil(iso) {
  return Math.round((Date.parse(dayOf(iso)) - Date.parse(dayOf(Date.now()))) / DAY);
}

export function dayName(iso) {
  const near = { "-1": "Ontem", 0: "Hoje", 1: "Amanhã" }[daysUntil(iso)];
  if (near) return near;
  const sameYear = dayOf(iso).slice(0, 4) === dayOf(Date.now()).slice(0, 4);
  const shape = { weekday: "short", day: "numeric", month: "short" };
  const year = sameYear ? {} : { year: "numeric" };
  const text = format(`day${sameYear}`, { ...shape, ...year }).format(new Date(iso));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const moment = (iso) => `${dayName(iso)}, ${clock(iso)}`;

// "2026-08-01T09:00", as a person of the equipe means it, as an instant.
export function toInstant(local) {
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted)) return null;
  // Twice, for what lies around a change of the clocks.
  const first = wanted - offset(wanted);
  return new Date(wanted - offset(first)).toISOString();
}

// The value of a datetime-local field.
export function toLocal(instant) {
  const { year, month, day, hour, minute } = partsOf(new Date(instant));
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

function offset(instant) {
  const { year, month, day, hour, minute, second } = partsOf(new Date(instant));
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

// `hour` o'clock so many days from now.
export function atHour(days, hour) {
  const day = dayOf(Date.now() + days * DAY);
  return toInstant(`${day}T${String(hour).padStart(2, "0")}:00`);
}

// Days until the next Monday, at least one.
export function untilMonday() {
  const weekday = new Date(`${dayOf(Date.now())}T12:00Z`).getUTCDay();
  return ((8 - weekday) % 7) || 7;
}

export function distance(iso) {
  const minutes = Math.round((Date.parse(iso) - Date.now()) / 60_000);
  const size = Math.abs(minutes);
  const words = size < 60 ? `${size} min` : size < 1440 ? `${Math.round(size / 60)} h` : days(size);
  if (size === 0) return "agora";
  return minutes > 0 ? `em ${words}` : `há ${words}`;
}

function days(minutes) {
  const count = Math.round(minutes / 1440);
  return count === 1 ? "1 dia" : `${count} dias`;
}

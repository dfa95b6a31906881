// Elements from data. Text only ever becomes text nodes, and a link may only go where LINK says, so
// that a lead whose name is markup is shown as it was typed.
const LINK = /^(#\/[\w/-]*|\/(?!\/)[\w/.-]*|tel:\+?\d+|mailto:[^\s?&]+|https:\/\/wa\.me\/\d+)$/;
// What is set as a property, because the attribute is only its first value.
const PROPERTIES = new Set(["value", "checked", "disabled", "selected"]);

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  node.append(...children.flat(Infinity).filter(isThere));
  return node;
}

function put(node, name, value) {
  if (!isThere(value)) return;
  if (name.startsWith("on")) {
    node.addEventListener(name.slice(2), value);
  } else if (PROPERTIES.has(name)) {
    node[name] = value;
  } else {
    if (name === "href" && !LINK.test(value)) throw new TypeError("This link leads nowhere known.");
    node.setAttribute(name, value === true ? "" : value);
  }
}

function isThere(value) {
  return value !== null && value !== undefined && value !== false && value !== "";
}

// A view changes what it shows. Whoever was in what went away is taken to the new heading; whoever
// was elsewhere, in a field say, stays there.
export function swap(outlet, ...children) {
  const at = document.activeElement;
  const lost = !at || at === document.body || outlet.contains(at);
  outlet.replaceChildren(...children.flat(Infinity).filter(isThere));
  if (lost) focusFirst(outlet);
}

export function focusFirst(outlet) {
  const target = outlet.querySelector("[data-focus]") ?? outlet.querySelector("h1, h2");
  if (!target) return;
  if (/^H\d$/.test(target.tagName)) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

export function heading(text, level = 1, extra = {}) {
  return h(`h${level}`, level === 1 ? { tabindex: "-1", ...extra } : extra, text);
}

let last = 0;

// An id for a label and its field, or a dialog and its title.
export function uniqueId(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}

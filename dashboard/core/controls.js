// Buttons, fields and choices, each with its label.
import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

/** @param {any} [options] also takes attributes of the button */
export function button(text, options = {}) {
  const { kind = "plain", drawing = null, onclick = null, ...rest } = options;
  return h(
    "button",
    { type: "button", class: `button ${kind}`, onclick, ...rest },
    drawing && icon(drawing),
    h("span", {}, text),
  );
}

// While the work goes on the button takes no second press and says so.
export async function busy(control, work) {
  if (control.getAttribute("aria-disabled") === "true") return undefined;
  control.setAttribute("aria-disabled", "true");
  control.classList.add("busy");
  try {
    return await work();
  } finally {
    control.removeAttribute("aria-disabled");
    control.classList.remove("busy");
  }
}

export function field(label, control, hint = null) {
  const id = uniqueId("campo");
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-dica`);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    control,
    hint && h("p", { class: "hint", id: `${id}-dica` }, hint),
  );
}

// One of a few, as buttons that are radio buttons underneath: arrows move, screen readers count.
export function choice(legend, options, { value = null, onchange = null, hidden = false } = {}) {
  const name = uniqueId("escolha");
  const set = h(
    "fieldset",
    { class: "choice" },
    h("legend", { class: hidden ? "silent" : null }, legend),
    options.map((option) =>
      h(
        "label",
        { class: "chip" },
        h("input", { type: "radio", name, value: option.value, checked: option.value === value }),
        h("span", {}, option.drawing && icon(option.drawing), option.name),
      ),
    ),
  );
  const chosen = () => set.querySelector("input:checked")?.value ?? null;
  const choose = (wanted) => {
    for (const input of set.querySelectorAll("input")) input.checked = input.value === wanted;
    onchange?.(chosen());
  };
  if (onchange) set.addEventListener("change", () => onchange(chosen()));
  return { node: set, chosen, choose };
}

export function select(options, value) {
  const made = options.map((option) =>
    h("option", { value: option.value, selected: option.value === value }, option.name),
  );
  // An empty value is no attribute for h().
  for (const [at, option] of options.entries()) made[at].value = option.value;
  return h("select", {}, made);
}

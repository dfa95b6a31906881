// What the server refused, beside the field that it refused.
import { h, uniqueId } from "./dom.js";

const CONTROLS = "input, select, textarea";

// `tell(text)` says it and marks the field, `tell("")` takes it back; `focus()` goes there.
export function withFault(inner) {
  const id = uniqueId("erro");
  const error = h("p", { class: "wrong", id });
  const controls = () => /** @type {NodeListOf<HTMLElement>} */ (inner.querySelectorAll(CONTROLS));
  const tell = (text) => {
    error.textContent = text;
    for (const control of controls()) mark(control, id, text !== "");
  };
  return { node: h("div", { class: "checked" }, inner, error), tell, focus: () => controls()[0]?.focus() };
}

function mark(control, id, wrong) {
  const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
  const described = wrong ? [...others, id] : others;
  if (described.length) control.setAttribute("aria-describedby", described.join(" "));
  else control.removeAttribute("aria-describedby");
  if (wrong) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

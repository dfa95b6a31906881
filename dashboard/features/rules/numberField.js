// A whole number; an empty one is null.
import { field } from "../../core/controls.js";
import { h } from "../../core/dom.js";

/** @param {any} [limits] */
export function numberField(label, value, put, limits = {}) {
  const { hint = null, step = "1", ...range } = limits;
  const box = h("input", { type: "number", step, inputmode: "numeric", ...range });
  box.value = value ?? "";
  // What is no number at all is sent as null, and refused beside the field.
  box.addEventListener("input", () => put(box.value === "" ? null : Number(box.value)));
  return field(label, box, hint);
}

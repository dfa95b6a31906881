// A part of the figures: a drawing, and the table that it is drawn from. Other figures come into the same
// part, so that a table that is open stays open and nothing else moves.
import { h, heading, uniqueId } from "../../core/dom.js";

/** @param {any} about */
export function part({ title, hint, drawn, table, kind }) {
  const id = uniqueId("parte");
  const place = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": `${title}, em tabela` });
  const told = h("p", { class: "hint" }, hint);
  const node = h(
    "section",
    { class: `part ${kind}`, "aria-labelledby": id },
    heading(title, 2, { id }),
    told,
    drawn.node,
    h("details", { class: "in-figures" }, h("summary", {}, "Ver em tabela", h("span", { class: "silent" }, `: ${title}`)), place),
  );
  const show = (data) => {
    drawn.show(data);
    place.replaceChildren(table(data));
  };
  return { node, show, tell: (text) => { told.textContent = text; } };
}

// What happened with the lead, newest first, a sentence each.
import { get } from "../../core/api.js";
import { button, busy } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { icon } from "../../core/icons.js";
import { failed, loading } from "../../core/states.js";
import { clock, dayName, dayOf } from "../../core/time.js";
import { kindOf } from "../../core/words.js";

const PAGE = 15;

export function timeline(leadId, signal) {
  const list = h("ol", { class: "days" });
  const foot = h("div", { class: "foot" });
  const load = (cursor) => more(leadId, cursor, { list, foot, signal, load });
  load(null);
  return h("section", { class: "timeline" }, heading("Histórico", 2), list, foot);
}

async function more(leadId, cursor, { list, foot, signal, load }) {
  if (!cursor) foot.replaceChildren(loading("Carregando o histórico…"));
  try {
    const query = { limite: PAGE, cursor };
    const page = await get(`/leads/${leadId}/timeline`, { query, signal });
    for (const item of page.itens) dayFor(list, item.quando).append(entry(item));
    foot.replaceChildren(...below(page, list, load));
  } catch (error) {
    if (!signal.aborted) foot.replaceChildren(failed(error, () => load(cursor)));
  }
}

function below(page, list, load) {
  if (page.proximo) {
    const next = button("Mostrar mais", { kind: "quiet" });
    next.addEventListener("click", () => busy(next, () => load(page.proximo)));
    return [next];
  }
  return list.childElementCount ? [] : [h("p", { class: "muted" }, "Nada registrado ainda.")];
}

// The list of that day, made where it is the first of it.
function dayFor(list, iso) {
  const day = dayOf(iso);
  const last = list.lastElementChild;
  if (last?.dataset.day === day) return last.querySelector("ol");
  const made = h("ol", {});
  list.append(h("li", { "data-day": day }, heading(dayName(iso), 3), made));
  return made;
}

function entry(item) {
  const activity = item.origem === "atividade";
  const { texto } = item.dados ?? {};
  return h(
    "li",
    { class: activity ? "did" : "event" },
    h("span", { class: "mark" }, activity && icon(kindOf(item.tipo).icon)),
    h(
      "div",
      {},
      h("p", {}, item.frase, " ", h("time", { datetime: item.quando }, clock(item.quando))),
      activity && texto && h("p", { class: "quote" }, texto),
    ),
  );
}

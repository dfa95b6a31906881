// What was promised and to whom: mine, and for a gestor everybody's.
import { get } from "../../core/api.js";
import { button, busy, choice } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { notify } from "../../core/notice.js";
import { isGestor } from "../../core/session.js";
import { empty, fill } from "../../core/states.js";
import { addTasks } from "./taskList.js";

const PAGE = 50;
const WHOSE = [
  { value: "minhas", name: "Minhas" },
  { value: "todos", name: "Da equipe" },
  { value: "nenhum", name: "Sem responsável" },
];

export function tasksPage(outlet, { signal }) {
  const place = h("div", { class: "tasks-all" });
  let whose = "minhas";
  const load = (cursor) =>
    get("/tasks", {
      query: { limite: PAGE, cursor, responsavel_id: whose === "minhas" ? null : whose },
      signal,
    });
  const show = () =>
    fill(place, {
      wait: "Carregando as tarefas…",
      load: () => load(null),
      show: (page) => body(page, load, show),
      signal,
    });
  const filter = isGestor()
    ? choice("De quem", WHOSE, { value: whose, hidden: true, onchange: (value) => { whose = value; show(); } }).node
    : null;
  outlet.replaceChildren(...[heading("Minhas tarefas"), filter, place].filter(Boolean));
  return show();
}

function body(page, load, changed) {
  if (!page.itens.length) {
    const next = h("a", { class: "button primary", href: "#/proximo" }, "Próximo lead");
    return empty("Nada prometido", "Os retornos que você marcar aparecem aqui, por ordem de hora.", next);
  }
  const groups = h("div", {});
  addTasks(groups, page.itens, changed);
  return [counts(page.contagem), groups, foot(page.proximo, load, groups, changed)];
}

function counts({ atrasadas, hoje, dias_7: week }) {
  const tile = (count, label, kind) =>
    h("li", { class: count ? kind : "none" }, h("strong", {}, count), " ", h("span", {}, label));
  return h(
    "ul",
    { class: "counts" },
    tile(atrasadas, "Atrasadas", "late"),
    tile(hoje, "Hoje", "today"),
    tile(week, "Em 7 dias", "week"),
  );
}

function foot(cursor, load, groups, changed) {
  if (!cursor) return null;
  let at = cursor;
  const more = button("Mostrar mais", { kind: "quiet" });
  more.addEventListener("click", () =>
    busy(more, async () => {
      try {
        const page = await load(at);
        addTasks(groups, page.itens, changed);
        at = page.proximo;
        if (!at) more.remove();
      } catch (error) {
        notify(asFailure(error).sentence);
      }
    }),
  );
  return more;
}

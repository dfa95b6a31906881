// The way back: what an import created goes, what it changed is as before, where nobody touched it since.
import { post } from "../../core/api.js";
import { button } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h, heading } from "../../core/dom.js";
import { plural } from "../../core/format.js";
import { isJob } from "../../core/jobs.js";
import { notify } from "../../core/notice.js";
import { once } from "../../core/once.js";
import { work } from "../../core/progress.js";

const MANY = 20; // leads that are named

export function undoing(run, { again, signal }) {
  if (run.estado === "desfeita" || !(run.criados + run.atualizados)) return null;
  const place = h("div", { class: "trouble" });
  const keyOf = once();
  const undo = async () => {
    const found = await askUndo(run, () => post(`/imports/${run.id}/undo`, null, { key: keyOf(run.id) }));
    if (!found) return;
    if (isJob(found)) await work(place, { start: async () => found, label: "Desfazendo a importação", done: ({ resultado }) => done(resultado), signal });
    else done(found);
  };
  const done = (result) => {
    notify("Importação desfeita.");
    const kept = result?.mantidos ?? [];
    if (kept.length) place.replaceChildren(...told(result));
    else again();
  };
  return h(
    "section",
    {},
    heading("Desfazer", 2),
    h("p", { class: "hint" }, "Os leads criados saem e os atualizados voltam ao que eram, menos os que alguém mudou ou atendeu desde então."),
    place,
    h("div", { class: "actions" }, button("Desfazer importação", { kind: "plain", drawing: "wrong", onclick: undo })),
  );
}

function askUndo(run, send) {
  return ask({
    title: `Desfazer a importação ${run.id}?`,
    body: h("p", {}, `${plural(run.criados, "lead criado", "leads criados")}, ${plural(run.atualizados, "atualizado", "atualizados")}.`),
    confirm: "Desfazer",
    kind: "danger",
    answer: send,
  });
}

function told({ excluidos, restaurados, mantidos }) {
  return [
    h("p", {}, `${plural(excluidos, "lead saiu", "leads saíram")}, ${plural(restaurados, "voltou ao que era", "voltaram ao que eram")}. Ficaram como estão, porque alguém os mudou desde então:`),
    h("ul", { class: "people" }, mantidos.slice(0, MANY).map(({ lead_id: id }) => h("li", {}, h("a", { href: `#/leads/${id}` }, `Lead ${id}`)))),
    mantidos.length > MANY && h("p", { class: "muted" }, `E mais ${mantidos.length - MANY}.`),
  ].filter(Boolean);
}

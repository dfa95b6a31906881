// The way back: what an import created goes, what it changed is as before, where nobody touched it since.
import { get, post } from "../../core/api.js";
import { button } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h, heading } from "../../core/dom.js";
import { figure, plural } from "../../core/format.js";
import { notify } from "../../core/notice.js";
import { once } from "../../core/once.js";
import { work } from "../../core/progress.js";

const WHY = {
  excluido: "Foi excluído ou unido a outro.",
  alterado: "Alguém o mudou desde então.",
  atividade: "Tem atividades desde então.",
  fila: "A fila já o ofereceu.",
  score: "Alguém decidiu sobre o score.",
  reservado: "Está em atendimento.",
  sem_valores: "O que havia antes não está mais guardado.",
  etapa: "A etapa de antes não existe mais.",
  responsavel: "O responsável de antes não está mais na equipe.",
  duplicado: "Os dados de antes agora são de outro lead.",
};

export function undoing(run, { again, signal }) {
  if (run.desfeito) return undone(run.desfeito);
  if (!(run.criados + run.atualizados)) return null;
  const place = h("div", { class: "trouble" });
  const keyOf = once();
  const done = () => {
    notify("Importação desfeita.");
    again();
  };
  const undo = async () => {
    const found = await askUndo(run, () => post(`/imports/${run.id}/undo`, null, { key: keyOf(run.id) }));
    if (!found) return;
    const job = found.trabalho_id;
    if (job) await work(place, { start: () => get(`/jobs/${job}`, { signal }), label: "Desfazendo a importação", done, signal });
    else done();
  };
  return h(
    "section",
    {},
    heading("Desfazer", 2),
    h("p", { class: "hint" }, "Os leads criados saem e os atualizados voltam ao que eram, menos os que alguém mudou ou atendeu desde então."),
    place,
    h("div", { class: "actions" }, button("Desfazer importação", { drawing: "wrong", onclick: undo })),
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

function undone({ excluidos, restaurados, mantidos, mantidos_total: kept }) {
  const more = kept - mantidos.length;
  return h(
    "section",
    {},
    heading("O que foi desfeito", 2),
    h("p", {}, `${plural(excluidos, "lead saiu", "leads saíram")}, ${plural(restaurados, "voltou ao que era", "voltaram ao que eram")}, ${plural(kept, "ficou como está", "ficaram como estão")}.`),
    kept > 0 && h("ul", { class: "people" }, mantidos.map(lead)),
    more > 0 && h("p", { class: "muted" }, `E mais ${figure(more)}.`),
  );
}

const lead = ({ lead_id: id, motivo }) =>
  h("li", {}, h("a", { href: `#/leads/${id}` }, h("strong", {}, `Lead ${id}`), h("span", { class: "muted" }, WHY[motivo] ?? motivo)));

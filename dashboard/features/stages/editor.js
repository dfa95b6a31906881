// The stages as they are being changed; nothing is sent before "Salvar".
import { put } from "../../core/api.js";
import { busy, button, field } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { notify } from "../../core/notice.js";
import { forgetFunnel } from "../lead/funnel.js";
import { archivedList } from "./archivedList.js";
import { askWhere } from "./leaving.js";
import { stageRow } from "./stageRow.js";

const MOST = 30;
const NEW = { chave: null, nome: "", tipo: "aberta", prazo_dias: null, quantidade: 0 };

export function editor(funnel, { etag, again }) {
  const moves = {};
  const rows = [];
  const list = h("ol", { class: "stage-list" });
  const reasons = h("textarea", { rows: "4" });
  reasons.value = (funnel.motivos_perda ?? []).join("\n");
  const wrong = h("p", { class: "wrong", role: "alert" });
  const stages = () => rows.map((row) => row.stage);

  function append(stage) {
    const row = stageRow(stage, { move, archive });
    rows.push(row);
    list.append(row.node);
    return row;
  }

  function move(row, by) {
    const at = rows.indexOf(row);
    const to = at + by;
    if (to < 0 || to >= rows.length) return;
    rows.splice(to, 0, ...rows.splice(at, 1));
    const focus = /** @type {HTMLElement} */ (document.activeElement);
    list.insertBefore(row.node, rows[to + 1]?.node ?? null);
    // A node that is moved loses the focus.
    focus.focus();
    notify(`Agora é a etapa ${to + 1} de ${rows.length}.`);
  }

  async function archive(row) {
    if (row.stage.quantidade > 0) {
      const to = await askWhere(row.stage, stages());
      if (!to) return;
      moves[row.stage.chave] = to;
    }
    rows.splice(rows.indexOf(row), 1);
    row.node.remove();
    if (row.stage.chave) archived.append(row.stage);
    notify(`${row.stage.nome || "A etapa"} sai do funil quando você salvar.`);
    more.focus();
  }

  function restore(stage) {
    delete moves[stage.chave];
    append(stage).focus();
  }

  function add(stage) {
    if (rows.length >= MOST) return notify(`Um funil tem no máximo ${MOST} etapas.`);
    return append(stage).focus();
  }

  async function save() {
    wrong.textContent = "";
    for (const row of rows) row.tell("");
    try {
      await put("/stages", { itens: rows.map((row) => row.asked()), mover: moves, motivos_perda: lines(reasons.value) }, { match: etag });
      forgetFunnel();
      notify("Etapas salvas.");
      again();
    } catch (error) {
      refused(asFailure(error));
    }
  }

  // Each error beside its stage; what is about none of them, at the end.
  function refused(failure) {
    if (failure.status === 412) return tellChanged(wrong, again);
    const placed = failure.erros.map(({ campo, mensagem }) => ({ row: rows[/^itens\.(\d+)/.exec(campo)?.[1]], mensagem }));
    for (const { row, mensagem } of placed) row?.tell(mensagem);
    const others = placed.filter(({ row }) => !row).map(({ mensagem }) => mensagem);
    wrong.textContent = [failure.message, ...others].join(" ");
    placed.find(({ row }) => row)?.row.focus();
    return undefined;
  }

  for (const stage of funnel.itens) append({ ...stage });
  const archived = archivedList(funnel.arquivadas, restore);
  const more = button("Adicionar etapa", { drawing: "add", onclick: () => add({ ...NEW }) });
  const go = button("Salvar", { kind: "primary", drawing: "check" });
  go.addEventListener("click", () => busy(go, save));
  return [
    h("section", {}, heading("No funil", 2), list, more),
    archived.node,
    h("section", {}, heading("Motivos de perda", 2), field("Um por linha", reasons, "Vazio: quem perde um lead escreve o motivo que quiser.")),
    h("div", { class: "stage-acts" }, wrong, h("div", { class: "actions" }, go)),
  ];
}

function lines(text) {
  const told = text.split("\n").map((each) => each.trim()).filter(Boolean);
  return told.length ? told : null;
}

function tellChanged(wrong, again) {
  wrong.replaceChildren(
    "Outra pessoa mudou as etapas enquanto você editava. ",
    button("Ver como estão", { kind: "quiet", onclick: again }),
  );
}

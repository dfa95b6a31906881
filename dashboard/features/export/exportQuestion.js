// The leads of the equipe as a file: which of them, and for which program.
import { get } from "../../core/api.js";
import { choice, field, select } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { notify } from "../../core/notice.js";
import { saveFile } from "../../core/saving.js";
import { dayOf } from "../../core/time.js";
import { loadFunnel } from "../lead/funnel.js";

const FORMATS = [
  { value: "xlsx", name: "Excel" },
  { value: "excel", name: "CSV para o Excel" },
  { value: "csv", name: "CSV" },
];
const ALL = { value: "", name: "Todos" };
const EVERY = { value: "", name: "Todas" };
const NOBODY = { value: "nenhum", name: "Sem responsável" };

// `q`: the name that is being looked for, or nothing.
export async function askExport(q) {
  const [funnel, { itens: people }] = await Promise.all([loadFunnel(), get("/users")]);
  const format = choice("Formato", FORMATS, { value: "xlsx" });
  const boxes = {
    etapa: select([EVERY, ...funnel.itens.map(({ chave, nome }) => ({ value: chave, name: nome }))], ""),
    responsavel_id: select([ALL, NOBODY, ...people.map(({ id, nome }) => ({ value: String(id), name: nome }))], ""),
    criado_de: h("input", { type: "date" }),
    criado_ate: h("input", { type: "date" }),
  };
  const found = h("input", { type: "checkbox", checked: true });
  return ask({
    title: "Exportar leads",
    body: [
      format.node,
      q && h("label", { class: "tick" }, found, h("span", {}, `Só quem a busca encontra: “${q}”`)),
      field("Etapa", boxes.etapa),
      field("Responsável", boxes.responsavel_id),
      h("div", { class: "side-by-side" }, field("Criado desde", boxes.criado_de), field("Criado até", boxes.criado_ate)),
      h("p", { class: "hint" }, "O arquivo tem dados pessoais. Fica registrado quem o exportou."),
    ],
    confirm: "Exportar",
    answer: async () => {
      const filters = Object.fromEntries(Object.entries(boxes).map(([name, { value }]) => [name, value || null]));
      const query = { ...filters, q: q && found.checked ? q : null, formato: format.chosen() };
      await saveFile("/leads/export", `finlead-leads-${dayOf(Date.now())}.${query.formato === "xlsx" ? "xlsx" : "csv"}`, { query });
      notify("Arquivo salvo.");
      return query;
    },
  });
}

// What is known of the lead: what a call needs first, the rest on request.
import { h, heading } from "../../core/dom.js";
import * as format from "../../core/format.js";
import { dayName, distance, moment } from "../../core/time.js";

const KEY = [
  ["produto", "Produto"],
  ["valor", "Valor", format.money],
  ["renda_mensal", "Renda mensal", format.money],
  ["proximo_contato_em", "Próximo contato", moment],
  ["ultimo_contato_em", "Último contato", (iso) => `${moment(iso)} (${distance(iso)})`],
];
const MORE = [
  ["documento", "CPF ou CNPJ", format.document],
  ["origem", "Origem"],
  ["campanha", "Campanha"],
  ["etiquetas", "Etiquetas", (list) => list.join(", ")],
  ["motivo_perda", "Motivo da perda"],
  ["previsto_para", "Fechamento previsto", (day) => dayName(`${day}T12:00:00Z`)],
  ["etapa_desde", "Nesta etapa desde", moment],
  ["criado_em", "Criado", moment],
  ["id_externo", "Código externo"],
];

export function facts(lead) {
  const more = [...rows(lead, MORE), ...attributes(lead.atributos ?? {})];
  return h(
    "section",
    { class: "facts" },
    heading("Dados", 2),
    h("dl", {}, rows(lead, KEY)),
    more.length > 0 && h("details", {}, h("summary", {}, "Todos os dados"), h("dl", {}, more)),
  );
}

function rows(lead, fields) {
  return fields
    .filter(([name]) => lead[name] !== null && lead[name] !== undefined && String(lead[name]) !== "")
    .map(([name, label, show = String]) => row(label, show(lead[name])));
}

// The caller's own JSON: names and values as they came.
function attributes(given) {
  return Object.entries(given).map(([name, value]) =>
    row(name, typeof value === "object" ? JSON.stringify(value) : String(value)),
  );
}

const row = (label, text) => h("div", {}, h("dt", {}, label), h("dd", {}, text));

// What the server made of a file, to be corrected and then imported. Nothing is written before.
import { post } from "../../core/api.js";
import { busy, button, choice } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { figure, plural } from "../../core/format.js";
import { once } from "../../core/once.js";
import { goTo } from "../../core/router.js";
import { clock } from "../../core/time.js";
import { columns } from "./columns.js";
import { stageValues } from "./stageValues.js";

const KNOWN = [
  { value: "pular", name: "Pular" },
  { value: "atualizar", name: "Atualizar" },
  { value: "erro", name: "Rejeitar a linha" },
];
const COUNTS = [
  ["criariam", "Seriam criados"],
  ["atualizariam", "Seriam atualizados"],
  ["pulariam", "Seriam pulados"],
  ["rejeitariam", "Seriam rejeitados"],
];

// `again()` goes back to where a file is chosen.
export function preview(found, { name, funnel, again }) {
  const list = columns(found.colunas);
  const stages = stageValues(found, funnel, () => list.mapping());
  const known = choice("Quem já é lead", KNOWN, { value: "pular" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const go = button("Importar", { kind: "primary large", drawing: "check" });
  const keyOf = once();

  async function run() {
    wrong.textContent = "";
    const body = { mapeamento: { ...found.mapeamento, colunas: list.mapping(), valores: stages.values() } };
    const query = { previa: found.previa, duplicados: known.chosen() };
    try {
      const { id } = await post("/leads/import", body, { query, key: keyOf({ ...query, ...body }), prefer: "respond-async" });
      goTo(`#/importar/${id}`);
    } catch (error) {
      wrong.textContent = asFailure(error).sentence;
    }
  }

  go.addEventListener("click", () => busy(go, run));
  list.onChange(stages.show);
  return h(
    "div",
    { class: "preview" },
    h("section", {}, heading(name, 2, { tabindex: "-1", class: "name" }), about(found), counts(found)),
    h("section", {}, heading("As colunas", 2), h("p", { class: "hint" }, "Confira o que cada uma se torna. A amostra esconde parte dos dados pessoais."), list.node),
    stages.node,
    h("section", {}, known.node, wrong, h("div", { class: "actions" }, go, button("Outro arquivo", { onclick: again }))),
  );
}

function about({ linhas, codificacao, delimitador, expira_em: until }) {
  const how = codificacao === "xlsx" ? "planilha do Excel" : `texto em ${codificacao}${delimitador ? `, separado por ${separator(delimitador)}` : ""}`;
  return h("p", { class: "muted" }, `${plural(linhas, "linha", "linhas")}, ${how}. O arquivo fica guardado até ${clock(until)}.`);
}

const separator = (mark) => ({ "\t": "tabulação", ";": "ponto e vírgula", ",": "vírgula", "|": "barra" })[mark] ?? mark;

function counts(found) {
  const { linhas, contadas = linhas } = found;
  return [
    h("dl", { class: "tiles" }, COUNTS.map(([key, label]) => h("div", {}, h("dt", {}, label), h("dd", {}, h("strong", {}, figure(found[key])))))),
    contadas < linhas && h("p", { class: "hint" }, `Contado nas primeiras ${figure(contadas)} linhas.`),
  ];
}

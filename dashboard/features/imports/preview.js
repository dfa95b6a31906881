// What the server made of a file, to be corrected and then imported. Nothing is written before.
import { post } from "../../core/api.js";
import { busy, button, choice } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { plural } from "../../core/format.js";
import { once } from "../../core/once.js";
import { goTo } from "../../core/router.js";
import { moment } from "../../core/time.js";
import { columns } from "./columns.js";
import { checked, expected } from "./counts.js";
import { owners } from "./owners.js";
import { stageValues } from "./stageValues.js";

const PATIENCE = 10 * 60_000; // milliseconds
const KNOWN = [
  { value: "pular", name: "Pular" },
  { value: "atualizar", name: "Atualizar" },
  { value: "erro", name: "Rejeitar a linha" },
];

// `again()` goes back to where a file is chosen; `other(sheet)` looks at another one of the workbook.
export function preview(found, { name, funnel, people, again, other }) {
  const list = columns(found.colunas);
  const stages = stageValues(found, funnel, () => list.mapping());
  const known = choice("Quem já é lead", KNOWN, { value: "pular" });
  const whose = owners(people);
  const counts = h("div", { class: "expected", role: "status" }, expected(found));
  const wrong = h("p", { class: "wrong", role: "alert" });
  const keyOf = once();
  const send = (more, options = {}) => {
    const body = { mapeamento: { ...found.mapeamento, colunas: list.mapping(), valores: stages.values() } };
    const query = { previa: found.previa, duplicados: known.chosen(), responsaveis: whose.read(), ...more };
    return post("/leads/import", body, { query, key: keyOf({ ...query, ...body }), patience: PATIENCE, ...options });
  };
  const act = (text, options, work) => {
    const control = button(text, options);
    control.addEventListener("click", () =>
      busy(control, async () => {
        wrong.textContent = "";
        await work().catch((error) => { wrong.textContent = asFailure(error).sentence; });
      }),
    );
    return control;
  };
  const check = async () => counts.replaceChildren(...checked(await send({ dry_run: "1" })));
  const run = async () => goTo(`#/importar/${(await send({}, { prefer: "respond-async" })).id}`);
  list.onChange(stages.show);
  return h(
    "div",
    { class: "preview" },
    h("section", {}, heading(name, 2, { tabindex: "-1", class: "name" }), about(found), sheets(found, other), counts),
    h("section", {}, heading("As colunas", 2), h("p", { class: "hint" }, "Confira o que cada uma se torna. A amostra esconde parte dos dados pessoais."), list.node),
    stages.node,
    h(
      "section",
      {},
      known.node,
      whose.node,
      wrong,
      h("div", { class: "actions" }, act("Importar", { kind: "primary", drawing: "check" }, run), act("Conferir", {}, check), button("Outro arquivo", { onclick: again })),
    ),
  );
}

function about({ linhas, codificacao, delimitador, expira_em: until }) {
  const how = codificacao === "xlsx" ? "planilha do Excel" : `texto em ${codificacao}${delimitador ? `, separado por ${separator(delimitador)}` : ""}`;
  return h("p", { class: "muted" }, `${plural(linhas, "linha", "linhas")}, ${how}. O arquivo fica guardado. Até: ${moment(until)}.`);
}

// One sheet is read. The others are named, so that nobody takes them for imported.
function sheets({ planilha: read, outras_planilhas: others }, other) {
  if (!others.length) return null;
  const reads = others.map((name) => button(`Ler “${name}”`, { kind: "quiet", onclick: () => other(name) }));
  return h("div", {}, h("p", {}, `Só a aba “${read}” será importada. O arquivo tem outras com células:`), h("div", { class: "actions" }, reads));
}

const separator = (mark) => ({ "\t": "tabulação", ";": "ponto e vírgula", ",": "vírgula", "|": "barra" })[mark] ?? mark;

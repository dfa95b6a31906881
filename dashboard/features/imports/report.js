// What came of a file: counts, the lines that were not taken, a way back.
import { busy, button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { figure } from "../../core/format.js";
import { notify } from "../../core/notice.js";
import { saveFile } from "../../core/saving.js";
import { table } from "../../core/tables.js";
import { moment } from "../../core/time.js";
import { done } from "./counts.js";
import { undoing } from "./undoing.js";
import { STATES } from "./words.js";

export function report(run, { again, signal }) {
  const { estado, erro, concluida_em: when, erros, linhas_puladas: skipped } = run;
  return [
    h(
      "section",
      {},
      heading(STATES[estado] ?? estado, 2),
      h("p", { class: "muted" }, `${when ? `${moment(when)}. ` : ""}${figure(run.linhas)} linhas lidas.`),
      run.outras_planilhas.length > 0 && h("p", {}, `Só a aba “${run.planilha}” foi lida. O arquivo tem outras com células: ${run.outras_planilhas.join(", ")}.`),
      erro && h("p", { class: "wrong" }, erro.mensagem),
      done(run),
    ),
    lines(run, { title: "Linhas rejeitadas", lead: "Corrija-as no arquivo baixado e envie-o de novo: a coluna do motivo fica de fora.", errors: erros, kind: "rejeitada", count: run.rejeitados }),
    lines(run, { title: "Linhas puladas", lead: "São de leads que já existem.", errors: skipped, kind: "pulada", count: run.pulados }),
    left(run),
    undoing(run, { again, signal }),
  ];
}

function lines({ id }, { title, lead, errors, kind, count }) {
  if (!count) return null;
  const save = button(`Baixar ${title.toLowerCase()}`, { drawing: "save" });
  save.addEventListener("click", () =>
    busy(save, async () => {
      try {
        const query = { resultado: kind, formato: "csv" };
        await saveFile(`/imports/${id}/errors`, `importacao-${id}-${kind}.csv`, { query });
      } catch (error) {
        notify(asFailure(error).sentence);
      }
    }),
  );
  return listed({ title, lead, errors, count }, h("div", { class: "actions" }, save));
}

// What lines say that came in, and their leads cannot have.
function left({ avisos: errors, avisados: count }) {
  if (!count) return null;
  return listed({ title: "Valores não gravados", lead: "As linhas entraram sem eles: um lead naquela etapa não os tem.", errors, count });
}

function listed({ title, lead, errors, count }, actions) {
  const rows = errors.map(({ linha, campo, mensagem }) => [`Linha ${linha}`, campo, mensagem]);
  return h(
    "section",
    {},
    heading(`${title} (${figure(count)})`, 2),
    h("p", { class: "hint" }, lead),
    actions,
    rows.length > 0 && h("div", { class: "scroll said-why", tabindex: "0", role: "group", "aria-label": title }, table({ caption: title, silent: true, heads: ["Linha", "Campo", "Motivo"], rows })),
  );
}

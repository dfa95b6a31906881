// Where the leads of a stage go that leaves the funnel.
import { field, select } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { plural } from "../../core/format.js";
import { notify } from "../../core/notice.js";

// Resolves to the key, or the name, of another stage of the same kind.
export function askWhere(stage, all) {
  const others = all.filter((each) => each !== stage && each.tipo === stage.tipo && each.nome);
  if (!others.length) {
    notify("É a única etapa deste tipo, e há leads nela.");
    return null;
  }
  const to = select(others.map(({ chave, nome }) => ({ value: chave ?? nome, name: nome })), null);
  return ask({
    title: `Arquivar ${stage.nome}?`,
    body: [h("p", {}, `${plural(stage.quantidade, "lead está", "leads estão")} nela.`), field("Mandar para", to)],
    confirm: "Arquivar",
    answer: () => to.value,
  });
}

// From what a new draft starts: what is published, or one of the ready sets.
import { choice } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { once } from "../../core/once.js";

const PUBLISHED = "publicada";

// `create(body, key)` makes the draft, which is the answer; null where the person gave up.
export function askStart({ versao, conjuntos }, create) {
  const options = [
    { value: PUBLISHED, name: versao ? `Versão ${versao}, publicada` : "Regras de fábrica" },
    ...conjuntos.map(({ nome, titulo }) => ({ value: nome, name: titulo })),
  ];
  const about = h("p", { class: "hint", role: "status" });
  const tell = (value) => { about.textContent = conjuntos.find((each) => each.nome === value)?.descricao ?? ""; };
  const chosen = choice("Começar de", options, { value: PUBLISHED, onchange: tell });
  const keyOf = once();
  return ask({
    title: "Novo rascunho",
    body: [chosen.node, about],
    confirm: "Começar",
    answer: () => {
      const body = { a_partir_de: chosen.chosen() === PUBLISHED ? versao : chosen.chosen() };
      return create(body, keyOf(body));
    },
  });
}

// Stages that left the funnel: their history stays, and they can come back.
import { button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";

// `restore(stage)` puts one at the end of the funnel.
export function archivedList(stages, restore) {
  const list = h("ul", { class: "said" });
  const node = h("section", {}, heading("Arquivadas", 2), list);
  const told = () => { node.hidden = list.children.length === 0; };
  const append = (stage) => {
    const back = () => {
      item.remove();
      told();
      restore(stage);
    };
    const item = h(
      "li",
      {},
      h("span", { class: "name" }, stage.nome),
      button("Trazer de volta", { onclick: back, "aria-label": `Trazer de volta: ${stage.nome}` }),
    );
    list.append(item);
    told();
  };
  for (const stage of stages) append({ ...stage });
  told();
  return { node, append };
}

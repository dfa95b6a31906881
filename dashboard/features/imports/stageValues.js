// What a file calls its stages, and which of the equipe's each one is.
import { field, select } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";

const STAGE = "etapa";
const NONE = { value: "", name: "Escolha a etapa" };

// `mapping()` tells what each column becomes now.
export function stageValues({ colunas, mapeamento }, funnel, mapping) {
  const proposed = mapeamento?.valores?.[STAGE] ?? {};
  const unknown = colunas.flatMap(({ campo, contradicoes }) => (campo === STAGE ? contradicoes.map(({ valor }) => valor) : []));
  const stages = [NONE, ...funnel.itens.map(({ chave, nome }) => ({ value: chave, name: nome }))];
  const texts = [...new Set([...Object.keys(proposed), ...unknown])];
  const boxes = texts.map((text) => ({ text, box: select(stages, proposed[text] ?? "") }));
  const node = h(
    "section",
    {},
    heading("As etapas", 2),
    h("p", { class: "hint" }, "O que o arquivo diz, e a etapa do seu funil."),
    h("div", { class: "stage-values" }, boxes.map(({ text, box }) => field(text, box))),
  );
  const wanted = () => texts.length > 0 && Object.values(mapping()).includes(STAGE);
  const show = () => { node.hidden = !wanted(); };
  const values = () => {
    const { [STAGE]: _stages, ...others } = mapeamento?.valores ?? {};
    const chosen = Object.fromEntries(boxes.filter(({ box }) => box.value).map(({ text, box }) => [text, box.value]));
    return wanted() && Object.keys(chosen).length ? { ...others, [STAGE]: chosen } : others;
  };
  show();
  return { node, show, values };
}

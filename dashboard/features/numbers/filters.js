// Of which leads and days the figures are. Kept while the page is open, for the way back.
import { get } from "../../core/api.js";
import { busy, button, field, select } from "../../core/controls.js";
import { h, uniqueId } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { isGestor, whoAmI } from "../../core/session.js";

const EVERYBODY = { value: "", name: "Todos" };
const NOBODY = { value: "nenhum", name: "Sem responsável" };
let kept = { person: null, filters: {} };

export const keptFilters = () => (kept.person === whoAmI()?.id ? kept.filters : {});

// `apply(filters)` shows the figures of these; where it throws, that is told here.
export function filterForm(apply) {
  const filters = keptFilters();
  const boxes = {
    de: h("input", { type: "date", value: filters.de }),
    ate: h("input", { type: "date", value: filters.ate }),
    responsavel_id: select([EVERYBODY, NOBODY], ""),
    origem: suggesting(filters.origem),
    produto: suggesting(filters.produto),
  };
  if (isGestor()) fillOwners(boxes.responsavel_id, filters.responsavel_id);
  const wrong = h("p", { class: "wrong", role: "alert" });
  const summary = h("summary", {});
  const go = button("Aplicar", { kind: "primary", type: "submit" });
  const use = async () => {
    wrong.textContent = "";
    const chosen = Object.fromEntries(Object.entries(boxes).map(([name, { value }]) => [name, value.trim()]).filter(([, value]) => value));
    try {
      await apply(chosen);
      kept = { person: whoAmI()?.id, filters: chosen };
      told();
    } catch (error) {
      wrong.textContent = asFailure(error).sentence;
    }
  };
  const clear = () => {
    for (const box of Object.values(boxes)) box.value = "";
    busy(go, use);
  };
  const told = () => {
    const count = Object.keys(keptFilters()).length;
    summary.textContent = count ? `Filtros (${count})` : "Filtros";
  };
  const onsubmit = (event) => {
    event.preventDefault();
    busy(go, use);
  };
  told();
  const fields = [
    field("De", boxes.de),
    field("Até", boxes.ate),
    isGestor() && field("Responsável", boxes.responsavel_id),
    field("Origem", boxes.origem),
    field("Produto", boxes.produto),
  ];
  const form = h("form", { class: "filter-form", novalidate: true, onsubmit }, fields, wrong, h("div", { class: "actions" }, go, button("Limpar", { onclick: clear })));
  const suggest = ({ por_origem: origins, por_produto: products }) => {
    offer(boxes.origem, origins.map((each) => each.origem));
    offer(boxes.produto, products.map((each) => each.produto));
  };
  return { node: h("details", { class: "filters" }, summary, form), suggest };
}

// Where the list does not come, everybody and nobody can be chosen all the same.
async function fillOwners(box, chosen) {
  const { itens } = await get("/users").catch(() => ({ itens: [] }));
  for (const { id, nome } of itens) box.append(h("option", { value: String(id) }, nome));
  box.value = chosen ?? "";
}

function suggesting(value) {
  return h("input", { autocomplete: "off", maxlength: "120", value, list: uniqueId("opcoes") });
}

// Those that there are, beside the field; any other can be typed.
function offer(box, values) {
  const id = box.getAttribute("list");
  const options = values.filter(Boolean).map((value) => h("option", { value }));
  box.parentNode.querySelector("datalist")?.remove();
  box.after(h("datalist", { id }, options));
}

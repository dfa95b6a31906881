// A goal set in place: whose, of which product, how much, how many. Both empty takes it away.
import { get, look, put } from "../../core/api.js";
import { field, select } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { notify } from "../../core/notice.js";
import { typedOf, valueOf } from "../rules/values.js";
import { thisMonth } from "./asking.js";

const MONTH = new Intl.DateTimeFormat("pt-BR", { timeZone: "UTC", month: "long", year: "numeric" });
const TEAM = "";

// `goal`: the one that is changed, null for another one. Resolves to null where the person gave up.
export async function askGoal(goal) {
  const { itens: people } = await get("/users");
  const owners = [{ value: TEAM, name: "Equipe" }, ...people.filter((each) => each.ativo).map(({ id, nome }) => ({ value: String(id), name: nome }))];
  const boxes = {
    owner: select(owners, goal?.responsavel_id ? String(goal.responsavel_id) : TEAM),
    product: h("input", { maxlength: "120", autocomplete: "off", value: goal?.produto }),
    value: h("input", { inputmode: "decimal", autocomplete: "off", value: typedOf(goal?.valor, "dinheiro") }),
    wins: h("input", { type: "number", min: "0", step: "1", inputmode: "numeric", value: goal?.ganhos }),
  };
  // Whose it is makes it another goal.
  for (const box of [boxes.owner, boxes.product]) box.disabled = goal !== null;
  return ask({
    title: `Meta de ${MONTH.format(new Date(`${thisMonth()}-01T00:00Z`))}`,
    body: [
      field("De quem", boxes.owner),
      field("Produto", boxes.product, "Vazio: de todos os produtos."),
      field("Valor ganho, em reais", boxes.value),
      field("Leads ganhos", boxes.wins, "Valor e leads vazios: fica sem meta."),
    ],
    confirm: "Salvar meta",
    answer: () => keep(read(boxes)),
  });
}

const read = ({ owner, product, value, wins }) => ({
  responsavel_id: owner.value === TEAM ? null : Number(owner.value),
  produto: product.value.trim() || null,
  valor: valueOf(value.value, "dinheiro") || null,
  ganhos: wins.value === "" ? null : Number(wins.value),
});

// The month's other goals stay as they are.
async function keep(goal) {
  const path = `/goals/${thisMonth()}`;
  const same = (other) => other.responsavel_id === goal.responsavel_id && other.produto === goal.produto;
  const { data, etag } = await look(path);
  const kept = data.metas.filter((other) => !same(other)).map(({ responsavel_id, produto, valor, ganhos }) => ({ responsavel_id, produto, valor, ganhos }));
  const none = goal.valor === null && goal.ganhos === null;
  await put(path, { metas: none ? kept : [...kept, goal] }, { match: etag });
  notify(none ? "Meta retirada." : "Meta salva.");
  return goal;
}

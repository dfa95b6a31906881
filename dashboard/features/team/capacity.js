// How many open leads somebody gets when leads are distributed.
import { patch } from "../../core/api.js";
import { field } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { notify } from "../../core/notice.js";

const MOST = 100_000;

export function askCapacity(one) {
  const box = h("input", { type: "number", min: "0", max: MOST, step: "1", inputmode: "numeric" });
  box.value = one.capacidade ?? "";
  return ask({
    title: `Limite de ${one.nome}`,
    body: field("Leads abertos, no máximo", box, "Vale para a distribuição automática. Vazio: sem limite."),
    confirm: "Salvar",
    answer: async (complain) => {
      if (!box.validity.valid) {
        complain(`O limite vai de 0 a ${MOST.toLocaleString("pt-BR")}.`);
        box.focus();
        return null;
      }
      const changed = await patch(`/users/${one.id}`, { capacidade: box.value === "" ? null : Number(box.value) });
      notify("Limite salvo.");
      return changed;
    },
  });
}

// Until when somebody is away, and who cares for their leads meanwhile.
import { patch } from "../../core/api.js";
import { field } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { notify } from "../../core/notice.js";
import { atHour, toInstant, toLocal } from "../../core/time.js";
import { told, whereTo } from "./leads.js";

const USUAL_DAYS = 7;

export function askAbsence(one, others) {
  const until = h("input", { type: "datetime-local", min: toLocal(Date.now()), value: toLocal(Date.parse(atHour(USUAL_DAYS, 9))) });
  const leads = whereTo(others, "manter");
  return ask({
    title: `Ausência de ${one.nome}`,
    body: [field("Volta em", until, "Até lá não recebe leads novos."), field("Os leads abertos", leads)],
    confirm: "Registrar",
    answer: async (complain) => {
      const instant = toInstant(until.value);
      if (!instant || Date.parse(instant) <= Date.now()) {
        complain("Escolha um momento que ainda não passou.");
        until.focus();
        return null;
      }
      const changed = await patch(`/users/${one.id}`, { ausente_ate: instant, leads: told(leads) });
      notify("Ausência registrada.");
      return changed;
    },
  });
}

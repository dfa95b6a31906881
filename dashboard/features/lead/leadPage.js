// A lead by its address: opened from the tasks, the search, or a link.
import { get } from "../../core/api.js";
import { notify } from "../../core/notice.js";
import { fill } from "../../core/states.js";
import { resultName } from "../../core/words.js";
import { loadFunnel } from "./funnel.js";
import { leadView } from "./leadView.js";

export function leadPage(outlet, { id, signal }) {
  const open = () =>
    fill(outlet, {
      title: "Lead",
      wait: "Abrindo o lead…",
      load: () => Promise.all([get(`/leads/${id}`, { signal }), loadFunnel()]),
      show: ([lead, funnel]) => leadView({ lead, funnel, recorded, signal }),
      signal,
    });
  const recorded = (_, result) => {
    notify(result ? `Registrado: ${resultName(result)}.` : "Salvo.");
    open();
  };
  return open();
}

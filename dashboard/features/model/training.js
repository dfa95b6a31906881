// "Treinar agora": a job of the server, with its progress.
import { post } from "../../core/api.js";
import { button, busy } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { underWay } from "../../core/jobs.js";
import { notify } from "../../core/notice.js";
import { once } from "../../core/once.js";
import { work } from "../../core/progress.js";

// `again` shows what was learned.
export function training(again, signal) {
  const place = h("div", { class: "trouble" });
  const go = button("Treinar agora", { kind: "primary", drawing: "chart" });
  const done = () => {
    notify("Treino concluído.");
    again();
  };
  const follow = (start) => busy(go, () => work(place, { start, label: "Treinando com os leads fechados", done, signal }));
  go.addEventListener("click", () => {
    const keyOf = once();
    follow(() => post("/scores/model/train", {}, { key: keyOf("train") }));
  });
  // One that was begun before; where that cannot be known, the button is there all the same.
  underWay("treinar", signal).then((job) => job && follow(async () => job)).catch(() => null);
  return h(
    "section",
    { class: "training" },
    h("p", { class: "hint" }, "O modelo se treina sozinho quando há mais leads fechados. Só entra em uso o que não for pior que o de agora."),
    place,
    h("div", { class: "actions" }, go),
  );
}

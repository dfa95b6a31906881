// Whether the latest closed leads were won as often as the model said.
import { h, heading } from "../../core/dom.js";
import { figure, plural } from "../../core/format.js";

const WORDS = {
  alarme: "Alarme: não é o acaso. O que faz um lead fechar mudou; o próximo treino já aprende com estes leads.",
  atencao: "Atenção: longe do esperado, mas pode ser o acaso.",
};
const AS_SAID = "Como se esperava.";

export function latest(told) {
  if (!told) return null;
  const { n, ganhos, esperados, razao, alerta, motivo } = told;
  const ratio = razao === null ? "" : `: ${figure(razao)} por esperado`;
  return h(
    "section",
    { class: "latest" },
    heading("Os últimos leads fechados", 2),
    h("p", {}, `De ${plural(n, "lead", "leads")}, ${plural(ganhos, "foi ganho", "foram ganhos")}, e se esperavam ${figure(Math.round(esperados))}${ratio}.`),
    h("p", { class: alerta === "alarme" ? "late" : "muted" }, motivo ?? WORDS[alerta] ?? AS_SAID),
  );
}

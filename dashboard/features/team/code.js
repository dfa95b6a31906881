// A code to hand over: it is shown this once.
import { button } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { notify } from "../../core/notice.js";
import { moment } from "../../core/time.js";

export function tellCode({ nome: name }, code, until = null) {
  const validity = until ? `Vale até: ${moment(until)}.` : "Vale 24 horas.";
  return ask({
    title: `Código de ${name}`,
    body: [
      h("p", {}, "Entregue este código à pessoa. Em “Tenho um código”, na entrada do painel, ela escolhe a senha."),
      h("p", { class: "handed" }, h("code", {}, code)),
      h("p", { class: "hint" }, `${validity} Só aparece agora.`),
      copying(code),
    ],
    confirm: "Já entreguei",
    back: false,
    answer: () => ({}),
  });
}

// Only a page over HTTPS may write to the clipboard; the code can be marked by hand everywhere.
function copying(code) {
  if (!navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(code);
    notify("Código copiado.");
  };
  return button("Copiar", { onclick: copy });
}

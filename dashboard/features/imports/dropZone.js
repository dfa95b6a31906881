// Where a file is dropped, or chosen.
import { button } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

const KINDS = ".csv,.txt,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export function dropZone(take) {
  const input = h("input", { type: "file", accept: KINDS, hidden: true });
  input.addEventListener("change", () => input.files[0] && take(input.files[0]));
  const zone = h(
    "div",
    { class: "drop-zone" },
    h("p", { class: "emblem", "aria-hidden": "true" }, icon("file")),
    h("p", {}, "Arraste o arquivo para cá, ou"),
    button("Escolher arquivo", { kind: "primary", onclick: () => { input.value = ""; input.click(); } }),
    h("p", { class: "hint" }, "CSV, texto ou Excel (.xlsx), até 50 MB. A primeira linha tem os nomes das colunas."),
    input,
  );
  const over = (there) => (event) => {
    event.preventDefault();
    zone.classList.toggle("over", there);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    const [file] = event.dataTransfer.files;
    if (file) take(file);
  });
  return zone;
}

// A file of leads: dropped or chosen, looked at, corrected, imported; and what came of those before.
import { get, post } from "../../core/api.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { failed, fill, loading } from "../../core/states.js";
import { dropZone } from "./dropZone.js";
import { earlier } from "./earlier.js";
import { preview } from "./preview.js";

const PATIENCE = 10 * 60_000; // milliseconds: a large file takes its time on a slow line
const EARLIER = 10;

export function importPage(outlet, { signal }) {
  const place = h("div", { class: "imports" });
  const past = h("div", {});
  const zone = dropZone(read);
  const begin = () => place.replaceChildren(zone);

  // `sheet`: which one of a workbook, the first if none is named.
  async function read(file, sheet = null) {
    place.replaceChildren(loading(`Lendo ${file.name}…`));
    const body = new FormData();
    body.append("arquivo", file);
    try {
      const found = await post("/leads/import/preview", body, { query: { planilha: sheet }, patience: PATIENCE, signal });
      const [funnel, { itens: people }] = await Promise.all([get("/stages", { signal }), get("/users", { signal })]);
      if (signal.aborted) return;
      place.replaceChildren(preview(found, { name: file.name, funnel, people, again: begin, other: (name) => read(file, name) }));
      place.querySelector("h2").focus();
    } catch (error) {
      if (!signal.aborted) refused(asFailure(error), file, sheet);
    }
  }

  // Where the server has not answered, the same file may do; what it refuses is another file's turn.
  function refused(failure, file, sheet) {
    const again = failure.unanswered || failure.status >= 500 ? () => read(file, sheet) : null;
    place.replaceChildren(failed(failure, again), zone);
  }

  // A file that is dropped beside the place would be opened instead of the panel.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault(), { signal });
  outlet.replaceChildren(
    heading("Importar leads"),
    h("p", { class: "lead-in" }, "O arquivo como você o tem: uma planilha, a exportação de outro sistema, uma lista. Nada é gravado antes de você conferir."),
    place,
    past,
  );
  begin();
  return fill(past, { wait: "Carregando as importações…", load: () => get("/imports", { query: { limite: EARLIER }, signal }), show: earlier, signal });
}

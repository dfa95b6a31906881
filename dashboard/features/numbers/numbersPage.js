// The figures of the equipe, or of a vendedor: they move by themselves while somebody looks.
import { button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { icon } from "../../core/icons.js";
import { isGestor } from "../../core/session.js";
import { fill } from "../../core/states.js";
import { asker } from "./asking.js";
import { board } from "./board.js";
import { filterForm, keptFilters } from "./filters.js";
import { openForPrint } from "./printing.js";
import { standing } from "./standing.js";
import { watch } from "./watching.js";

export function numbersPage(outlet, { signal }) {
  const place = h("div", { class: "numbers" });
  const state = standing();
  let chosen = {};
  let ask = null;
  let shown = null;
  const begin = (filters, asking) => {
    chosen = filters;
    ask = asking;
    shown = board(filters, { again: anew, signal });
  };
  const show = (found) => {
    shown.show(found);
    form.suggest(found.metrics);
    state.heard(found.metrics, chosen);
    return shown.node;
  };

  // Other filters: what is there stays until their figures have come.
  async function refresh(filters) {
    const other = asker(filters);
    const found = await other(signal);
    if (signal.aborted) return;
    begin(filters, other);
    place.replaceChildren(show(found));
  }

  async function look() {
    const mine = ask;
    const found = await mine(signal);
    // Other filters may have been applied meanwhile.
    return found && mine === ask ? show(found) : null;
  }

  // A goal was set: nobody waits for the next look.
  const anew = () => look().catch((error) => !signal.aborted && state.tell(asFailure(error)));

  const form = filterForm(refresh);
  outlet.replaceChildren(
    heading("Números"),
    h("p", { class: "lead-in" }, isGestor() ? "O que a equipe faz, contado na hora." : "O que você faz, contado na hora."),
    form.node,
    h("div", { class: "numbers-acts" }, state.node, h("div", { class: "actions" }, wallLink(), button("Imprimir", { onclick: () => window.print() }))),
    place,
  );
  begin(keptFilters(), asker(keptFilters()));
  openForPrint(outlet, signal);
  fill(place, { wait: "Carregando os números…", load: () => ask(signal), show, signal });
  return watch(look, { show: (node) => node && !node.isConnected && place.replaceChildren(node), tell: state.tell, signal });
}

const wallLink = () => h("a", { class: "button plain", href: "#/numeros/tela" }, icon("screen"), h("span", {}, "Tela de parede"));

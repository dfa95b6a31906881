// The people of the equipe: who is there, who is away, who comes in.
import { get } from "../../core/api.js";
import { button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { fill } from "../../core/states.js";
import { askPerson } from "./adding.js";
import { person } from "./person.js";

export function teamPage(outlet, { signal }) {
  const place = h("div", { class: "team" });
  const show = () =>
    fill(place, {
      wait: "Carregando a equipe…",
      load: () => get("/users", { signal }),
      show: ({ itens }) => shown(itens, show),
      signal,
    });
  const add = async () => { if (await askPerson()) show(); };
  outlet.replaceChildren(
    heading("Equipe"),
    h("p", { class: "lead-in" }, "Quem entra escolhe a própria senha, com um código que você entrega."),
    h("div", { class: "actions" }, button("Adicionar pessoa", { kind: "primary", drawing: "add", onclick: add })),
    place,
  );
  return show();
}

function shown(people, again) {
  const active = people.filter((each) => each.ativo);
  const left = people.filter((each) => !each.ativo);
  return [list("Na equipe", active, active, again), list("Sem acesso", left, active, again)];
}

function list(title, people, active, again) {
  if (!people.length) return null;
  const others = (one) => active.filter((each) => each.id !== one.id);
  const items = people.map((each) => person(each, others(each), again));
  return h("section", {}, heading(title, 2), h("ul", { class: "said members" }, items));
}

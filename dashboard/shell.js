// What surrounds every view: the name, the navigation, who is signed in, whether there is a network.
import { endSession } from "./features/account/account.js";
import { button, busy } from "./core/controls.js";
import { h } from "./core/dom.js";
import { icon } from "./core/icons.js";
import { startRouter } from "./core/router.js";
import { isGestor } from "./core/session.js";
import { ROUTES } from "./sections.js";

// Shows the panel in `place`; returns what takes it away again.
export function showShell(place, person) {
  const main = h("main", { id: "main", tabindex: "-1" });
  const routes = ROUTES.filter((route) => !route.gestor || isGestor());
  const links = routes.filter((route) => route.icon).map(link);
  place.replaceChildren(
    header(person, main),
    network(),
    h("nav", { class: "sections", "aria-label": "Seções" }, h("ul", {}, links.map((each) => each.node))),
    main,
  );
  return startRouter(main, routes, (route) => {
    const above = pathsAbove(route);
    for (const each of links) each.mark(each.route === route ? "page" : above.includes(each.route.path) && "true");
  });
}

// The sections that a view is in, the nearest first.
function pathsAbove({ under = null }) {
  return under ? [under, ...pathsAbove(ROUTES.find((route) => route.path === under))] : [];
}

// A link to #main would be taken for an address of the panel.
function skip(main) {
  const go = (event) => {
    event.preventDefault();
    main.focus();
  };
  return h("a", { class: "skip", href: "#/", onclick: go }, "Ir para o conteúdo");
}

function header(person, main) {
  const leave = button("Sair", { kind: "quiet", drawing: "out" });
  leave.addEventListener("click", () => busy(leave, endSession));
  return h(
    "header",
    { class: "top" },
    skip(main),
    h("p", { class: "brand" }, "FinLead"),
    h(
      "p",
      { class: "who" },
      h("strong", {}, person.nome),
      h("span", {}, person.equipe),
    ),
    leave,
  );
}

function link(route) {
  const anchor = h("a", { href: route.path }, icon(route.icon), h("span", {}, route.name));
  const mark = (here) => {
    if (here) anchor.setAttribute("aria-current", here);
    else anchor.removeAttribute("aria-current");
  };
  const shown = route.under ? "wide" : route.fold && "narrow";
  return { route, node: h("li", { class: shown }, anchor), mark };
}

function network() {
  const bar = h("div", { class: "offline", role: "status" });
  const tell = () => {
    bar.textContent = navigator.onLine ? "" : "Sem internet: o que está na tela pode ter mudado.";
  };
  window.addEventListener("online", tell);
  window.addEventListener("offline", tell);
  tell();
  return bar;
}

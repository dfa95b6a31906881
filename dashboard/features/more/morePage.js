// The sections for which a telephone's bar has no room.
import { h, heading } from "../../core/dom.js";
import { icon } from "../../core/icons.js";

export function morePage(outlet, routes) {
  const link = (route) => h("li", {}, h("a", { class: "button plain", href: route.path }, icon(route.icon), h("span", {}, route.name)));
  outlet.replaceChildren(heading("Mais"), h("ul", { class: "more-sections" }, routes.map(link)));
}

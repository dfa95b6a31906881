// Leads that are known by their numbers alone: a list tells their names when it is opened.
import { get } from "../../core/api.js";
import { h } from "../../core/dom.js";

export const leadLink = (id) => h("a", { href: `#/leads/${id}`, class: "name", "data-lead": id }, `Lead ${id}`);

export function namedWhenOpened(details) {
  details.addEventListener("toggle", () => details.querySelectorAll("[data-lead]").forEach(name), { once: true });
}

// Without its name a link leads there as well.
async function name(link) {
  const lead = await get(`/leads/${link.dataset.lead}`).catch(() => null);
  if (lead) link.textContent = lead.nome;
}

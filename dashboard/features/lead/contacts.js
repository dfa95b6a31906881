// Ways to reach the lead. They are links for the telephone, WhatsApp and the mail program: the page
// itself sends nothing there.
import { h, heading } from "../../core/dom.js";
import * as format from "../../core/format.js";
import { icon } from "../../core/icons.js";

export const phonesOf = (lead) => valuesOf(lead, "telefone");
const valuesOf = (lead, tipo) =>
  lead.contatos.filter((each) => each.tipo === tipo).map((each) => each.valor);

// `used(kind, value)` is told which way was taken.
export function contacts(lead, used) {
  const open = !lead.nao_contatar_em;
  const rows = [
    ...phonesOf(lead).map((value, at) => (open ? phoneRow(value, at === 0, used) : plain(format.phone(value)))),
    ...valuesOf(lead, "whatsapp_id").map((value) => whatsappRow(value)),
    ...valuesOf(lead, "email").map((value) => (open ? mailRow(value, used) : plain(value))),
  ];
  return h(
    "section",
    { class: "contacts" },
    heading("Contatos", 2, { class: "silent" }),
    rows.length ? h("ul", {}, rows) : h("p", { class: "muted" }, "Sem telefone e sem e-mail."),
  );
}

const plain = (text) => h("li", {}, h("span", { class: "button off" }, text));

function phoneRow(value, first, used) {
  const shown = format.phone(value);
  return h(
    "li",
    {},
    way(format.telLink(value), "phone", null, [h("span", {}, "Ligar"), " ", h("strong", {}, shown)], {
      class: `button call ${first ? "primary" : "plain"}`,
      onclick: () => used("ligacao", value),
    }),
    way(format.whatsappLink(value), "chat", `WhatsApp para ${shown}`, [], {
      class: "button plain square",
      ...elsewhere,
      onclick: () => used("whatsapp", value),
    }),
  );
}

// Somebody who writes by WhatsApp without showing a telephone has an id that is no link.
const whatsappRow = (value) => plain(`WhatsApp: ${value}`);

function mailRow(value, used) {
  return h(
    "li",
    {},
    way(format.mailLink(value), "mail", `E-mail para ${value}`, [h("span", { class: "address" }, value)], {
      class: "button call plain",
      onclick: () => used("email", value),
    }),
  );
}

const elsewhere = { target: "_blank", rel: "noopener noreferrer" };

function way(href, drawing, label, shown, rest) {
  return h("a", { href, "aria-label": label, ...rest }, icon(drawing), shown);
}

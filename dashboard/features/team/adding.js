// Somebody new: a name, an e-mail, a role; then the code with which they choose their password.
import { post } from "../../core/api.js";
import { choice, field } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { once } from "../../core/once.js";
import { tellCode } from "./code.js";

const ROLES = [
  { value: "vendedor", name: "Vendedor" },
  { value: "gestor", name: "Gestor" },
];

// Resolves to who was added, once their code was seen; null where nobody was.
export async function askPerson() {
  const added = await askWho();
  if (added) await tellCode(added, added.codigo_ativacao);
  return added;
}

function askWho() {
  const name = h("input", { autocomplete: "off", maxlength: "120" });
  const email = h("input", { type: "email", autocomplete: "off", maxlength: "320" });
  const role = choice("Papel", ROLES, { value: "vendedor" });
  const keyOf = once();
  return ask({
    title: "Adicionar pessoa",
    body: [field("Nome", name), field("E-mail", email), role.node],
    confirm: "Adicionar",
    answer: async (complain) => {
      const missing = [name, email].find((box) => !box.value.trim());
      if (missing) {
        complain("Preencha o nome e o e-mail.");
        missing.focus();
        return null;
      }
      const body = { nome: name.value.trim(), email: email.value.trim(), role: role.chosen() };
      return post("/auth/register", body, { key: keyOf(body) });
    },
  });
}

// The code that a gestor handed over: it opens the account with a password of the person's own.
import { post } from "../../core/api.js";
import { busy, button, field } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import * as session from "../../core/session.js";

// `done()` is called once the person is in; `back()` leads to the sign-in.
export function activate(done, back) {
  const code = h("input", { autocomplete: "one-time-code", spellcheck: "false", maxlength: "1024" });
  const password = h("input", { type: "password", autocomplete: "new-password", maxlength: "1024" });
  const error = h("p", { class: "wrong", role: "alert" });
  const go = button("Entrar", { kind: "primary large", type: "submit" });
  const enter = async () => {
    error.textContent = "";
    try {
      const body = { codigo: code.value.trim(), senha: password.value };
      const { email } = await post("/auth/activate", body, { anonymous: true });
      session.keepTokens(await post("/auth/login", { email, senha: body.senha }, { anonymous: true }));
    } catch (refused) {
      error.textContent = asFailure(refused).sentence;
      code.focus();
      return;
    }
    await done();
  };
  const submit = (event) => {
    event.preventDefault();
    busy(go, enter);
  };
  return h(
    "main",
    { class: "alone" },
    h("p", { class: "brand" }, "FinLead"),
    heading("Tenho um código"),
    h("form", { class: "card", novalidate: true, onsubmit: submit }, field("Código", code), field("Senha nova", password), error, go),
    button("Voltar", { kind: "quiet", onclick: back }),
  );
}

// E-mail and password.
import { post } from "../../core/api.js";
import { button, busy, field } from "../../core/controls.js";
import { h, heading, swap } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import * as session from "../../core/session.js";
import { activate } from "./activate.js";

export function signIn(done, said) {
  const email = h("input", { type: "email", name: "email", autocomplete: "username", required: true, maxlength: "320" });
  const password = h("input", { type: "password", name: "senha", autocomplete: "current-password", required: true, maxlength: "1024" });
  const error = h("p", { class: "wrong", role: "alert" });
  const enter = button("Entrar", { kind: "primary large", type: "submit" });
  const submit = (event) => {
    event.preventDefault();
    busy(enter, () => attempt(email, password, error, done));
  };
  return h(
    "main",
    { class: "alone" },
    h("p", { class: "brand" }, "FinLead"),
    heading("Entrar", 1, { "aria-describedby": "convite" }),
    h("p", { class: "lead-in", id: "convite" }, said || "Entre para ver com quem falar agora."),
    h(
      "form",
      { class: "card", novalidate: true, onsubmit: submit },
      field("E-mail", email),
      field("Senha", password),
      reveal(password),
      error,
      enter,
    ),
    h("p", { class: "hint" }, "Esqueceu a senha? Peça ao gestor um código de acesso."),
    button("Tenho um código", { kind: "quiet", onclick: (event) => withCode(event.target.closest("main").parentNode, done) }),
  );
}

function withCode(place, done) {
  swap(place, activate(done, () => swap(place, signIn(done, ""))));
}

function reveal(password) {
  const show = h("input", { type: "checkbox" });
  show.addEventListener("change", () => { password.type = show.checked ? "text" : "password"; });
  return h("label", { class: "tick" }, show, h("span", {}, "Mostrar a senha"));
}

async function attempt(email, password, error, done) {
  error.textContent = "";
  const missing = [email, password].find((input) => !input.value.trim());
  if (missing) {
    error.textContent = "Preencha o e-mail e a senha.";
    missing.focus();
    return;
  }
  try {
    const body = { email: email.value.trim(), senha: password.value };
    session.keepTokens(await post("/auth/login", body, { anonymous: true }));
  } catch (refused) {
    const failure = asFailure(refused);
    error.textContent = failure.sentence;
    (failure.codigo === "CREDENCIAIS_INVALIDAS" ? password : email).focus();
    return;
  }
  await done();
}

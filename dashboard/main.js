// The panel begins: whoever has a session goes on where they were, everybody else signs in.
import { signIn } from "./features/account/signIn.js";
import { loadPerson } from "./features/account/account.js";
import { h, heading, swap } from "./core/dom.js";
import { notify } from "./core/notice.js";
import { failed } from "./core/states.js";
import * as session from "./core/session.js";
import { showShell } from "./shell.js";

const place = document.getElementById("app");
const OVER = "Sua sessão terminou. Entre de novo para continuar.";
let takeAway = null;

async function open() {
  if (!session.isOpen()) return welcome();
  try {
    takeAway = showShell(place, await loadPerson());
  } catch (error) {
    if (session.isOpen()) swap(place, trouble(error));
  }
  return undefined;
}

function trouble(error) {
  const again = () => location.reload();
  return h("main", { class: "alone" }, heading("O painel não abriu"), failed(error, again));
}

function welcome(said = "") {
  document.title = "Entrar: FinLead";
  swap(place, signIn(open, said));
}

session.onEnd((why) => {
  takeAway?.();
  takeAway = null;
  welcome(why === "expirou" ? OVER : "");
  if (why === "saiu") notify("Você saiu.");
});

open();

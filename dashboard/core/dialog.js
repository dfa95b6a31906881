// A question in a modal dialog. The browser keeps the focus inside and gives it back at the end.
import { busy, button } from "./controls.js";
import { h, heading, uniqueId } from "./dom.js";
import { asFailure } from "./failure.js";

// `answer` is called on confirmation and returns the answer, or null where something is missing. It may
// call the server first: a refusal is told in the dialog, where what was typed still stands.
// Resolves to the answer, or null when the person gave up. `back`: whether there is a button for that.
export function ask({ title, body, confirm, kind = "primary", back = true, answer }) {
  return new Promise((resolve) => {
    let found = null;
    const id = uniqueId("pergunta");
    const error = h("p", { class: "wrong", role: "alert" });
    const complain = (text) => { error.textContent = text; };
    const go = button(confirm, { kind, type: "submit" });
    const decide = async () => {
      complain("");
      try {
        found = await answer(complain);
      } catch (refused) {
        complain(asFailure(refused).sentence);
      }
      if (found !== null) dialog.close();
    };
    const form = h(
      "form",
      {
        method: "dialog",
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          busy(go, decide);
        },
      },
      heading(title, 2, { id }),
      body,
      error,
      h(
        "div",
        { class: "actions" },
        go,
        back && button("Voltar", { onclick: () => dialog.close() }),
      ),
    );
    const dialog = h("dialog", { "aria-labelledby": id }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(found);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

// Who leaves the page by the browser's back button leaves its question, too.
export function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
}

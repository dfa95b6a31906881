// A question in a modal dialog. The browser keeps the focus inside and gives it back at the end.
import { button } from "./controls.js";
import { h, heading, uniqueId } from "./dom.js";

// `answer` is called on confirmation and returns the answer, or null where something is missing.
// Resolves to the answer, or null when the person gave up.
export function ask({ title, body, confirm, kind = "primary", answer }) {
  return new Promise((resolve) => {
    let found = null;
    const id = uniqueId("pergunta");
    const error = h("p", { class: "wrong", role: "alert" });
    const form = h(
      "form",
      {
        method: "dialog",
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          found = answer((text) => { error.textContent = text; });
          if (found !== null) dialog.close();
        },
      },
      heading(title, 2, { id }),
      body,
      error,
      h(
        "div",
        { class: "actions" },
        button(confirm, { kind, type: "submit" }),
        button("Voltar", { onclick: () => dialog.close() }),
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

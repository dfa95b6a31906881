// A view whose files come when it is opened: what is a gestor's alone is no load for the others.
import { focusFirst, h, heading } from "./dom.js";
import { unreachable } from "./failure.js";
import { failed, loading } from "./states.js";

// `load` imports the module in which the view is called `name`.
export function later(title, name, load) {
  return async (outlet, about) => {
    const wait = h("div", {}, loading("Abrindo…"));
    outlet.replaceChildren(heading(title), wait);
    const module = await load().catch((error) => {
      // A browser may keep the failure for as long as the page is open.
      wait.replaceChildren(failed(unreachable(error), () => location.reload()));
    });
    if (!module || about.signal.aborted) return;
    module[name](outlet, about);
    if (document.activeElement === document.body) focusFirst(outlet);
  };
}

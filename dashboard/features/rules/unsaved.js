// What was changed in a draft and is not saved yet: in memory, for whoever looks something up meanwhile.
import { draftOf, keepDraft } from "../../core/drafts.js";

export function unsaved(draft) {
  const name = `regras-${draft.n}`;
  const before = draftOf(name);
  const { base, grupos, regras, faixas } = structuredClone(before ? JSON.parse(before) : draft);
  const definition = { base, grupos, regras, faixas };
  let dirty = before !== "";
  return {
    definition,
    get dirty() { return dirty; },
    touch: () => {
      dirty = true;
      keepDraft(name, JSON.stringify(definition));
    },
    // As it was sent: what was typed while it was on its way is not saved.
    saved: (body) => {
      if (JSON.stringify(bodyOf(definition)) !== JSON.stringify(body)) return;
      dirty = false;
      keepDraft(name, "");
    },
    forget: () => keepDraft(name, ""),
  };
}

// What is empty is left out, as the API asks for it.
export function bodyOf({ base, grupos, regras, faixas }) {
  return { base: base ?? undefined, grupos: grupos.map(filled), regras: regras.map(filled), faixas: filled(faixas) };
}

const filled = (part) =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== null && value !== undefined));

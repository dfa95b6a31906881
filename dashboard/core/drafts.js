// What was typed about a lead and not yet sent: in memory only, for whoever looks something up or
// has to sign in again meanwhile.
const drafts = new Map();

export const draftOf = (leadId) => drafts.get(leadId) ?? "";

export function keepDraft(leadId, text) {
  if (text) drafts.set(leadId, text);
  else drafts.delete(leadId);
}

export function forgetDrafts() {
  drafts.clear();
}

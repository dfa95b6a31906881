// Who is signed in. The access token is kept in this module's memory alone; the refresh token in
// sessionStorage, which outlives a reload and ends with the tab (docs/decisions/0033-painel.md).
const KEY = "finlead.renovacao";
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("finlead.sessao") : null;
const listeners = new Set();
let access = null;
let person = null;
let open = sessionStorage.getItem(KEY) !== null;
let turn = 0;

export const accessToken = () => access;
export const refreshToken = () => sessionStorage.getItem(KEY);
export const isOpen = () => refreshToken() !== null;
// Changes when a session ends: a renewal that was on its way then must not bring it back.
export const currentTurn = () => turn;
export const whoAmI = () => person;
export const isGestor = () => person?.role === "gestor";

export function knowPerson(found) {
  person = found;
}

export function keepTokens({ access_token: fresh, refresh_token: next }) {
  const before = refreshToken();
  open = true;
  access = fresh;
  sessionStorage.setItem(KEY, next);
  // A duplicated tab starts with this tab's refresh token: used twice, it would end both sessions.
  if (before) tabs?.postMessage({ before, next });
}

tabs?.addEventListener("message", ({ data }) => {
  if (data?.before && data.before === refreshToken()) sessionStorage.setItem(KEY, data.next);
});

export function onEnd(listener) {
  listeners.add(listener);
}

// `why`: "saiu" (the person signed out) or "expirou" (the server ended it).
export function end(why) {
  if (!open) return;
  open = false;
  turn += 1;
  access = null;
  person = null;
  sessionStorage.clear();
  for (const listener of listeners) listener(why);
}

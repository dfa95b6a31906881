// What a scenario needs done beside the page, by the API.
import assert from "node:assert/strict";

// The access token of a session of its own.
export async function signedIn(address, email, senha) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ email, senha });
  const reply = await fetch(`${address}/auth/login`, { method: "POST", headers, body });
  return (await reply.json()).data.access_token;
}

// Leads that were won and lost by a known pattern: those who were sent by somebody close more often.
export async function importClosed(address, token, count) {
  const rows = Array.from({ length: count }, (_, at) => closed(at));
  const body = ["nome,telefone,origem,valor,uf,etapa,motivo_perda,idade", ...rows].join("\n");
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "text/csv" };
  const reply = await fetch(`${address}/leads/import`, { method: "POST", headers, body });
  const text = await reply.text();
  assert.equal(reply.status, 200, text);
  assert.equal(JSON.parse(text).data.criados, count, text);
}

const ORIGINS = ["indicação", "site", "lista"];
const OF_TEN = { "indicação": 6, site: 3, lista: 1 }; // how many of ten are won

function closed(at) {
  const origin = ORIGINS[at % 3];
  const won = (at * 7) % 10 < OF_TEN[origin];
  const phone = `119${String(80_000_000 + at)}`;
  return [`Fechado ${at}`, phone, origin, 10_000 + (at % 11) * 9_000, ["SP", "RJ"][at % 2], won ? "ganho" : "perdido", won ? "" : "Sem interesse", 20 + (at % 50)].join(",");
}

// The session: renewed once for all calls, shared with a duplicated tab, ended by the server, begun again.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.js";
import { waitForHeading } from "./steps.js";

const CALLS = /\/(tasks|leads|stages)\b(?!.*\.js)/;

export async function sessions(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, teams[1].vendedor, senha);
  await renews(page);
  await shares(page, context);
  await ends(page, teams[1].vendedor, senha);
  assert.deepEqual(wrong.filter((text) => !text.includes("status of 401")), []);
  await context.close();
}

// All calls are refused until the token is renewed: one renewal serves them all, the page goes on.
async function renews(page) {
  let renewals = 0;
  let refused = 0;
  await page.route("**/auth/refresh", async (route) => {
    const response = await route.fetch();
    renewals += 1;
    await route.fulfill({ response });
  });
  await page.route(CALLS, async (route) => {
    if (renewals) return route.continue();
    refused += 1;
    return route.continue({ headers: { ...route.request().headers(), authorization: "Bearer vencido" } });
  });
  await page.getByRole("link", { name: "Busca" }).click();
  await page.getByLabel("Quem você procura?").fill("benedita");
  await page.getByText("1 lead encontrado").waitFor();
  await page.unrouteAll();
  assert.ok(refused >= 2, `${refused} calls were refused at the same time`);
  assert.equal(renewals, 1, "one renewal for all calls");
}

// A duplicated tab starts with this tab's refresh token; when it has used it, both have the new one.
async function shares(page, context) {
  const kept = () => sessionStorage.getItem("finlead.renovacao");
  const before = await page.evaluate(kept);
  const twin = await context.newPage();
  await twin.addInitScript((token) => {
    sessionStorage.setItem("finlead.renovacao", sessionStorage.getItem("finlead.renovacao") ?? token);
  }, before);
  await twin.goto("/painel");
  await waitForHeading(twin, "Próximo lead");
  const after = await twin.evaluate(kept);
  assert.notEqual(after, before);
  await page.waitForFunction((token) => sessionStorage.getItem("finlead.renovacao") === token, after);
  await twin.close();
}

// Signed out elsewhere: the page asks who is there and goes back to where they were.
async function ends(page, email, senha) {
  await page.getByRole("link", { name: "Tarefas" }).click();
  await waitForHeading(page, "Minhas tarefas");
  await page.evaluate(async () => {
    const body = JSON.stringify({ refresh_token: sessionStorage.getItem("finlead.renovacao") });
    const headers = { "Content-Type": "application/json" };
    const reply = await fetch("/auth/refresh", { method: "POST", headers, body });
    const { data } = await reply.json();
    await fetch("/auth/logout", { method: "POST", headers: { Authorization: `Bearer ${data.access_token}` } });
  });
  await page.reload();
  await waitForHeading(page, "Entrar");
  await page.getByText("Sua sessão terminou. Entre de novo para continuar.").waitFor();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Senha", { exact: true }).fill(senha);
  await page.keyboard.press("Enter");
  await waitForHeading(page, "Minhas tarefas");
}

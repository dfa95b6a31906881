// What must not end a day: an expired token, hostile names, a server that does not answer.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.js";
import { nextButton, result, waitForHeading } from "./steps.js";

const HOSTILE = "<img src=x onerror=document.title='tomado'>";

export async function trouble(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, teams[1].vendedor, senha);
  await expires(page, address);
  await showsMarkup(page);
  await retries(page);
  assert.deepEqual(wrong.filter((text) => !/ERR_FAILED|status of 401/.test(text)), []);
  await context.close();
}

// Every token in use is refused once: one renewal serves all calls, and the page goes on.
async function expires(page, address) {
  let renewals = 0;
  let refused = 0;
  page.on("request", (request) => {
    if (request.url() === `${address}/auth/refresh`) renewals += 1;
  });
  const seen = new Set();
  await page.route(/\/(tasks|leads|stages)\b/, async (route) => {
    const used = await route.request().headerValue("authorization");
    seen.add(used);
    if (used !== [...seen][0]) return route.continue();
    refused += 1;
    return route.continue({ headers: { ...route.request().headers(), authorization: "Bearer vencido" } });
  });
  await page.getByRole("link", { name: "Busca" }).click();
  await page.getByLabel("Quem você procura?").fill("benedita");
  await page.getByText("1 lead encontrado").waitFor();
  await page.unroute(/\/(tasks|leads|stages)\b/);
  assert.ok(refused >= 2, `${refused} calls were refused at the same time`);
  assert.equal(renewals, 1, "one renewal for all calls");
}

async function showsMarkup(page) {
  await page.getByLabel("Quem você procura?").fill("onerror");
  await page.getByRole("link", { name: HOSTILE }).click();
  await waitForHeading(page, HOSTILE);
  assert.equal(await page.locator("main img").count(), 0);
  assert.match(await page.title(), /FinLead/);
}

// The reply to a result is lost on the way: sent again it is recorded once.
async function retries(page) {
  const keys = [];
  await page.route(/\/activities$/, async (route) => {
    keys.push(await route.request().headerValue("idempotency-key"));
    if (keys.length > 1) return route.continue();
    await route.fetch();
    return route.abort("failed");
  });
  await page.getByLabel("Anotação").fill("Só uma vez");
  await result(page, "Atendeu").click();
  await page.getByText("Sem conexão com o servidor").waitFor();
  await page.getByRole("button", { name: "Tentar de novo" }).click();
  await page.locator(".timeline").getByText("Só uma vez").first().waitFor();
  await page.unroute(/\/activities$/);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal(await page.locator(".timeline").getByText("Só uma vez").count(), 1);
  await page.getByRole("link", { name: "Próximo" }).click();
  await nextButton(page).waitFor();
}

// What must not end a day, nor be done twice: hostile names, a lost reply, a broken server.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.js";
import { result, waitForHeading } from "./steps.js";

const HOSTILE = "<img src=x onerror=document.title='tomado'>";

export async function trouble(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, teams[1].vendedor, senha);
  await showsMarkup(page);
  await retries(page);
  await refuses(page);
  await breaks(page);
  assert.deepEqual(wrong.filter((text) => !/ERR_FAILED|status of (422|502)/.test(text)), []);
  await context.close();
}

async function showsMarkup(page) {
  await page.getByRole("link", { name: "Busca" }).click();
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
  const told = page.locator(".timeline").getByText("Só uma vez", { exact: true });
  await told.first().waitFor();
  await page.unroute(/\/activities$/);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal(await told.count(), 1);
}

// A refusal is told in the API's own words, with what support asks for.
async function refuses(page) {
  await page.route(/\/activities$/, (route) =>
    route.continue({ postData: JSON.stringify({ tipo: "ligacao", resultado: "talvez" }) }),
  );
  await result(page, "Atendeu").click();
  await page.getByText("Há campos inválidos.").waitFor();
  assert.match(await page.locator(".code").innerText(), /^Código para o suporte: [\w.-]+$/);
  await page.unroute(/\/activities$/);
}

// Something between here and the server answers in its own way.
async function breaks(page) {
  await page.route(/\/tasks/, (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad" }));
  await page.getByRole("link", { name: "Tarefas" }).click();
  await page.getByText("O servidor respondeu de um jeito inesperado").waitFor();
  await page.unroute(/\/tasks/);
  await page.getByRole("button", { name: "Tentar de novo" }).click();
  await page.locator(".task, .state").first().waitFor();
  assert.equal(await page.locator(".failed").count(), 0);
}

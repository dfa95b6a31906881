// A gestor looks at the figures while another client writes: they move without a reload. A goal is set in
// place, by keys alone; a vendedor sees their own.
import assert from "node:assert/strict";
import { signedIn } from "./api.js";
import { openPage, signIn } from "./browser.js";
import { fits, focused, reach, waitForHeading } from "./steps.js";

export async function figures(browser, { address, senha, teams }) {
  const { gestor, vendedor, people } = teams[6];
  const { page, wrong, context } = await openPage(browser, address);
  const call = caller(address, await signedIn(address, gestor, senha));
  await signIn(page, gestor, senha);
  await opens(page);
  assert.equal(await tile(page, "Abertos").innerText(), String(people));
  await moves(page, call, people);
  await sets(page);
  await filters(page);
  await rests(page);
  assert.deepEqual(wrong.filter((text) => !text.includes("status of 422")), []);
  await context.close();
  await own(browser, { address, senha, vendedor, people });
}

const caller = (address, token) => async (path, body) => {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const reply = await fetch(address + path, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await reply.text();
  assert.ok(reply.ok, text);
  return JSON.parse(text).data;
};

const tile = (page, label) => page.locator(".tiles > div").filter({ hasText: label }).locator("strong").first();

async function opens(page) {
  await page.getByRole("link", { name: "Números" }).click();
  await waitForHeading(page, "Números");
  await page.locator(".series .chart").waitFor();
  await fits(page);
}

// Another client creates a lead and wins it. What is open stays open, and where the focus is it stays.
async function moves(page, call, people) {
  await page.evaluate(() => { window.stayed = true; });
  await page.locator(".sellers summary").click();
  const lead = await call("/leads", { nome: "Cliente Inventado", telefone: "(11) 97777-0001", valor: "80000.00", origem: "indicação" });
  await tile(page, "Abertos").getByText(String(people + 1), { exact: true }).waitFor();
  await call(`/leads/${lead.id}/move`, { etapa: "ganho" });
  await tile(page, "Valor ganho").getByText(/80\.000/).waitFor();
  assert.equal(await tile(page, "Abertos").innerText(), String(people));
  assert.equal(await page.evaluate(() => window.stayed), true, "without a reload");
  assert.equal(await page.locator(".sellers details[open]").count(), 1);
  assert.match(await focused(page), /Ver em tabela/);
}

async function sets(page) {
  await page.getByText("Nenhuma meta para este mês.").waitFor();
  await reach(page, /^Definir meta$/, "BUTTON");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await dialog.getByLabel("Valor ganho, em reais").focus();
  await page.keyboard.type("muito");
  await page.keyboard.press("Enter");
  await dialog.locator(".wrong").filter({ hasText: /\w/ }).waitFor();
  await dialog.getByLabel("Valor ganho, em reais").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("160.000,00");
  await page.keyboard.press("Tab");
  await page.keyboard.type("4");
  await page.keyboard.press("Enter");
  await page.getByRole("progressbar", { name: "Equipe, valor" }).waitFor();
  await page.getByText("(50%)").waitFor();
  await page.getByText("1 ganho de 4 (25%)").waitFor();
  await page.getByRole("button", { name: "Mudar a meta: Equipe" }).click();
  assert.equal(await dialog.getByLabel("Valor ganho, em reais").inputValue(), "160.000,00");
  await dialog.getByLabel("Leads ganhos").fill("");
  await dialog.getByRole("button", { name: "Salvar meta" }).click();
  await page.getByRole("progressbar", { name: "Equipe, ganhos" }).waitFor({ state: "detached" });
  await fits(page);
}

// What is refused is told beside the filters, and what was shown stays.
async function filters(page) {
  await page.getByText("Filtros").click();
  await page.getByLabel("Até").fill("2020-01-01");
  await page.getByLabel("De", { exact: true }).fill("2020-02-01");
  await page.getByRole("button", { name: "Aplicar" }).click();
  await page.locator(".filter-form .wrong").filter({ hasText: /\w/ }).waitFor();
  assert.match(await tile(page, "Valor ganho").innerText(), /80\.000/);
  await page.getByLabel("Até").fill("");
  await page.getByLabel("De", { exact: true }).fill("");
  await page.getByLabel("Origem", { exact: true }).fill("indicação");
  await page.getByRole("button", { name: "Aplicar" }).click();
  await page.getByText("Filtros (1)").waitFor();
  await page.getByText(/^Mudou às .* Só: origem indicação\.$/).waitFor();
  await page.getByRole("button", { name: "Limpar" }).click();
  await page.getByText("Filtros", { exact: true }).waitFor();
}

// Where nobody looks, nothing is asked.
async function rests(page) {
  let asked = 0;
  await page.route(/\/metrics(\?|$)/, (route) => {
    asked += 1;
    return route.continue();
  });
  const hide = (hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await page.waitForTimeout(6000);
  const before = asked;
  await page.waitForTimeout(6000);
  assert.equal(asked, before, "a hidden page does not ask");
  await hide(false);
  await page.waitForTimeout(1000);
  assert.equal(asked, before + 1, "it asks as soon as it is seen");
}

async function own(browser, { address, senha, vendedor, people }) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, vendedor, senha);
  await opens(page);
  assert.equal(await tile(page, "Abertos").innerText(), String(people));
  assert.equal(await page.locator(".sellers").count(), 0);
  assert.equal(await page.getByRole("button", { name: "Definir meta" }).count(), 0);
  assert.deepEqual(wrong, []);
  await context.close();
}

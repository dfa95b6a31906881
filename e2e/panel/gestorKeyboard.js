// Rules without a pointer: a draft begun, its rules moved and changed, simulated, by keys alone.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.js";
import { focused, reach, waitForHeading } from "./steps.js";

export async function gestorKeyboard(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, teams[0].gestor, senha);
  await begins(page);
  await moves(page);
  await adds(page);
  await simulates(page);
  assert.deepEqual(wrong, []);
  await context.close();
}

async function begins(page) {
  await reach(page, /^Mais$/, "A");
  await page.keyboard.press("Enter");
  await waitForHeading(page, "Mais");
  await reach(page, /^Regras$/, "A");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Novo rascunho" }).waitFor();
  assert.equal(await focused(page), "Regras do score", "a section that came later has the focus at its heading");
  await reach(page, /^Novo rascunho$/, "BUTTON");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await waitForHeading(page, /^Rascunho \d+$/);
}

const told = (page) => page.locator(".rule .told > :first-child").allInnerTexts();

// Alt with an arrow moves a rule, and the focus goes with it; so do the buttons of an open one.
async function moves(page) {
  const [first, second, ...others] = await told(page);
  await reach(page, new RegExp(first.slice(0, 12)), "SUMMARY");
  await page.keyboard.press("Alt+ArrowDown");
  assert.deepEqual(await told(page), [second, first, ...others]);
  assert.match(await focused(page), new RegExp(first.slice(0, 12)));
  await page.keyboard.press("Enter");
  await reach(page, /^Subir$/, "BUTTON");
  await page.keyboard.press("Space");
  assert.deepEqual(await told(page), [first, second, ...others]);
  assert.equal(await focused(page), "Subir", "the button moves with its rule and keeps the focus");
}

async function adds(page) {
  const before = (await told(page)).length;
  await reach(page, /^Adicionar regra$/, "BUTTON");
  await page.keyboard.press("Enter");
  assert.equal((await told(page)).length, before + 1);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "SELECT", "the new rule's field has the focus");
  await page.keyboard.type("Cid");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Campinas");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("9");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Perto da loja");
  assert.equal((await told(page)).at(-1), "Perto da loja");
  assert.match(await page.locator(".rule").last().locator("summary").innerText(), /\+9[^]*Cidade é Campinas/);
}

async function simulates(page) {
  await reach(page, /^Simular$/, "BUTTON");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "O que mudaria" }).waitFor();
  assert.equal(await focused(page), "O que mudaria", "what was found takes the focus");
}

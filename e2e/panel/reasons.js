// Why a score is what it is: the reasons add up to it; a review is asked for; a gestor sets another.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.js";
import { holdScore } from "./held.js";
import { fits } from "./steps.js";

export async function reasons(browser, { address, senha, teams }) {
  await explains(browser, address, teams[0].vendedor, senha);
  await chances(browser, address, teams[1].vendedor, senha);
}

async function explains(browser, address, email, senha) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, email, senha);
  await openLead(page, "Modelo");
  const score = await page.locator(".points-of .score strong").innerText();
  assert.equal(await page.locator(".lead-head .score strong").innerText(), score);
  assert.equal(await sum(page, ".points-of .points"), Number(score));
  assert.equal(await page.getByRole("button", { name: "Ajustar score" }).count(), 0, "a vendedor sets no score");
  await fits(page);
  assert.deepEqual(wrong, []);
  await context.close();
}

async function chances(browser, address, email, senha) {
  const { page, wrong, context } = await openPage(browser, address);
  await holdScore(page);
  await signIn(page, email, senha);
  await openLead(page, "Modelo");
  await chanceAddsUp(page);
  assert.equal(await sum(page, ".points-of .points"), 63);
  await page.getByText("O que subiria o score").waitFor();
  await page.getByText("Ajustado para 80").waitFor();
  await fits(page);
  assert.deepEqual(wrong, []);
  await context.close();
}

// The steps lead from any lead's chance to this one's, rounded as they are shown.
export async function chanceAddsUp(page) {
  await page.getByText("Como se chega a ela").click();
  const told = await page.locator(".chance .sum").innerText();
  const [from, to] = told.match(/\d+(,\d+)?(?=%)/g).map(figure);
  const steps = await sum(page, ".chance .points");
  assert.ok(Math.abs(from + steps - to) < 0.01, `${told}: the steps come to ${steps}`);
}

export async function openLead(page, name) {
  await page.getByRole("link", { name: "Busca" }).click();
  await page.getByLabel("Quem você procura?").fill(name);
  await page.locator(".people a").first().click();
  await page.locator(".points-of").waitFor();
}

const figure = (text) => Number(text.replace("\u2212", "-").replace(",", ".").replace(/[^\d.-]/g, ""));

// Of all that is shown, folded or not.
async function sum(page, selector) {
  const texts = await page.locator(selector).allTextContents();
  assert.ok(texts.length > 1);
  return Math.round(texts.map((text) => figure(text.replace(/ p\.p\./, ""))).reduce((total, each) => total + each, 0) * 10) / 10;
}

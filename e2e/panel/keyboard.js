// The same beginning without a pointer: everything is reached by Tab and done by Enter, Space, arrows.
import assert from "node:assert/strict";
import { openPage } from "./browser.js";
import { focused, nameShown, reach, waitForHeading } from "./steps.js";

export async function keyboard(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address);
  const keys = page.keyboard;
  await page.goto("/painel");
  await waitForHeading(page, "Entrar");
  await reach(page, /^$/, "INPUT");
  await keys.type(teams[1].vendedor);
  await keys.press("Tab");
  await keys.type(senha);
  await keys.press("Enter");
  await waitForHeading(page, "Próximo lead");
  assert.equal(await focused(page), "Próximo lead", "a new view takes the focus to its heading");

  await reach(page, /^Próximo lead$/, "BUTTON");
  await keys.press("Enter");
  await page.locator(".lease").waitFor();
  const first = await nameShown(page);
  assert.equal(await focused(page), first);
  await reach(page, /^Não atendeu$/, "BUTTON");
  await seen(page);
  await keys.press("Enter");
  await waitForHeading(page, "Registrado: Não atendeu");
  // The next button has the focus already: Enter is all it takes.
  await keys.press("Enter");
  await page.locator(".lease").waitFor();
  const second = await nameShown(page);
  assert.notEqual(second, first);

  await reach(page, /^Agendou$/, "BUTTON");
  await keys.press("Space");
  await page.getByRole("dialog").waitFor();
  await keys.press("Escape");
  assert.equal(await focused(page), "Agendou", "a dialog gives the focus back");
  await keys.press("Space");
  await page.getByRole("dialog").waitFor();
  await reach(page, /^$/, "INPUT");
  await keys.press("ArrowDown");
  await keys.press("Enter");
  await waitForHeading(page, "Registrado: Agendou");
  await reach(page, /^Tarefas$/, "A");
  await keys.press("Enter");
  await waitForHeading(page, "Minhas tarefas");
  await page.locator(".task").filter({ hasText: second }).waitFor();
  await skips(page);
  assert.deepEqual(wrong, []);
  await context.close();
}

async function seen(page) {
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none", "what has the focus looks like it");
}

async function skips(page) {
  await page.reload();
  await waitForHeading(page, "Minhas tarefas");
  await page.keyboard.press("Shift+Tab");
  await reach(page, /^Ir para o conteúdo$/, "A");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
}

// People, stages and files without a pointer: somebody is added, a stage moved, a file chosen, by keys alone.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.js";
import { focused, reach, waitForHeading } from "./steps.js";

export async function officeKeyboard(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address, { wide: true });
  await signIn(page, teams[0].gestor, senha);
  await adds(page, teams[0].vendedor.replace("vendedora@", "caio@"));
  await moves(page);
  await chooses(page);
  assert.deepEqual(wrong, []);
  await context.close();
}

async function opens(page, name, title) {
  await reach(page, new RegExp(`^${name}$`), "A");
  await page.keyboard.press("Enter");
  await waitForHeading(page, title);
}

async function adds(page, email) {
  await opens(page, "Equipe", "Equipe");
  await reach(page, /^Adicionar pessoa$/, "BUTTON");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("Caio Inventado");
  await page.keyboard.press("Tab");
  await page.keyboard.type(email);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Código de Caio Inventado" }).waitFor();
  await reach(page, /^Já entreguei$/, "BUTTON");
  await page.keyboard.press("Enter");
  await page.getByText(email).waitFor();
  await reach(page, /^Limite: Caio Inventado$/, "BUTTON");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await focused(page), "Limite: Caio Inventado", "a dialog gives the focus back");
}

// The button moves with its stage and keeps the focus.
async function moves(page) {
  await opens(page, "Etapas", "Etapas do funil");
  await page.locator(".stage-list li").first().waitFor();
  const names = () => page.locator(".stage-list").getByLabel("Nome").evaluateAll((boxes) => boxes.map((box) => box.value));
  const [first, second, ...others] = await names();
  await reach(page, new RegExp(`^Descer: ${first}$`), "BUTTON");
  await page.keyboard.press("Enter");
  assert.deepEqual(await names(), [second, first, ...others]);
  assert.equal(await focused(page), `Descer: ${first}`);
}

async function chooses(page) {
  // Awaited from the start: a chooser that opens before the browser is told of it waits for a person.
  const chosen = page.waitForEvent("filechooser");
  chosen.catch(() => {}); // what failed before it is told instead
  await opens(page, "Importar", "Importar leads");
  await reach(page, /^Escolher arquivo$/, "BUTTON");
  await page.keyboard.press("Enter");
  assert.equal((await chosen).isMultiple(), false);
}

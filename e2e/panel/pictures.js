// The pictures of docs/images/, of people who do not exist; taken when asked for. Those of the figures are of
// the demonstration's equipe.
import { openPage, signIn } from "./browser.js";
import { holdModel, holdScore } from "./held.js";
import { openLead } from "./reasons.js";
import { nextButton, section, takeNext, waitForHeading } from "./steps.js";

export async function pictures(browser, { address, senha, teams, demo, pictures: folder }) {
  const save = (page, name) => page.screenshot({ path: `${folder}/painel-${name}.png`, animations: "disabled" });
  const phone = await openPage(browser, address);
  await signIn(phone.page, teams[3].vendedor, senha);
  await nextButton(phone.page).waitFor();
  await takeNext(phone.page);
  await phone.page.locator(".days").waitFor();
  await save(phone.page, "lead");
  await phone.page.getByRole("link", { name: "Tarefas" }).click();
  await phone.page.locator(".task").first().waitFor();
  await save(phone.page, "tarefas");
  await phone.context.close();
  const wide = await openPage(browser, address, { scheme: "dark", wide: true });
  await signIn(wide.page, teams[3].vendedor, senha);
  await takeNext(wide.page);
  await wide.page.locator(".days").waitFor();
  await save(wide.page, "escuro");
  await wide.context.close();
  await gestor(browser, { address, senha, email: teams[3].gestor }, save);
  await figures(browser, { address, demo }, save);
}

async function figures(browser, { address, demo }, save) {
  const { page, context } = await openPage(browser, address, { wide: true });
  await signIn(page, demo.gestor, demo.senha);
  await section(page, "Números");
  await page.locator(".series .chart").waitFor();
  await page.getByText("Previsão").first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.mouse.move(0, 0);
  await save(page, "numeros");
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto("/painel#/numeros/tela");
  await page.locator(".series .chart").waitFor();
  await page.waitForLoadState("networkidle");
  await save(page, "tela");
  await context.close();
}

async function gestor(browser, { address, senha, email }, save) {
  const phone = await openPage(browser, address);
  await holdScore(phone.page);
  await signIn(phone.page, email, senha);
  await openLead(phone.page, "Marina");
  await toTop(phone.page, ".score-why");
  await save(phone.page, "score");
  await section(phone.page, "Regras");
  await phone.page.getByRole("button", { name: "Novo rascunho" }).click();
  await phone.page.getByRole("radio", { name: "Consórcio" }).check();
  await phone.page.getByRole("button", { name: "Começar" }).click();
  await waitForHeading(phone.page, /^Rascunho/);
  await phone.page.locator(".rule summary").nth(1).click();
  await phone.page.mouse.move(0, 0);
  await toTop(phone.page, ".rule-list");
  await save(phone.page, "regras");
  await phone.context.close();
  const wide = await openPage(browser, address, { wide: true });
  await holdModel(wide.page);
  await signIn(wide.page, email, senha);
  await section(wide.page, "Modelo");
  await wide.page.locator(".chart").waitFor();
  await toTop(wide.page, "section:has(> .figures)");
  await save(wide.page, "modelo");
  await wide.context.close();
}

const toTop = (page, selector) => page.locator(selector).evaluate((part) => window.scrollTo(0, part.getBoundingClientRect().top + window.scrollY - 80));

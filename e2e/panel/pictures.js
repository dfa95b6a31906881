// The pictures of docs/images/, of people who do not exist; taken when asked for.
import { openPage, signIn } from "./browser.js";
import { nextButton, takeNext } from "./steps.js";

export async function pictures(browser, { address, senha, teams, pictures: folder }) {
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
}

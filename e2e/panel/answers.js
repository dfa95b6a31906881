// The queue's other answers: nobody to call, everybody resting, outside of the hours; each says what to do.
import assert from "node:assert/strict";
import { signedIn } from "./api.js";
import { openPage, signIn } from "./browser.js";
import { violations } from "./audit.js";
import { nextButton, waitForHeading } from "./steps.js";

const DAYS = ["dom", "seg", "ter", "qua", "qui", "sex", "sab"];

export async function answers(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address, { audited: true });
  const [, , { gestor, vendedor, people }] = teams;
  assert.equal(people, 1);
  await signIn(page, vendedor, senha);
  await closed(page, address, gestor, senha);
  await resting(page);
  await nobody(page, address, gestor, senha);
  assert.deepEqual(wrong, []);
  await context.close();
}

// The gestor says by the API when the equipe calls: at no hour of today.
async function closed(page, address, email, senha) {
  const day = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "America/Sao_Paulo" }).format(new Date());
  const today = DAYS[["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(day)];
  const tomorrow = DAYS[(DAYS.indexOf(today) + 2) % 7];
  await setHours(address, email, senha, { [tomorrow]: ["09:00", "18:00"] });
  await nextButton(page).click();
  await waitForHeading(page, "Fora do horário");
  await page.getByText("O próximo horário começa:").waitFor();
  await violations(page, "outside of the hours");
  await page.getByRole("button", { name: "Pedir mesmo assim" }).click();
  await page.locator(".lease").waitFor();
  await setHours(address, email, senha, null);
}

async function resting(page) {
  await page.getByRole("button", { name: "Pular" }).click();
  await page.getByLabel("Motivo").fill("Volto depois");
  await page.getByRole("dialog").getByRole("button", { name: "Pular" }).click();
  await waitForHeading(page, "Lead pulado");
  await nextButton(page).click();
  await waitForHeading(page, "Todos estão em atendimento");
  await page.getByText(/Tente de novo às \d\d:\d\d/).waitFor();
  await violations(page, "everybody resting");
}

async function nobody(page, address, email, senha) {
  const token = await signedIn(address, email, senha);
  const headers = { Authorization: `Bearer ${token}` };
  const { itens } = (await (await fetch(`${address}/leads`, { headers })).json()).data;
  for (const { id } of itens) await fetch(`${address}/leads/${id}`, { method: "DELETE", headers });
  await page.getByRole("button", { name: "Tentar de novo" }).click();
  await waitForHeading(page, "A fila está vazia");
  await violations(page, "nobody to call");
}

async function setHours(address, email, senha, horario) {
  const token = await signedIn(address, email, senha);
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const body = JSON.stringify({ fila: { horario } });
  const reply = await fetch(`${address}/equipe`, { method: "PATCH", headers, body });
  assert.equal(reply.status, 200, await reply.text());
}

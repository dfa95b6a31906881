// One browser; each page of it is watched: what it logs, what fails in it, and what it asks for.
import { chromium } from "playwright-core";

const PHONE = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 860 };

export async function openBrowser(executablePath) {
  // --disable-dev-shm-usage: in a container /dev/shm is small.
  return chromium.launch({ executablePath, args: ["--disable-dev-shm-usage"] });
}

// `wrong` grows with everything that must not happen on this page.
export async function openPage(browser, address, { scheme = "light", wide = false, audited = false } = {}) {
  const context = await browser.newContext({
    baseURL: address,
    viewport: wide ? WIDE : PHONE,
    hasTouch: !wide,
    locale: "pt-BR",
    // Not the equipe's: times are shown in the equipe's zone all the same.
    timezoneId: "Europe/Lisbon",
    colorScheme: scheme,
    reducedMotion: "reduce",
    // axe-core is put into the page from outside, which the page's own policy forbids.
    bypassCSP: audited,
  });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(`${address}/`)) wrong.push(`outside: ${request.url()}`);
  });
  page.setDefaultTimeout(30_000);
  return { page, wrong, context };
}

export async function signIn(page, email, senha) {
  await page.goto("/painel");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Senha", { exact: true }).fill(senha);
  await page.getByRole("button", { name: "Entrar" }).click();
  await page.getByRole("navigation", { name: "Seções" }).waitFor();
}

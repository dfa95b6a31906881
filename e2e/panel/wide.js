// The figures at 360 and 1920 pixels, large ones: nothing is cut off, nothing jumps; on a wall, on paper.
import assert from "node:assert/strict";
import { violations } from "./audit.js";
import { openPage, signIn } from "./browser.js";
import { holdModel } from "./held.js";
import { holdNumbers } from "./heldNumbers.js";
import { fits, waitForHeading } from "./steps.js";

const MOST_SHIFT = 0.05;

export async function wide(browser, given) {
  await shown(browser, given, "light", 360);
  await shown(browser, given, "dark", 1920);
}

async function shown(browser, { address, senha, teams }, scheme, width) {
  const { page, wrong, context } = await openPage(browser, address, { scheme, audited: true });
  const check = async (view) => {
    await fits(page);
    await uncut(page);
    await violations(page, `${view}, ${width} px, ${scheme}`);
  };
  await page.setViewportSize({ width, height: width > 1000 ? 1080 : 740 });
  await watchShifts(page);
  const held = await holdNumbers(page);
  await holdModel(page);
  await signIn(page, teams[6].gestor, senha);
  await page.getByRole("link", { name: "Números" }).click();
  await page.locator(".series .chart").waitFor();
  await page.locator(".calibration-of .chart").waitFor();
  for (const each of await page.locator(".board summary").all()) await each.click();
  await page.getByText("Filtros").click();
  await check("figures");
  assert.deepEqual(await page.locator(".tiles > div:has(.good) dt").allInnerTexts(), ["Leads novos", "Valor ganho"], "more lost leads are no good news");
  await changes(page, held);
  await unmoved(page);
  await onPaper(page);
  await page.getByRole("link", { name: "Tela de parede" }).click();
  await page.locator(".wall .series .chart").waitFor();
  await check("figures on a wall");
  await unmoved(page);
  if (width > 1000) await onWall(page);
  await page.keyboard.press("Escape");
  await waitForHeading(page, "Números");
  assert.deepEqual(wrong.filter((text) => !text.includes("status of 503")), []);
  await context.close();
}

// Everything that moves without a press, as the browser measures it.
async function watchShifts(page) {
  await page.addInitScript(() => {
    window.shifted = 0;
    window.what = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        window.shifted += entry.value;
        window.what.push(...entry.sources.map(({ node }) => `${node?.nodeName}.${node?.className}`));
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

async function unmoved(page) {
  const [moved, what] = await page.evaluate(() => [window.shifted, window.what]);
  assert.ok(moved <= MOST_SHIFT, `what is shown moved by ${moved}: ${what}`);
}

async function uncut(page) {
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll(".tiles strong, .bars strong, .goals strong, .board .name")]
      .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
      .map((each) => each.textContent),
  );
  assert.deepEqual(cut, [], "cut off");
}

// Other figures come by themselves; a table that is open stays open; a server that fails is told of.
async function changes(page, held) {
  const open = page.locator("details[open]");
  const before = await open.count();
  held.abertos = 777;
  await page.locator(".tiles").getByText("777", { exact: true }).waitFor();
  assert.equal(await open.count(), before);
  const { unchanged } = held;
  await page.waitForTimeout(5500);
  assert.ok(held.unchanged > unchanged, "what has not changed is answered with 304");
  held.broken = true;
  await page.getByText(/^Sem notícias do servidor/).waitFor();
  await page.locator(".tiles").getByText("777", { exact: true }).waitFor();
  held.broken = false;
  await page.getByText(/^Mudou às/).waitFor({ timeout: 20_000 });
}

async function onPaper(page) {
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".sections, .top, .numbers-acts .actions, .filters").filter({ visible: true }).count(), 0);
  const [ink, paper] = await page.evaluate(() => ["color", "backgroundColor"].map((name) => getComputedStyle(document.querySelector(".tiles > div"))[name]));
  assert.deepEqual([ink, paper], ["rgb(18, 33, 27)", "rgb(255, 255, 255)"], "paper is light");
  await page.emulateMedia({ media: "screen" });
  await page.waitForTimeout(500);
  await page.evaluate(() => { window.shifted = 0; window.what = []; });
}

// All in one view: nobody scrolls on a wall. On a small screen the days are drawn lower.
async function onWall(page) {
  assert.equal(await page.locator(".top, .sections, main button").filter({ visible: true }).count(), 0);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  assert.ok(height <= 1080, `the wall is ${height} px high on a screen of 1080`);
  await page.setViewportSize({ width: 1280, height: 720 });
  const [drawn, place] = await page.evaluate(() => [".series .chart", ".series"].map((each) => document.querySelector(`.wall ${each}`).getBoundingClientRect().bottom));
  assert.ok(drawn <= place, `the days end at ${drawn} px, their place at ${place}`);
}

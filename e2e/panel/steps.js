// What the scenarios say and check.
import assert from "node:assert/strict";

const FAR = 120; // presses of Tab

export const nextButton = (page) => page.getByRole("button", { name: "Próximo lead" });
export const result = (page, name) => page.getByRole("button", { name, exact: true });

export async function takeNext(page) {
  await nextButton(page).click();
  await page.locator(".lease").waitFor();
  return nameShown(page);
}

export async function nameShown(page) {
  return page.getByRole("heading", { level: 1 }).innerText();
}

export async function waitForHeading(page, name) {
  await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
}

// By the navigation; on a telephone a gestor's further sections are under "Mais".
export async function section(page, name) {
  const link = page.getByRole("link", { name, exact: true });
  if (!(await link.isVisible())) await page.getByRole("link", { name: "Mais", exact: true }).click();
  await link.click();
}

// Whatever the width, nothing is cut off at the right.
export async function fits(page) {
  const [needed, there] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(needed <= there, `the page is ${needed} px wide in a window of ${there}: ${await tooWide(page)}`);
}

const tooWide = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("body *")]
      .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth && (!each.closest(".scroll") || getComputedStyle(each).position === "absolute"))
      .map((each) => `${each.tagName}.${each.getAttribute("class")}`)
      .slice(0, 8)
      .join(" "),
  );

export async function focused(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    return at?.getAttribute("aria-label") ?? at?.innerText ?? at?.tagName;
  });
}

// Tab until what is focused is of that kind and has that name.
export async function reach(page, name, tag) {
  for (let turn = 0; turn < FAR; turn += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => document.activeElement?.tagName);
    if (at === tag && name.test(((await focused(page)) ?? "").trim())) return;
  }
  assert.fail(`Tab never came to ${tag} ${name}`);
}

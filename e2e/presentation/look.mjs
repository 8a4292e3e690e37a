// The presentation in a browser: look.mjs FILE [FOLDER for pictures of the slides]
import { chromium } from "playwright-core";

const [file, pictures] = process.argv.slice(2);
let failed = false;
function check(name, holds, shown) {
  console.log(`${holds ? "ok" : "not ok"} - the presentation: ${name}`);
  if (!holds) console.log(`    ${JSON.stringify(shown)}`);
  failed ||= !holds;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
const asked = [], complaints = [];
page.on("request", (request) => asked.push(request.url()));
page.on("console", (message) => complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
await page.goto(`file://${file}`);

const count = await page.locator("section").count();
check("there are slides", count > 5, count);
const wrong = [], silent = [], titles = new Set();
for (let number = 1; number <= count; number++) {
  const shown = page.locator("section.shown");
  const [fits, notes, title] = await shown.evaluate((slide) => [
    slide.scrollHeight <= slide.clientHeight && slide.scrollWidth <= slide.clientWidth &&
      [...slide.children].every((part) => part.tagName === "ASIDE" || part.getBoundingClientRect().bottom <= innerHeight),
    slide.querySelector("aside").textContent.length,
    slide.querySelector("h1").textContent,
  ]);
  titles.add(title);
  if (!fits) wrong.push(title);
  if (notes < 20) silent.push(title);
  if (pictures) await page.screenshot({ path: `${pictures}/${String(number).padStart(2, "0")}.png` });
  await page.keyboard.press("ArrowRight");
}
check("a key leads through all slides", titles.size === count, [...titles]);
check("everything fits on its slide", wrong.length === 0, wrong);
check("every slide has notes", silent.length === 0, silent);
const hidden = await page.locator("section.shown aside").isVisible();
await page.keyboard.press("n");
check("notes are shown when asked for", !hidden && (await page.locator("section.shown aside").isVisible()), hidden);
const size = await page.locator("svg").first().evaluate((svg) => svg.querySelectorAll("text").length);
check("pictures are drawn", size > 5, size);
check("it needs no other file", asked.length === 1, asked);
check("the browser has nothing to complain of", complaints.length === 0, complaints);
await browser.close();
process.exit(failed ? 1 : 0);

// The page under /docs, in a browser: browse.mjs SERVICE URL OPERATION TEXT
// Tries the operation out and expects the text. SCREENSHOT=FILE keeps a picture of the page.
import { chromium } from "playwright-core";

const [service, url, operation, text] = process.argv.slice(2);
const document = await (await fetch(`${url}/openapi.json`)).json();
const told = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

let failed = false;
function check(name, holds, shown) {
  console.log(`${holds ? "ok" : "not ok"} - ${service}: ${name}`);
  if (!holds) console.log(`    ${JSON.stringify(shown)}`);
  failed ||= !holds;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    // What a browser asks of its maker, page or no page, finds no way out.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
const asked = [], complaints = [];
page.context().on("request", (request) => asked.push(request.url()));
page.on("console", (message) => message.type() === "log" || complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));

const answer = await page.goto(`${url}/docs`, { waitUntil: "networkidle" });
check("/docs leads to the page", page.url() === `${url}/docs/` && answer.status() === 200, page.url());
const policy = answer.headers()["content-security-policy"] ?? "";
const strict = policy.includes("default-src 'none'") && /script-src 'self';/.test(policy);
check("the page runs scripts of its own alone", strict, policy);
const rows = page.locator(".opblock-summary");
await rows.nth(told.length - 1).waitFor({ timeout: 30_000 }).catch(() => {});
const shown = await rows.evaluateAll((all) =>
  all.map((row) => ["method", "path"].map((part) => row.querySelector(`.opblock-summary-${part}`).innerText.replace(/\u200b/g, "")).join(" ")),
);
check("the page shows all operations", told.sort().join() === shown.sort().join() && told.length > 0, shown);
if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true });

const block = page.locator(`[id$="-${operation}"].opblock`);
await block.locator(".opblock-summary-control").click();
await block.getByRole("button", { name: "Try it out" }).click();
await block.getByRole("button", { name: "Execute" }).click();
const live = block.locator(".live-responses-table .response");
await live.waitFor({ timeout: 10_000 });
const said = await live.innerText();
check(`${operation}, tried out, is answered`, said.startsWith("200") && said.includes(text), said);
if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT.replace(".png", "-tried.png"), fullPage: true });

check("the browser has nothing to complain of", complaints.length === 0, complaints);
const own = (address) => new URL(address).origin === url || address.startsWith("data:");
check("no request leaves the service", asked.length > 4 && asked.every(own), asked);
await page.evaluate(() => fetch("http://docs.invalid/").catch(() => {}));
check("a request that would leave is stopped and seen", complaints.some((words) => words.includes("Content Security Policy")), complaints);
await browser.close();
process.exit(failed ? 1 : 0);

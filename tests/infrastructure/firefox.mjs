/* Firefox at the end of a pipe: one JSON request per line, one JSON answer per line.
   Debian has no geckodriver; puppeteer drives the unchanged Firefox over WebDriver BiDi. */
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [path, home] = process.argv.slice(2);
const QUIET = {
  "app.update.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "intl.accept_languages": "de",
  "media.gmp-manager.updateEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#",
  "toolkit.telemetry.enabled": false,
};
const DEVICES = {
  "media.autoplay.default": 0,
  "media.navigator.permission.disabled": true,
  "media.navigator.streams.fake": true,
  "media.peerconnection.ice.loopback": true,
  // Without it Firefox names its addresses by mDNS, which no network of a test answers.
  "media.peerconnection.ice.obfuscate_host_addresses": false,
};

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: path,
  headless: true,
  timeout: 60_000,
  env: { ...process.env, HOME: home },
  extraPrefsFirefox: { ...QUIET, ...DEVICES },
});
const page = await browser.newPage();
await page.setViewport({ width: 1280, height: 800 });
page.setDefaultTimeout(15_000);
const troubles = [];
page.on("pageerror", (error) => troubles.push(`uncaught: ${error.message}`));
page.on("console", (message) => {
  if (message.type() === "error") troubles.push(message.text());
});

const verbs = {
  goto: ({ url }) => page.goto(url, { waitUntil: "domcontentloaded" }).then(() => null),
  click: ({ selector }) => page.locator(selector).click(),
  fill: ({ selector, text }) => page.locator(selector).fill(text),
  wait: ({ selector }) => page.waitForSelector(selector, { visible: true }).then(() => null),
  evaluate: ({ source }) => page.evaluate(source),
  url: () => page.url(),
  screenshot: ({ path }) => page.screenshot({ path }).then(() => null),
  troubles: () => troubles,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { verb, ...rest } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await verbs[verb](rest)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();

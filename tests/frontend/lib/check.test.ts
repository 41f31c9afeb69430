/* The parts of the device check that need no device: browsers, speed, way, light, what is kept. */
/// <reference types="vite/client" />
import { expect, test } from "vitest";
import { helpFor } from "../../../frontend/device-check/help.ts";
import { type Arrival, rateOf } from "../../../frontend/lib/bandwidth.ts";
import { browserOf, systemOf } from "../../../frontend/lib/browsers.ts";
import { type CheckResult, type Light, lightOf } from "../../../frontend/lib/check.ts";
import { type Find, findOf, pathOf, probePath } from "../../../frontend/lib/path.ts";
import help from "../../../healthcompanion/guests/templates/guests/_device_help.html?raw";
import lights from "../../guests/lights.json";
import { FakeClock } from "../fakes/clock.ts";

const AGENTS = {
  iphone:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  ipad: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
  iphoneChrome:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0.0.0 Mobile/15E148 Safari/604.1",
  iphoneMail:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
  android:
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
  samsung:
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
  androidFirefox: "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
  firefox: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
  edge: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
  chrome:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
  opera:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 OPR/122.0.0.0",
};

test.each([
  [AGENTS.iphone, 5, "safari-ios", "ios"],
  [AGENTS.ipad, 5, "safari-ios", "ios"],
  [AGENTS.ipad, 0, "safari-mac", "macos"],
  [AGENTS.iphoneChrome, 5, "other-ios", "ios"],
  [AGENTS.iphoneMail, 5, "other-ios", "ios"],
  [AGENTS.android, 5, "chrome-android", "android"],
  [AGENTS.samsung, 5, "samsung", "android"],
  [AGENTS.androidFirefox, 5, "firefox-android", "android"],
  [AGENTS.firefox, 0, "firefox", "windows"],
  [AGENTS.edge, 0, "edge", "windows"],
  [AGENTS.chrome, 10, "chrome", "windows"],
  [AGENTS.opera, 0, "other", "other"],
  ["", 0, "other", "other"],
])("%s with %i touch points is %s on %s", (agent, touches, browser, system) => {
  expect([browserOf(agent, touches), systemOf(agent, touches)]).toEqual([browser, system]);
});

test("every help that may be asked for stands in the template", () => {
  const written = [...help.matchAll(/data-help="([\w-]+)"/g)].map(([, key]) => key);
  const browsers = Object.values(AGENTS).flatMap((agent) => [
    browserOf(agent, 0),
    browserOf(agent, 5),
  ]);
  const systems = ["ios", "android", "macos", "windows", "other"].map((name) => `system-${name}`);

  expect([...new Set([...browsers, ...systems])].sort()).toEqual(written.sort());
});

test.each([
  ["denied", null, AGENTS.samsung, "samsung"],
  [null, "denied", AGENTS.firefox, "firefox"],
  ["blocked", "blocked", AGENTS.chrome, "system-windows"],
  ["missing", "missing", AGENTS.ipad, "system-macos"],
  ["missing", null, AGENTS.android, ""],
  ["busy", null, AGENTS.chrome, ""],
] as const)("camera %s and microphone %s find their help", (camera, microphone, agent, key) => {
  expect(helpFor({ camera, microphone }, agent, 0)).toBe(key);
});

/** Pieces of 10,000 octets that arrive evenly at `rate` kbit/s. */
function arrivals(rate: number, seconds: number, from = 100): Arrival[] {
  const every = (10_000 * 8) / rate;
  return Array.from({ length: Math.floor((seconds * 1000) / every) }, (_, index) => ({
    at: from + index * every,
    octets: 10_000,
  }));
}

test.each([300, 1_900, 2_100, 20_000])("an even %i kbit/s is measured as such", (rate) => {
  expect(rateOf(0, arrivals(rate, 3))).toBeCloseTo(rate, 6);
});

test("a slow beginning does not count in a long measurement", () => {
  const slow = arrivals(500, 0.5);
  const fast = arrivals(4_000, 2, 600);

  expect(rateOf(0, [...slow, ...fast])).toBeCloseTo(4_000, 6);
});

test("what comes all at once counts from the question on", () => {
  expect(
    rateOf(0, [
      { at: 99, octets: 500_000 },
      { at: 100, octets: 500_000 },
    ]),
  ).toBe(80_000);
});

test("nothing that arrived is no speed", () => {
  expect(rateOf(0, [])).toBeNull();
});

const way = (finds: Find[], more: Partial<Parameters<typeof pathOf>[0]> = {}) =>
  pathOf({ isOpen: true, chosen: "host", hasRelay: true, ...more, finds: new Set(finds) });

test.each([
  ["seen from outside", way(["host", "outside"]), "direct"],
  ["a relay by UDP", way(["host", "relay-udp"]), "direct"],
  ["a relay by TCP alone", way(["host", "relay-tcp"]), "relayed"],
  ["a relay that was chosen", way(["relay-udp"], { chosen: "relay-udp" }), "relayed"],
  ["no way out", way(["host"]), "none"],
  ["no relay to ask", way(["host"], { hasRelay: false }), "direct"],
  ["ends that do not hear each other", way(["host", "outside"], { isOpen: false }), "none"],
])("%s: %s", (_what, found, expected) => {
  expect(found).toBe(expected);
});

test.each([
  ["candidate:1 1 udp 1 10.0.0.1 9 typ host", null, null, "host"],
  ["candidate:1 1 udp 1 192.0.2.1 9 typ srflx raddr 0.0.0.0 rport 0", null, null, "outside"],
  ["candidate:1 1 udp 1 192.0.2.1 9 typ relay", null, "udp", "relay-udp"],
  ["candidate:1 1 udp 1 192.0.2.1 9 typ relay", null, "tls", "relay-tcp"],
  ["candidate:1 1 udp 1 192.0.2.1 9 typ relay", "turn:a.example?transport=tcp", null, "relay-tcp"],
  ["candidate:1 1 udp 1 192.0.2.1 9 typ relay", "turn:a.example", null, "relay-udp"],
] as const)("%s of %s by %s is %s", (candidate, url, protocol, find) => {
  expect(findOf(candidate, url, protocol)).toBe(find);
});

test("a browser without connections has no way", async () => {
  const connect = () => {
    throw new Error("switched off");
  };

  const found = await probePath(connect, [], new FakeClock(), new AbortController().signal);
  expect(found).toBe("none");
});

test.each(lights as (CheckResult & { light: Light })[])(
  "$light is the server's light too",
  ({ light, ...result }) => {
    expect(lightOf(result)).toBe(light);
  },
);

import { expect, test } from "vitest";
import { factsOf } from "../../../frontend/support-report/facts.ts";

const FOUND = {
  agent:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.7.1 Safari/537.36",
  touchPoints: 0,
  width: 1440,
  height: 900,
  kinds: ["audioinput", "videoinput", "audioinput", "audiooutput"],
  camera: "granted",
  microphone: "",
  isOnline: true,
  network: "4g",
};

test("kinds and numbers, no names", () => {
  expect(factsOf(FOUND)).toEqual({
    browser: "chrome 156, windows",
    window: "1440 × 900",
    cameras: "1",
    microphones: "2",
    "camera-allowed": "granted",
    "microphone-allowed": "?",
    connection: "online, 4g",
  });
});

test("a browser that says little", () => {
  const facts = factsOf({ ...FOUND, agent: "", kinds: [], isOnline: false, network: "" });
  expect([facts.browser, facts.cameras, facts.connection]).toEqual([
    "other, other",
    "0",
    "offline",
  ]);
});

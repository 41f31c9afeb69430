// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onOtherNetwork } from "../../../frontend/lib/network.ts";

class FakeConnectionInfo extends EventTarget {
  type = "wifi";
}

const connection = new FakeConnectionInfo();
let heard = 0;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    "navigator",
    Object.create(navigator, {
      connection: { value: connection, configurable: true },
      onLine: { value: true, configurable: true },
    }),
  );
  connection.type = "wifi";
  onOtherNetwork(() => {
    heard += 1;
  });
  heard = 0;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("another kind of network is news, a new guess about its speed is not", () => {
  connection.dispatchEvent(new Event("change"));
  expect(heard).toBe(0);
  connection.type = "cellular";
  connection.dispatchEvent(new Event("change"));
  expect(heard).toBeGreaterThan(0);
});

test("a computer that slept looks at its paths at once", () => {
  vi.advanceTimersByTime(20_000);
  expect(heard).toBe(0);
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(2_000);
  expect(heard).toBe(1);
});

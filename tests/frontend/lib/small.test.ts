/* The small parts: durations, session ids, the outbox, the windows of one browser, the API. */
import { expect, test, vi } from "vitest";
import { createApi, postUntilHeard } from "../../../frontend/lib/api.ts";
import { formatDuration, secondsBetween } from "../../../frontend/lib/clock.ts";
import { sessionOf } from "../../../frontend/lib/descriptions.ts";
import { Outbox } from "../../../frontend/lib/outbox.ts";
import { TabOwnership } from "../../../frontend/lib/ownership.ts";
import type { Signal } from "../../../frontend/lib/protocol.ts";
import { FakeClock, settle } from "../fakes/clock.ts";

test.each([
  [0, "00:00"],
  [65.9, "01:05"],
  [3600, "1:00:00"],
  [-5, "00:00"],
])("%f seconds read %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test("a missing time makes no duration", () => {
  expect(secondsBetween(null, "2026-11-22T09:00:00Z")).toBe(0);
  expect(secondsBetween("2026-11-22T09:00:00Z", "2026-11-22T09:01:05Z")).toBe(65);
});

test.each([
  ["v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n", "4611731400430051336"],
  ["v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 7130 0 IN IP4 0.0.0.0\r\n", "7130"],
  ["v=0\r\n", null],
])("the session of %j is %s", (sdp, expected) => {
  expect(sessionOf({ sdp })).toBe(expected);
});

test("the outbox keeps its order and forgets what a new description makes pointless", () => {
  const sent: string[] = [];
  let isOpen = false;
  const outbox = new Outbox((to, signal) => {
    if (isOpen) sent.push(`${to}:${"description" in signal ? "offer" : "candidate"}`);
    return isOpen;
  });
  const offer: Signal = { description: { type: "offer", sdp: "" } };
  outbox.open();
  outbox.put("a", { candidate: null });
  outbox.put("b", { candidate: null });
  outbox.put("a", offer);
  outbox.put("a", { candidate: null });
  isOpen = true;
  outbox.flush();

  expect(sent).toEqual(["b:candidate", "a:offer", "a:candidate"]);
});

function twoWindows(): { one: TabOwnership; other: TabOwnership; clock: FakeClock } {
  type Ear = {
    postMessage: (data: unknown) => void;
    onmessage: ((e: MessageEvent) => void) | null;
  };
  const clock = new FakeClock();
  const first: Ear = {
    postMessage: (data) => second.onmessage?.({ data } as MessageEvent),
    onmessage: null,
  };
  const second: Ear = {
    postMessage: (data) => first.onmessage?.({ data } as MessageEvent),
    onmessage: null,
  };
  return { one: new TabOwnership(first, clock), other: new TabOwnership(second, clock), clock };
}

test("a window that has the call says so", async () => {
  const { one, other } = twoWindows();
  one.take("c");

  await expect(other.isElsewhere("c")).resolves.toBe(true);
});

test("where nobody answers the call is free", async () => {
  const { other, clock } = twoWindows();
  const answer = other.isElsewhere("c");
  clock.pass(250);

  await expect(answer).resolves.toBe(false);
});

test("what another window takes is let go", () => {
  const { one, other } = twoWindows();
  const taken = vi.fn();
  one.onTaken(taken);
  one.take("c");
  other.take("c");
  other.take("d");

  expect(taken).toHaveBeenCalledExactlyOnceWith("c");
});

const TOKEN = { value: () => "token", renew: () => Promise.resolve() };

test("a POST carries JSON and the token", async () => {
  const request = vi.fn(() => Promise.resolve(Response.json({ code: "c" }, { status: 201 })));
  const answer = await createApi(request as unknown as typeof fetch, TOKEN).post("/x/", {
    a: 1,
  });

  expect(answer).toEqual({ status: 201, ok: true, data: { code: "c" } });
  expect(request.mock.calls[0]).toMatchObject([
    "/x/",
    { method: "POST", body: '{"a":1}', headers: { "X-CSRFToken": "token" } },
  ]);
});

test("no network and no JSON are answers too", async () => {
  const dead = createApi((() => Promise.reject(new TypeError("down"))) as typeof fetch, TOKEN);
  const page = createApi(
    (() => Promise.resolve(new Response("<html>", { status: 502 }))) as unknown as typeof fetch,
    TOKEN,
  );

  expect(await dead.get("/x/")).toEqual({ status: 0, ok: false, data: null });
  expect(await page.get("/x/")).toEqual({ status: 502, ok: false, data: null });
});

test("a token that another tab's sign-in made stale is renewed, once", async () => {
  let token = "stale";
  const request = vi.fn((_url: string, { headers }: RequestInit) => {
    const fresh = (headers as Record<string, string>)["X-CSRFToken"] === "fresh";
    return Promise.resolve(fresh ? Response.json({}) : new Response("", { status: 403 }));
  });
  const renew = vi.fn(() => {
    token = "fresh";
    return Promise.resolve();
  });
  const api = createApi(request as unknown as typeof fetch, { value: () => token, renew });

  expect((await api.post("/x/")).ok).toBe(true);
  expect((await api.post("/x/")).ok).toBe(true);
  expect(renew).toHaveBeenCalledOnce();
});

test("a redirect to the sign-in page is no answer to a verb", async () => {
  const request = (): Promise<object> => Promise.resolve({ type: "opaqueredirect", status: 0 });
  const api = createApi(request as unknown as typeof fetch, TOKEN);

  expect(await api.post("/x/")).toEqual({ status: 401, ok: false, data: null });
});

test.each([
  [200, 1, true],
  [404, 1, true],
  [409, 1, true],
  [410, 1, true],
  [401, 1, false],
  [403, 4, false],
  [503, 4, false],
])("a last word answered with %i is said %i times", async (status, times, heard) => {
  const clock = new FakeClock();
  const post = vi.fn(() => Promise.resolve({ status, ok: status === 200, data: null }));
  const told = postUntilHeard({ get: post, post }, clock, "/end/");
  for (let tries = 0; tries < 4; tries += 1) {
    await settle();
    clock.pass(5_000);
  }

  expect(await told).toBe(heard);
  expect(post).toHaveBeenCalledTimes(times);
});

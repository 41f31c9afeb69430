/* Asking for the summary of a call while our hang-up may still be on its way. */
import { expect, test } from "vitest";
import type { Answer, Api } from "../../../frontend/lib/api.ts";
import { fetchSummary, sendRating } from "../../../frontend/lib/summary.ts";
import { FakeClock, settle } from "../fakes/clock.ts";

const SUMMARY = { seconds: 750, mode: "direct", may_rate: true };
const HELD: Answer = { status: 200, ok: true, data: SUMMARY };
const RUNNING: Answer = { status: 409, ok: false, data: { error: "running" } };
const LOST: Answer = { status: 0, ok: false, data: null };

/** Answers in this order, and keeps what was posted. */
function apiOf(...answers: Answer[]): Api & { asked: number; posted: unknown[] } {
  const next = (): Promise<Answer> => Promise.resolve(answers.shift() ?? LOST);
  return {
    asked: 0,
    posted: [],
    get() {
      this.asked += 1;
      return next();
    },
    post(url, body) {
      this.posted.push([url, body]);
      return next();
    },
  };
}

async function ask(api: Api): Promise<unknown> {
  const clock = new FakeClock();
  let said: unknown = "waits";
  void fetchSummary(api, clock, "/calls/x/summary/").then((summary) => {
    said = summary;
  });
  for (let step = 0; step < 20; step += 1) {
    await settle();
    clock.pass(500);
  }
  return said;
}

test("asks again while the server has not heard of the end, or is away", async () => {
  const api = apiOf(RUNNING, LOST, HELD);

  expect(await ask(api)).toEqual(SUMMARY);
  expect(api.asked).toBe(3);
});

test("gives up after five tries, and at once where there is nothing for us", async () => {
  const busy = apiOf(...Array<Answer>(9).fill(RUNNING));
  const foreign = apiOf({ status: 404, ok: false, data: null }, HELD);

  expect([await ask(busy), busy.asked]).toEqual([null, 5]);
  expect([await ask(foreign), foreign.asked]).toEqual([null, 1]);
});

test("an answer of another shape is none", async () => {
  expect(await ask(apiOf({ status: 200, ok: true, data: "<html>" }))).toBeNull();
});

test("a rating is counted also where it was counted before, but not without an answer", async () => {
  const api = apiOf(
    { status: 200, ok: true, data: {} },
    { status: 409, ok: false, data: {} },
    LOST,
  );

  const counted = [1, 2, 3].map((score) => sendRating(api, "/calls/x/rating/", score));

  expect(await Promise.all(counted)).toEqual([true, true, false]);
  expect(api.posted[0]).toEqual(["/calls/x/rating/", { score: 1 }]);
});

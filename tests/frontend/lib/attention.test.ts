import { expect, test } from "vitest";
import { Awake } from "../../../frontend/lib/awake.ts";
import { Speech } from "../../../frontend/lib/speech.ts";
import { settle } from "../fakes/clock.ts";

function heard(...levels: number[]): Speech {
  const speech = new Speech();
  for (const level of levels) speech.hear(level);
  return speech;
}

const quiet = (samples: number) => Array<number>(samples).fill(0.01);

test("some syllables are speech, a slammed door is not", () => {
  expect(heard(0.4, 0.02, 0.3, 0.02, 0.5).isSpoken).toBe(true);
  expect(heard(...quiet(20), 0.9, ...quiet(20)).isSpoken).toBe(false);
});

test("what was said some time ago does not count", () => {
  expect(heard(0.4, 0.3, 0.5, ...quiet(30)).isSpoken).toBe(false);
});

test("a quiet person has a microphone that works, ten seconds of nothing are a fault", () => {
  expect(heard(...quiet(300)).isDead).toBe(false);
  expect(heard(...Array<number>(99).fill(0)).isDead).toBe(false);
  expect(heard(...Array<number>(100).fill(0)).isDead).toBe(true);
  expect(heard(...Array<number>(100).fill(0), 0.001).isDead).toBe(false);
});

class Screen {
  isVisible = true;
  isAllowed = true;
  locks: { released: boolean; release: () => Promise<void> }[] = [];
  readonly awake = new Awake(
    () => {
      if (!this.isAllowed) return Promise.reject(new Error("battery"));
      const lock = {
        released: false,
        release: () => {
          lock.released = true;
          return Promise.resolve();
        },
      };
      this.locks.push(lock);
      return Promise.resolve(lock);
    },
    () => this.isVisible,
  );

  get held(): number {
    return this.locks.filter(({ released }) => !released).length;
  }
}

test("the screen stays on from the waiting room to the end of the call", async () => {
  const screen = new Screen();
  screen.awake.keep("waiting", true);
  screen.awake.keep("call", true);
  await settle();
  screen.awake.keep("waiting", false);
  await settle();
  expect(screen.held).toBe(1);
  expect(screen.locks).toHaveLength(1);

  screen.awake.keep("call", false);
  await settle();
  expect(screen.held).toBe(0);
});

test("what the browser took while the page was hidden is asked for again", async () => {
  const screen = new Screen();
  screen.awake.keep("call", true);
  await settle();
  for (const lock of screen.locks) lock.released = true;
  screen.isVisible = false;
  await screen.awake.renew();
  expect(screen.held).toBe(0);

  screen.isVisible = true;
  await screen.awake.renew();
  expect(screen.held).toBe(1);
});

test("an end that comes while the browser still thinks leaves no lock behind", async () => {
  const screen = new Screen();
  screen.awake.keep("call", true);
  screen.awake.keep("call", false);
  await settle();

  expect(screen.held).toBe(0);
});

test("a refusal is no trouble, and the next reason asks again", async () => {
  const screen = new Screen();
  screen.isAllowed = false;
  screen.awake.keep("waiting", true);
  await settle();
  screen.isAllowed = true;
  screen.awake.keep("call", true);
  await settle();

  expect(screen.held).toBe(1);
});

import { expect, test } from "vitest";
import { Patience } from "../../../../frontend/lib/security/patience.ts";
import { FakeClock } from "../../fakes/clock.ts";

test("a code that does not come is called late after twenty seconds, until it comes", () => {
  const clock = new FakeClock();
  const patience = new Patience(clock);
  expect(patience.isOver(true)).toBe(false);
  clock.pass(19_000);
  expect(patience.isOver(true)).toBe(false);
  clock.pass(1_000);
  expect(patience.isOver(true)).toBe(true);

  expect(patience.isOver(false)).toBe(false);
  expect(patience.isOver(true)).toBe(false);
});

/* Questions and orders that cross: what was asked last is what is shown. */
import { expect, test, vi } from "vitest";
import { Latest } from "../../../frontend/lib/latest.ts";

interface Open {
  promise: () => Promise<string>;
  answer: (text: string) => void;
}

function open(): Open {
  let answer: (text: string) => void = () => undefined;
  const promise = new Promise<string>((resolve) => {
    answer = resolve;
  });
  return { promise: () => promise, answer };
}

test("of two questions the later one counts, whichever is answered first", async () => {
  const latest = new Latest();
  const [first, second] = [open(), open()];
  const answers = [latest.read(first.promise), latest.read(second.promise)];
  second.answer("new");
  first.answer("old");

  expect(await Promise.all(answers)).toEqual([null, "new"]);
});

test("an order that nothing crossed is taken at its word", async () => {
  const latest = new Latest();
  const again = vi.fn();
  await latest.read(async () => "before");

  expect(await latest.write(async () => "done", again)).toBe("done");
  await latest.read(async () => "after");
  expect(again).not.toHaveBeenCalled();
});

test("an old answer does not undo what an order has changed", async () => {
  const latest = new Latest();
  const early = open();
  const stale = latest.read(early.promise);
  let fresh: Promise<string | null> | null = null;
  const ask = () => {
    fresh = latest.read(async () => "fresh");
  };

  expect(await latest.write(async () => "done", ask)).toBe("done");
  early.answer("stale");

  expect(await stale).toBeNull();
  expect(await (fresh as Promise<string | null> | null)).toBe("fresh");
});

test("what was heard while an order was on its way is asked for once more", async () => {
  const latest = new Latest();
  const order = open();
  const again = vi.fn();
  const done = latest.write(order.promise, again);

  expect(await latest.read(async () => "newer")).toBe("newer");
  order.answer("older");

  expect(await done).toBe("older");
  expect(again).toHaveBeenCalledOnce();
});

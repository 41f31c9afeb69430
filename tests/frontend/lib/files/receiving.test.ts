import { expect, test } from "vitest";
import { Receiving } from "../../../../frontend/lib/files/receiving.ts";

const MEGABYTE = 1024 * 1024;
const BLOCK = 256 * 1024;

test("a file cut into crumbs is refused before they pile up", () => {
  const receiving = new Receiving(MEGABYTE);
  const crumb = Uint8Array.of(7);
  let taken = 0;
  while (taken < 5_000 && receiving.take({ id: 1, offset: taken, bytes: crumb })) taken += 1;

  expect(taken).toBe(256);
  expect(receiving.received).toBe(256);
});

test("a small file may come byte by byte", () => {
  const receiving = new Receiving(100);
  const taken = Array.from({ length: 100 }, (_, offset) =>
    receiving.take({ id: 1, offset, bytes: Uint8Array.of(7) }),
  );

  expect(taken).not.toContain(false);
});

test.each([16_376, 65_528])("pieces of %i bytes, as our pages send them, all fit", (step) => {
  const size = 5 * MEGABYTE + 3;
  const receiving = new Receiving(size);
  // The sender begins each block with a whole piece, and ends it with a small one.
  for (let block = 0; block < size; block += BLOCK) {
    const end = Math.min(size, block + BLOCK);
    for (let offset = block; offset < end; offset += step) {
      const bytes = new Uint8Array(Math.min(step, end - offset));
      expect(receiving.take({ id: 1, offset, bytes })).toBe(true);
    }
  }

  expect(receiving.received).toBe(size);
});

test("a piece keeps none of the message it came in", async () => {
  const receiving = new Receiving(4);
  const message = Uint8Array.of(0, 0, 1, 2, 3, 4);
  receiving.take({ id: 1, offset: 0, bytes: message.subarray(2) });
  message.fill(9);
  receiving.expect("9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a");
  const file = receiving.finish();

  expect([...new Uint8Array(await (file as Blob).arrayBuffer())]).toEqual([1, 2, 3, 4]);
});

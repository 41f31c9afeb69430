import { expect, test } from "vitest";
import { enlarged, firstCut, moved } from "../../../frontend/picture-crop/cut.ts";

const WIDE = { width: 400, height: 300 };

test("the first cut is the largest square in the middle", () => {
  expect(firstCut(WIDE)).toEqual({ left: 50, top: 0, side: 300 });
});

test("moving the picture to the right shows more of its left, up to its edge", () => {
  expect(moved(firstCut(WIDE), 20, 0, WIDE).left).toBe(30);
  expect(moved(firstCut(WIDE), 500, 99, WIDE)).toEqual({ left: 0, top: 0, side: 300 });
  expect(moved(firstCut(WIDE), -500, 0, WIDE).left).toBe(100);
});

test("enlarging keeps the middle, and going back keeps the edges", () => {
  const twice = enlarged(firstCut(WIDE), 2, WIDE);
  expect(twice).toEqual({ left: 125, top: 75, side: 150 });
  const corner = moved(twice, 1000, 1000, WIDE);
  expect(enlarged(corner, 1, WIDE)).toEqual({ left: 0, top: 0, side: 300 });
  expect(enlarged(firstCut(WIDE), 0, WIDE).side).toBe(300);
});

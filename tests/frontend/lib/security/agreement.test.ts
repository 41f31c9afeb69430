/* The security code: the same for honest people, never the same with somebody in the middle. */
import { expect, test } from "vitest";
import type { Word } from "../../../../frontend/lib/control.ts";
import { Agreement, type Member } from "../../../../frontend/lib/security/agreement.ts";
import { digest, freshNonce } from "../../../../frontend/lib/security/digest.ts";

const CODE = /^\d{4} \d{4}$/;
const print = (letter: string): string => letter.repeat(64);

/** One page: whom it sees with which certificate, and what it has said so far. */
class Page {
  readonly agreement: Agreement;
  others: Member[] = [];
  said: Word[] = [];
  me: Member;
  #heard = 0;

  constructor(code: string, fingerprint: string) {
    this.me = { code, fingerprint };
    this.agreement = new Agreement({
      roster: () => ({ me: this.me, others: this.others }),
      tell: (word) => this.said.push(word),
      changed: () => undefined,
    });
  }

  sees(...others: Member[]): this {
    this.others = others;
    return this;
  }

  /** What it has said since the last question. */
  news(): Word[] {
    const news = this.said.slice(this.#heard);
    this.#heard = this.said.length;
    return news;
  }
}

async function talk(...pages: Page[]): Promise<void> {
  for (const page of pages) await page.agreement.look();
  for (let round = 0; round < 12; round += 1) {
    for (const page of pages) {
      for (const word of page.news())
        for (const other of pages)
          if (other !== page) await other.agreement.hear(word, page.me.code);
    }
  }
}

function honest(count: number): Page[] {
  const pages = [..."abcdefghi"].slice(0, count).map((name) => new Page(name, print(name)));
  for (const page of pages)
    page.sees(...pages.filter((other) => other !== page).map(({ me }) => me));
  return pages;
}

test.each([2, 3, 5, 9])("%i honest people get the same code", async (count) => {
  const pages = honest(count);
  await talk(...pages);

  const codes = new Set(pages.map(({ agreement }) => agreement.code));
  expect(codes.size).toBe(1);
  expect([...codes][0]).toMatch(CODE);
});

test("every call has another code, with the same certificates even", async () => {
  const first = honest(2);
  const second = honest(2);
  await talk(...first);
  await talk(...second);

  expect(first[0]?.agreement.code).not.toBe(second[0]?.agreement.code);
});

test("nobody shows their number before all others have pledged theirs", async () => {
  const [anna, paul] = honest(3) as [Page, Page, Page];
  await anna.agreement.look();
  await paul.agreement.look();
  for (const word of paul.news()) await anna.agreement.hear(word, "b");

  expect(anna.said.map(({ type }) => type)).toEqual(["code.commitment"]);
});

test("somebody in the middle who plays by the rules makes the codes differ", async () => {
  const anna = new Page("a", print("a")).sees({ code: "b", fingerprint: print("1") });
  const paul = new Page("b", print("b")).sees({ code: "a", fingerprint: print("2") });
  const towardsAnna = new Page("b", print("1")).sees(anna.me);
  const towardsPaul = new Page("a", print("2")).sees(paul.me);
  await talk(anna, towardsAnna);
  await talk(paul, towardsPaul);

  expect(anna.agreement.code).toMatch(CODE);
  expect(paul.agreement.code).toMatch(CODE);
  expect(anna.agreement.code).not.toBe(paul.agreement.code);
});

test("passing the words on unchanged gives whoever is in the middle no code at all", async () => {
  const anna = new Page("a", print("a")).sees({ code: "b", fingerprint: print("1") });
  const paul = new Page("b", print("b")).sees({ code: "a", fingerprint: print("2") });
  await talk(anna, paul);

  expect([anna.agreement.code, paul.agreement.code]).toEqual([null, null]);
});

test("another number than the pledged one is an alarm, and stays one", async () => {
  const [anna, paul] = honest(2) as [Page, Page];
  await anna.agreement.look();
  await paul.agreement.look();
  for (const word of paul.news()) await anna.agreement.hear(word, "b");
  const round = anna.said[0]?.round;
  const lie = { type: "code.nonce", round, attempt: 1, nonce: freshNonce() };
  await anna.agreement.hear(lie, "b");
  await talk(anna, paul);

  expect(anna.agreement.isBroken).toBe(true);
  expect(anna.agreement.code).toBeNull();
});

/** Whoever is in the middle knows Anna's number as soon as she shows it, and would then look for
    one of their own that gives the code they want: they must pledge again for that. */
test("whoever pledges again after having seen the number has to guess anew", async () => {
  const anna = new Page("a", print("a")).sees({ code: "b", fingerprint: print("1") });
  const attacker: Member = { code: "b", fingerprint: print("1") };
  await anna.agreement.look();
  const seen = new Set<unknown>();
  for (let attempt = 1; attempt < 100; attempt += 1) {
    const round = anna.said[0]?.round as string;
    const parts = [round, String(attempt), attacker.code, attacker.fingerprint, freshNonce()];
    const commitment = await digest("commitment", parts);
    await anna.agreement.hear({ type: "code.commitment", round, attempt, commitment }, "b");
    const numbers = anna.said.filter(({ type }) => type === "code.nonce");
    for (const { nonce } of numbers) seen.add(nonce);
    expect(seen.size).toBe(numbers.length);
  }

  expect(anna.agreement.isBroken).toBe(true);
  expect(seen.size).toBeLessThanOrEqual(51);
});

test("a page that was loaded anew brings another code, the same one for all", async () => {
  const [anna, paul, ida] = honest(3) as [Page, Page, Page];
  await talk(anna, paul, ida);
  const before = anna.agreement.code;

  const again = new Page("b", print("7")).sees(anna.me, ida.me);
  anna.sees(again.me, ida.me);
  ida.sees(anna.me, again.me);
  await talk(anna, again, ida);

  expect(again.agreement.code).toMatch(CODE);
  expect(again.agreement.code).not.toBe(before);
  expect([anna.agreement.code, ida.agreement.code]).toEqual([
    again.agreement.code,
    again.agreement.code,
  ]);
});

test("words that were lost are said again when the way opens anew", async () => {
  const [anna, paul] = honest(2) as [Page, Page];
  await anna.agreement.look();
  await paul.agreement.look();
  anna.news(); // lost
  for (let round = 0; round < 4; round += 1) {
    for (const word of paul.news()) await anna.agreement.hear(word, "b");
    if (round === 0) anna.news(); // lost as well
    if (round === 1) for (const page of [anna, paul]) await page.agreement.repeat();
    for (const word of anna.news()) await paul.agreement.hear(word, "a");
  }

  expect(anna.agreement.code).toMatch(CODE);
  expect(paul.agreement.code).toBe(anna.agreement.code);
});

test("somebody who leaves changes the code for those who stay", async () => {
  const [anna, paul, ida] = honest(3) as [Page, Page, Page];
  await talk(anna, paul, ida);
  const before = anna.agreement.code;
  anna.sees(paul.me);
  paul.sees(anna.me);
  await talk(anna, paul);

  expect(anna.agreement.code).toBe(paul.agreement.code);
  expect(anna.agreement.code).not.toBe(before);
});

test.each([
  { type: "code.commitment", round: 5, commitment: print("a") },
  { type: "code.commitment", round: print("a") },
  { type: "code.commitment", round: print("a"), attempt: 1.5, commitment: print("a") },
  { type: "code.commitment", round: print("a"), attempt: 1e9, commitment: print("a") },
  { type: "code.commitment", round: print("a"), commitment: "x".repeat(64) },
  { type: "code.nonce", round: print("a"), nonce: ["x"] },
  { type: "code.nonce" },
])("malformed words change nothing: %j", async (word) => {
  const [anna, paul] = honest(2) as [Page, Page];
  await anna.agreement.look();
  await anna.agreement.hear(word, "b");
  await talk(anna, paul);

  expect(anna.agreement.code).toMatch(CODE);
});

test.each([2, 3, 5])(
  "%i people whose connections break and come back are no alarm",
  async (count) => {
    const pages = honest(count);
    const [anna] = pages as [Page];
    await talk(...pages);
    for (let gap = 0; gap < 15; gap += 1) {
      const before = anna.others;
      // Anna looks in the moment when her new connection has no certificate yet.
      anna.sees();
      await anna.agreement.look();
      anna.sees(...before);
      for (const page of pages) void page.agreement.repeat();
      await talk(...pages);
    }

    expect(pages.map(({ agreement }) => agreement.isBroken)).toEqual(pages.map(() => false));
    expect(new Set(pages.map(({ agreement }) => agreement.code)).size).toBe(1);
    expect(anna.agreement.code).toMatch(CODE);
  },
);

test("whoever keeps changing who is there gets no more guesses for it", async () => {
  const anna = new Page("a", print("a"));
  for (let guess = 0; guess < 120; guess += 1) {
    const them = new Page(`x${guess}`, print("1")).sees(anna.me);
    await talk(anna.sees(them.me), them);
  }

  expect(anna.agreement.isBroken).toBe(true);
});

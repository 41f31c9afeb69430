import { beforeEach, expect, test } from "vitest";
import { Chat } from "../../../../frontend/lib/chat/chat.ts";
import { Order } from "../../../../frontend/lib/chat/environment.ts";
import { type FakePage, Party } from "../../fakes/talk.ts";

let party: Party;
let paul: FakePage;
let annas: Chat;
let pauls: Chat;

beforeEach(() => {
  party = new Party();
  annas = new Chat(party.add("anna").environment, new Order(), () => undefined);
  paul = party.add("paul");
  pauls = new Chat(paul.environment, new Order(), () => undefined);
});

const seen = (): string[] => annas.drafts.shown.map(({ text }) => text);

test("each character is seen within a second, at most five drafts a second are sent", () => {
  for (let typed = 1; typed <= 60; typed += 1) {
    pauls.drafts.write("x".repeat(typed));
    party.clock.pass(50);
    expect(seen()[0]?.length ?? 0).toBeGreaterThanOrEqual(typed - 4);
  }
  party.clock.pass(200);

  expect(seen()).toEqual(["x".repeat(60)]);
  expect(paul.said.length).toBeLessThanOrEqual(17);
});

test("edits and deletions are seen, and an empty box shows nothing", () => {
  const typed = (text: string): string[] => {
    pauls.drafts.write(text);
    party.clock.pass(300);
    return seen();
  };

  expect(typed("Kopf")).toEqual(["Kopf"]);
  expect(typed("Kopfweh")).toEqual(["Kopfweh"]);
  expect(typed("Kopfschmerz")).toEqual(["Kopfschmerz"]);
  expect(typed("")).toEqual([]);
});

test("a lost draft is healed by the next, an old one does not come back", () => {
  pauls.drafts.write("a");
  party.lost.add("draft");
  party.clock.pass(300);
  pauls.drafts.write("ab");
  party.clock.pass(300);
  party.lost.clear();
  pauls.drafts.write("abc");
  party.clock.pass(300);
  expect(seen()).toEqual(["abc"]);

  const first = paul.said.find(({ type }) => type === "draft");
  paul.words.tell({ ...first, type: "draft" });
  expect(seen()).toEqual(["abc"]);
});

test("who meets again sees what stands in the box", () => {
  party.cut("anna", "paul");
  pauls.drafts.write("Mir ist");
  party.clock.pass(300);

  party.mend("anna", "paul");

  expect(seen()).toEqual(["Mir ist"]);
});

test("switched off, only finished messages go out", () => {
  pauls.drafts.write("ge");
  pauls.drafts.isLive = false;
  party.clock.pass(300);
  expect(seen()).toEqual([]);
  pauls.drafts.write("geheim");
  party.clock.pass(1_000);
  expect(JSON.stringify(paul.said)).not.toContain("geheim");

  pauls.send("offen");

  expect(annas.messages.map(({ text }) => text)).toEqual(["offen"]);
});

test("the finished message takes the draft's place", () => {
  pauls.drafts.write("fertig");
  party.clock.pass(300);

  pauls.send("fertig");

  expect(seen()).toEqual([]);
  expect(annas.messages.map(({ text }) => text)).toEqual(["fertig"]);
});

test("another page's nonsense and its flood are not shown", () => {
  paul.words.tell({ type: "draft", page: "page9", revision: 1, text: "a".repeat(4001) });
  paul.words.tell({ type: "draft", page: "page9", revision: null, text: "a" });
  expect(seen()).toEqual([]);

  for (let revision = 1; revision < 1_000; revision += 1)
    paul.words.tell({ type: "draft", page: "page9", revision, text: String(revision) });
  expect(Number(seen()[0])).toBeLessThan(50);
});

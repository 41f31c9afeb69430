import { beforeEach, expect, test } from "vitest";
import { Chat, MOST_MESSAGES } from "../../../../frontend/lib/chat/chat.ts";
import { Order } from "../../../../frontend/lib/chat/environment.ts";
import { type FakePage, Party } from "../../fakes/talk.ts";

let party: Party;
let anna: FakePage;
let paul: FakePage;
let annas: Chat;
let pauls: Chat;

function chatOf(page: FakePage): Chat {
  return new Chat(page.environment, new Order(), () => undefined);
}

beforeEach(() => {
  party = new Party();
  anna = party.add("anna");
  paul = party.add("paul");
  annas = chatOf(anna);
  pauls = chatOf(paul);
});

const texts = (chat: Chat): string[] => chat.messages.map(({ text }) => text);

test("a message arrives once, under its sender's code, and is confirmed", () => {
  annas.send("Guten Tag\r\nHerr Patient\u0000 ");

  expect(pauls.messages).toMatchObject([{ from: "anna", text: "Guten Tag\nHerr Patient" }]);
  expect(annas.messages).toMatchObject([{ from: "", delivery: "delivered" }]);
});

test("nothing, and too much, is not sent", () => {
  expect(annas.send(" \n ")).toBe(false);
  expect(annas.send("a".repeat(4001))).toBe(false);
  expect(annas.send("ä".repeat(4000))).toBe(true);

  expect(pauls.messages).toHaveLength(1);
});

test("what is written without a way waits, is told to be late, and arrives in order once", () => {
  party.cut("anna", "paul");
  for (const text of ["eins", "zwei", "drei"]) annas.send(text);
  expect(annas.messages[0]?.delivery).toBe("sending");
  party.clock.pass(20_000);
  expect(annas.messages[0]?.delivery).toBe("late");

  party.mend("anna", "paul");
  party.mend("anna", "paul");

  expect(texts(pauls)).toEqual(["eins", "zwei", "drei"]);
  expect(annas.messages.map(({ delivery }) => delivery)).toEqual(Array(3).fill("delivered"));
});

test("where the confirmation was lost it is said again and shown once", () => {
  party.lost.add("message.received");
  annas.send("hallo");
  party.clock.pass(6_000);
  party.lost.clear();
  party.clock.pass(6_000);

  expect(texts(pauls)).toEqual(["hallo"]);
  expect(annas.messages[0]?.delivery).toBe("delivered");
  expect(anna.said.filter(({ type }) => type === "message")).toHaveLength(3);
});

test("one that was lost takes its place before what was written later", () => {
  party.lost.add("message");
  annas.send("eins");
  party.lost.clear();
  annas.send("zwei");
  expect(texts(pauls)).toEqual(["zwei"]);

  party.clock.pass(6_000);

  expect(texts(pauls)).toEqual(["eins", "zwei"]);
});

test("in a group each confirms for itself, and who has left is not waited for", () => {
  chatOf(party.add("relative"));
  party.cut("anna", "relative");
  annas.send("hallo");
  expect(annas.messages[0]?.delivery).toBe("sending");

  party.pages.delete("relative");
  party.clock.pass(1_000);

  expect(annas.messages[0]?.delivery).toBe("delivered");
});

test("one who confirms nothing is given up, and the others go on", () => {
  party.add("mute");
  for (let count = 1; count <= 150; count += 1) {
    expect(annas.send(`Nummer ${count}`)).toBe(true);
    if (count % 50 === 0) party.clock.pass(10_000);
  }

  expect(texts(pauls)).toHaveLength(150);
  expect(annas.messages.map(({ unreached }) => unreached)).toEqual(Array(150).fill(["mute"]));
  expect(annas.messages.at(-1)?.delivery).toBe("delivered");
});

test("who was given up is waited for again as soon as they confirm something", () => {
  const mute = party.add("mute");
  for (let count = 1; count <= 101; count += 1) annas.send("hallo");
  const last = anna.said.findLast(({ type }) => type === "message");

  mute.words.tell({ type: "message.received", page: last?.page, seq: last?.seq }, "anna");
  annas.send("wieder da");

  expect(annas.messages.at(-2)?.unreached).toEqual([]);
  expect(annas.messages.at(-1)).toMatchObject({ unreached: [], delivery: "sending" });
});

test("where nobody confirms anything the next message is refused", () => {
  party.cut("anna", "paul");
  for (let count = 1; count <= 100; count += 1) expect(annas.send("hallo")).toBe(true);

  expect(annas.send("zu viel")).toBe(false);
  party.mend("anna", "paul");
  expect(annas.send("wieder")).toBe(true);
});

test("who joins later does not get what was said before", () => {
  annas.send("nur für Paul");

  const late = chatOf(party.add("relative"));
  party.mend("anna", "relative");

  expect(late.messages).toEqual([]);
});

test("a flood is cut off, and the list does not grow without end", () => {
  for (let seq = 1; seq <= 5_000; seq += 1)
    paul.words.tell({ type: "message", page: "flood", seq, text: "x" });
  expect(annas.messages).toHaveLength(100);

  for (let round = 0; round < 60; round += 1) {
    party.clock.pass(10_000);
    for (let seq = 0; seq < 100; seq += 1)
      paul.words.tell({
        type: "message",
        page: "flood",
        seq: 6_000 + round * 100 + seq,
        text: "x",
      });
  }
  expect(annas.messages).toHaveLength(MOST_MESSAGES);
});

test.each([
  { page: "p", seq: 1, text: "short page" },
  { page: "page1", seq: -1, text: "negative" },
  { page: "page1", seq: "1", text: "no number" },
  { page: "page1", seq: 1, text: 7 },
  { page: "page1", seq: 1, text: " " },
  { page: "page1", seq: 1, text: "a".repeat(4001) },
  { page: { a: 1 }, seq: 1, text: "odd page" },
])("another page's nonsense is not shown: $text", (fields) => {
  paul.words.tell({ type: "message", ...fields });

  expect(annas.messages).toEqual([]);
});

test("a confirmation of somebody else's message changes nothing", () => {
  party.cut("anna", "paul");
  annas.send("hallo");
  party.broken.clear();

  paul.words.tell({ type: "message.received", page: "other1", seq: 1 });

  expect(annas.messages[0]?.delivery).toBe("sending");
});

test("the end of a call takes everything with it", () => {
  annas.send("hallo");
  annas.drafts.write("noch");

  pauls.clear();
  annas.clear();

  expect([annas.messages, pauls.messages, pauls.drafts.shown]).toEqual([[], [], []]);
  annas.send("neu");
  expect(texts(pauls)).toEqual(["neu"]);
});

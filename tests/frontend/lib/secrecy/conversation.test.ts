/* Two sides of a conversation with a relay between them that loses, repeats and forges. */
import { beforeEach, expect, test } from "vitest";
import type { VisitFrame, VisitNews } from "../../../../frontend/lib/protocol.ts";
import { PageKeys, type Side } from "../../../../frontend/lib/secrecy/channel.ts";
import { Conversation } from "../../../../frontend/lib/secrecy/conversation.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { settled } from "../../fakes/crypto.ts";

const GUEST = "gastgast2345";

/** The server: passes frames to the other side's pages, and remembers what it saw. */
class Relay {
  readonly seen: VisitNews[] = [];
  readonly pages: { side: Side; page: Conversation }[] = [];
  isDown = false;
  loses = false;

  take(sender: Side, { guest, envelope }: VisitFrame): boolean {
    if (this.isDown) return false;
    const news: VisitNews = { type: "visit.relayed", guest, sender, envelope };
    this.seen.push(news);
    if (!this.loses) this.pass(news);
    return true;
  }

  pass(news: VisitNews): void {
    for (const { side, page } of this.pages) if (side !== news.sender) void page.receive(news);
  }
}

let relay: Relay;
let clock: FakeClock;

beforeEach(() => {
  relay = new Relay();
  clock = new FakeClock();
});

function open(side: Side): Conversation {
  const page = new Conversation({
    guest: GUEST,
    side,
    keys: PageKeys.make(),
    clock,
    send: (frame) => relay.take(side, frame),
    onChange: () => undefined,
  });
  relay.pages.push({ side, page });
  return page;
}

function close(page: Conversation): void {
  relay.pages.splice(
    relay.pages.findIndex((one) => one.page === page),
    1,
  );
}

async function both(): Promise<[Conversation, Conversation]> {
  const [host, guest] = [open("host"), open("guest")];
  await guest.greet();
  await settled();
  return [host, guest];
}

function said({ lines }: Conversation): string[] {
  return lines.map(({ kind, text, state }) => `${kind === "text" ? text : kind} ${state}`);
}

test("a message arrives, and its sender learns of it", async () => {
  const [host, guest] = await both();

  expect(host.write("  Ich komme in fünf Minuten. ")).toBe("ok");
  await settled();

  expect(said(guest)).toEqual(["Ich komme in fünf Minuten. heard"]);
  expect(said(host)).toEqual(["Ich komme in fünf Minuten. arrived"]);
  expect([guest.unread, host.unread]).toEqual([1, 0]);
  guest.read();
  expect(guest.unread).toBe(0);
});

test("the relay sees nothing of what was written", async () => {
  const [host, guest] = await both();
  host.write("Befund");
  guest.write("Antwort");
  await settled();

  const everything = JSON.stringify(relay.seen);

  expect(everything).not.toContain("Befund");
  expect(everything).not.toContain("Antwort");
  expect(relay.seen.map(({ envelope }) => envelope.kind)).toContain("sealed");
});

test("what is written before anybody is there is kept, and arrives in its order", async () => {
  const guest = open("guest");
  await guest.greet();
  guest.write("eins");
  guest.write("zwei");
  await settled();
  expect(said(guest)).toEqual(["eins kept", "zwei kept"]);
  expect(guest.isReachable).toBe(false);

  const host = open("host");
  await host.greet();
  await settled();

  expect(said(host)).toEqual(["eins heard", "zwei heard"]);
  expect(said(guest)).toEqual(["eins arrived", "zwei arrived"]);
});

test("without the socket it is kept, and goes out when the page is back", async () => {
  const [host, guest] = await both();
  relay.isDown = true;
  host.write("eins");
  await settled();
  expect(said(host)).toEqual(["eins kept"]);

  relay.isDown = false;
  await host.greet();
  await settled();

  expect(said(host)).toEqual(["eins arrived"]);
  expect(said(guest)).toEqual(["eins heard"]);
});

test("what got lost on its way is sent again, and shown once", async () => {
  const [host, guest] = await both();
  relay.loses = true;
  host.write("eins");
  await settled();
  expect(said(host)).toEqual(["eins sent"]);

  relay.loses = false;
  clock.pass(6_000);
  await settled();

  expect(said(host)).toEqual(["eins arrived"]);
  expect(said(guest)).toEqual(["eins heard"]);
});

test("a lost receipt does not double the message", async () => {
  const [host, guest] = await both();
  const { pass } = relay;
  relay.pass = (news) => {
    if (news.sender === "host") pass.call(relay, news);
  };
  host.write("eins");
  await settled();
  relay.pass = pass;
  clock.pass(6_000);
  await settled();

  expect(said(host)).toEqual(["eins arrived"]);
  expect(said(guest)).toEqual(["eins heard"]);
});

test("a reloaded guest's page is noticed, and knows nothing of before", async () => {
  const [host, guest] = await both();
  host.write("eins");
  await settled();

  close(guest);
  const reloaded = open("guest");
  await reloaded.greet();
  await settled();
  host.write("zwei");
  await settled();

  expect(said(host)).toEqual(["eins arrived", "reopened heard", "zwei arrived"]);
  expect(said(reloaded)).toEqual(["zwei heard"]);
});

test("what had not arrived goes to the reloaded page", async () => {
  const [host, guest] = await both();
  close(guest);
  host.write("eins");
  await settled();

  const reloaded = open("guest");
  await reloaded.greet();
  await settled();

  expect(said(reloaded)).toEqual(["eins heard"]);
  expect(said(host)).toEqual(["eins arrived", "reopened heard"]);
});

test("every window of the host reads the guest", async () => {
  const [host, guest] = await both();
  const second = open("host");
  await second.greet();
  await settled();

  guest.write("Hallo");
  await settled();

  expect([said(host), said(second)]).toEqual([["Hallo heard"], ["Hallo heard"]]);
  expect(said(guest)).toEqual(["Hallo arrived"]);
});

test("a reloaded host's page is a line at the guest's", async () => {
  const [host, guest] = await both();
  guest.write("eins");
  await settled();
  close(host);
  guest.write("zwei");
  await settled();
  clock.pass(6_000);
  await settled();
  expect(said(guest)).toEqual(["eins arrived", "zwei kept"]);

  const reloaded = open("host");
  await reloaded.greet();
  await settled();

  expect(said(guest)).toEqual(["eins arrived", "zwei arrived", "reopened heard"]);
  expect(said(reloaded)).toEqual(["zwei heard"]);
});

test("repeated and forged envelopes change nothing", async () => {
  const [host, guest] = await both();
  guest.write("eins");
  await settled();
  const stranger = await PageKeys.make();
  const [first] = relay.seen.filter(({ envelope }) => envelope.kind === "sealed");
  const page = first?.envelope.page ?? "";

  for (const news of [...relay.seen]) relay.pass(news);
  relay.pass({
    type: "visit.relayed",
    guest: GUEST,
    sender: "guest",
    envelope: { kind: "greeting", page, to: null, key: stranger.publicKey },
  });
  if (first) relay.pass({ ...first, sender: "host" });
  await settled();
  guest.write("zwei");
  await settled();

  expect(said(host)).toEqual(["eins heard", "zwei heard"]);
  expect(said(guest)).toEqual(["eins arrived", "zwei arrived"]);
});

test("about another guest it hears nothing", async () => {
  const [host] = await both();

  for (const news of [...relay.seen]) await host.receive({ ...news, guest: "andererer234" });

  expect(host.lines).toEqual([]);
});

test("what a page got that has gone since counts as not sent", async () => {
  const [host, guest] = await both();
  host.write("eins");
  await settled();
  close(guest);
  host.write("zwei");
  await settled();
  expect(said(host)).toEqual(["eins arrived", "zwei sent"]);

  host.away();

  expect(said(host)).toEqual(["eins arrived", "zwei kept"]);
});

test("the end of the visit says of each line whether it arrived", async () => {
  const [host, guest] = await both();
  host.write("eins");
  await settled();
  close(guest);
  host.away();
  host.write("zwei");
  await settled();

  host.close();

  expect(said(host)).toEqual(["eins arrived", "zwei lost"]);
  expect(host.write("drei")).toBe("closed");
  await host.greet();
  expect(host.write("drei")).toBe("ok");
});

test.each([
  ["nothing but space", " \n ", "empty"],
  ["more than 2000 signs", "x".repeat(2001), "too-long"],
])("%s is not sent", async (_what, text, answer) => {
  const [host] = await both();

  expect(host.write(text)).toBe(answer);
  expect(host.lines).toEqual([]);
});

test("what is no word is no line", async () => {
  const [host, guest] = await both();
  guest.write("Steuer\u0007zeichen\u202a");
  await settled();

  expect(host.lines[0]?.text).toBe("Steuerzeichen\u202a");
});

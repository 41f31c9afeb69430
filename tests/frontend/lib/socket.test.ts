import { beforeEach, expect, test } from "vitest";
import type { ServerFrame } from "../../../frontend/lib/protocol.ts";
import { Socket, type WebSocketLike } from "../../../frontend/lib/socket.ts";
import { FakeClock } from "../fakes/clock.ts";

class FakeWebSocket implements WebSocketLike {
  readyState = 1;
  sent: unknown[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.closed = true;
    this.readyState = 3;
  }

  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

let clock: FakeClock;
let sockets: FakeWebSocket[];
let log: string[];
let news: ServerFrame[];
let socket: Socket;
let isUrgent = false;

beforeEach(() => {
  isUrgent = false;
  clock = new FakeClock();
  sockets = [];
  log = [];
  news = [];
  socket = new Socket({
    clock,
    random: () => 0.5,
    isUrgent: () => isUrgent,
    open: () => {
      const fake = new FakeWebSocket();
      sockets.push(fake);
      return fake;
    },
    onFrame: (frame) => news.push(frame),
    onCatchUp: () => log.push("catch-up"),
    onOnline: (online) => log.push(online ? "online" : "offline"),
    onFinal: (code) => log.push(`final ${code}`),
  });
  socket.start();
});

function last(): FakeWebSocket {
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error("no socket was opened");
  return socket;
}

const visit = (seq: number) => ({ type: "visit.changed", seq, guest: "g", state: "waiting" });

test("the first hello brings the page online and up to date", () => {
  last().say({ type: "hello", epoch: "a", seq: 4 });

  expect(log).toEqual(["online", "catch-up"]);
  expect(socket.isOpen).toBe(true);
});

test("a return without missed events fetches nothing", () => {
  last().say({ type: "hello", epoch: "a", seq: 4 });
  last().say(visit(5));
  last().end(1006);
  clock.pass(500);
  last().say({ type: "hello", epoch: "a", seq: 5 });

  expect(log).toEqual(["online", "catch-up", "online"]);
  expect(news).toHaveLength(1);
});

test.each([
  ["another epoch", { type: "hello", epoch: "b", seq: 5 }],
  ["a higher number", { type: "hello", epoch: "a", seq: 6 }],
])("a return with %s catches up", (_what, hello) => {
  last().say({ type: "hello", epoch: "a", seq: 5 });
  last().end(1006);
  clock.pass(500);
  log.length = 0;
  last().say(hello);

  expect(log).toEqual(["online", "catch-up"]);
});

test("a gap between events catches up, after handing on what came", () => {
  last().say({ type: "hello", epoch: "a", seq: 1 });
  log.length = 0;
  last().say(visit(3));

  expect(news).toEqual([visit(3)]);
  expect(log).toEqual(["catch-up"]);
});

test("an event that comes twice counts once", () => {
  last().say({ type: "hello", epoch: "a", seq: 1 });
  last().say(visit(2));
  last().say(visit(2));

  expect(news).toHaveLength(1);
});

test("every 25 seconds it pings with the last number, and a pong ahead of it catches up", () => {
  last().say({ type: "hello", epoch: "a", seq: 1 });
  last().say(visit(2));
  clock.pass(25_000);
  log.length = 0;
  last().say({ type: "pong", seq: 3 });

  expect(last().sent).toEqual([{ type: "ping", seq: 2 }]);
  expect(log).toEqual(["catch-up"]);
});

test("sixty seconds of silence count as gone", () => {
  last().say({ type: "hello", epoch: "a", seq: 1 });
  const first = last();
  clock.pass(75_000);
  clock.pass(500);

  expect(first.closed).toBe(true);
  expect(sockets).toHaveLength(2);
});

test("after a laptop's sleep the first look finds the connection dead", () => {
  last().say({ type: "hello", epoch: "a", seq: 1 });
  clock.later = () => () => undefined;
  clock.pass(3_600_000);
  socket.wake();

  expect(sockets[0]?.closed).toBe(true);
});

test("it returns soon at first, then every 15 seconds", () => {
  const pauses = [500, 1000, 1500, 2000, 2500, 3000, 5000, 8000, 15_000, 15_000];
  for (const pause of pauses) {
    const before = sockets.length;
    last().end(1006);
    clock.pass(pause - 1);
    expect(sockets).toHaveLength(before);
    clock.pass(1);
    expect(sockets).toHaveLength(before + 1);
  }
});

test.each([
  [0, 350],
  [1, 650],
])("pauses spread by thirty percent (%i: %i ms)", (random, pause) => {
  let opened: FakeWebSocket[] = [];
  const shaky = new Socket({
    clock,
    random: () => random,
    open: () => {
      opened = [...opened, new FakeWebSocket()];
      return opened.at(-1) as FakeWebSocket;
    },
    onFrame: () => undefined,
    onCatchUp: () => undefined,
    onOnline: () => undefined,
    onFinal: () => undefined,
  });
  shaky.start();
  opened[0]?.end(1006);
  clock.pass(pause - 1);
  expect(opened).toHaveLength(1);
  clock.pass(1);
  expect(opened).toHaveLength(2);
});

test("who is in a call never waits long for the next try", () => {
  isUrgent = true;
  for (let round = 0; round < 8; round += 1) {
    const before = sockets.length;
    last().end(1006);
    clock.pass(1_500);
    expect(sockets).toHaveLength(before + 1);
  }
  isUrgent = false;
  last().end(1006);
  clock.pass(1_500);
  const before = sockets.length;
  clock.pass(14_000);
  expect(sockets).toHaveLength(before + 1);
});

test("the network's return needs no waiting", () => {
  last().end(1006);
  last().end(1006);
  socket.wake();

  expect(sockets).toHaveLength(2);
});

test("the notice appears only after two seconds without a socket", () => {
  last().say({ type: "hello", epoch: "a", seq: 1 });
  log.length = 0;
  last().end(1006);
  clock.pass(600);
  last().say({ type: "hello", epoch: "a", seq: 1 });
  clock.pass(5_000);
  expect(log).toEqual(["online"]);

  last().end(1006);
  clock.pass(2_000);
  expect(log).toEqual(["online", "offline"]);
});

test.each([4401, 4403, 4404, 4408, 4410])("%i is final", (code) => {
  last().end(code);
  clock.pass(60_000);
  socket.wake();

  expect(sockets).toHaveLength(1);
  expect(log).toEqual([`final ${code}`]);
});

test.each([
  [1012, 500],
  [1013, 500],
  [4429, 15_000],
])("%i comes back after %i ms", (code, pause) => {
  last().end(code);
  clock.pass(pause - 1);
  expect(sockets).toHaveLength(1);
  clock.pass(1);
  expect(sockets).toHaveLength(2);
});

test("nothing is sent before hello or while away", () => {
  expect(socket.send({ type: "call.join", call: "c" })).toBe(false);
  last().say({ type: "hello", epoch: "a", seq: 1 });
  expect(socket.send({ type: "call.join", call: "c" })).toBe(true);
  last().end(1006);
  expect(socket.send({ type: "call.join", call: "c" })).toBe(false);
});

test("a stopped socket stays away", () => {
  socket.stop();
  clock.pass(60_000);

  expect(sockets).toHaveLength(1);
  expect(log).toEqual([]);
});

test("in another network a socket that does not answer is made anew at once", () => {
  last().say({ type: "hello", epoch: "a", seq: 4 });
  clock.pass(5_000);
  socket.doubt();
  expect(last().sent.at(-1)).toMatchObject({ type: "ping" });
  expect(sockets).toHaveLength(1);

  clock.pass(2_000);
  expect(sockets).toHaveLength(2);
  expect(sockets[0]?.closed).toBe(true);
});

test("in another network a socket that answers stays", () => {
  last().say({ type: "hello", epoch: "a", seq: 4 });
  clock.pass(5_000);
  socket.doubt();
  clock.pass(100);
  last().say({ type: "pong", seq: 4 });
  clock.pass(10_000);

  expect(sockets).toHaveLength(1);
});

test("a connection that comes about without a greeting is given up", () => {
  clock.pass(7_900);
  expect(sockets).toHaveLength(1);
  clock.pass(1_000);

  expect(sockets.length).toBeGreaterThan(1);
  expect(sockets[0]?.closed).toBe(true);
});

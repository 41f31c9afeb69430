import { expect, test } from "vitest";
import { Lookout } from "../../../frontend/lib/lookout.ts";
import type { CallState } from "../../../frontend/lib/protocol.ts";
import { active, callState, ended } from "../fakes/calls.ts";
import { FakeClock, settle } from "../fakes/clock.ts";
import { Stage } from "../fakes/sessions.ts";

const NOW = Date.parse("2026-11-22T09:00:05Z") / 1000;
const LOOK = "/calls/callcall2345/";

function relayFor(seconds: number, from = NOW): RTCIceServer[] {
  const username = `${from + seconds}:profprof2345`;
  return [{ urls: ["turn:relay.example.org"], username, credential: `until ${from + seconds}` }];
}

function watched(call: CallState): { clock: FakeClock; looks: number[] } {
  const clock = new FakeClock();
  const looks: number[] = [];
  const begin = clock.now();
  const lookout = new Lookout(clock, () => {
    looks.push(clock.now() - begin);
    lookout.again(call);
  });
  lookout.saw(call);
  return { clock, looks };
}

test("a ring is looked at again when its time is over", () => {
  const { clock, looks } = watched(callState({ ring_seconds: 45 }));
  clock.pass(50_000);
  expect(looks).toEqual([50_000]);
});

test("a running call is looked at after each third of its credentials' life", () => {
  const { clock, looks } = watched(callState({ ...active, ice_servers: relayFor(600) }));
  clock.pass(600_000);
  expect(looks).toEqual([200_000, 400_000, 600_000]);
});

test("the shortest of several lives counts", () => {
  const ice_servers = [...relayFor(600), { urls: "stun:other.example" }, ...relayFor(300)];
  const { clock, looks } = watched(callState({ ...active, ice_servers }));
  clock.pass(100_000);
  expect(looks).toEqual([100_000]);
});

test("dead credentials are replaced at once, but not in a storm", () => {
  const { clock, looks } = watched(callState({ ...active, ice_servers: relayFor(-60) }));
  clock.pass(3_000);
  expect(looks).toEqual([1_000, 2_000, 3_000]);
});

test.each([
  ["runs without a relay", callState(active)],
  ["is over", callState({ ...ended, ice_servers: relayFor(600) })],
])("a call that %s is left alone", (_name, call) => {
  const { clock, looks } = watched(call);
  clock.pass(24 * 3_600_000);
  expect(looks).toEqual([]);
});

test("it tells the server's time, not the page's", () => {
  const clock = new FakeClock();
  const lookout = new Lookout(clock, () => undefined);
  lookout.saw(callState(active));
  clock.pass(1_500);
  expect(lookout.now()).toBe("2026-11-22T09:00:06.500Z");
});

/** A call through a relay whose first credentials live for ten minutes. */
async function relayed(): Promise<Stage> {
  const stage = new Stage();
  const url = "/patients/termin234567/call/";
  stage.server.will(url, 201, callState());
  await stage.session.call(url, "Erika Mustermann");
  const call = callState({ ...active, ice_servers: relayFor(600) });
  const answer = { type: "answer" as const, sdp: "o=- 99 1" };
  stage.session.receive({ type: "call.accepted", seq: 2, call, answer });
  await settle();
  stage.connection.become("connected");
  return stage;
}

function credential(stage: Stage): unknown {
  return stage.connection.configuration.iceServers?.[0]?.credential;
}

test("inside a call the connection gets fresh credentials, and is not disturbed by it", async () => {
  const stage = await relayed();
  expect(credential(stage)).toBe(`until ${NOW + 600}`);
  const now = "2026-11-22T09:03:25Z";
  const fresh = callState({ ...active, now, ice_servers: relayFor(600, NOW + 200) });
  stage.server.will(LOOK, 200, fresh);
  stage.sent = [];

  stage.clock.pass(200_000);
  await settle();

  expect(credential(stage)).toBe(`until ${NOW + 800}`);
  expect(stage.connections).toHaveLength(1);
  expect(stage.connection.restarts).toBe(0);
  expect(stage.words).toEqual([]);
});

test("a look that fails is repeated before the credentials are dead", async () => {
  const stage = await relayed();
  stage.clock.pass(200_000); // 404: the server is away
  await settle();
  expect(credential(stage)).toBe(`until ${NOW + 600}`);
  const fresh = callState({ ...active, ice_servers: relayFor(600, NOW + 400) });
  stage.server.will(LOOK, 200, fresh);

  stage.clock.pass(200_000);
  await settle();

  expect(credential(stage)).toBe(`until ${NOW + 1000}`);
});

test("a connection that is built anew uses the fresh credentials", async () => {
  const stage = await relayed();
  stage.server.will(LOOK, 200, callState({ ...active, ice_servers: relayFor(600, NOW + 200) }));
  stage.clock.pass(200_000);
  await settle();

  void stage.session.room?.rejoined("gastgast2345");
  stage.session.room?.peers[0]?.offerAfresh();
  await settle();

  expect(stage.connections).toHaveLength(2);
  expect(credential(stage)).toBe(`until ${NOW + 800}`);
});

test("after the call nothing is looked at any more", async () => {
  const stage = await relayed();
  stage.session.receive({ type: "call.ended", seq: 3, call: callState(ended) });
  await settle();
  const asked = stage.server.urls.length;
  stage.clock.pass(3_600_000);
  await settle();
  expect(stage.server.urls).toHaveLength(asked);
});

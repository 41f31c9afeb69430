import { expect, test } from "vitest";
import { active, callState, DOCTOR, forPatient } from "../fakes/calls.ts";
import { settle } from "../fakes/clock.ts";
import { Stage } from "../fakes/sessions.ts";

const OFFER = { type: "offer" as const, sdp: "o=- 98 1" };
const RELAY = [{ urls: ["turn:relay.example:3478"], username: "9:a", credential: "b" }];
const ACCEPTANCE = "/calls/callcall2345/acceptance/";

async function rung(changes: object = {}): Promise<Stage> {
  const stage = new Stage(true);
  const call = callState({ ...forPatient, ice_servers: RELAY, ...changes });
  stage.session.receive({ type: "call.ringing", seq: 1, call, offer: OFFER });
  await settle();
  return stage;
}

test("with a relay the answer is ready before the accept, and shows the relay alone", async () => {
  const stage = await rung();

  expect(stage.connection.configuration.iceTransportPolicy).toBe("relay");
  expect(stage.connection.localDescription?.type).toBe("answer");
  stage.connection.gather("relayed");
  await settle();
  expect(stage.sent).toEqual([]);
  expect(stage.server.asked).toEqual([]);
});

test("once accepted, the direct way is looked for", async () => {
  const stage = await rung();
  const { connection } = stage;
  connection.localDescription = { type: "answer", sdp: "o=- 1 1\r\na=candidate:1" };
  stage.server.will(ACCEPTANCE, 200, callState({ ...forPatient, ...active, ice_servers: RELAY }));
  await stage.session.accept();
  await settle();
  expect(stage.connection).toBe(connection);
  expect(connection.restarts).toBe(0);

  stage.clock.pass(1_000);
  expect(connection.configuration.iceTransportPolicy).toBe("all");
  expect(connection.restarts).toBe(1);
});

test("where the relay is down nobody waits for it", async () => {
  const stage = await rung();
  stage.server.will(ACCEPTANCE, 200, callState({ ...forPatient, ...active, ice_servers: RELAY }));
  await stage.session.accept();
  stage.clock.pass(0);

  expect(stage.connection.configuration.iceTransportPolicy).toBe("all");
  expect(stage.connection.restarts).toBe(1);
});

test("colleagues, who may have several devices, are not warmed up", async () => {
  const participants = callState().participants.map((one) => ({
    ...one,
    role: "professional" as const,
  }));
  const stage = await rung({ participants });

  expect(stage.connections).toEqual([]);
});

test("an offer that is of no use is answered over the socket instead", async () => {
  const stage = new Stage(true);
  const call = callState({ ...forPatient, ice_servers: RELAY });
  const offer = { type: "answer" as const, sdp: "o=- 98 1" };
  stage.session.receive({ type: "call.ringing", seq: 1, call, offer });
  await settle();
  stage.server.will(ACCEPTANCE, 200, callState({ ...forPatient, ...active }));
  await stage.session.accept();
  await settle();

  expect(stage.server.asked[0]?.body).toEqual({});
  expect(stage.connection.localDescription).toBeNull();
  expect(stage.session.machine.phase).toBe("active");
});

test("a ring that comes to nothing leaves no connection behind", async () => {
  const stage = await rung();
  const call = callState({ ...forPatient, state: "ended", outcome: "cancelled" });
  stage.session.receive({ type: "call.ended", seq: 2, call });

  expect(stage.connection.closed).toBe(true);
});

test.each([[RELAY], [[]]])(
  "no offer over the socket gets an answer before the accept",
  async (ice) => {
    const stage = await rung({ ice_servers: ice });
    const { connection } = stage;
    const before = connection.localDescription;
    const description = { type: "offer" as const, sdp: "o=- 97 1" };
    const signal = { type: "signal.relayed" as const, call: "callcall2345", from: DOCTOR };
    stage.session.receive({ ...signal, description });
    stage.session.receive({ ...signal, description: OFFER });
    stage.session.online();
    await settle();

    expect(stage.sent).toEqual([]);
    expect(stage.connections).toEqual([connection]);
    expect(connection.localDescription).toBe(before);
  },
);

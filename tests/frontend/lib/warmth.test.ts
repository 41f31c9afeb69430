import { expect, test } from "vitest";
import { active, callState, DOCTOR, forPatient } from "../fakes/calls.ts";
import { settle } from "../fakes/clock.ts";
import { ACCEPTANCE, accept, calling, hearAnswer, OFFER, RELAY, rung } from "../fakes/rings.ts";
import { Stage } from "../fakes/sessions.ts";

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
    const told = stage.sent.length;
    const description = { type: "offer" as const, sdp: "o=- 97 1" };
    const signal = { type: "signal.relayed" as const, call: "callcall2345", from: DOCTOR };
    stage.session.receive({ ...signal, description });
    stage.session.receive({ ...signal, description: OFFER });
    stage.session.online();
    await settle();

    expect(stage.sent).toHaveLength(told);
    expect(stage.connections).toEqual([connection]);
    expect(connection.localDescription).toBe(before);
  },
);

const RELAYED = "a=candidate:2 1 udp 41 198.51.100.7 50000 typ relay raddr 192.0.2.9 rport 4711";
const OWN = "a=candidate:1 1 udp 2113 192.168.1.5 5000 typ host";

test("the relay's answer is told while it rings, and no other address with it", async () => {
  const stage = await rung();
  const { connection } = stage;
  const sdp = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n${OWN}\r\n${RELAYED}\r\n`;
  connection.localDescription = { type: "answer", sdp };
  stage.clock.pass(100);
  await settle();

  expect(stage.sent).toHaveLength(1);
  const told = JSON.stringify(stage.sent[0]);
  expect(stage.sent[0]).toMatchObject({ type: "signal.relay", to: DOCTOR });
  expect(told).toContain("198.51.100.7");
  expect(told).not.toContain("192.168.1.5");
  expect(told).not.toContain("192.0.2.9");
  for (const { sender } of connection.getTransceivers()) expect(sender.track).toBeNull();
});

test("without a relay's address in time nothing is told", async () => {
  const stage = await rung();
  stage.connection.localDescription = { type: "answer", sdp: `o=- 1 1\r\n${OWN}` };
  for (let look = 0; look < 100; look += 1) {
    stage.clock.pass(100);
    await settle();
  }

  expect(stage.sent).toEqual([]);
});

test("an early answer lets the way come up; picture and sound wait for the accept", async () => {
  const stage = await calling();
  const { connection } = stage;
  hearAnswer(stage, "50");
  await settle();
  connection.become("connected");
  await settle();
  expect(connection.signalingState).toBe("stable");
  expect(stage.phase).toBe("outgoing");
  for (const { sender } of connection.getTransceivers()) expect(sender.track).toBeNull();

  accept(stage, "50");
  await settle();
  expect(stage.connection).toBe(connection);
  expect(connection.getTransceivers().some(({ sender }) => sender.track !== null)).toBe(true);
});

test("the early answer of a page that was reloaded since is of no use, and costs nothing", async () => {
  const stage = await calling();
  const { connection } = stage;
  hearAnswer(stage, "50");
  hearAnswer(stage, "51");
  await settle();
  expect(stage.connections).toEqual([connection]);
  expect(stage.phase).toBe("outgoing");

  accept(stage, "51");
  await settle();
  expect(stage.connection).not.toBe(connection);
});

test("what the other page says before the accept is not heard", async () => {
  const stage = await rung();
  const heard: string[] = [];
  for (const type of ["chat.text", "code.nonce"])
    stage.session.words.on(type, (word) => heard.push(word.type));
  stage.connection.channel.onmessage?.({ data: '{"type":"chat.text"}' });
  stage.connection.channel.onmessage?.({ data: '{"type":"signal","candidate":null}' });
  stage.connection.channel.onmessage?.({ data: '{"type":"code.nonce"}' });

  expect(heard).toEqual(["code.nonce"]);
});

test("a warm way that breaks before the accept is not mended, afterwards it is", async () => {
  const stage = await rung();
  const { connection } = stage;
  connection.become("failed");
  for (let second = 0; second < 30; second += 1) {
    stage.clock.pass(1_000);
    await settle();
  }
  expect(stage.connections).toEqual([connection]);
  expect(connection.restarts).toBe(0);
  for (const { sender } of connection.getTransceivers()) expect(sender.track).toBeNull();
});

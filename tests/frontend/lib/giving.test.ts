import { expect, test } from "vitest";
import { active, callState, DOCTOR, forPatient } from "../fakes/calls.ts";
import { settle } from "../fakes/clock.ts";
import { ACCEPTANCE, accept, calling, hearAnswer, RELAY, rung } from "../fakes/rings.ts";
import type { Stage } from "../fakes/sessions.ts";

test("without a relay the caller gets an answer without any address, and nothing is set yet", async () => {
  const stage = await rung({ ice_servers: [] });
  expect(stage.sent).toMatchObject([{ type: "signal.relay", to: DOCTOR }]);
  expect(JSON.stringify(stage.sent)).not.toContain("candidate");
  expect(stage.connection.localDescription).toBeNull();

  const answer = (stage.sent[0] as { description: { sdp: string } }).description;
  stage.server.will(ACCEPTANCE, 200, callState({ ...forPatient, ...active }));
  await stage.session.accept();
  expect(stage.connection.localDescription).toEqual(answer);
  expect(stage.server.asked[0]?.body).toEqual({ answer });
});

function given(stage: Stage): (string | undefined)[] {
  return stage.connection.getTransceivers().map(({ sender }) => sender.track?.kind);
}

function say(stage: Stage, word: object): void {
  stage.connection.channel.onmessage?.({ data: JSON.stringify(word) });
}

test("who accepts gives picture and sound at once, and says so over the warm way", async () => {
  const stage = await rung();
  stage.connection.channel.readyState = "open";
  stage.server.will(ACCEPTANCE, 200, callState({ ...forPatient, ...active, ice_servers: RELAY }));
  const accepting = stage.session.accept();
  await settle();
  expect(given(stage)).toEqual(["audio", "video", undefined]);
  expect(stage.connection.channel.sent[0]).toBe('{"type":"accepted"}');
  await accepting;
});

test("an accept that the server refuses leaves nothing behind", async () => {
  const stage = await rung();
  const ended = callState({ ...forPatient, state: "ended", outcome: "cancelled" });
  stage.server.will(ACCEPTANCE, 409, { reason: "gone" });
  stage.server.will("/calls/callcall2345/", 200, ended);
  const { connection } = stage;
  await stage.session.accept();
  expect(connection.closed).toBe(true);
});

test("the caller gives picture and sound when the other page says that it was accepted", async () => {
  const stage = await calling();
  hearAnswer(stage, "50");
  await settle();
  say(stage, { type: "accepted" });
  await settle();
  expect(given(stage)).toEqual(["audio", "video", undefined]);
  expect(stage.phase).toBe("outgoing");

  accept(stage, "50");
  await settle();
  stage.clock.pass(10_000);
  await settle();
  expect(given(stage)).toEqual(["audio", "video", undefined]);
});

test("without the server's word the caller takes it back", async () => {
  const stage = await calling();
  hearAnswer(stage, "50");
  await settle();
  say(stage, { type: "accepted" });
  await settle();
  stage.clock.pass(4_000);
  await settle();
  expect(given(stage)).toEqual([undefined, undefined, undefined]);
});

test("nobody can accept in the name of the person who is rung", async () => {
  const stage = await rung();
  await stage.session.media.open();
  say(stage, { type: "accepted" });
  await settle();
  stage.clock.pass(1_000);
  expect(given(stage)).toEqual([undefined, undefined, undefined]);
  expect(stage.phase).toBe("incoming");
});

test("the first pictures go small, before anything is known of the path", async () => {
  const stage = await calling();
  accept(stage, "50");
  await settle();
  const scale = (): unknown =>
    stage.connection.getSenders()[1]?.parameters.encodings[0]?.scaleResolutionDownBy;
  expect(scale()).toBe(2);
  stage.clock.pass(2_000);
  await settle();
  expect(scale()).toBe(1);
});

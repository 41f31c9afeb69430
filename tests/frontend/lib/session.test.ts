import { expect, test } from "vitest";
import { active, callState, DOCTOR, ended, forPatient, PATIENT } from "../fakes/calls.ts";
import { settle } from "../fakes/clock.ts";
import { Stage } from "../fakes/sessions.ts";

const URL = "/patients/termin234567/call/";
const ANSWER = { type: "answer" as const, sdp: "o=- 99 1" };
const OFFER = { type: "offer" as const, sdp: "o=- 98 1" };

async function ringing(): Promise<Stage> {
  const stage = new Stage();
  stage.server.will(URL, 201, callState());
  await stage.session.call(URL, "Erika Mustermann");
  return stage;
}

async function talking(): Promise<Stage> {
  const stage = await ringing();
  const call = callState(active);
  stage.session.receive({ type: "call.accepted", seq: 2, call, answer: ANSWER });
  await settle();
  stage.connection.become("connected");
  return stage;
}

function rung(stage: Stage, code = "callcall2345"): void {
  const call = callState({ ...forPatient, code });
  stage.session.receive({ type: "call.ringing", seq: 1, call, offer: OFFER });
}

test("a call travels with its offer, and shows the name at once", async () => {
  const stage = new Stage();
  stage.server.will(URL, 201, callState());
  const calling = stage.session.call(URL, "Erika Mustermann");
  expect(stage.phase).toBe("outgoing");
  expect(stage.session.machine.otherName).toBe("Erika Mustermann");

  await calling;
  expect(stage.server.asked[0]?.body).toMatchObject({ offer: { type: "offer" } });
  expect(stage.connection.signalingState).toBe("have-local-offer");
  expect(stage.ownership.owned).toEqual(["callcall2345"]);
});

test.each([
  ["busy", "busy"],
  ["offline", "offline"],
  ["", "unsent"],
])("a refusal %j ends the attempt as %s, with the server's sentence", async (error, reason) => {
  const stage = new Stage();
  stage.server.will(URL, 409, { error, message: "Satz" });
  await stage.session.call(URL, "Erika");

  expect(stage.phase).toBe("ended");
  expect(stage.session.machine.ending).toMatchObject({ reason, message: "Satz" });
  expect(stage.connection.closed).toBe(true);
  expect(stage.media.track("camera")).toBeNull();
});

test("cancelled before the server answered, the call does not go on ringing", async () => {
  const stage = new Stage();
  stage.server.will(URL, 201, callState());
  stage.server.will("/calls/callcall2345/end/", 200, callState(ended));
  let answer = (): void => undefined;
  stage.server.busy = new Promise((resolve) => {
    answer = resolve;
  });
  const calling = stage.session.call(URL, "Erika");
  await settle();
  await stage.session.hangUp();
  answer();
  await calling;

  expect(stage.server.urls).toContain("/calls/callcall2345/end/");
  expect(stage.phase).toBe("idle");
});

test("accepted: the caller joins and takes the answer", async () => {
  const stage = await talking();

  expect(stage.phase).toBe("active");
  expect(stage.words[0]).toBe("call.join");
  expect(stage.connection.remoteDescription).toEqual(ANSWER);
  expect(stage.connection.getTransceivers()[0]?.sender.track).toBe(stage.media.track("microphone"));
});

test("accepting sends the answer, and candidates only afterwards", async () => {
  const stage = new Stage(true);
  rung(stage);
  expect(stage.phase).toBe("incoming");
  await settle();
  // An answer set locally would already send packets to the caller, and show where we are.
  expect(stage.connection.remoteDescription?.type).toBe("offer");
  expect(stage.connection.localDescription).toBeNull();
  stage.server.will(
    "/calls/callcall2345/acceptance/",
    200,
    callState({ ...forPatient, ...active }),
  );
  const accepting = stage.session.accept();
  await settle();
  stage.connection.gather("mine");
  await accepting;

  expect(stage.server.asked[0]?.body).toMatchObject({ answer: { type: "answer" } });
  expect(stage.words).toEqual(["answer", "call.join", "mine"]);
});

test("the caller's candidates wait until the accept", async () => {
  const stage = new Stage(true);
  rung(stage);
  const candidate = { candidate: "theirs", sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "u" };
  const call = "callcall2345";
  stage.session.receive({ type: "signal.relayed", call, from: DOCTOR, candidate });
  stage.server.will(
    "/calls/callcall2345/acceptance/",
    200,
    callState({ ...forPatient, ...active }),
  );
  await stage.session.accept();

  expect(stage.connection.candidates).toEqual([candidate]);
});

test("whoever accepts second learns how it stands", async () => {
  const stage = new Stage(true);
  rung(stage);
  stage.server.will("/calls/callcall2345/acceptance/", 409, { error: "gone", message: "" });
  stage.server.will("/calls/callcall2345/", 200, callState({ ...forPatient, ...ended }));
  await stage.session.accept();

  expect(stage.phase).toBe("ended");
  expect(stage.connection.closed).toBe(true);
});

test("declining ends it here at once, whatever the network does", async () => {
  const stage = new Stage(true);
  rung(stage);
  const declining = stage.session.decline();
  expect(stage.phase).toBe("ended");
  expect(stage.session.machine.ending).toMatchObject({ reason: "declined" });

  await declining;
  expect(stage.server.urls).toEqual(["/calls/callcall2345/refusal/"]);
});

test("hanging up is told until the server hears it", async () => {
  const stage = await talking();
  stage.server.will("/calls/callcall2345/end/", 0, null);
  stage.server.will("/calls/callcall2345/end/", 200, callState(ended));
  const ending = stage.session.hangUp();
  await settle();
  stage.clock.pass(1_000);
  await ending;
  stage.clock.pass(1_000);

  expect(stage.server.urls.filter((url) => url.endsWith("/end/"))).toHaveLength(2);
  expect(stage.phase).toBe("ended");
  expect(stage.connection.closed).toBe(true);
  expect(stage.media.track("camera")).toBeNull();
});

test.each([403, 401])(
  "a login that has ended (%i) leaves the goodbye to the other side",
  async (status) => {
    const stage = await talking();
    const channel = stage.connection.channel;
    channel.readyState = "open";
    for (let tries = 0; tries < 4; tries += 1)
      stage.server.will("/calls/callcall2345/end/", status, null);
    const ending = stage.session.hangUp();
    for (let tries = 0; tries < 4; tries += 1) {
      await settle();
      stage.clock.pass(5_000);
    }
    await ending;

    expect(stage.server.urls.filter((url) => url.endsWith("/end/"))).toHaveLength(
      status === 401 ? 1 : 4,
    );
    expect(JSON.parse(channel.sent.at(-1) ?? "")).toEqual({ type: "bye" });
    expect(stage.phase).toBe("ended");
  },
);

test("an accept that comes after our cancelling is not a call in another window", async () => {
  const stage = await ringing();
  stage.server.will("/calls/callcall2345/end/", 200, callState(ended));
  await stage.session.hangUp();
  stage.session.receive({ type: "call.accepted", seq: 2, call: callState(active), answer: ANSWER });

  expect(stage.phase).toBe("ended");
});

test("a goodbye from the other side ends the call, and the server is told", async () => {
  const stage = await talking();
  stage.server.will("/calls/callcall2345/end/", 200, callState(ended));
  stage.connection.channel.onmessage?.({ data: '{"type":"bye"}' });
  await settle();
  stage.clock.pass(1_000);

  expect(stage.phase).toBe("ended");
  expect(stage.server.urls.at(-1)).toBe("/calls/callcall2345/end/");
  expect(stage.connection.closed).toBe(true);
});

test("a call of ours in another window does not ring here, but is shown while it runs", () => {
  const stage = new Stage();
  stage.session.receive({ type: "call.ringing", seq: 1, call: callState() });
  expect(stage.phase).toBe("idle");
  stage.session.receive({ type: "call.accepted", seq: 2, call: callState(active) });
  expect(stage.phase).toBe("elsewhere");
  stage.session.receive({ type: "call.ended", seq: 3, call: callState(ended) });

  expect(stage.phase).toBe("idle");
  expect(stage.connections).toHaveLength(0);
});

test("a ring whose reply was lost goes on: the socket told of it", async () => {
  const stage = new Stage();
  stage.server.will(URL, 0, null);
  const calling = stage.session.call(URL, "Erika");
  stage.session.receive({ type: "call.ringing", seq: 1, call: callState() });
  await calling;

  expect(stage.phase).toBe("outgoing");
  expect(stage.connection.signalingState).toBe("have-local-offer");
});

test("while it is still open who has a running call, no other is started", async () => {
  const stage = new Stage();
  const resuming = stage.session.resume(callState(active));
  await stage.session.call(URL, "Erika");
  await resuming;

  expect(stage.server.urls).toEqual([]);
  expect(stage.phase).toBe("active");
});

test("another window took the call: this one stops ringing", () => {
  const stage = new Stage(true);
  rung(stage);
  const call = callState({ ...forPatient, ...active });
  stage.session.receive({ type: "call.accepted", seq: 2, call });

  expect(stage.phase).toBe("idle");
});

test("during a call nothing else rings", async () => {
  const stage = await talking();
  rung(stage, "othercall234");

  expect(stage.phase).toBe("active");
  expect(stage.session.machine.call?.code).toBe("callcall2345");
});

test("a reload in mid-call joins and offers afresh", async () => {
  const stage = new Stage();
  await stage.session.resume(callState(active));
  await settle();

  expect(stage.phase).toBe("active");
  expect(stage.words).toEqual(["call.join", "offer"]);
});

test("a caller reloaded while it rings begins over the socket after the accept", async () => {
  const stage = new Stage();
  await stage.session.resume(callState());
  expect(stage.phase).toBe("outgoing");
  stage.session.receive({ type: "call.accepted", seq: 2, call: callState(active), answer: ANSWER });
  await settle();

  expect(stage.words).toEqual(["call.join", "offer"]);
});

test("a call that another window has is shown as such, and can be taken over", async () => {
  const stage = new Stage();
  stage.ownership.elsewhere = true;
  await stage.session.resume(callState(active));
  expect(stage.phase).toBe("elsewhere");
  await stage.session.resume(callState(active));
  expect(stage.phase).toBe("elsewhere");

  stage.server.will("/calls/callcall2345/", 200, callState(active));
  await stage.session.takeOver();
  expect(stage.phase).toBe("active");
  expect(stage.ownership.owned).toEqual(["callcall2345"]);
});

test("a call taken over by another window leaves this one", async () => {
  const stage = await talking();
  stage.ownership.taken("callcall2345");

  expect(stage.phase).toBe("elsewhere");
  expect(stage.connection.closed).toBe(true);
});

test("signals wait while the socket is away, and follow the join when it is back", async () => {
  const stage = await talking();
  stage.isOnline = false;
  stage.sent = [];
  stage.connection.gather("waiting");
  expect(stage.phase).toBe("active");
  stage.isOnline = true;
  stage.session.online();

  expect(stage.words).toEqual(["call.join", "waiting"]);
});

test("an end that was missed is found by catching up", async () => {
  const stage = await talking();
  stage.server.will("/calls/callcall2345/", 200, callState(ended));
  await stage.session.catchUp();

  expect(stage.phase).toBe("ended");
  expect(stage.session.machine.ending?.seconds).toBe(65);
});

test("an accept that was missed is found by catching up", async () => {
  const stage = await ringing();
  stage.server.will("/calls/callcall2345/", 200, callState(active));
  await stage.session.catchUp();
  await settle();

  expect(stage.phase).toBe("active");
  expect(stage.words).toEqual(["call.join", "offer"]);
});

test("a ring that nobody ends is asked about", async () => {
  const stage = await ringing();
  stage.server.will("/calls/callcall2345/", 200, callState({ state: "ended", outcome: "missed" }));
  stage.clock.pass(50_000);
  await settle();

  expect(stage.session.machine.ending?.reason).toBe("missed");
});

test("signals of strangers and of other calls reach no connection", async () => {
  const stage = await talking();
  const description = { type: "offer" as const, sdp: "o=- 5 1" };
  stage.session.receive({ type: "signal.relayed", call: "other", from: PATIENT, description });
  stage.session.receive({ type: "signal.relayed", call: "callcall2345", from: "x", description });
  await settle();

  expect(stage.connections).toHaveLength(1);
});

test("a guest's page keeps its camera for the next ring", async () => {
  const stage = new Stage(true);
  await stage.media.open();
  rung(stage);
  await stage.session.decline();

  expect(stage.media.states.camera).toBe(true);
});

test("a server that calls us somebody else at the accept is not followed", async () => {
  const stage = await ringing();
  const call = callState({ ...active, me: "neuerplatz23" });
  stage.session.receive({ type: "call.accepted", seq: 2, call, answer: ANSWER });
  await settle();

  expect(stage.session.machine.call?.me).toBe(DOCTOR);
  expect(stage.connection.remoteDescription).toBe(null);
});

test("a server that calls us somebody else in a running call is not followed", async () => {
  const stage = await talking();
  const call = callState({ ...active, me: "neuerplatz23" });
  stage.session.receive({ type: "call.changed", seq: 3, call });

  expect(stage.session.machine.call?.me).toBe(DOCTOR);
});

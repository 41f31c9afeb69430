import { expect, test } from "vitest";
import { settle } from "../fakes/clock.ts";
import { connected, deliver, haveMet, Side, talk } from "../fakes/peers.ts";

const tracksOf = (side: Side) =>
  side.connection.getTransceivers().map(({ sender }) => sender.track);

test("the ring's offer has all seats, no tracks, and gathers nothing before the call exists", async () => {
  const doctor = new Side(false);
  await doctor.peer.draftOffer();
  await settle();

  expect(doctor.connection.signalingState).toBe("stable");
  expect(doctor.connection.getTransceivers()).toHaveLength(3);
  expect(tracksOf(doctor)).toEqual([null, null, null]);
  expect(doctor.outgoing).toEqual([]);
});

test("the ring uses the servers that the call allows", async () => {
  const doctor = new Side(false);
  await doctor.peer.draftOffer();
  await doctor.peer.ring({ iceServers: [{ urls: "turn:example.org" }] });

  expect(doctor.connection.configuration.iceServers).toEqual([{ urls: "turn:example.org" }]);
  expect(doctor.connection.signalingState).toBe("have-local-offer");
  expect(tracksOf(doctor)).toEqual([null, null, null]);
});

test("accept and answer bring both together, with media only from then on", async () => {
  const { doctor, patient } = await connected();

  expect(haveMet(doctor, patient)).toBe(true);
  expect(tracksOf(doctor)).toEqual([doctor.tracks.microphone, doctor.tracks.camera, null]);
  expect(tracksOf(patient)).toEqual([patient.tracks.microphone, patient.tracks.camera, null]);
  expect(patient.connection.getTransceivers().map(({ direction }) => direction)).toEqual([
    "sendrecv",
    "sendrecv",
    "sendrecv",
  ]);
});

test("candidates that come before the offer wait for it", async () => {
  const doctor = new Side(false);
  const patient = new Side(true);
  const offer = await doctor.peer.draftOffer();
  await doctor.peer.ring({});
  doctor.connection.gather("early");
  await deliver(doctor, patient);
  expect(patient.connection.candidates).toEqual([]);

  await patient.peer.draftAnswer(offer);

  expect(patient.connection.candidates).toMatchObject([{ candidate: "early" }]);
});

test("after the answer the caller repeats its candidates: the callee may have been reloaded", async () => {
  const doctor = new Side(false);
  const offer = await doctor.peer.draftOffer();
  await doctor.peer.ring({});
  doctor.connection.gather("lost with the old page");
  doctor.outgoing = [];
  const answer = await new Side(true).peer.draftAnswer(offer);
  await doctor.peer.takeAnswer(answer);

  expect(doctor.words).toEqual(["lost with the old page"]);
});

test("without an answer both begin over the socket", async () => {
  const doctor = new Side(false);
  const patient = new Side(true);
  await doctor.peer.draftOffer();
  await doctor.peer.ring({});
  await Promise.all([doctor.peer.takeAnswer(null), patient.peer.start({})]);
  await talk(doctor, patient);

  expect(haveMet(doctor, patient)).toBe(true);
  expect(doctor.connections[0]?.closed).toBe(true);
  expect(tracksOf(patient)).toEqual([patient.tracks.microphone, patient.tracks.camera, null]);
});

test("an offer of no use is refused, so that the accept can go without an answer", async () => {
  const patient = new Side(true);
  patient.connection.close();

  await expect(patient.peer.draftAnswer({ type: "offer", sdp: "" })).rejects.toThrow();
});

test("glare at the start: the impolite offer wins, with two seats and not four", async () => {
  const doctor = new Side(false);
  const patient = new Side(true);
  await Promise.all([doctor.peer.offerAfresh(), patient.peer.offerAfresh()]);
  const doctors = doctor.connection;
  await talk(doctor, patient);

  expect(haveMet(doctor, patient)).toBe(true);
  expect(doctor.connection).toBe(doctors);
  expect(patient.connection.getTransceivers()).toHaveLength(3);
});

test("glare in a running call: the polite side takes the other's offer on the same connection", async () => {
  const { doctor, patient } = await connected();
  const before = [doctor.connection, patient.connection];
  doctor.connection.restartIce();
  patient.connection.restartIce();
  await talk(doctor, patient);

  expect(haveMet(doctor, patient)).toBe(true);
  expect([doctor.connection, patient.connection]).toEqual(before);
});

test("candidates of an ignored offer are swallowed", async () => {
  const { doctor, patient } = await connected();
  doctor.connection.restartIce();
  patient.connection.restartIce();
  await settle();
  patient.connection.gather("of the offer that lost");
  await talk(patient, doctor);

  expect(haveMet(doctor, patient)).toBe(true);
});

test("an answered negotiation is the last one: seats are taken once", async () => {
  const { doctor, patient } = await connected();
  doctor.connection.restartIce();
  await talk(doctor, patient);

  expect(patient.connection.getTransceivers()[0]?.sender.streams).toBe(1);
  expect(doctor.words).toEqual([]);
});

test.each(["patient", "doctor"] as const)("a reload of the %s makes a new pair", async (who) => {
  const pair = await connected();
  const { doctor, patient } = pair;
  pair[who].reload();
  await pair[who].peer.offerAfresh();
  await talk(doctor, patient);

  expect(haveMet(doctor, patient)).toBe(true);
  expect(doctor.connection.getTransceivers()).toHaveLength(3);
  expect(patient.connection.getTransceivers()).toHaveLength(3);
});

test("both reloaded at once find each other", async () => {
  const { doctor, patient } = await connected();
  doctor.reload();
  patient.reload();
  await Promise.all([doctor.peer.offerAfresh(), patient.peer.offerAfresh()]);
  await talk(patient, doctor);

  expect(haveMet(doctor, patient)).toBe(true);
});

test("an offer that nobody was there to hear is repeated when the other joins", async () => {
  const doctor = new Side(false);
  const patient = new Side(true);
  await doctor.peer.offerAfresh();
  doctor.connection.gather("first");
  doctor.outgoing = [];
  await doctor.peer.rejoined();
  expect(doctor.words).toEqual(["offer", "first"]);

  await talk(doctor, patient);
  expect(haveMet(doctor, patient)).toBe(true);
});

test("a socket that comes back disturbs nobody", async () => {
  const { doctor } = await connected();
  const before = doctor.connection;
  await doctor.peer.rejoined();

  expect(doctor.connection).toBe(before);
  expect(doctor.words).toEqual([]);
});

test("each side learns whether the other's camera and microphone are on", async () => {
  const { doctor, patient } = await connected();
  doctor.connection.channel.readyState = "open";
  doctor.connection.channel.onopen?.();
  const told = doctor.connection.channel.sent.at(-1) ?? "";
  patient.connection.channel.onmessage?.({ data: told });
  patient.connection.channel.onmessage?.({ data: "nonsense" });

  expect(patient.peer.devices).toEqual({ camera: true, microphone: false });
});

test("nothing happens after the end", async () => {
  const { doctor } = await connected();
  doctor.peer.close();
  await doctor.peer.receive({ description: { type: "offer", sdp: "o=- 1 1" } });

  expect(doctor.connection.closed).toBe(true);
  await expect(doctor.peer.offerAfresh()).rejects.toThrow();
});

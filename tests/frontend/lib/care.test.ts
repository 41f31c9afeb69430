import { expect, test } from "vitest";
import { Generations } from "../../../frontend/lib/generations.ts";
import { Quality } from "../../../frontend/lib/quality.ts";
import { type Picture, Thin } from "../../../frontend/lib/thin.ts";
import type { Sample } from "../../../frontend/lib/watch.ts";
import { FakeClock, settle } from "../fakes/clock.ts";
import { connected, deliver, type Side, talk } from "../fakes/peers.ts";

const FINE: Sample = { silent: 0, lostHere: 0, lostThere: 0, roundTrip: 0.05, sendable: 1_500_000 };

async function pass(side: Side, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 50) {
    side.clock.pass(50);
    await settle();
  }
}

function fallSilent(side: Side): void {
  side.connection.stats = [{ type: "transport", packetsReceived: 7 }];
}

test("a path on which nothing comes in is restarted, whatever its state says", async () => {
  const { doctor } = await connected();
  await pass(doctor, 2_000);
  expect(doctor.connection.restarts).toBe(0);
  fallSilent(doctor);
  doctor.connection.stats = [{ type: "transport", packetsReceived: 1 }];
  await pass(doctor, 950);
  expect(doctor.connection.restarts).toBe(0);
  expect(doctor.peer.care.health).toBe("connected");

  await pass(doctor, 600);
  expect(doctor.connection.restarts).toBe(1);
  expect(doctor.peer.care.health).toBe("lost");
  expect(doctor.silences).toBe(1);
});

test("restarts that do not help come at longer and longer distances", async () => {
  const { doctor } = await connected();
  fallSilent(doctor);
  const at: number[] = [];
  for (let second = 1; second <= 40; second += 1) {
    const before = doctor.connection.restarts;
    await pass(doctor, 1_000);
    if (doctor.connection.restarts > before) at.push(second);
  }

  const pauses = at.slice(1).map((one, index) => one - (at[index] ?? 0));
  expect(pauses.length).toBeGreaterThan(2);
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
});

test("the polite side leaves the first restart to the other", async () => {
  const { patient } = await connected();
  fallSilent(patient);
  await pass(patient, 2_000);
  expect(patient.connection.restarts).toBe(0);
  await pass(patient, 1_000);
  expect(patient.connection.restarts).toBe(1);
});

test("somebody whose camera and microphone are off may be silent for longer", async () => {
  const { doctor } = await connected();
  doctor.peer.devices = { camera: false, microphone: false };
  fallSilent(doctor);
  await pass(doctor, 6_000);
  expect(doctor.connection.restarts).toBe(0);
});

test("another network on our side waits for no silence", async () => {
  const { patient } = await connected();
  patient.peer.care.suspect();

  expect(patient.connection.restarts).toBe(1);
});

test("without the server a renegotiation takes the way that still stands", async () => {
  const { doctor, patient } = await connected();
  const heard = patient.connection.signalingState;
  doctor.peer.care.suspect();
  await settle();
  const [signal] = doctor.outgoing;
  doctor.outgoing = [];
  patient.connection.channel.onmessage?.({ data: JSON.stringify({ type: "signal", ...signal }) });
  await deliver(patient, doctor);
  await talk(doctor, patient);

  expect(heard).toBe("stable");
  expect(doctor.connection.signalingState).toBe("stable");
  expect(doctor.connection.restarts).toBe(1);
});

test.each([
  { type: "signal" },
  { type: "signal", description: "x" },
  { type: "signal", candidate: 3 },
])("a signal without sense changes nothing: %j", async (word) => {
  const { doctor } = await connected();
  doctor.connection.channel.onmessage?.({ data: JSON.stringify(word) });
  await settle();
  expect(doctor.connection.candidates).toEqual([]);
});

function show(thin: Thin, clock: FakeClock, sample: Partial<Sample>, seconds: number): Picture[] {
  const seen: Picture[] = [];
  for (let looks = 0; looks < 2 * seconds; looks += 1) {
    clock.pass(500);
    if (thin.saw({ ...FINE, ...sample }, true)) seen.push(thin.picture);
  }
  return seen;
}

test("the picture pauses where the path is too thin for a while, and returns by itself", () => {
  const clock = new FakeClock();
  const thin = new Thin(clock);

  expect(show(thin, clock, { sendable: 80_000 }, 2)).toEqual([]);
  expect(show(thin, clock, {}, 1)).toEqual([]);
  expect(show(thin, clock, { sendable: 80_000 }, 5)).toEqual(["paused"]);
  expect(thin.isPaused).toBe(true);
  expect(show(thin, clock, { sendable: 60_000 }, 7)).toEqual(["trying"]);
  expect(thin.isPaused).toBe(true);
  expect(show(thin, clock, {}, 5)).toEqual(["sending"]);
  expect(thin.isPaused).toBe(false);
});

test("a try that fails is followed by a longer pause", () => {
  const clock = new FakeClock();
  const thin = new Thin(clock);
  show(thin, clock, { sendable: 50_000 }, 4);
  expect(thin.picture).toBe("paused");

  const steps = show(thin, clock, { sendable: 50_000 }, 8 + 8 + 16 + 8);
  expect(steps).toEqual(["trying", "paused", "trying", "paused"]);
});

test("much loss on a narrow path pauses it too, on a wide one it does not", () => {
  const clock = new FakeClock();
  const lossy = { lostThere: 0.3 };
  expect(show(new Thin(clock), clock, { ...lossy, sendable: 200_000 }, 5)).toEqual(["paused"]);
  expect(show(new Thin(clock), clock, { ...lossy, sendable: 900_000 }, 5)).toEqual([]);
});

test("who sends no picture has none to pause", () => {
  const thin = new Thin(new FakeClock());
  expect(thin.saw({ ...FINE, sendable: 1_000 }, false)).toBe(false);
});

function levels(quality: Quality, sample: Partial<Sample>, looks: number): string[] {
  const seen: string[] = [];
  for (let look = 0; look < looks; look += 1)
    if (quality.saw({ ...FINE, ...sample }, false)) seen.push(quality.level);
  return seen;
}

test("the quality is a word that does not flicker", () => {
  const quality = new Quality();
  expect(levels(quality, {}, 20)).toEqual([]);
  expect(levels(quality, { roundTrip: 0.5 }, 2)).toEqual([]);
  expect(levels(quality, {}, 2)).toEqual([]);
  expect(levels(quality, { roundTrip: 0.5 }, 5)).toEqual(["fair"]);
  expect(levels(quality, { sendable: 90_000 }, 5)).toEqual(["weak"]);
  expect(levels(quality, {}, 9)).toEqual([]);
  expect(levels(quality, {}, 2)).toEqual(["good"]);
});

test("lost packets count, on either way", () => {
  expect(levels(new Quality(), { lostHere: 0.06 }, 20)).toEqual(["fair"]);
  expect(levels(new Quality(), { lostThere: 0.3 }, 20)).toContain("weak");
});

test("a paused picture is told to the other side, and sound goes before picture", async () => {
  const { doctor } = await connected();
  doctor.peer.tellDevices();
  doctor.connection.channel.readyState = "open";
  doctor.connection.stats = null;
  const path = { type: "candidate-pair", selected: true, availableOutgoingBitrate: 60_000 };
  for (let look = 1; look < 12; look += 1) {
    doctor.connection.stats = [{ ...path, packetsReceived: look }];
    await pass(doctor, 500);
  }

  const told = JSON.parse(doctor.connection.channel.sent.at(-1) ?? "{}");
  expect(told).toMatchObject({ type: "devices", paused: true });
  const [sound, picture] = doctor.connection.getSenders();
  expect(sound?.parameters.encodings).toEqual([{ priority: "high", networkPriority: "high" }]);
  expect(picture?.parameters.encodings[0]).toMatchObject({ active: false, priority: "low" });
});

test("what they say of their paused picture is known", async () => {
  const { doctor } = await connected();
  const word = { type: "devices", camera: true, microphone: true, paused: true };
  doctor.connection.channel.onmessage?.({ data: JSON.stringify(word) });
  expect(doctor.peer.isPaused).toBe(true);
});

test("an offer of theirs is given time before a restart of ours", async () => {
  const { doctor, patient } = await connected();
  fallSilent(patient);
  await pass(patient, 1_500);
  doctor.peer.care.suspect();
  await talk(doctor, patient);
  await pass(patient, 2_000);
  expect(patient.connection.restarts).toBe(0);
  await pass(patient, 2_000);
  expect(patient.connection.restarts).toBe(1);
});

test("addresses of a restart rank above the earlier ones, in their own order", () => {
  const generations = new Generations();
  const rank = (ufrag: string, priority: number): number => {
    const candidate = `candidate:1 1 udp ${priority} 192.0.2.1 50000 typ host generation 0`;
    const ranked = generations.rank({
      candidate,
      sdpMid: "0",
      sdpMLineIndex: 0,
      usernameFragment: ufrag,
    });
    return Number(ranked.candidate.split(" ")[3]);
  };
  const [host, other, relayed] = [2122260223, 2122194687, 33554431];

  const order = [
    rank("a", host),
    rank("b", relayed),
    rank("b", other),
    rank("b", host),
    rank("c", relayed),
  ];
  expect(order[0]).toBe(host);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(new Set(order).size).toBe(order.length);
  // A long call in a train restarts often.
  for (let restart = 0; restart < 100; restart += 1) {
    const before = rank(`d${restart}`, host);
    expect(rank(`e${restart}`, relayed)).toBeGreaterThan(before);
  }
  for (let restart = 0; restart < 200; restart += 1) rank(`f${restart}`, host);
  expect(rank("z", host)).toBeLessThan(2 ** 31);
});

import { expect, test } from "vitest";
import { LocalMedia } from "../../../frontend/lib/media.ts";
import { settle } from "../fakes/clock.ts";
import { FakeConnection } from "../fakes/connection.ts";
import { environment, FakeStream, FakeTrack, failure } from "../fakes/media.ts";
import { connected, deliver, haveMet, Side } from "../fakes/peers.ts";

function world(display: () => Promise<MediaStream>) {
  const { devices, ...rest } = environment({});
  const media = new LocalMedia({
    ...rest,
    devices: { getUserMedia: devices?.getUserMedia as never, getDisplayMedia: display },
  });
  let changes = 0;
  media.onChange(() => {
    changes += 1;
  });
  return { media, changes: () => changes };
}

function shows(track: FakeTrack): () => Promise<MediaStream> {
  const stream = new FakeStream();
  stream.addTrack(track);
  return () => Promise.resolve(stream as unknown as MediaStream);
}

test("a chosen screen is sharp, sits in its seat, and the browser's own button ends it", async () => {
  const track = new FakeTrack("video");
  const { media, changes } = world(shows(track));
  expect(await media.screen.start()).toBe(true);

  expect(media.track("screen")).toBe(track);
  expect(track.contentHint).toBe("detail");
  expect(media.stream.getTracks()).toEqual([]);
  expect(changes()).toBe(1);

  track.onended?.();
  expect(media.track("screen")).toBeNull();
  expect(track.readyState).toBe("ended");
  expect(changes()).toBe(2);
});

test("who does not choose shares nothing", async () => {
  const { media, changes } = world(() => Promise.reject(failure("NotAllowedError")));

  expect(await media.screen.start()).toBe(false);
  expect(media.track("screen")).toBeNull();
  expect(changes()).toBe(0);
});

test("a browser without it says so, and the end of the call ends it", async () => {
  expect(new LocalMedia(environment({})).screen.isPossible).toBe(false);
  expect(await new LocalMedia(environment({})).screen.start()).toBe(false);
  const track = new FakeTrack("video");
  const { media } = world(shows(track));
  await media.screen.start();
  media.release();

  expect(track.readyState).toBe("ended");
});

test("a screen starts and stops without a negotiation", async () => {
  const { doctor, patient } = await connected();
  doctor.screen = new FakeTrack("video");
  await doctor.peer.attach();
  const [, camera, screen] = doctor.connection.getTransceivers();

  expect(screen?.sender.track).toBe(doctor.screen);
  expect(camera?.sender.track).toBe(doctor.tracks.camera);
  doctor.screen = null;
  await doctor.peer.attach();
  expect(screen?.sender.track).toBeNull();
  expect(doctor.words.concat(patient.words)).toEqual([]);
});

test("what comes in the third seat is their screen, and not their picture", async () => {
  const { patient } = await connected();
  const transceivers = patient.connection.getTransceivers();
  for (const transceiver of transceivers)
    patient.connection.ontrack?.({ track: transceiver.receiver.track, transceiver });

  expect(patient.peer.stream.getTracks()).toEqual(
    transceivers.slice(0, 2).map(({ receiver }) => receiver.track),
  );
  expect(patient.peer.screen.getTracks()).toEqual([transceivers[2]?.receiver.track]);
});

test("a page from before the screen has two seats, and the call works with them", async () => {
  const patient = new Side(true);
  const old = new FakeConnection();
  old.addTransceiver("audio", { direction: "sendrecv" });
  old.addTransceiver("video", { direction: "sendrecv" });
  await old.setLocalDescription();
  patient.screen = new FakeTrack("video");
  const answer = await patient.peer.draftAnswer(old.localDescription as never);
  await old.setRemoteDescription(answer);
  await patient.peer.start({});
  await settle();

  expect(patient.connection.getTransceivers().map(({ sender }) => sender.track)).toEqual([
    patient.tracks.microphone,
    patient.tracks.camera,
  ]);
});

test("a screen that is shared goes on over a new connection", async () => {
  const { doctor, patient } = await connected();
  doctor.screen = new FakeTrack("video");
  await doctor.peer.attach();
  await doctor.peer.offerAfresh();
  await deliver(doctor, patient);
  await deliver(patient, doctor);

  expect(haveMet(doctor, patient)).toBe(true);
  expect(doctor.connection.getTransceivers()[2]?.sender.track).toBe(doctor.screen);
});

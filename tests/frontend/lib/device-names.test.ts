/* Ids of devices differ from browser to browser, names hardly ever: which one is meant? */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  deviceNamed,
  devicesOf,
  deviceToUse,
  type Listed,
  preferDevice,
} from "../../../frontend/lib/device-list.ts";
import { LocalMedia } from "../../../frontend/lib/media.ts";
import { createStream, FakeStream, FakeTrack } from "../fakes/media.ts";

const DESK: Listed[] = [
  { kind: "camera", id: "c1", label: "Integrated Camera" },
  { kind: "camera", id: "c2", label: "Logi Brio (046d:085e)" },
  { kind: "microphone", id: "default", label: "Standard - Headset" },
  { kind: "microphone", id: "m1", label: "Headset" },
  { kind: "speaker", id: "communications", label: "Headset" },
  { kind: "speaker", id: "s1", label: "Headset" },
];
const BROWSERS = { camera: "videoinput", microphone: "audioinput", speaker: "audiooutput" };

function plugIn(devices: () => Listed[]): void {
  const enumerateDevices = async () =>
    devices().map(({ kind, id, label }) => ({ kind: BROWSERS[kind], deviceId: id, label }));
  vi.stubGlobal("navigator", { mediaDevices: { enumerateDevices } });
}

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

test.each([
  ["Logi Brio", "camera", "c2"],
  ["Logi Brio (046d:085e)", "camera", "c2"],
  ["Headset", "microphone", "m1"],
  ["Headset", "speaker", "s1"],
  ["Headset", "camera", ""],
  ["Logi", "camera", ""],
  ["", "camera", ""],
] as const)("the device named %j as %s is %j", (name, kind, id) => {
  expect(deviceNamed(name, kind, DESK)).toBe(id);
});

test("no name fits devices that the browser does not name yet", () => {
  const hidden = DESK.map((device) => ({ ...device, label: "" }));
  expect(deviceNamed("", "camera", hidden)).toBe("");
  expect(deviceNamed("Logi Brio", "camera", hidden)).toBe("");
});

test("what the browser lists twice is offered once", () => {
  expect(devicesOf("microphone", DESK).map(({ id }) => id)).toEqual(["m1"]);
  expect(devicesOf("camera", DESK)).toHaveLength(2);
});

test("a choice made in this browser wins over the account's, even the choice of none", async () => {
  plugIn(() => DESK);
  expect(await deviceToUse("camera", "Logi Brio")).toBe("c2");

  preferDevice("camera", "c1");
  expect(deviceToUse("camera", "Logi Brio")).toBe("c1");
  preferDevice("camera", "");
  expect(deviceToUse("camera", "Logi Brio")).toBe("");
});

/** A browser that names its cameras after one was opened, and takes the first by itself. */
class Shy {
  opened: string[] = [];
  isAllowed = false;
  readonly tracks: FakeTrack[] = [];
  readonly media = new LocalMedia({
    createStream,
    permission: () => Promise.resolve("prompt"),
    preferred: (device) => deviceToUse(device, device === "camera" ? "Logi Brio" : ""),
    devices: { getUserMedia: (wish) => Promise.resolve(this.#give(wish)) },
  });

  constructor() {
    plugIn(() => (this.isAllowed ? DESK : DESK.map((device) => ({ ...device, label: "" }))));
  }

  #give(wish: MediaStreamConstraints = {}): MediaStream {
    this.isAllowed = true;
    const stream = new FakeStream();
    if (wish.audio) stream.addTrack(new FakeTrack("audio"));
    if (wish.video) {
      const exact = ((wish.video as MediaTrackConstraints).deviceId as { exact?: string })?.exact;
      const track = new FakeTrack("video");
      track.deviceId = exact ?? "c1";
      this.tracks.push(track);
      this.opened.push(track.deviceId);
      stream.addTrack(track);
    }
    return stream as unknown as MediaStream;
  }
}

test("where names come only with the permission the chosen camera takes the other's place", async () => {
  const shy = new Shy();
  await shy.media.open();

  expect(shy.opened).toEqual(["c1", "c2"]);
  expect(shy.media.track("camera")?.getSettings().deviceId).toBe("c2");
  expect(shy.tracks.map(({ readyState }) => readyState)).toEqual(["ended", "live"]);

  shy.media.release();
  await shy.media.open();
  expect(shy.opened.slice(2)).toEqual(["c2"]);
});

test("what was chosen for one call does not outlive it", async () => {
  const shy = new Shy();
  await shy.media.open();
  await shy.media.use("camera", { deviceId: { exact: "c1" } });
  expect(shy.media.track("camera")?.getSettings().deviceId).toBe("c1");

  shy.media.release();
  preferDevice("camera", "c2");
  await shy.media.open();
  expect(shy.media.track("camera")?.getSettings().deviceId).toBe("c2");
});

import { afterEach, expect, test, vi } from "vitest";
import { preferDevice, preferredDevice } from "../../../frontend/lib/device-list.ts";
import { LocalMedia, type Loss } from "../../../frontend/lib/media.ts";
import { settle } from "../fakes/clock.ts";
import { createStream, FakeStream, FakeTrack, failure } from "../fakes/media.ts";

type Wish = MediaTrackConstraints;

/** Cameras and microphones with ids; what is asked of them stays in `asked`. */
class Desk {
  asked: Wish[] = [];
  plugged = ["first", "second"];
  busy = new Set<string>();
  /** Telephones: a second camera opens only after the first was stopped. */
  oneAtATime = false;
  remembered: PermissionState = "granted";
  preferred = "";
  readonly tracks: FakeTrack[] = [];
  readonly media = new LocalMedia({
    createStream,
    permission: () => Promise.resolve(this.remembered),
    preferred: () => this.preferred,
    devices: { getUserMedia: (wish) => this.#open((wish?.video ?? wish?.audio) as Wish) },
  });

  get used(): string | undefined {
    return this.media.track("camera")?.getSettings().deviceId;
  }

  async camera(): Promise<void> {
    await this.media.set("microphone", false);
    await this.media.open();
  }

  unplug(id: string): void {
    this.plugged = this.plugged.filter((one) => one !== id);
    (this.media.track("camera") as unknown as FakeTrack).onended?.();
  }

  #open(wish: Wish): Promise<MediaStream> {
    this.asked.push(wish);
    const { exact, ideal } = (wish.deviceId ?? {}) as ConstrainDOMStringParameters;
    const id = [exact, ideal, ...this.plugged].find((one) => this.plugged.includes(String(one)));
    if (id === undefined || (exact && id !== exact))
      return Promise.reject(failure(exact ? "OverconstrainedError" : "NotFoundError"));
    const isTaken = this.oneAtATime && this.tracks.some(({ readyState }) => readyState === "live");
    if (this.busy.has(String(id)) || isTaken) return Promise.reject(failure("NotReadableError"));
    const track = new FakeTrack("video");
    track.deviceId = String(id);
    this.tracks.push(track);
    const stream = new FakeStream();
    stream.addTrack(track);
    return Promise.resolve(stream as unknown as MediaStream);
  }
}

async function open(changes: Partial<Desk> = {}): Promise<Desk> {
  const desk = Object.assign(new Desk(), changes);
  await desk.camera();
  return desk;
}

test("the remembered camera is asked for first, whichever way it looks", async () => {
  const desk = await open({ preferred: "second" });

  expect(desk.used).toBe("second");
  expect(desk.asked[0]).toMatchObject({ deviceId: { exact: "second" } });
  expect(desk.asked[0]).not.toHaveProperty("facingMode");
});

test("a remembered camera that is not there is no obstacle", async () => {
  expect((await open({ preferred: "gone" })).used).toBe("first");
});

test("another camera takes the place of the first, which is let go", async () => {
  const desk = await open();
  expect(await desk.media.use("camera", { deviceId: { exact: "second" } })).toBe(true);

  expect(desk.used).toBe("second");
  expect(desk.media.stream.getTracks()).toHaveLength(1);
  expect(desk.tracks.map(({ readyState }) => readyState)).toEqual(["ended", "live"]);
});

test("switched off and on again it is still the one that was chosen", async () => {
  const desk = await open();
  await desk.media.use("camera", { deviceId: { exact: "second" } });
  await desk.media.set("camera", false);
  await desk.media.set("camera", true);

  expect(desk.used).toBe("second");
});

test("where only one camera opens at a time the first makes room", async () => {
  const desk = await open({ oneAtATime: true });

  expect(await desk.media.use("camera", { deviceId: { exact: "second" } })).toBe(true);
  expect(desk.used).toBe("second");
});

test("a camera that does not open leaves the present one", async () => {
  const desk = await open({ busy: new Set(["second"]) });

  expect(await desk.media.use("camera", { deviceId: { exact: "second" } })).toBe(false);
  expect(desk.used).toBe("first");
  expect(desk.media.states.camera).toBe(true);
  expect(desk.media.problems.camera).toBeNull();
});

test("a camera that is unplugged is replaced by the next, and the loss is told", async () => {
  const desk = await open();
  const losses: Loss[] = [];
  desk.media.onLoss((loss) => losses.push(loss));
  desk.unplug("first");
  await settle();

  expect(desk.used).toBe("second");
  expect(losses.map(({ device, was, now }) => [device, was, now])).toEqual([
    ["camera", desk.tracks[0], desk.tracks[1]],
  ]);
});

test("without another one the loss is told as it is", async () => {
  const desk = await open({ plugged: ["first"] });
  const losses: Loss[] = [];
  desk.media.onLoss((loss) => losses.push(loss));
  desk.unplug("first");
  await settle();

  expect(losses).toMatchObject([{ device: "camera", now: null }]);
  expect(desk.media.problems.camera).toBe("missing");
});

test("a permission that was taken back is not asked for again", async () => {
  const desk = await open();
  desk.remembered = "prompt";
  (desk.media.track("camera") as unknown as FakeTrack).onended?.();
  await settle();

  expect(desk.asked).toHaveLength(1);
  expect(desk.used).toBeUndefined();
});

test("a camera that falls out again and again is left alone", async () => {
  const desk = await open();
  for (const _ of [1, 2, 3]) {
    (desk.media.track("camera") as unknown as FakeTrack | null)?.onended?.();
    await settle();
  }

  expect(desk.tracks).toHaveLength(2);
});

function storage(values: Record<string, string>): Pick<Storage, "getItem" | "setItem"> {
  return {
    getItem: (key) => values[key] ?? null,
    setItem: (key, value) => {
      values[key] = value;
    },
  };
}

afterEach(() => vi.unstubAllGlobals());

test("each choice is remembered by itself", () => {
  vi.stubGlobal("localStorage", storage({}));
  preferDevice("camera", "front");
  preferDevice("speaker", "headset");

  expect([preferredDevice("camera"), preferredDevice("speaker")]).toEqual(["front", "headset"]);
  expect(preferredDevice("microphone")).toBe("");
});

test.each(["nonsense", "3", '{"camera": 3}', "null"])("%s in the storage is no choice", (text) => {
  vi.stubGlobal("localStorage", storage({ hc_devices: text }));
  expect(preferredDevice("camera")).toBe("");
});

test("a browser without storage goes on without", () => {
  const closed = () => {
    throw failure("SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: closed, setItem: closed });
  preferDevice("camera", "front");

  expect(preferredDevice("camera")).toBe("");
});

import { expect, test } from "vitest";
import {
  Blur,
  type Blurrer,
  type BlurState,
  type Trouble,
  type Veiled,
} from "../../../frontend/lib/blur.ts";
import { LocalMedia } from "../../../frontend/lib/media.ts";
import { settle } from "../fakes/clock.ts";
import { createStream, FakeStream, FakeTrack } from "../fakes/media.ts";

/** A blurred picture; ends its camera as the real one does. */
class BlurredTrack extends FakeTrack {
  readonly camera: FakeTrack;
  isUncovered = false;

  constructor(camera: FakeTrack) {
    super("video");
    this.camera = camera;
  }

  override stop(): void {
    super.stop();
    if (!this.isUncovered) this.camera.stop();
  }
}

/** A page with a camera, where blurring takes as long, and fails, as the test wants. */
class Desk {
  readonly cameras: FakeTrack[] = [];
  readonly states: BlurState[] = [];
  /** Whatever anybody could see of us, in turn. */
  readonly seen: (FakeTrack | null)[] = [];
  readonly media = new LocalMedia({
    createStream,
    permission: () => Promise.resolve("granted"),
    devices: {
      getUserMedia: () => {
        const track = new FakeTrack("video");
        this.cameras.push(track);
        const stream = new FakeStream();
        stream.addTrack(track);
        return Promise.resolve(stream as unknown as MediaStream);
      },
    },
  });
  readonly blur = new Blur(
    this.media,
    () => this.load(),
    (state) => this.states.push(state),
  );
  load = (): Promise<Blurrer> => Promise.resolve(this.blurrer);
  /** Lets the first blurred picture come. */
  let: (() => void)[] = [];
  waits = false;
  fails = false;
  isClosed = false;
  trouble: (trouble: Trouble) => void = () => undefined;
  readonly blurrer: Blurrer = {
    cover: async (camera, onTrouble) => {
      this.trouble = onTrouble;
      if (this.waits) await new Promise<void>((resolve) => this.let.push(resolve));
      if (this.fails) throw new Error("no graphics");
      return this.#veil(camera as unknown as FakeTrack);
    },
    close: () => {
      this.isClosed = true;
    },
  };

  constructor() {
    this.media.onChange(() => this.seen.push(this.shown));
  }

  get shown(): FakeTrack | null {
    return this.media.track("camera") as unknown as FakeTrack | null;
  }

  get isBlurred(): boolean {
    return this.shown instanceof BlurredTrack && this.shown.readyState === "live";
  }

  async camera(): Promise<void> {
    await this.media.set("microphone", false);
    await this.media.open();
  }

  #veil(camera: FakeTrack): Veiled {
    const track = new BlurredTrack(camera);
    return {
      track: track as unknown as MediaStreamTrack,
      uncover: () => {
        track.isUncovered = true;
        return camera as unknown as MediaStreamTrack;
      },
    };
  }
}

async function blurred(): Promise<Desk> {
  const desk = new Desk();
  await desk.camera();
  await desk.blur.on();
  desk.seen.length = 0;
  return desk;
}

test("while it is being fetched the camera stays as it is, then the blurred picture takes its place", async () => {
  const desk = new Desk();
  desk.waits = true;
  await desk.camera();
  const sharp = desk.shown;
  void desk.blur.on();
  await settle();
  expect(desk.states).toEqual(["loading"]);
  expect(desk.shown).toBe(sharp);
  expect(sharp?.readyState).toBe("live");
  desk.let[0]?.();
  await settle();

  expect(desk.states).toEqual(["loading", "on"]);
  expect(desk.isBlurred).toBe(true);
  expect(sharp?.readyState).toBe("ended");
  expect(desk.media.states.camera).toBe(true);
});

test.each([
  [
    "it cannot be fetched",
    (desk: Desk) => Object.assign(desk, { load: () => Promise.reject(new Error("404")) }),
  ],
  ["the device cannot do it", (desk: Desk) => Object.assign(desk, { fails: true })],
])("where %s the camera stays as it was", async (_, break_) => {
  const desk = new Desk();
  await desk.camera();
  const sharp = desk.shown;
  break_(desk);
  await desk.blur.on();

  expect(desk.states).toEqual(["loading", "failed"]);
  expect(desk.shown).toBe(sharp);
  expect(sharp?.readyState).toBe("live");
  expect(desk.media.veil).toBeNull();
});

test("after a failure one may try again", async () => {
  const desk = new Desk();
  await desk.camera();
  desk.fails = true;
  await desk.blur.on();
  desk.fails = false;
  await desk.blur.on();

  expect(desk.isBlurred).toBe(true);
});

test("another camera is seen only when it is blurred; until then the old one is", async () => {
  const desk = await blurred();
  const first = desk.shown;
  desk.waits = true;
  const switching = desk.media.use("camera", { deviceId: { exact: "other" } });
  await settle();
  expect(desk.shown).toBe(first);
  desk.let[0]?.();

  expect(await switching).toBe(true);
  expect(desk.isBlurred).toBe(true);
  expect(desk.shown).not.toBe(first);
  expect(first?.readyState).toBe("ended");
});

test("off and on again: no picture at all until the first blurred one", async () => {
  const desk = await blurred();
  await desk.media.set("camera", false);
  expect(desk.cameras.every(({ readyState }) => readyState === "ended")).toBe(true);
  desk.waits = true;
  const opening = desk.media.set("camera", true);
  await settle();
  expect(desk.shown).toBeNull();
  desk.let[0]?.();
  await opening;

  expect(desk.isBlurred).toBe(true);
  expect(desk.seen.every((track) => track === null || track instanceof BlurredTrack)).toBe(true);
});

test("a lost camera is replaced by a blurred one", async () => {
  const desk = await blurred();
  desk.shown?.onended?.();
  await settle();

  expect(desk.isBlurred).toBe(true);
  expect(desk.seen.every((track) => track === null || track instanceof BlurredTrack)).toBe(true);
});

test("switched on while the camera is off, it covers the camera that comes", async () => {
  const desk = new Desk();
  await desk.camera();
  await desk.media.set("camera", false);
  await desk.blur.on();
  expect(desk.states).toEqual(["loading", "on"]);
  await desk.media.set("camera", true);

  expect(desk.isBlurred).toBe(true);
});

test("switched off, the same camera goes on as it is", async () => {
  const desk = await blurred();
  const { camera } = desk.shown as BlurredTrack;
  desk.blur.off();

  expect(desk.shown).toBe(camera);
  expect(camera.readyState).toBe("live");
  expect(desk.isClosed).toBe(true);
  expect(desk.states.at(-1)).toBe("off");
});

test("switched off while it is fetched, nothing comes of it", async () => {
  const desk = new Desk();
  await desk.camera();
  const sharp = desk.shown;
  const turning = desk.blur.on();
  desk.blur.off();
  await turning;

  expect(desk.states).toEqual(["loading", "off"]);
  expect(desk.shown).toBe(sharp);
  expect(desk.isClosed).toBe(true);
});

test("a device that is too slow goes on without, and says so", async () => {
  const desk = await blurred();
  desk.trouble("slow");

  expect(desk.states.at(-1)).toBe("slow");
  expect(desk.shown).not.toBeInstanceOf(BlurredTrack);
  expect(desk.media.states.camera).toBe(true);
});

test("when blurring breaks down the camera is switched off: nobody decided to be seen", async () => {
  const desk = await blurred();
  desk.trouble("broken");

  expect(desk.states.at(-1)).toBe("broken");
  expect(desk.shown).toBeNull();
  expect(desk.cameras.every(({ readyState }) => readyState === "ended")).toBe(true);
});

test("when the next camera cannot be blurred it is not shown either", async () => {
  const desk = await blurred();
  desk.fails = true;
  await desk.media.use("camera", { deviceId: { exact: "other" } });

  expect(desk.shown).toBeNull();
  expect(desk.states.at(-1)).toBe("broken");
  expect(desk.cameras.every(({ readyState }) => readyState === "ended")).toBe(true);
});

test("at the end of a call everything is given back", async () => {
  const desk = await blurred();
  desk.media.release();
  desk.blur.off();

  expect(desk.isClosed).toBe(true);
  expect(desk.shown).toBeNull();
  expect(desk.cameras.every(({ readyState }) => readyState === "ended")).toBe(true);
});

test("a camera that was just coming when the call ended does not stay on", async () => {
  const desk = await blurred();
  await desk.media.set("camera", false);
  desk.waits = true;
  const opening = desk.media.set("camera", true);
  await settle();
  desk.media.release();
  desk.blur.off();
  desk.let[0]?.();
  await opening;

  expect(desk.shown).toBeNull();
  expect(desk.cameras.every(({ readyState }) => readyState === "ended")).toBe(true);
});

import { expect, test, vi } from "vitest";
import type { Frame } from "../../../frontend/blur/frames.ts";
import { Veil } from "../../../frontend/blur/veil.ts";
import type { Trouble } from "../../../frontend/lib/blur.ts";
import { settle } from "../fakes/clock.ts";

/** A camera's or canvas's track: an EventTarget like the browser's own. */
class Track extends EventTarget {
  label = "";
  readyState = "live";
  stop(): void {
    this.readyState = "ended";
  }
  getSettings(): MediaTrackSettings {
    return this.label ? { deviceId: "front", facingMode: "user" } : {};
  }
}

/** A camera whose pictures the test hands out, and blurring that takes `each` milliseconds. */
class Bench {
  now = 0;
  each = 10;
  fails = false;
  drawn = 0;
  shown = 0;
  closed = 0;
  handed = 0;
  areFramesClosed = false;
  readonly troubles: Trouble[] = [];
  readonly camera = new Track();
  readonly picture = new Track();
  #waiting: ((frame: Frame | null) => void) | null = null;
  readonly veil = new Veil(this.camera as unknown as MediaStreamTrack, {
    frames: {
      next: () => new Promise((resolve) => (this.#waiting = resolve)),
      close: () => {
        this.areFramesClosed = true;
        this.#waiting?.(null);
      },
    },
    output: {
      track: this.picture as unknown as MediaStreamTrack,
      show: () => (this.shown += 1),
    },
    draw: () => {
      if (this.fails) throw new Error("the graphics are gone");
      this.drawn += 1;
      this.now += this.each;
      return {} as HTMLCanvasElement;
    },
    now: () => this.now,
  });

  constructor() {
    this.camera.label = "Front camera";
  }

  start(): Promise<void> {
    return this.veil.start((trouble) => this.troubles.push(trouble));
  }

  async hand(width = 640): Promise<void> {
    this.handed += 1;
    const close = (): void => {
      this.closed += 1;
    };
    this.#waiting?.({ picture: {} as CanvasImageSource, width, height: 480, close });
    await settle();
  }

  /** So many pictures, 33 milliseconds apart. */
  async film(pictures: number): Promise<void> {
    for (let at = 0; at < pictures; at += 1) {
      const before = this.now;
      await this.hand();
      this.now = Math.max(this.now, before + 33);
    }
  }
}

test("it begins with the first blurred picture, not with a camera that has no picture yet", async () => {
  const bench = new Bench();
  const begun = vi.fn();
  void bench.start().then(begun);
  await bench.hand(0);
  expect(begun).not.toHaveBeenCalled();
  await bench.hand();

  expect(begun).toHaveBeenCalled();
  expect(bench.shown).toBe(1);
});

test("every picture is given back, and the page rests between them", async () => {
  const bench = new Bench();
  bench.each = 60;
  void bench.start();
  await bench.film(30);

  expect(bench.closed).toBe(bench.handed);
  expect(bench.drawn).toBeLessThan(bench.handed);
});

test("eight pictures a second are enough, five are not, and a hitch is forgiven", async () => {
  const fast = new Bench();
  fast.each = 80;
  void fast.start();
  await fast.film(150);
  fast.each = 900;
  await fast.hand();
  fast.each = 20;
  await fast.film(100);
  const slow = new Bench();
  slow.each = 160;
  void slow.start();
  await slow.film(20);
  expect(slow.troubles).toEqual([]);
  await slow.film(60);

  expect(fast.troubles).toEqual([]);
  expect(slow.troubles).toEqual(["slow"]);
});

test("a camera that gives two pictures a second by itself is not called slow", async () => {
  const bench = new Bench();
  void bench.start();
  for (let at = 0; at < 30; at += 1) {
    await bench.hand();
    bench.now += 500;
  }

  expect(bench.troubles).toEqual([]);
});

test("the track answers like the camera and ends with it", async () => {
  const bench = new Bench();
  void bench.start();
  await bench.hand();
  const heard: string[] = [];
  for (const type of ["mute", "unmute", "ended"])
    bench.picture.addEventListener(type, () => heard.push(type));
  for (const type of ["mute", "unmute", "ended"]) bench.camera.dispatchEvent(new Event(type));

  expect(bench.veil.track.getSettings()).toEqual({ deviceId: "front", facingMode: "user" });
  expect(bench.veil.track.label).toBe("Front camera");
  expect(heard).toEqual(["mute", "unmute", "ended"]);
  expect(bench.picture.readyState).toBe("ended");
});

test("stopped, it stops the camera and looks at no further picture", async () => {
  const bench = new Bench();
  void bench.start();
  await bench.hand();
  bench.veil.track.stop();
  await bench.hand();

  expect(bench.camera.readyState).toBe("ended");
  expect(bench.areFramesClosed).toBe(true);
  expect(bench.drawn).toBe(1);
});

test("uncovered, the camera goes on and the blurred picture ends", async () => {
  const bench = new Bench();
  void bench.start();
  await bench.hand();
  const camera = bench.veil.uncover();
  bench.veil.track.stop();

  expect(camera).toBe(bench.camera);
  expect(bench.camera.readyState).toBe("live");
  expect(bench.picture.readyState).toBe("ended");
});

test("where the first picture fails nothing is shown; a later failure is told", async () => {
  const dead = new Bench();
  dead.fails = true;
  const start = dead.start();
  const refused = expect(start).rejects.toThrow("the graphics are gone");
  await dead.hand();
  await refused;
  const broken = new Bench();
  void broken.start();
  await broken.hand();
  broken.fails = true;
  await broken.hand();
  await broken.hand();

  expect([dead.shown, dead.troubles, dead.closed]).toEqual([0, [], 1]);
  expect(broken.troubles).toEqual(["broken"]);
});

test("a camera that ends before its first picture is a failure", async () => {
  const bench = new Bench();
  const start = bench.start();
  bench.camera.dispatchEvent(new Event("ended"));

  await expect(start).rejects.toThrow("before its first picture");
});

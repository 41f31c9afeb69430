import { expect, test } from "vitest";
import { LocalMedia } from "../../../frontend/lib/media.ts";
import { classify } from "../../../frontend/lib/media-problems.ts";
import { createStream, environment, type FakeTrack, failure } from "../fakes/media.ts";

test.each([
  ["NotAllowedError", "denied"],
  ["SecurityError", "denied"],
  ["NotFoundError", "missing"],
  ["NotReadableError", "busy"],
  ["AbortError", "busy"],
  ["OverconstrainedError", "unsuitable"],
  ["TypeError", "unknown"],
])("%s is %s", (name, problem) => {
  expect(classify(failure(name))).toBe(problem);
});

test("something that is no error at all is unknown", () => {
  expect(classify("no")).toBe("unknown");
});

test("both open with one question", async () => {
  const world = environment({});
  const media = new LocalMedia(world);
  await media.open();

  expect(world.asked).toEqual(["camera+microphone"]);
  expect(media.states).toEqual({ camera: true, microphone: true });
  expect(media.hasProblem).toBe(false);
});

test("two openings at the same time are one", async () => {
  const world = environment({});
  const media = new LocalMedia(world);
  await Promise.all([media.open(), media.open()]);
  await media.open();

  expect(world.asked).toHaveLength(1);
});

test.each([
  ["camera", { camera: "missing", microphone: null }, { camera: false, microphone: true }],
  ["microphone", { camera: null, microphone: "missing" }, { camera: true, microphone: false }],
] as const)("without a %s it goes on with the other", async (device, problems, states) => {
  const media = new LocalMedia(environment({ [device]: failure("NotFoundError") }));
  await media.open();

  expect(media.problems).toEqual(problems);
  expect(media.states).toEqual(states);
});

test("each device keeps its own reason", async () => {
  const media = new LocalMedia(
    environment({ camera: failure("NotReadableError"), microphone: failure("NotFoundError") }),
  );
  await media.open();

  expect(media.problems).toEqual({ camera: "busy", microphone: "missing" });
});

test("a person who said no is not asked twice more", async () => {
  const denied = failure("NotAllowedError");
  const world = environment({ camera: denied, microphone: denied, remembered: "prompt" });
  const media = new LocalMedia(world);
  await media.open();

  expect(world.asked).toEqual(["camera+microphone"]);
  expect(media.problems).toEqual({ camera: "denied", microphone: "denied" });
});

test("a camera that cannot do what was wished is asked for anything", async () => {
  let tries = 0;
  const world = environment({});
  const ask = world.devices?.getUserMedia;
  world.devices = {
    getUserMedia: (wish) => {
      tries += 1;
      if (tries === 1) return Promise.reject(failure("OverconstrainedError"));
      return ask?.(wish) ?? Promise.reject(failure("NotFoundError"));
    },
  };
  const media = new LocalMedia(world);
  await media.open();

  expect(media.hasProblem).toBe(false);
});

test("an insecure page has no devices at all", async () => {
  const media = new LocalMedia({ ...environment({}), devices: undefined });
  await media.open();

  expect(media.problems).toEqual({ camera: "insecure", microphone: "insecure" });
});

test("the camera switched off is released, the microphone only silenced", async () => {
  const media = new LocalMedia(environment({}));
  await media.open();
  const camera = media.track("camera");
  const microphone = media.track("microphone");
  await media.toggle("camera");
  await media.toggle("microphone");

  expect(camera?.readyState).toBe("ended");
  expect(microphone).toMatchObject({ readyState: "live", enabled: false });
  expect(media.states).toEqual({ camera: false, microphone: false });
});

test("switched on again the camera is asked for anew", async () => {
  const world = environment({});
  const media = new LocalMedia(world);
  await media.open();
  await media.toggle("camera");
  await media.toggle("camera");

  expect(world.asked).toEqual(["camera+microphone", "camera"]);
  expect(media.states.camera).toBe(true);
});

test("a camera switched off while it opens does not stay on", async () => {
  const media = new LocalMedia(environment({}));
  const opening = media.open();
  await media.set("camera", false);
  await opening;

  expect(media.track("camera")).toBeNull();
});

test("a plug that is pulled is noticed", async () => {
  const media = new LocalMedia(environment({}));
  await media.open();
  let told = 0;
  media.onChange(() => {
    told += 1;
  });
  (media.track("camera") as unknown as FakeTrack).onended?.();

  expect(media.problems.camera).toBe("missing");
  expect(media.states).toEqual({ camera: false, microphone: true });
  expect(told).toBe(1);
});

test("released, nothing is left on", async () => {
  const media = new LocalMedia({ ...environment({}), createStream });
  await media.open();
  const tracks = [media.track("camera"), media.track("microphone")];
  media.release();

  expect(tracks.map((track) => track?.readyState)).toEqual(["ended", "ended"]);
  expect(media.stream.getTracks()).toEqual([]);
});

test.each(["Permission denied by system", "Permission denied by the system"])(
  "%j comes from the system, not from the page's settings",
  (message) => {
    expect(classify(failure("NotAllowedError", message))).toBe("blocked");
  },
);

test("another camera takes the place of the first, and the way it faces no longer counts", async () => {
  const world = environment({});
  const wishes: MediaStreamConstraints[] = [];
  const ask = world.devices?.getUserMedia.bind(world.devices);
  const devices = {
    getUserMedia: (wish?: MediaStreamConstraints) => {
      wishes.push(wish ?? {});
      return (ask as typeof navigator.mediaDevices.getUserMedia)(wish);
    },
  };
  const media = new LocalMedia({ ...world, devices });
  await media.open();
  const [first, voice] = [media.track("camera"), media.track("microphone")];

  await media.choose("camera", "back");

  expect(first?.readyState).toBe("ended");
  expect(media.track("microphone")).toBe(voice);
  expect(media.states).toEqual({ camera: true, microphone: true });
  expect(wishes.at(-1)).toEqual({
    video: { width: { ideal: 1280 }, height: { ideal: 720 }, deviceId: { exact: "back" } },
  });
});

test("a choice made while the device is off holds from its next opening on", async () => {
  const world = environment({});
  const media = new LocalMedia(world);

  await media.choose("microphone", "desk");

  expect(world.asked).toEqual([]);
});

test("what another app has taken is told, and comes back by itself", async () => {
  const media = new LocalMedia(environment({}));
  await media.open();
  const microphone = media.track("microphone");

  microphone?.onmute?.(new Event("mute"));
  expect(media.problems.microphone).toBe("interrupted");
  expect(media.states).toEqual({ camera: true, microphone: false });
  microphone?.onunmute?.(new Event("unmute"));
  expect(media.problems.microphone).toBeNull();
  expect(media.states).toEqual({ camera: true, microphone: true });

  media.track("camera")?.onmute?.(new Event("mute"));
  await media.set("camera", false);
  expect(media.problems.camera).toBeNull();
});

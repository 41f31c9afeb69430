// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { CameraSwitch } from "../../../frontend/call-stage/devices/camera-switch.ts";
import { Notices } from "../../../frontend/call-stage/notices.ts";
import type { LocalMedia } from "../../../frontend/lib/media.ts";
import { settle } from "../fakes/clock.ts";

const PAGE = `<button data-part="switch-camera" hidden></button><button data-part="own"></button>
  <div data-part="notices" data-text-camera-failed="stays"></div>`;

/** A telephone with these cameras, the first in use. */
async function telephone(cameras: string[], settings: MediaTrackSettings, works = [true]) {
  const devices = cameras.map((deviceId) => ({ kind: "videoinput", deviceId, label: "" }));
  vi.stubGlobal("navigator", {
    mediaDevices: { enumerateDevices: () => Promise.resolve(devices), addEventListener: () => {} },
  });
  const asked: MediaTrackConstraints[] = [];
  const stage = document.createElement("div");
  stage.innerHTML = PAGE;
  let changed = (): void => undefined;
  const media = {
    track: () => ({ getSettings: () => settings }),
    onChange: (listener: () => void) => {
      changed = listener;
    },
    use: (_: string, wish: MediaTrackConstraints) => {
      asked.push(wish);
      return Promise.resolve(works.shift() ?? false);
    },
  };
  const feature = new CameraSwitch(stage, media as unknown as LocalMedia, new Notices(stage));
  changed();
  await settle();
  return { asked, feature, find: (name: string) => stage.querySelector(`[data-part="${name}"]`) };
}

test("the button is there only where there are two cameras", async () => {
  const one = await telephone(["front"], { deviceId: "front" });
  const two = await telephone(["front", "back"], { deviceId: "front" });

  expect(one.find("switch-camera")?.hasAttribute("hidden")).toBe(true);
  expect(two.find("switch-camera")?.hasAttribute("hidden")).toBe(false);
});

test("a telephone with four cameras goes from the front to the back, and mirrors only the front", async () => {
  const settings: MediaTrackSettings = { deviceId: "front", facingMode: "user" };
  const phone = await telephone(["front", "back", "wide", "far"], settings);
  phone.feature.actions["switch-camera"]();
  await settle();
  expect(phone.asked).toEqual([{ facingMode: { exact: "environment" } }]);
  expect(phone.find("own")?.hasAttribute("data-away")).toBe(false);

  settings.facingMode = "environment";
  phone.feature.render();
  expect(phone.find("own")?.hasAttribute("data-away")).toBe(true);
});

test("a computer goes on to its next camera, and from the last to the first", async () => {
  const computer = await telephone(["built in", "on the desk"], { deviceId: "on the desk" });
  computer.feature.actions["switch-camera"]();
  await settle();

  expect(computer.asked).toEqual([{ deviceId: { exact: "built in" } }]);
});

test("where the other side does not open the next camera is tried, then it is said", async () => {
  const settings = { deviceId: "front", facingMode: "user" };
  const phone = await telephone(["front", "back"], settings, [false, false]);
  phone.feature.actions["switch-camera"]();
  await settle();

  expect(phone.asked).toEqual([
    { facingMode: { exact: "environment" } },
    { deviceId: { exact: "back" } },
  ]);
  expect(phone.find("notices")?.textContent).toBe("stays");
});

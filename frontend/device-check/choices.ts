/* Which camera and which microphone, where there are several. */
import { fillOptions } from "../devices/options.ts";
import { devicesOf, listDevices, preferDevice } from "../lib/device-list.ts";
import type { Device, LocalMedia } from "../lib/media.ts";

/** Keep the lists below `root` up to date; choosing from one opens that device. */
export function offerChoices(root: HTMLElement, media: LocalMedia): void {
  const refill = (): void => void fill(root, media);
  media.onChange(refill);
  navigator.mediaDevices?.addEventListener("devicechange", refill);
  root.addEventListener("change", ({ target }) => {
    const device = (target as HTMLElement).closest<HTMLElement>("[data-choice]")?.dataset.choice;
    if (!(target instanceof HTMLSelectElement)) return;
    preferDevice(device as Device, target.value);
    void media.choose(device as Device, target.value);
  });
}

async function fill(root: HTMLElement, media: LocalMedia): Promise<void> {
  const known = await listDevices();
  let isAny = false;
  for (const field of root.querySelectorAll<HTMLElement>("[data-choice]")) {
    const device = field.dataset.choice as Device;
    const found = devicesOf(device, known);
    field.hidden = found.length < 2 || media.track(device) === null;
    isAny ||= !field.hidden;
    const list = field.querySelector("select");
    if (list === null) continue;
    fillOptions(list, found, list.dataset.unnamed ?? "");
    const current = media.track(device)?.getSettings().deviceId;
    if (found.some(({ id }) => id === current)) list.value = current ?? "";
  }
  root.hidden = !isAny;
}

/* Which camera and which microphone, where there are several. */
import { preferDevice } from "../lib/device-list.ts";
import type { Device, LocalMedia } from "../lib/media.ts";

const KINDS: Record<Device, MediaDeviceKind> = { camera: "videoinput", microphone: "audioinput" };

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
  const known = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  let isAny = false;
  for (const field of root.querySelectorAll<HTMLElement>("[data-choice]")) {
    const device = field.dataset.choice as Device;
    // Windows lists its default device twice more; before permission all are nameless.
    const found = known.filter(
      ({ kind, deviceId }) =>
        kind === KINDS[device] && !["", "default", "communications"].includes(deviceId),
    );
    field.hidden = found.length < 2 || media.track(device) === null;
    isAny ||= !field.hidden;
    const list = field.querySelector("select");
    if (list) write(list, found, media.track(device)?.getSettings().deviceId ?? "");
  }
  root.hidden = !isAny;
}

function write(list: HTMLSelectElement, found: MediaDeviceInfo[], current: string): void {
  const ids = found.map(({ deviceId }) => deviceId).join(" ");
  if (list.dataset.shows !== ids) {
    list.dataset.shows = ids;
    const name = list.dataset.unnamed ?? "";
    list.replaceChildren(
      ...found.map(
        ({ label, deviceId }, index) => new Option(label || `${name} ${index + 1}`, deviceId),
      ),
    );
  }
  if (found.some(({ deviceId }) => deviceId === current)) list.value = current;
}

// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { Selection } from "../../../frontend/device-settings/selection.ts";
import { KINDS, type Kind, type Listed } from "../../../frontend/lib/device-list.ts";

const FRONT: Listed = { kind: "camera", id: "front", label: "Front" };
const BRIO: Listed = { kind: "camera", id: "brio", label: "Brio" };
const all = () => true;

function open(names: Partial<Record<Kind, string>> = {}): { root: HTMLElement; row: Selection } {
  const root = document.createElement("div");
  root.innerHTML = KINDS.map(
    (kind) => `<input type="hidden" name="${kind}" value="${names[kind] ?? ""}">
      <div data-part="${kind}-choice" hidden><select data-text-nameless="Device"
        data-text-default="Default" data-text-away="{name} (away)"></select></div>
      <p data-part="${kind}-note" data-text-other="{was} is away." hidden></p>`,
  ).join("");
  return { root, row: new Selection(root) };
}

function camera(root: HTMLElement): HTMLSelectElement {
  return root.querySelector("select") as HTMLSelectElement;
}

function shown(root: HTMLElement): string[] {
  return [...camera(root).options].map(({ text }) => text);
}

function name(root: HTMLElement): string {
  return (root.querySelector("input[name=camera]") as HTMLInputElement).value;
}

function plug(...devices: Listed[]): Listed[] {
  const listed = devices.map(({ id, label }) => ({ kind: "videoinput", deviceId: id, label }));
  Object.defineProperty(navigator, "mediaDevices", {
    configurable: true,
    value: { enumerateDevices: async () => listed },
  });
  return devices;
}

afterEach(() => {
  localStorage.clear();
  vi.unstubAllGlobals();
});

test("nobody chooses among devices that the browser does not name", async () => {
  const { root, row } = open();

  expect(await row.list([{ ...FRONT, label: "" }], all)).toBe(false);
  expect(root.querySelector<HTMLElement>("[data-part=camera-choice]")?.hidden).toBe(true);
});

test("a choice is remembered here by its id and goes to the account by its name", async () => {
  const { root, row } = open();
  expect(await row.list(plug(FRONT, BRIO), all)).toBe(true);
  expect([shown(root), camera(root).value]).toEqual([["Default", "Front", "Brio"], ""]);

  camera(root).value = "brio";
  row.choose("camera");
  expect([name(root), localStorage.length]).toEqual(["Brio", 0]);
  row.remember();
  expect(localStorage.getItem("hc_devices")).toBe('{"camera":"brio"}');
});

test("the account's name marks the same device in another browser", async () => {
  const { root, row } = open({ camera: "Brio" });
  await row.list(plug(FRONT, BRIO), all);

  expect([camera(root).value, name(root)]).toEqual(["brio", "Brio"]);
});

test("where the account's device is not, saving something else does not forget it", async () => {
  const { root, row } = open({ camera: "Brio" });
  await row.list(plug(FRONT), all);
  row.remember();

  expect([camera(root).value, name(root)]).toEqual(["", "Brio"]);
  expect(localStorage.getItem("hc_devices")).toBeNull();
});

test("an unplugged device stays chosen, and the page says what is used meanwhile", async () => {
  localStorage.setItem("hc_devices", '{"camera":"brio"}');
  const { root, row } = open({ camera: "Brio" });
  const note = root.querySelector<HTMLElement>("[data-part=camera-note]");
  await row.list(plug(FRONT), all);
  row.explain("camera", "front");

  expect([shown(root), camera(root).value]).toEqual([["Default", "Brio (away)", "Front"], "brio"]);
  expect([note?.hidden, note?.textContent]).toEqual([false, "Brio is away."]);

  await row.list(plug(FRONT, BRIO), all);
  row.explain("camera", "brio");
  expect(shown(root)).toEqual(["Default", "Front", "Brio"]);
  expect([camera(root).value, note?.hidden]).toEqual(["brio", true]);
});

test("the default can be chosen again", async () => {
  localStorage.setItem("hc_devices", '{"camera":"brio"}');
  const { root, row } = open({ camera: "Brio" });
  await row.list(plug(FRONT, BRIO), all);
  camera(root).value = "";
  row.choose("camera");
  row.remember();

  expect([name(root), localStorage.getItem("hc_devices")]).toEqual(["", '{"camera":""}']);
});

test("a browser that cannot choose its loudspeaker offers no list of them", async () => {
  const { root, row } = open();
  const speaker: Listed = { kind: "speaker", id: "s", label: "Headset" };

  expect(await row.list([speaker], (kind) => kind !== "speaker")).toBe(false);
  expect(root.querySelector<HTMLElement>("[data-part=speaker-choice]")?.hidden).toBe(true);
});

// @vitest-environment jsdom
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { registerPasskeyForm } from "../../../frontend/passkeys/passkey-form.ts";

const OPTIONS = JSON.stringify({ publicKey: { challenge: "AQ" } });
const MARKUP = `<passkey-form data-passkey="get" data-options='${OPTIONS}' hidden>
  <form><input type="hidden" name="credential">
    <p data-passkey-error hidden data-text-cancelled="abgebrochen" data-text-known="bekannt"
      data-text-unsupported="unbekannt" data-text-failed="ging nicht"><span data-passkey-text></span></p>
    <button type="submit">Los</button>
  </form>
</passkey-form>`;

class Credential {
  id = "AQ";
  type = "public-key";
  rawId = new Uint8Array([1]).buffer;
  authenticatorAttachment = null;
  response = { clientDataJSON: new Uint8Array([2]).buffer };
  getClientExtensionResults() {
    return {};
  }
}

const get = vi.fn();
const sent = vi.fn();

function part<Kind extends Element>(selector: string): Kind {
  return document.querySelector(selector) as Kind;
}

async function press(): Promise<void> {
  part<HTMLButtonElement>("button").click();
  await vi.waitFor(() => expect(part("passkey-form").hasAttribute("aria-busy")).toBe(false));
}

beforeAll(() => {
  vi.stubGlobal("PublicKeyCredential", Credential);
  Object.defineProperty(navigator, "credentials", { value: { get }, configurable: true });
  registerPasskeyForm();
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented)
      sent(new FormData(event.target as HTMLFormElement).get("credential"));
    event.preventDefault();
  });
});

beforeEach(() => {
  get.mockReset();
  sent.mockReset();
  document.body.innerHTML = MARKUP;
});

afterEach(() => {
  document.body.innerHTML = "";
});

test("a form that came hidden is shown where the browser knows passkeys", () => {
  expect(part<HTMLElement>("passkey-form").hidden).toBe(false);
});

test("the first press asks the browser, the second sending carries its answer", async () => {
  get.mockResolvedValue(new Credential());

  await press();

  expect(sent).toHaveBeenCalledTimes(1);
  expect(JSON.parse(sent.mock.calls[0]?.[0] as string)).toMatchObject({ id: "AQ", rawId: "AQ" });
});

test.each([
  ["NotAllowedError", "abgebrochen"],
  ["InvalidStateError", "bekannt"],
  ["NotSupportedError", "unbekannt"],
  ["UnknownError", "ging nicht"],
])("%s is said in words, and one can try again", async (name, words) => {
  get.mockRejectedValueOnce(new DOMException("", name)).mockResolvedValue(new Credential());

  await press();

  expect(part("[data-passkey-text]").textContent).toBe(words);
  expect(part<HTMLElement>("[data-passkey-error]").hidden).toBe(false);
  expect(sent).not.toHaveBeenCalled();

  await press();

  expect(part<HTMLElement>("[data-passkey-error]").hidden).toBe(true);
  expect(sent).toHaveBeenCalledTimes(1);
});

test("two presses in a row ask once", async () => {
  get.mockImplementation(() => new Promise((done) => setTimeout(done, 20, new Credential())));

  part<HTMLButtonElement>("button").click();
  await press();

  expect(get).toHaveBeenCalledTimes(1);
});

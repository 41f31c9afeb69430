// @vitest-environment jsdom
/* What survives a change of language. */
import { beforeEach, expect, test } from "vitest";
import { keep, takeBack } from "../../../frontend/lib/kept.ts";

const field = () => document.querySelector("#name") as HTMLInputElement;

beforeEach(() => {
  sessionStorage.clear();
  document.body.innerHTML = `<input name="outside" value="o"><main>
    <input type="hidden" name="csrf" value="t"><input type="text" name="name" id="name">
    <input type="password" name="secret" value="p"></main>`;
});

test("what was typed and the place come back once, and nothing else was kept", () => {
  field().value = "Paula";
  keep(document, sessionStorage, "/g/a/", { step: "check", panel: "sound" });
  expect(sessionStorage.getItem("kept")).not.toMatch(/csrf|secret|outside/);
  field().value = "";

  expect(takeBack(document, sessionStorage, "/g/a/")).toEqual({ step: "check", panel: "sound" });
  expect(field().value).toBe("Paula");
  expect(takeBack(document, sessionStorage, "/g/a/")).toEqual({});
});

test("another page gets nothing", () => {
  field().value = "Paula";
  keep(document, sessionStorage, "/g/a/", {});
  field().value = "";

  expect(takeBack(document, sessionStorage, "/g/b/")).toEqual({});
  expect(field().value).toBe("");
});

/* One row of the chat for one message or file: made from the page's template, then only written to. */
import type { Message } from "../../lib/chat/chat.ts";
import type { Incoming } from "../../lib/files/incoming.ts";
import { kindOf } from "../../lib/files/names.ts";
import { AGAIN, type Leg, type Outgoing } from "../../lib/files/outgoing.ts";
import { part, sentence, write } from "../parts.ts";
import { percentOf, sizeOf, timeOf } from "./format.ts";

export type Item = Message | Incoming | Outgoing;
export type NameOf = (code: string) => string;

export function makeRow(stage: HTMLElement, template: string): HTMLElement {
  const row = part<HTMLTemplateElement>(stage, template).content.firstElementChild;
  return row?.cloneNode(true) as HTMLElement;
}

/** Fill the row of `item` with its present state. */
export function writeRow(row: HTMLElement, item: Item, isSaved: boolean, nameOf: NameOf): void {
  const isMine = item.kind === "outgoing" || item.from === "";
  const who = part(row, "row-who");
  row.classList.toggle("chat-row--mine", isMine);
  row.dataset.key = item.key;
  write(who, isMine ? sentence(who, "me") : nameOf(item.from));
  write(part(row, "row-time"), timeOf(item.at));
  if (item.kind === "message") writeMessage(row, item, nameOf);
  else {
    const name = part(row, "row-name");
    if (name.textContent === "") writeName(row, item);
    if (item.kind === "incoming") writeIncoming(row, item, isSaved);
    else writeOutgoing(row, item, nameOf);
  }
}

function writeMessage(row: HTMLElement, message: Message, nameOf: NameOf): void {
  const state = part(row, "row-state");
  write(part(row, "row-text"), message.text);
  const words = wordsFor(message, state, nameOf);
  write(state, words);
  state.hidden = words === "";
}

/** Who does not get it matters more than who has not got it yet. */
function wordsFor(message: Message, state: HTMLElement, nameOf: NameOf): string {
  if (message.unreached.length > 0)
    return `${message.unreached.map(nameOf).join(", ")}: ${sentence(state, "unreached")}`;
  return isQuiet(message) ? "" : sentence(state, message.delivery);
}

/** Most arrive at once: no line that appears and goes again. */
function isQuiet({ delivery, at }: Message): boolean {
  return delivery === "delivered" || (delivery === "sending" && Date.now() - at < 900);
}

function writeName(row: HTMLElement, file: Incoming | Outgoing): void {
  write(part(row, "row-name"), file.name);
  write(part(row, "row-size"), sizeOf(file.size));
  for (const icon of part(row, "row-kinds").querySelectorAll<HTMLElement>("[data-kind]"))
    icon.hidden = icon.dataset.kind !== kindOf(file.name);
}

function writeIncoming(row: HTMLElement, file: Incoming, isSaved: boolean): void {
  const { state } = file;
  const share = state === "receiving" ? file.received / file.size : null;
  writeState(row, state === "done" && isSaved ? "in-saved" : `in-${state}`, share);
  show(row, "accept", state === "offered");
  show(row, "decline", state === "offered");
  show(row, "stop", state === "waiting" || state === "receiving");
  show(row, "save", state === "done");
}

function writeOutgoing(row: HTMLElement, file: Outgoing, nameOf: NameOf): void {
  const legs = [...file.legs];
  const [first] = legs;
  const isOne = legs.length === 1;
  if (first && isOne) writeState(row, `out-${first[1].state}`, shareOf(file, first[1]));
  part(row, "row-state").hidden = !isOne;
  const list = part(row, "row-legs");
  list.hidden = isOne;
  if (!isOne) writeLegs(row, list, file, nameOf);
  const states = legs.map(([, { state }]) => state);
  show(
    row,
    "again",
    states.some((state) => AGAIN.includes(state)),
  );
  show(
    row,
    "stop",
    states.some((state) => OPEN.includes(state)),
  );
}

const OPEN = ["offered", "waiting", "sending", "checking"];

/** In a group the file goes to each on its own. */
function writeLegs(row: HTMLElement, list: HTMLElement, file: Outgoing, nameOf: NameOf): void {
  const state = part(row, "row-state");
  part(row, "row-progress").hidden = true;
  const lines = [...file.legs].map(([code, leg]) => {
    const share = shareOf(file, leg);
    const words = sentence(state, `out-${leg.state}`);
    return `${nameOf(code)}: ${words}${share === null ? "" : ` ${percentOf(share)}`}`;
  });
  while (list.children.length > lines.length) list.lastElementChild?.remove();
  while (list.children.length < lines.length) list.append(document.createElement("li"));
  lines.forEach((line, index) => {
    write(list.children[index] as HTMLElement, line);
  });
}

function shareOf(file: Outgoing, leg: Leg): number | null {
  return leg.state === "sending" ? leg.sent / file.size : null;
}

function writeState(row: HTMLElement, key: string, share: number | null): void {
  const state = part(row, "row-state");
  const progress = part<HTMLProgressElement>(row, "row-progress");
  progress.hidden = share === null;
  if (share !== null) progress.value = share;
  write(state, `${sentence(state, key)}${share === null ? "" : ` ${percentOf(share)}`}`);
}

function show(row: HTMLElement, action: string, shown: boolean): void {
  const button = row.querySelector<HTMLElement>(`[data-file="${action}"]`);
  if (button) button.hidden = !shown;
}

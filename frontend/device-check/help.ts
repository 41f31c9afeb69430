/* The two or three steps that allow camera and microphone in this very browser. */
import { browserOf, systemOf } from "../lib/browsers.ts";
import type { Problem, Problems } from "../lib/media.ts";

/** Which help of the template fits, or "" where the explanation says it all. */
export function helpFor(problems: Problems, agent: string, touchPoints: number): string {
  const found = [problems.camera, problems.microphone];
  const has = (problem: Problem): boolean => found.includes(problem);
  const system = systemOf(agent, touchPoints);
  if (has("blocked")) return `system-${system}`;
  if (has("denied")) return browserOf(agent, touchPoints);
  // Kept out by the system, some browsers there see no device at all.
  const hides = system === "macos" || system === "windows";
  return has("missing") && hides ? `system-${system}` : "";
}

/** Put the help that fits into `target`. */
export function showHelp(problems: Problems, target: HTMLElement): void {
  const key = helpFor(problems, navigator.userAgent, navigator.maxTouchPoints);
  if (target.dataset.shows === key) return;
  target.dataset.shows = key;
  const template = document.querySelector<HTMLTemplateElement>("template[data-device-help]");
  const help = key && template?.content.querySelector(`[data-help="${key}"]`);
  target.replaceChildren(...(help ? [help.cloneNode(true)] : []));
}

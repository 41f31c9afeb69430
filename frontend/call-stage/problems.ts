/* The page's own sentences for what is wrong with camera and microphone. */
import type { Problem, Problems } from "../lib/media.ts";

/** "unsuitable" means that no picture at all could be had from it: to people, an unknown fault. */
function word(problem: Problem): string {
  return problem === "unsuitable" ? "unknown" : problem;
}

function keysOf({ camera, microphone }: Problems): string[] {
  if (camera !== null && camera === microphone) return [`both-${word(camera)}`];
  const keys: string[] = [];
  if (camera !== null) keys.push(`camera-${word(camera)}`);
  if (microphone !== null) keys.push(`microphone-${word(microphone)}`);
  return keys;
}

/** Fill `target` with one paragraph for each problem; whether there is any. */
export function explainProblems(problems: Problems, target: HTMLElement): boolean {
  const keys = keysOf(problems);
  if (target.dataset.shows === keys.join(" ")) return keys.length > 0;
  target.dataset.shows = keys.join(" ");
  const template = document.querySelector<HTMLTemplateElement>("template[data-media-problems]");
  const sentences = keys.map((key) => template?.content.querySelector(`[data-problem="${key}"]`));
  target.replaceChildren(...sentences.flatMap((node) => (node ? [node.cloneNode(true)] : [])));
  return keys.length > 0;
}

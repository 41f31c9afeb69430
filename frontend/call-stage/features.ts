/* What a call can do beside picture and sound: each feature is a folder or file of its own that
   answers to its own buttons, keys and words. */
import type { Phase } from "../lib/machine.ts";
import type { CallSession } from "../lib/session.ts";
import { pageApi } from "../page.ts";
import { Aftermath } from "./aftermath.ts";
import { ChatFeature } from "./chat/chat-feature.ts";
import { Panels } from "./panels.ts";
import { Path } from "./path.ts";
import { Door } from "./people/door.ts";
import { People } from "./people/people.ts";
import { Tiles } from "./people/tiles.ts";
import { pictureFeatures } from "./picture-features.ts";
import { Privacy } from "./privacy/privacy.ts";

export interface StageFeature {
  /** What [data-action] buttons do. */
  actions?: Record<string, () => void>;
  /** What plain keys (lower case) do while the stage is large or has the focus. */
  keys?: Record<string, () => void>;
  /** Something about the session changed. */
  render?(): void;
  /** The call is in another phase now. */
  turned?(phase: Phase): void;
}

export function createFeatures(stage: HTMLElement, session: CallSession): StageFeature[] {
  const panels = new Panels(stage);
  const features: StageFeature[] = [
    panels,
    new ChatFeature(stage, session, panels),
    ...pictureFeatures(stage, session),
    new Privacy(stage, session),
    new Path(stage, session),
    new Tiles(stage, session),
    new People(stage, session),
  ];
  if (stage.dataset.audience !== "guest") {
    features.push(new Aftermath(stage, session, pageApi()));
    features.push(new Door(stage, session, pageApi()));
  }
  return features;
}

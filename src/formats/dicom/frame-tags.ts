/**
 * Attributes of one frame. Classic objects keep them at the top; enhanced objects in functional groups, per frame or
 * shared (PS3.3 C.7.6.16); both are asked the same way.
 */
import type { Tags } from './data-set.ts';
import { TAG, type Tag } from './tags.ts';

export class FrameTags {
  readonly #root: Tags;
  readonly #own: Tags | undefined;
  readonly #shared: Tags | undefined;

  constructor(root: Tags, own?: Tags, shared?: Tags) {
    this.#root = root;
    this.#own = own;
    this.#shared = shared;
  }

  /** The data set that holds `tag` for this frame: in its functional group `group`, else at the top. */
  of(tag: Tag, group?: Tag): Tags {
    if (group === undefined) return this.#root;
    for (const groups of [this.#own, this.#shared]) {
      const item = groups?.items(group)[0];
      if (item?.has(tag)) return item;
    }
    return this.#root;
  }

  text(tag: Tag, group?: Tag): string | undefined {
    return this.of(tag, group).text(tag);
  }

  number(tag: Tag, group?: Tag): number | undefined {
    return this.of(tag, group).number(tag);
  }

  numbers(tag: Tag, group?: Tag): number[] {
    return this.of(tag, group).numbers(tag);
  }

  texts(tag: Tag, group?: Tag): string[] {
    return this.of(tag, group).texts(tag);
  }
}

/** One view per frame of the object; `enhanced` where functional groups say more than the top level. */
export function frameTags(root: Tags, frames: number): { readonly enhanced: boolean; readonly frames: FrameTags[] } {
  const perFrame = root.items(TAG.PerFrameFunctionalGroupsSequence);
  const shared = root.items(TAG.SharedFunctionalGroupsSequence)[0];
  return {
    enhanced: perFrame.length > 0 || shared !== undefined,
    frames: Array.from({ length: frames }, (_, i) => new FrameTags(root, perFrame[i], shared)),
  };
}

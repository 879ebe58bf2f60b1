/**
 * A hash tree in which each name has one place: the way down to it, left for 0 and right for 1, has the first bits of the
 * SHA-256 of the name. So no root can have two leaves of one name.
 */
import { sha256Of } from '../sha256.ts';
import { pair, type TreeStep } from './hash-tree.ts';

export interface PlacedLeaf {
  /** See {@link placeOf}; no two leaves of a tree have the same. */
  readonly place: string;
  readonly hash: string;
}

/** What a place without leaves has for a hash: nothing is known that has it. */
export const emptyPlace = '0'.repeat(64);

/** SHA-256, hex, of the name as one line. */
export function placeOf(name: string): string {
  return sha256Of(`${name}\n`);
}

/** The root over all leaves, each as near to it as it is alone; {@link emptyPlace} without leaves. */
export function rootOfPlaces(leaves: readonly PlacedLeaf[], depth = 0): string {
  const [first] = leaves;
  if (first === undefined) return emptyPlace;
  if (leaves.length === 1) return first.hash;
  const { left, right } = split(leaves, depth);
  return pair(rootOfPlaces(left, depth + 1), rootOfPlaces(right, depth + 1));
}

/** From the leaf at this place, which the tree has, up to the root. */
export function pathOfPlace(leaves: readonly PlacedLeaf[], place: string, depth = 0): readonly TreeStep[] {
  if (leaves.length <= 1) return [];
  const { left, right } = split(leaves, depth);
  const [own, other, side] = isRight(place, depth)
    ? ([right, left, 'left'] as const)
    : ([left, right, 'right'] as const);
  return [...pathOfPlace(own, place, depth + 1), { side, hash: rootOfPlaces(other, depth + 1) }];
}

/** Whether a path leads to this place and to no other. */
export function leadsTo(path: readonly TreeStep[], place: string): boolean {
  return path.toReversed().every(({ side }, depth) => side === (isRight(place, depth) ? 'left' : 'right'));
}

function split(leaves: readonly PlacedLeaf[], depth: number) {
  const isOfRight = ({ place }: PlacedLeaf) => isRight(place, depth);
  return { left: leaves.filter((leaf) => !isOfRight(leaf)), right: leaves.filter(isOfRight) };
}

/** The bit of the place at this depth, from its most significant one. */
function isRight(place: string, depth: number): boolean {
  const digit = Number.parseInt(place.charAt(depth >> 2), 16);
  return ((digit >> (3 - (depth & 3))) & 1) === 1;
}

/** A hash tree: proves that a line is among many without showing the others. */
import { sha256Of } from '../sha256.ts';

/** A neighbor on the way from a leaf to the root, and the side on which it is. */
export interface TreeStep {
  readonly side: 'left' | 'right';
  readonly hash: string;
}

/**
 * The root over leaves in this order: a pair becomes the SHA-256 of both hashes as one line, the odd one at the end rises as
 * it is, until one is left. Without leaves, the SHA-256 of nothing.
 */
export function treeRoot(leaves: readonly string[]): string {
  if (leaves.length === 0) return sha256Of('');
  return levelsOf(leaves).at(-1)?.[0] ?? '';
}

/** From the leaf at this position up to the root. */
export function treePath(leaves: readonly string[], position: number): readonly TreeStep[] {
  return levelsOf(leaves).flatMap((level, height): readonly TreeStep[] => {
    const at = position >> height;
    const side = at % 2 === 0 ? 'right' : 'left';
    const hash = level[side === 'right' ? at + 1 : at - 1];
    return hash === undefined ? [] : [{ side, hash }];
  });
}

/** The root that a leaf and its path lead to. */
export function rootOfPath(leaf: string, path: readonly TreeStep[]): string {
  return path.reduce(
    (hash, step) => (step.side === 'left' ? pair(step.hash, hash) : pair(hash, step.hash)),
    leaf,
  );
}

function levelsOf(leaves: readonly string[]): readonly (readonly string[])[] {
  const levels = [leaves];
  for (let level = leaves; level.length > 1; levels.push(level)) level = levelAbove(level);
  return levels;
}

function levelAbove(level: readonly string[]): readonly string[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, at) => {
    const [left = '', right] = level.slice(2 * at, 2 * at + 2);
    return right === undefined ? left : pair(left, right);
  });
}

/** SHA-256, hex, of both as one line. */
export function pair(left: string, right: string): string {
  return sha256Of(`${left} ${right}\n`);
}

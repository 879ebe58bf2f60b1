/** Which licences may be shipped, and which packages have another. */
import type { Component } from './sbom.ts';

/** All of them ask for no more than their text and the names of the authors, which the notices carry. */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

/** Packages without a licence, or with one that somebody has to look at first. */
export function findOffenders(components: readonly Component[]): readonly Component[] {
  return components.filter(({ licences }) => licences.length === 0 || !licences.every(isAllowed));
}

/** One of several that may be chosen from is enough; of several that hold together, every one. */
function isAllowed(expression: string): boolean {
  const parts = expression.replace(/^\((.*)\)$/, '$1');
  // Anything more involved is for a person to read.
  if (parts.includes('(')) return false;
  return parts
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => allowed.has(part.trim())));
}

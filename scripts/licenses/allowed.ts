/** The licenses that may ship, and the packages that have another. */
import type { Component } from './sbom.ts';

/** They require only their text and the names of the authors, which the notices contain. */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

/** Packages without a license, or with one that has not been reviewed. */
export function findOffenders(components: readonly Component[]): readonly Component[] {
  return components.filter(({ licenses }) => licenses.length === 0 || !licenses.every(isAllowed));
}

/** One alternative is enough; of licenses that apply together, all must be allowed. */
function isAllowed(expression: string): boolean {
  const parts = expression.replace(/^\((.*)\)$/, '$1');
  // Anything more complex needs a review.
  if (parts.includes('(')) return false;
  return parts
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => allowed.has(part.trim())));
}

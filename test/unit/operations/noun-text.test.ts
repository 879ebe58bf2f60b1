import { expect, it } from 'vitest';
import { nounText } from '../../../shared/operations/operation.ts';

it.each([
  ['Export', 'export'],
  ['ReportSet', 'report set'],
])('names operations in sentences as words: %s', (noun, text) => {
  expect(nounText({ noun })).toBe(text);
});

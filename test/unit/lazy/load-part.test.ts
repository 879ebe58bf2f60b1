/** A part of the app is loaded when it is first used; one that is missing says what to do. */
import { expect, it } from 'vitest';
import { loadPart } from '../../../shared/lazy.ts';

it('a part that can be loaded is what it exports', async () => {
  expect(await loadPart(() => Promise.resolve({ answer: 42 }))).toEqual({ answer: 42 });
});

it('a part that is missing is named, with what to do', async () => {
  const cause = new Error("Cannot find module '/app/chunks/kind-ABC.mjs' imported from /app/main.mjs");
  const loading = loadPart(() => Promise.reject(cause));
  await expect(loading).rejects.toMatchObject({
    message: `A part of the app cannot be loaded: ${cause.message}. Deploy the whole package: main.mjs and the folder chunks belong together.`,
    cause,
  });
});

it('a part that could not be loaded is retried by the next call', async () => {
  let isThere = false;
  const load = () => (isThere ? Promise.resolve('part') : Promise.reject(new Error('missing')));
  await expect(loadPart(load)).rejects.toThrow('missing');
  isThere = true;
  expect(await loadPart(load)).toBe('part');
});

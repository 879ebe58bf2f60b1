/** The bundle that is deployed is at most as large as its target. */
import { stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { targets } from '../../../scripts/package/targets.ts';
import { build } from '../../local/build.ts';
import { onceARun } from '../../support/run/once-a-run.ts';

it('the bundle of the app is not larger than its target', async () => {
  const { size } = await stat(await onceARun('main.cjs', build));
  expect(size).toBeLessThanOrEqual(targets.bundleBytes);
});

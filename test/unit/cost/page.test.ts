/** docs/cost.md matches the calculator; `npx vitest run test/unit/cost -u` writes it again. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { format, resolveConfig } from 'prettier';
import { pagePath, regenerated } from './page.ts';

it('docs/cost.md has the examples, prices and assumptions of today', async () => {
  const path = fileURLToPath(pagePath);
  const page = await format(await regenerated(), { ...(await resolveConfig(path)), parser: 'markdown' });
  await expect(page).toMatchFileSnapshot(path);
});

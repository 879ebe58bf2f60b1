/** The shipped connector against the validator of the reference shelf, where there is one. */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { projectFolder } from '../../local/child.ts';

it('the shipped connector passes the validator', async ({ skip }) => {
  const check = join(projectFolder, '../shared/tools/connector-lint/check');
  const isThere = await access(check).then(
    () => true,
    () => false,
  );
  skip(!isThere, 'The validator is not available next to this checkout: the definition was not validated.');
  const files = ['apiDefinition.swagger.json', 'apiProperties.json'];
  const paths = files.map((name) => join(projectFolder, 'connector', name));
  const { stdout } = await promisify(execFile)(check, paths);
  expect(stdout.trim()).toBe('0 errors, 0 warnings');
});

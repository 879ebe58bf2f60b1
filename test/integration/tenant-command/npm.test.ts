/** What the installed npm does with an option that comes before `--`. */
import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';
import { projectFolder } from '../../local/child.ts';
import { useStage } from './stage.ts';

const stage = useStage();

/** As someone types it, in a shell that npm did not start. */
function typed(command: string): Promise<{ readonly code: unknown; readonly errors: string }> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const env = { ...Object.fromEntries(inherited), AUDITKEEP_URL: stage.baseUrl(), AUDITKEEP_KEY: 'key' };
  return new Promise((resolve) => {
    execFile('sh', ['-c', command], { cwd: projectFolder, env }, (error, _, errors) => {
      resolve({ code: error?.code ?? 0, errors });
    });
  });
}

it('enables nothing when npm takes --dry-run for itself', async () => {
  const { code, errors } = await typed('npm run tenant enable fabrikam.example --dry-run');
  expect(errors).toContain(
    'npm took --dry-run for itself: write npm run tenant -- enable fabrikam.example --dry-run\n',
  );
  expect(code).toBe(2);
  expect(stage.requests).toEqual([]);
});

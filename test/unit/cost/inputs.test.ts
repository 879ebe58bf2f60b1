/** The options of `auditkeep cost`: defaults, and refusals that name the option. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defaults } from '../../../scripts/cost/inputs.ts';
import { runAuditkeep } from '../../support/auditkeep.ts';

const answer = z.object({ inputs: z.unknown() });

async function inputsOf(...args: readonly string[]): Promise<unknown> {
  const { output } = await runAuditkeep(['cost', ...args, '--json']);
  return answer.parse(JSON.parse(output)).inputs;
}

describe('the options of cost', () => {
  it('have defaults', async () => {
    expect(await inputsOf()).toEqual(defaults);
  });

  it('replace the defaults', async () => {
    expect(await inputsOf('--tenants', '50', '--records-per-day=20000', '--memory', '2048')).toEqual({
      ...defaults,
      tenants: 50,
      recordsPerDay: 20_000,
      memory: 2048,
    });
  });

  it.each([
    [
      ['--tenants', '1.5'],
      "'--tenants <n>' argument '1.5' is invalid. Must be a whole number from 0 to 100000.",
    ],
    [['--tenants=-1'], "'--tenants <n>'"],
    [['--records-per-day', 'many'], "'--records-per-day <n>'"],
    [['--records-per-day', ''], "'--records-per-day <n>'"],
    [['--records-per-day', '1e3'], "'--records-per-day <n>'"],
    [['--retention-days', '0'], 'Must be a whole number from 1 to 3650.'],
    [['--memory', '1024'], "'--memory <mb>' argument '1024' is invalid. Must be one of 512, 2048, 4096."],
    [['--tenant', '1'], "Unknown option '--tenant'. Did you mean --tenants?"],
    [['50'], 'Too many arguments'],
  ])('are refused: %j', async (args, message) => {
    const { exitCode, output, errors } = await runAuditkeep(['cost', ...args]);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toContain(message);
  });
});

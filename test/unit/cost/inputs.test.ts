/** The command line of the calculator: defaults, and refusals that name the option. */
import { describe, expect, it } from 'vitest';
import { defaults, parseInputs } from '../../../scripts/cost/inputs.ts';

describe('parseInputs', () => {
  it('takes the defaults where nothing is said', () => {
    expect(parseInputs([])).toEqual({ inputs: defaults, json: false, help: false });
  });

  it('takes what is said', () => {
    const said = ['--tenants', '50', '--recordsPerDay=20000', '--memory', '2048', '--json'];
    expect(parseInputs(said)).toEqual({
      inputs: { ...defaults, tenants: 50, recordsPerDay: 20_000, memory: 2048 },
      ...{ json: true, help: false },
    });
  });

  it.each([
    [['--tenants', '1.5'], '--tenants takes a whole number from 0 to 100000'],
    [['--tenants=-1'], '--tenants takes'],
    [['--recordsPerDay', 'many'], '--recordsPerDay takes'],
    [['--recordsPerDay', ''], '--recordsPerDay takes'],
    [['--recordsPerDay', '1e3'], '--recordsPerDay takes'],
    [['--retentionDays', '0'], '--retentionDays takes a whole number from 1 to 3650'],
    [['--memory', '1024'], '--memory takes 512, 2048, 4096'],
    [['--tenant', '1'], "Unknown option '--tenant'"],
    [['50'], 'Unexpected argument'],
  ])('refuses %j', (args, message) => {
    expect(() => parseInputs(args)).toThrow(message);
  });

  it('tells all that is wrong at once', () => {
    expect(() => parseInputs(['--tenants', 'x', '--memory', 'y'])).toThrow(/--tenants .*\n--memory /);
  });
});

import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../scripts/tenant/arguments.ts';
import { UsageError } from '../../../scripts/tenant/usage.ts';
import { fabrikamId } from '../../support/made-up-answers.ts';

describe('the command line', () => {
  it('takes a tenant into care by its domain or id, with what is said of it and nothing else', () => {
    expect(parseCommandLine(['add', 'Fabrikam.example'])).toEqual({
      ...{ help: false, json: false },
      command: { name: 'add', registration: { domain: 'fabrikam.example' }, wait: false, enable: false },
    });
    expect(parseCommandLine(['add', 'größe.example'])).toMatchObject({
      command: { registration: { domain: 'xn--gre-6ka8i.example' } },
    });
    const args = ['--name', 'Fabrikam', '--cloud', 'GCCHigh', '--content-types', 'dlp.all, Audit.Exchange'];
    expect(parseCommandLine(['add', fabrikamId.toUpperCase(), ...args, '--repair-drift', '--json'])).toEqual({
      ...{ help: false, json: true },
      command: {
        ...{ name: 'add', wait: false, enable: false },
        registration: {
          ...{ tenantId: fabrikamId, displayName: 'Fabrikam', cloud: 'gccHigh', repairDrift: true },
          contentTypes: ['DLP.All', 'Audit.Exchange'],
        },
      },
    });
  });

  it('waits for the consent where auditing is to be turned on', () => {
    expect(parseCommandLine(['add', 'fabrikam.example', '--enable'])).toMatchObject({
      command: { wait: true, enable: true },
    });
  });

  it('enables with what is asked for only', () => {
    expect(parseCommandLine(['enable', 'Fabrikam'])).toEqual({
      ...{ help: false, json: false },
      command: { name: 'enable', tenant: 'Fabrikam', request: {} },
    });
    const args = ['--dry-run', '--workloads', 'mailboxes,feed', '--age-days', '90', '--remove-bypasses'];
    const actions = [
      '--admin-actions',
      'SendAs,Update',
      '--delegate-actions',
      'Move',
      '--owner-actions',
      'HardDelete',
    ];
    const mailboxes = ['--mailbox', 'Kowal, Marta', '--mailbox', 'ravi@fabrikam.example'];
    expect(parseCommandLine(['enable', 'Fabrikam', ...args, ...actions, ...mailboxes])).toMatchObject({
      command: {
        request: {
          ...{ dryRun: true, workloads: ['mailboxes', 'feed'], auditLogAgeDays: 90, removeBypasses: true },
          ...{ nonOwner: { admin: ['SendAs', 'Update'], delegate: ['Move'] }, owner: ['HardDelete'] },
          mailboxes: ['Kowal, Marta', 'ravi@fabrikam.example'],
        },
      },
    });
    expect(parseCommandLine(['enable', 'Fabrikam', '--filter', "Alias -eq 'x'"])).toMatchObject({
      command: { request: { mailboxes: { filter: "Alias -eq 'x'" } } },
    });
  });

  it.each(['check', 'consent'])('%s is about one tenant', (name) => {
    expect(parseCommandLine([name, 'Fabrikam Ltd'])).toEqual({
      ...{ help: false, json: false, command: { name, tenant: 'Fabrikam Ltd' } },
    });
  });

  it('removes only with --yes, and deletes data only with --purge', () => {
    expect(parseCommandLine(['remove', 'x'])).toMatchObject({ command: { purge: false, yes: false } });
    expect(parseCommandLine(['remove', 'x', '--yes', '--purge'])).toMatchObject({
      command: { purge: true, yes: true },
    });
  });

  it.each([[['--help']], [['help']], [['enable', '--help']], [['nothing', '--help']]])(
    'tells how it is used: %j',
    (args) => {
      expect(parseCommandLine(args)).toEqual({ help: true });
    },
  );

  it.each([
    [[], /^A command is missing: one of add, enable/],
    [['start'], /^There is no command start/],
    [['constructor'], /^There is no command constructor/],
    [['add'], /^The tenant is missing/],
    [['add', 'not a domain'], /is neither a domain nor a tenant's id/],
    [['add', 'fabrikam'], /is neither a domain nor a tenant's id/],
    [['add', 'https://fabrikam.example'], /is neither a domain nor a tenant's id/],
    [['add', 'fabrikam.example', 'adatum.example'], /^Unexpected argument 'adatum.example'/],
    [['add', 'fabrikam.example', '--cloud', 'blue'], /^--cloud must be of enterprise, gcc, .*not blue/],
    [['add', 'fabrikam.example', '--content-types', 'Audit'], /^--content-types must be of/],
    [['add', 'fabrikam.example', '--key', 'x'], /^Unknown option '--key'/],
    [['enable'], /^The tenant is missing/],
    [['enable', ' '], /^The tenant is missing/],
    [['enable', 'x', '--workloads', 'feed,'], /^--workloads has an empty item/],
    [['enable', 'x', '--age-days', '0'], /^--age-days must be/],
    [['enable', 'x', '--age-days', '3651'], /^--age-days must be/],
    [['enable', 'x', '--age-days', '1e2'], /^--age-days must be/],
    [['enable', 'x', '--mailbox', 'a', '--filter', 'b'], /^--mailbox and --filter exclude each other/],
    [['enable', 'x', '--mailbox'], /^Option '--mailbox/],
    [['list', 'x'], /^Unexpected argument 'x'/],
    [['check', 'x', '--yes'], /^Unknown option '--yes'/],
  ])('is refused with one line: %j', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(UsageError);
    expect(() => parseCommandLine(args)).toThrow(message);
    expect(() => parseCommandLine(args)).not.toThrow(/\n/);
  });
});

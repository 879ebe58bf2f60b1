import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import { auditingSwitchedOffBy } from '../../../shared/records/auditing-switch.ts';
import { costGrowth, linearGrowth } from '../../support/cost-growth.ts';

const flagOf = (record: unknown) => auditingSwitchedOffBy(parseRecord(Buffer.from(JSON.stringify(record))));
const flagged = (operation: string, parameters: unknown) =>
  flagOf({ Id: '0f6c8f0e-0000-4000-8000-000000000001', Operation: operation, Parameters: parameters });
const list = (...pairs: readonly (readonly [string, unknown])[]) =>
  pairs.map(([Name, Value]) => ({ Name, Value }));

const switches = [
  ['Set-AdminAuditLogConfig', 'UnifiedAuditLogIngestionEnabled', 'False', 'True'],
  ['Set-Mailbox', 'AuditEnabled', 'False', 'True'],
  ['Set-MailboxAuditBypassAssociation', 'AuditBypassEnabled', 'True', 'False'],
  ['Set-OrganizationConfig', 'AuditDisabled', 'True', 'False'],
] as const;

describe.each(switches)('%s', (cmdlet, parameter, off, on) => {
  it('is flagged when its parameter list switches auditing off, whatever the case', () => {
    expect(flagged(cmdlet, list(['Identity', 'anna'], [parameter, off]))).toBe(cmdlet);
    expect(flagged(cmdlet.toLowerCase(), list([parameter.toUpperCase(), off.toUpperCase()]))).toBe(
      cmdlet.toLowerCase(),
    );
    expect(flagged(cmdlet, list([parameter, off === 'True']))).toBe(cmdlet);
    expect(flagged(cmdlet, list([parameter, `$${off.toLowerCase()}`]))).toBe(cmdlet);
  });

  it.each([
    `-Identity "anna@fabrikam.example" -${parameter} $${off}`,
    `-${parameter}:$${off.toLowerCase()} -Confirm:$false`,
    `-${parameter} "${off}"`,
    `-${parameter.toLowerCase()}  '${off}'`,
    `${cmdlet} -${parameter}: $${off}`,
    `-Identity "-${parameter} $${on}" -${parameter} $${off}`,
  ])('is flagged when the command line %s does so', (line) => {
    expect(flagged(cmdlet, line)).toBe(cmdlet);
  });

  it('is not flagged when it switches auditing on or is about something else', () => {
    expect(flagged(cmdlet, list([parameter, on]))).toBeUndefined();
    expect(flagged(cmdlet, list(['Identity', off], ['Other', off]))).toBeUndefined();
    expect(flagged(cmdlet, list(['Identity', parameter], [`${parameter}Else`, off]))).toBeUndefined();
    expect(flagged(cmdlet, `-${parameter} $${on} -Other $${off}`)).toBeUndefined();
    for (const parameters of [[], '', null, undefined, 7, {}, [null], [{ Name: parameter }]])
      expect(flagged(cmdlet, parameters)).toBeUndefined();
  });

  it('is not flagged as another cmdlet', () => {
    expect(flagged(`${cmdlet}2`, list([parameter, off]))).toBeUndefined();
    expect(flagged('New-Mailbox', list([parameter, off]))).toBeUndefined();
  });
});

describe('records of any kind', () => {
  it('are checked without throwing', () => {
    const operation = fc.constantFrom(...switches.map(([cmdlet]) => cmdlet), 'FileAccessed');
    fc.assert(
      fc.property(operation, fc.jsonValue(), (Operation, Parameters) => {
        flagOf({ Operation, Parameters });
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        auditingSwitchedOffBy(parseRecord(Buffer.from(text)));
      }),
    );
    for (const text of ['{"Operation":"Set-Mailbox"}', '[]', '', '{"Operation":"Set-Mailbox","Parameters":'])
      expect(auditingSwitchedOffBy(parseRecord(Buffer.from(text)))).toBeUndefined();
  });

  it('are checked quickly, however long the command line is', () => {
    const growth = costGrowth(200_000, (size) => {
      expect(flagged('Set-Mailbox', `-Identity ${'-a '.repeat(size)}`)).toBeUndefined();
    });
    expect(growth).toBeLessThan(linearGrowth);
  });
});

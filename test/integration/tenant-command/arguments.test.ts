import { describe, expect, it } from 'vitest';
import { enablementOf, enablementPath, fabrikamId, tenantOf } from '../../support/made-up-answers.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const tenants = 'POST /api/tenants';
const enablements = `POST /api/tenants/${fabrikamId}/enablements`;

/** The body of the first request that the command sends. */
async function sentBy(...args: readonly string[]): Promise<unknown> {
  stage.reply(tenants, { status: 201, body: tenantOf() });
  stage.reply('GET /api/tenants', { body: { value: [tenantOf()] } });
  stage.reply(enablements, {
    status: 202,
    body: enablementOf('NotStarted'),
    headers: { 'operation-location': enablementPath },
  });
  stage.reply(`GET ${enablementPath}`, { body: enablementOf('Succeeded') });
  expect((await stage.run(args)).exitCode).toBe(0);
  return stage.requests.find(({ target }) => target === tenants || target === enablements)?.body;
}

describe('the arguments of tenant', () => {
  it('onboard a tenant by its domain', async () => {
    expect(await sentBy('add', 'Fabrikam.example')).toEqual({ domain: 'fabrikam.example' });
  });

  it('onboard a tenant by an international domain', async () => {
    expect(await sentBy('add', 'größe.example')).toEqual({ domain: 'xn--gre-6ka8i.example' });
  });

  it('onboard a tenant by its ID, with all that is set', async () => {
    const args = ['--name', 'Fabrikam', '--cloud', 'GCCHigh', '--content-types', 'dlp.all, Audit.Exchange'];
    expect(await sentBy('add', fabrikamId.toUpperCase(), ...args, '--repair-drift', '--json')).toEqual({
      tenantId: fabrikamId,
      displayName: 'Fabrikam',
      cloud: 'gccHigh',
      repairDrift: true,
      contentTypes: ['DLP.All', 'Audit.Exchange'],
    });
  });

  it('enable with the defaults of the API', async () => {
    expect(await sentBy('enable', 'Fabrikam')).toEqual({});
  });

  it('enable with all that is set', async () => {
    const args = ['--workloads', 'mailboxes,feed', '--age-days', '90', '--lower', '--remove-bypasses'];
    const mailboxes = ['--mailbox', 'Kowal, Marta', '--mailbox', 'ravi@fabrikam.example'];
    const actions = ['--admin-actions', 'SendAs,Update', '--delegate-actions', 'Move'];
    const owner = ['--owner-actions', 'HardDelete'];
    expect(await sentBy('enable', 'Fabrikam', ...args, ...mailboxes, ...actions, ...owner)).toEqual({
      workloads: ['mailboxes', 'feed'],
      auditLogAgeDays: 90,
      lower: true,
      removeBypasses: true,
      mailboxes: ['Kowal, Marta', 'ravi@fabrikam.example'],
      nonOwner: { admin: ['SendAs', 'Update'], delegate: ['Move'] },
      owner: ['HardDelete'],
    });
  });

  it('enable mailboxes by a filter', async () => {
    expect(await sentBy('enable', 'Fabrikam', '--filter', "Alias -eq 'x'")).toEqual({
      mailboxes: { filter: "Alias -eq 'x'" },
    });
  });

  it.each([
    [['start'], /^Unknown command 'start'/],
    [['constructor'], /^Unknown command 'constructor'/],
    [['lits'], /^Unknown command 'lits'\. Did you mean list\?/],
    [['add'], /^Missing required argument 'domain-or-id'/],
    [['add', 'not a domain'], /Must be a domain or a tenant ID/],
    [['add', 'fabrikam'], /Must be a domain or a tenant ID/],
    [['add', 'https://fabrikam.example'], /Must be a domain or a tenant ID/],
    [['add', 'fabrikam.example', 'adatum.example'], /^Too many arguments for 'add'/],
    [['add', 'fabrikam.example', '--cloud', 'blue'], /'--cloud <cloud>'.* Must be one of enterprise, gcc,/],
    [['add', 'fabrikam.example', '--content-types', 'Audit'], /'--content-types <list>'.* Must be one of/],
    [['add', 'fabrikam.example', '--key', 'x'], /^Unknown option '--key'/],
    [['enable'], /^Missing required argument 'tenant'/],
    [['enable', ' '], /Must not be empty/],
    [['enable', 'x', '--workloads', 'feed,'], /'--workloads <list>'.* Must not have an empty item/],
    [['enable', 'x', '--age-days', '0'], /'--age-days <days>'.* Must be a whole number from 1 to 3650/],
    [['enable', 'x', '--age-days', '3651'], /'--age-days <days>'.* Must be a whole number from 1 to 3650/],
    [['enable', 'x', '--age-days', '1e2'], /'--age-days <days>'.* Must be a whole number from 1 to 3650/],
    [['enable', 'x', '--mailbox', 'a', '--filter', 'b'], /^--mailbox and --filter exclude each other/],
    [['enable', 'x', '--mailbox'], /^Option '--mailbox <address>' argument missing/],
    [['list', 'x'], /^Too many arguments for 'list'/],
    [['check', 'x', '--yes'], /^Unknown option '--yes'/],
  ])('are refused with one line: %j', async (args, message) => {
    const { exitCode, output, errors } = await stage.run(args);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(message);
    expect(errors).toMatch(/^[^\n]+ \(see --help\)\n$/);
    expect(stage.requests).toEqual([]);
  });

  it('without a command show the help, and are invalid usage', async () => {
    const { exitCode, output, errors } = await stage.run([]);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(/^Usage: auditkeep tenant /);
  });
});

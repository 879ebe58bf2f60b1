/** docs/permissions.md and the permissions and roles in code and templates are the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { callerRoles } from '../../../scripts/register-app/caller-roles.ts';
import { wantedApis } from '../../../shared/tenants/permissions.ts';
import { scopes } from '../../../shared/access/api-keys.ts';
import { callerOfToken } from '../../../shared/access/entra-token.ts';
import { contentTypes } from '../../../shared/activity/content-types.ts';
import { cmdletParameters } from '../../../shared/adapters/exchange/cmdlets.ts';
import { inspectGrants } from '../../../shared/tenants/inspect-tenant.ts';
import { tenantNamed } from '../../support/tenants.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const text = readFileSync(join(project, 'docs', 'permissions.md'), 'utf8');

/** Headings of the third level below one of the second. */
function sectionsIn(chapter: string): readonly string[] {
  const [, body = ''] = text.split(`\n## ${chapter}\n`);
  const [own = ''] = body.split('\n## ');
  return [...own.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading);
}

function bodyOf(section: string): string {
  return text.split(`\n### ${section}\n`)[1]?.split(/\n##/)[0] ?? '';
}

const namesIn = (list = '') => list.split(/,\s*/);

const optionalOf = ({ optional }: (typeof wantedApis)[number]) =>
  optional.map(({ permission }) => permission);
const asked = wantedApis.flatMap((api) => [...api.permissions, ...optionalOf(api)]);
/** Needed by one operation, which says what to do without it: a tenant without it lacks nothing. */
const onDemand = wantedApis.flatMap(({ optional }) =>
  optional.filter(({ option }) => option === 'backfill').map(({ permission }) => permission),
);

describe('docs/permissions.md', () => {
  it('has a section for every permission that the registration requests, and for no other', () => {
    expect([...sectionsIn("In customers' tenants")].sort()).toEqual([...asked].sort());
    for (const api of wantedApis) {
      const values = [...api.permissions, ...optionalOf(api)];
      for (const value of values) expect(bodyOf(value)).toContain(`**API:** ${api.name}`);
    }
  });

  it('the registration requests exactly what the app checks in a tenant, and what an operation asks for', async () => {
    const checks = await inspectGrants(
      {
        signIn: { grantedRoles: () => Promise.resolve([]), findTenantId: () => Promise.resolve(undefined) },
        directory: {
          listRoleHolders: () => Promise.resolve([]),
          listOwnRoles: () => Promise.resolve([]),
          listVerifiedDomains: () => Promise.resolve([]),
        },
        exchange: { readUnifiedAuditLog: () => Promise.resolve(true) },
        now: () => new Date(),
      },
      tenantNamed('Fabrikam', { contentTypes }),
    );
    const looked = checks.flatMap(({ name }) => /^permission:(.+)$/.exec(name)?.[1] ?? []);
    expect([...looked, ...onDemand].sort()).toEqual([...asked].sort());
  });

  describe('the role group instead of the Exchange role', () => {
    const body = bodyOf('A role group instead');

    it('allows the cmdlets that are sent, and no other', () => {
      const kept = [...body.matchAll(/-notin ([\w\s,-]+) \|/g)].flatMap(([, names]) => namesIn(names));
      const ofRoles = [...body.matchAll(/`Get-` and `Set-(\w+)`/g)].flatMap(([, noun]) => [
        ...[`Get-${noun ?? ''}`, `Set-${noun ?? ''}`],
      ]);
      expect([...kept, ...ofRoles].sort()).toEqual(Object.keys(cmdletParameters).sort());
    });

    it('allows the parameters that are sent, and no other, where it limits them', () => {
      const limited = [...body.matchAll(/\\([\w-]+)' -Parameters ((?:\w+,\s+)*\w+)/g)].map(
        ([, cmdlet = '', names]) => [cmdlet, namesIn(names)],
      );
      const { 'Set-Mailbox': mailbox, 'Set-OrganizationConfig': organization } = cmdletParameters;
      expect(Object.fromEntries(limited)).toEqual({
        'Set-Mailbox': mailbox,
        'Set-OrganizationConfig': organization,
      });
    });

    it('allows nothing that is declared and never sent', () => {
      const adapter = readFileSync(join(project, 'shared/adapters/exchange/exchange-admin.ts'), 'utf8');
      for (const name of Object.keys(cmdletParameters)) expect(adapter).toContain(`'${name}'`);
    });
  });

  it('has a section for every role that callers may have, and each opens its scope', () => {
    expect([...sectionsIn('Callers')].sort()).toEqual(callerRoles.map(({ value }) => value).sort());
    const [tenantId, objectId] = ['11111111-2222-4333-8444-555555555555', 'object-1'];
    const roles = callerRoles.map(({ value }) => value);
    const claims = { tenantId, objectId, roles, identity: { kind: 'EntraUser' } } as const;
    expect(callerOfToken(claims, tenantId).grants).toEqual([{ tenants: '*', scopes }]);
  });

  it("has a section for every role that the templates give the app's identity", () => {
    const given = assignmentsIn('isolated');
    const sections = sectionsIn('In your Azure subscription').filter((name) => name !== 'For operators');
    expect([...sections].sort()).toEqual([...new Set(given)].sort());
  });

  it('says for each permission and role what it is for, what stops without it and how it could be abused', () => {
    const chapters = ["In customers' tenants", 'The Exchange role', 'In your Azure subscription', 'Callers'];
    const sections = chapters.flatMap(sectionsIn).filter((name) => name !== 'For operators');
    for (const section of sections) {
      expect(bodyOf(section)).toMatch(/\*\*For:\*\*.*\*\*Without it:\*\*.*\*\*In the wrong hands:\*\*/s);
    }
  });
});

const snapshotSchema = z.object({
  predictedResources: z.array(
    z.looseObject({
      type: z.string(),
      properties: z.looseObject({ description: z.string().optional() }).optional(),
    }),
  ),
});

/** Each assignment names its role, as the id does not. */
function assignmentsIn(parameters: string): readonly string[] {
  const file = join(project, 'infra', 'parameters', `${parameters}.snapshot.json`);
  const { predictedResources } = snapshotSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return predictedResources
    .filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments')
    .map(
      ({ properties }) => /^Auditkeep: (.+)$/.exec(properties?.description ?? '')?.[1] ?? 'no description',
    );
}

import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../shared/json.ts';
import { roleChangeIn } from '../../../../shared/reports/kinds/privileged-activity/role-change.ts';
import { privilegedRoles } from '../../../../shared/tenants/privileged-roles.ts';
import { globalAdministrator } from '../../../../shared/tenants/privileged-roles.ts';

const anna = 'a1111111-0000-4000-8000-000000000001';
const group = 'c1111111-0000-4000-8000-000000000001';
const at = new Date('2026-03-02T09:40:05Z');
const userTarget = [
  { ID: `User_${anna}`, Type: 2 },
  { ID: anna, Type: 2 },
  { ID: 'User', Type: 2 },
  { ID: 'anna@fabrikam.example', Type: 5 },
  { ID: '1003200012345678', Type: 3 },
];
const roleProperties = (side: 'NewValue' | 'OldValue', quoted = false) =>
  Object.entries({
    'Role.ObjectID': 'd1111111-0000-4000-8000-000000000001',
    'Role.DisplayName': 'Global Administrator',
    'Role.TemplateId': globalAdministrator,
  }).map(([Name, text]) => ({
    Name,
    OldValue: '',
    NewValue: '',
    [side]: quoted ? JSON.stringify(text) : text,
  }));

const read = (operation: string, fields: JsonObject) =>
  roleChangeIn({ id: 'r1', createdDateTime: at, operation }, fields, privilegedRoles);

describe('a record of the directory', () => {
  it('says who gained which role', () => {
    const fields = {
      Target: userTarget,
      ModifiedProperties: roleProperties('NewValue'),
      ResultStatus: 'Success',
    };
    expect(read('Add member to role.', fields)).toEqual({
      ...{ recordId: 'r1', at, gained: true, role: globalAdministrator },
      principal: { type: 'user', id: anna, names: [anna, 'anna@fabrikam.example', '1003200012345678'] },
    });
  });

  it('says who lost it: the role is the old value then, which may be in quotes', () => {
    const fields = { Target: userTarget, ModifiedProperties: roleProperties('OldValue', true) };
    expect(read('Remove member from role.', fields)).toMatchObject({
      gained: false,
      role: globalAdministrator,
    });
  });

  it('names a group', () => {
    const Target = [
      { ID: `Group_${group}`, Type: 2 },
      { ID: group, Type: 2 },
      { ID: 'Group', Type: 2 },
      { ID: 'Tier 0', Type: 1 },
    ];
    const change = read('Add member to role.', { Target, ModifiedProperties: roleProperties('NewValue') });
    expect(change?.principal).toEqual({ type: 'group', id: group, names: [group, 'Tier 0'] });
  });

  it('names a service principal by all that its own records may have', () => {
    const appId = 'e1111111-0000-4000-8000-000000000001';
    const Target = [
      { ID: `ServicePrincipal_${anna}`, Type: 2 },
      { ID: anna, Type: 2 },
      { ID: 'ServicePrincipal', Type: 2 },
      { ID: 'Automation', Type: 1 },
      { ID: appId, Type: 2 },
      { ID: appId, Type: 4 },
    ];
    const change = read('Add member to role.', { Target, ModifiedProperties: roleProperties('NewValue') });
    expect(change?.principal.names).toEqual([anna, `ServicePrincipal_${anna}`, appId]);
  });

  it('says who joined or left which group', () => {
    const ModifiedProperties = [
      { Name: 'Group.ObjectID', NewValue: '', OldValue: group },
      { Name: 'Group.DisplayName', NewValue: '', OldValue: 'Tier 0' },
      { Name: 'Group.WellKnownObjectName', NewValue: '', OldValue: '' },
    ];
    const change = read('Remove member from group.', { Target: userTarget, ModifiedProperties });
    expect(change).toMatchObject({ gained: false, group: [group, 'Tier 0'] });
    expect(change?.role).toBeUndefined();
  });

  it.each([
    [
      'of another role',
      'Add member to role.',
      { ModifiedProperties: [{ Name: 'Role.DisplayName', NewValue: 'Reader' }] },
    ],
    ['that failed', 'Add member to role.', { ResultStatus: 'Failure' }],
    ['without a target', 'Add member to role.', { Target: [], ObjectId: '' }],
    ['of what is only requested', 'Add member to role requested (PIM activation)', {}],
    ['of an eligible member', 'Add eligible member to role in PIM completed (permanent)', {}],
    ['of another operation', 'Update user.', {}],
  ])('%s changes nothing', (_, operation, changes) => {
    const fields = { Target: userTarget, ModifiedProperties: roleProperties('NewValue') };
    expect(read(operation, { ...fields, ...changes })).toBeUndefined();
  });

  it('without an id has an address at least', () => {
    const fields = { ObjectId: 'anna@fabrikam.example', ModifiedProperties: roleProperties('NewValue') };
    expect(read('Add member to role.', fields)?.principal).toEqual({
      ...{ type: 'unknown', names: ['anna@fabrikam.example'] },
    });
  });
});

describe('a record of Privileged Identity Management', () => {
  const roleTarget = [
    { ID: 'Role_d1111111-0000-4000-8000-000000000001', Type: 2 },
    { ID: 'Global Administrator', Type: 1 },
  ];
  it.each([
    ['Add member to role completed (PIM activation)', true],
    ['Add member to role completed (PIM activation).', true],
    ['Add member to role in PIM completed (timebound)', true],
    ['Remove member from role (PIM activation expired)', false],
    ['Remove member from role completed (PIM deactivate)', false],
    ['Remove member from role in PIM completed (permanent)', false],
  ])('%s', (operation, gained) => {
    const change = read(operation, { Target: [...roleTarget, ...userTarget] });
    expect(change).toMatchObject({ gained, role: globalAdministrator, principal: { id: anna } });
  });

  it('may name the role in its details', () => {
    const ExtendedProperties = [
      {
        Name: 'additionalDetails',
        Value: JSON.stringify({ TemplateId: globalAdministrator, Justification: 'x' }),
      },
    ];
    const change = read('Add member to role completed (PIM activation)', {
      Target: userTarget,
      ExtendedProperties,
    });
    expect(change?.role).toBe(globalAdministrator);
  });
});

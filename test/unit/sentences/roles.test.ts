import { describe } from 'vitest';
import { cmdlet, describesAs, directory } from './described.ts';

const role = (name: string) => ({ 'Role.ObjectID': '0f6c8f0e', 'Role.DisplayName': name });

describe('roles', () => {
  describesAs([
    {
      record: directory('Add member to role.', 'bo@contoso.example', role('Global Administrator')),
      act: 'roleGranted',
      severity: 'high',
      sentence: 'adele@contoso.example gave bo@contoso.example the role Global Administrator',
      changes: [{ what: 'Role.DisplayName', to: 'Global Administrator' }],
    },
    {
      record: directory('Add member to role.', 'adele@contoso.example', role('"Reports Reader"')),
      act: 'roleGranted',
      severity: 'notable',
      sentence: 'adele@contoso.example gave themselves the role Reports Reader',
    },
    {
      record: directory('Add member to role.', 'Sync Fabric', role('Directory Readers'), {
        UserId: 'Certificate',
        Actor: [{ ID: 'Just-in-time Provisioning', Type: 1 }],
      }),
      act: 'roleGranted',
      severity: 'routine',
      sentence: 'The application Just-in-time Provisioning gave Sync Fabric the role Directory Readers',
    },
    {
      record: directory('Add eligible member to role.', 'bo@contoso.example', role('Exchange Administrator')),
      act: 'roleEligibilityGranted',
      severity: 'high',
      sentence: 'adele@contoso.example made bo@contoso.example eligible for the role Exchange Administrator',
    },
    {
      record: directory(
        'Add member to role completed (PIM activation)',
        'adele@contoso.example',
        role('Global Administrator'),
      ),
      act: 'roleActivated',
      severity: 'notable',
      sentence: 'adele@contoso.example activated the role Global Administrator',
    },
    {
      record: directory('Remove member from role.', 'bo@contoso.example', {
        'Role.DisplayName': ['Global Administrator', ''],
      }),
      act: 'roleRemoved',
      severity: 'notable',
      sentence: 'adele@contoso.example took the role Global Administrator from bo@contoso.example',
      changes: [{ what: 'Role.DisplayName', from: 'Global Administrator' }],
    },
    {
      record: cmdlet('Add-RoleGroupMember', {
        Identity: 'Organization Management',
        Member: 'bo@contoso.example',
      }),
      act: 'roleGroupMemberAdded',
      severity: 'high',
      sentence: 'adele@contoso.example added bo@contoso.example to the role group Organization Management',
    },
    {
      record: cmdlet('New-ManagementRoleAssignment', { Role: 'ApplicationImpersonation', User: 'svc-sync' }),
      act: 'managementRoleAssigned',
      severity: 'high',
      sentence: 'adele@contoso.example gave svc-sync the management role ApplicationImpersonation',
    },
    {
      record: cmdlet('New-ManagementRoleAssignment', {
        Role: 'View-Only Recipients',
        User: 'bo@contoso.example',
      }),
      act: 'managementRoleAssigned',
      severity: 'notable',
      sentence: 'adele@contoso.example gave bo@contoso.example the management role View-Only Recipients',
    },
  ]);
});

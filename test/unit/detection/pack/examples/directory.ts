import { cmdlet, directory, type Examples } from './example.ts';

const role = (name: string) => ({ 'Role.DisplayName': name });
const failed = { ResultStatus: 'Failure' };
const permissions = (scope: string) => ({
  'ConsentContext.IsAdminConsent': 'False',
  'ConsentAction.Permissions': `[] => [[Id: x, ConsentType: Principal, Scope: ${scope}]]`,
});
const graph = { ObjectId: '00000003-0000-0000-c000-000000000000/ags.windows.net' };
const secrets = 'Update application – Certificates and secrets management ';
const methods = (OldValue: string, NewValue: string) =>
  directory(
    'Update user.',
    {},
    { ModifiedProperties: [{ Name: 'StrongAuthenticationMethod', OldValue, NewValue }] },
  );
const one = '[{"MethodType":3}]';
const two = '[{"MethodType":3},{"MethodType":6}]';

export const directoryExamples: Examples = {
  privilegedRoleGiven: {
    fires: [directory('Add member to role.', role('Exchange Administrator'))],
    raises: [
      ['high', [directory('Add eligible member to role.', role('"Global Administrator"'))]],
      ['high', [cmdlet('Add-RoleGroupMember', { Identity: 'Organization Management', Member: 'Bo' })]],
      [
        'critical',
        [
          directory('Add member to role.', role('User Administrator'), {
            ObjectId: 'bo_fabrikam.example#EXT#@contoso.onmicrosoft.com',
          }),
        ],
      ],
    ],
    doesNot: [
      [directory('Add member to role.', role('Directory Readers'))],
      [directory('Add member to role.', role('Global Administrator'), failed)],
      [directory('Remove member from role.', role('Global Administrator'))],
      [cmdlet('Add-RoleGroupMember', { Identity: 'Help Desk' })],
    ],
  },
  exchangeRoleGivenToApplication: {
    fires: [cmdlet('New-ManagementRoleAssignment', { Role: 'ApplicationImpersonation', User: 'app' })],
    raises: [['high', [cmdlet('New-ManagementRoleAssignment', { Role: 'Application Mail.Read' })]]],
    doesNot: [[cmdlet('New-ManagementRoleAssignment', { Role: 'View-Only Recipients' })]],
  },
  siteCollectionAdminAdded: {
    fires: [{ Operation: 'SiteCollectionAdminAdded', UserId: 'ada@contoso.example' }],
    doesNot: [[{ Operation: 'SiteCollectionAdminAdded', UserId: 'Microsoft\\ServiceOperator' }]],
  },
  accountIntervention: {
    fires: [directory('Reset user password.')],
    doesNot: [
      [directory('Reset user password.', {}, { ObjectId: 'ada@contoso.example' })],
      [directory('Update user.')],
    ],
  },
  consentGiven: {
    fires: [directory('Consent to application.', permissions('User.Read openid'))],
    raises: [
      ['high', [directory('Consent to application.', permissions('Mail.Read'))]],
      ['high', [directory('Consent to application.', { 'ConsentContext.IsAdminConsent': '"True"' })]],
    ],
    doesNot: [[directory('Consent to application.', permissions('Mail.Read'), failed)]],
  },
  applicationPermissionGiven: {
    fires: [
      directory('Add app role assignment to service principal.', { 'AppRole.Value': 'User.Read.All' }, graph),
    ],
    raises: [
      [
        'high',
        [directory('Add app role assignment to service principal.', { 'AppRole.Value': 'Mail.Read' }, graph)],
      ],
    ],
    doesNot: [
      [
        directory(
          'Add app role assignment to service principal.',
          { 'AppRole.Value': 'ActivityFeed.Read' },
          { ObjectId: 'c5393580' },
        ),
      ],
    ],
  },
  applicationSecretAdded: {
    fires: [directory(secrets, { KeyDescription: '["[KeyIdentifier=x,KeyType=Password]"]' })],
    doesNot: [
      [directory(secrets, { KeyDescription: '[]' })],
      [directory('Update application.', { KeyDescription: '["x"]' })],
    ],
  },
  mfaWeakened: {
    fires: [directory('Disable Strong Authentication.')],
    raises: [
      ['high', [methods(one, '[]')]],
      ['high', [directory('Set Company Information.', { StrongAuthenticationPolicy: '[{"x":1}]' })]],
    ],
    doesNot: [
      [methods(two, one)],
      [methods('[]', one)],
      [directory('Set Company Information.', { 'Included Updated Properties': '' })],
      [directory('Enable Strong Authentication.')],
    ],
  },
  mfaMethodAdded: {
    fires: [{ ...methods(one, two), UserId: 'bo@contoso.example' }],
    raises: [
      ['medium', [methods('[]', one)]],
      ['medium', [directory('Update user.', { SecuredAccessPassData: '[{"x":1}]' })]],
    ],
    doesNot: [[methods(two, one)], [methods(one, one)], [directory('Update user.', { DisplayName: 'Bo' })]],
  },
  conditionalAccessChanged: {
    fires: [directory('Update conditional access policy.')],
    raises: [
      ['medium', [directory('Update policy.')]],
      ['high', [directory('Delete conditional access policy.')]],
    ],
    doesNot: [[cmdlet('Set-ConditionalAccessPolicy', { Identity: 'contoso.onmicrosoft.com\\x' })]],
  },
  domainChanged: {
    fires: [directory('Add unverified domain.')],
    raises: [
      ['medium', [cmdlet('New-AcceptedDomain', { Name: 'fabrikam.example' })]],
      ['high', [directory('Set federation settings on domain.')]],
      ['high', [directory('Set domain authentication.')]],
    ],
    doesNot: [
      [directory('Set domain authentication.', {}, failed)],
      [directory('Remove unverified domain.')],
    ],
  },
};

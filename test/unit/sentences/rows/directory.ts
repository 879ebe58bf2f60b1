/** Microsoft Entra ID: roles, applications, policies, accounts, and sign-ins. */
import { adele, bo, cmdlet, directory, recordOf, type Fields, type Row } from '../described.ts';

const role = (name: string) => ({ 'Role.ObjectID': '0f6c8f0e', 'Role.DisplayName': name });
const certificate = { UserId: 'Certificate', Actor: [{ ID: 'Provisioning', Type: 1 }] };
const key = (name: string, type = 'Password') =>
  `[KeyIdentifier=${name},KeyType=${type},KeyUsage=Verify,DisplayName=${name}]`;
const keys = (...all: readonly string[]) => JSON.stringify(all);
const secrets = 'Update application – Certificates and secrets management ';
const scopes = (before: string, after: string) =>
  `${before} => [[Id: x, ConsentType: Principal, Scope: ${after}, Time: y]]`;
const consent = (forAll: string, permissions: string) =>
  directory('Consent to application.', 'Mail Sorter', {
    'ConsentContext.OnBehalfOfAll': forAll,
    'ConsentAction.Permissions': permissions,
  });
const policy = (state: string, excluded: readonly string[] = []) =>
  JSON.stringify({ displayName: 'Require MFA', state, conditions: { users: { excludeUsers: excluded } } });
const changedPolicy = (before: string, after: string) =>
  directory('Update conditional access policy.', 'Require MFA', { ConditionalAccessPolicy: [before, after] });
const methods = (count: number) =>
  JSON.stringify(Array.from({ length: count }, (_, n) => ({ MethodType: n })));
const signIn = (Operation: string, more: Fields = {}): Fields =>
  recordOf('AzureActiveDirectory', Operation, { ResultStatus: 'Success', ClientIP: '192.0.2.1', ...more });
const properties = (values: Readonly<Record<string, string>>) => ({
  ExtendedProperties: Object.entries(values).map(([Name, Value]) => ({ Name, Value })),
});

export const directoryRows: readonly Row[] = [
  // Roles
  [
    directory('Add member to role.', bo, role('Global Administrator')),
    'roleGranted',
    'high',
    'adele@contoso.example gave bo@contoso.example the role Global Administrator',
    [{ what: 'Role.DisplayName', to: 'Global Administrator' }],
  ],
  [
    directory('Add member to role.', bo, role('Global Administrator'), { ResultStatus: 'Failure' }),
    'roleGranted',
    'notable',
    'adele@contoso.example gave bo@contoso.example the role Global Administrator, which failed',
  ],
  [
    directory('Add member to role.', adele, role('"Reports Reader"')),
    'roleGranted',
    'notable',
    'adele@contoso.example gave themselves the role Reports Reader',
  ],
  [
    directory('Add member to role.', 'Sync', role('Directory Readers'), certificate),
    'roleGranted',
    'routine',
    'The application Provisioning gave Sync the role Directory Readers',
  ],
  [
    directory('Add eligible member to role.', bo, role('Exchange Administrator')),
    'roleEligibilityGranted',
    'high',
    'adele@contoso.example made bo@contoso.example eligible for the role Exchange Administrator',
  ],
  [
    directory('Add member to role completed (PIM activation)', adele, role('Global Administrator')),
    'roleActivated',
    'notable',
    'adele@contoso.example activated the role Global Administrator',
  ],
  [
    directory('Add member to role requested (PIM activation)', adele, role('Reports Reader')),
    'roleActivated',
    'routine',
    'adele@contoso.example requested to activate the role Reports Reader',
  ],
  [
    directory('Remove member from role.', bo, { 'Role.DisplayName': ['Global Administrator', ''] }),
    'roleRemoved',
    'notable',
    'adele@contoso.example removed the role Global Administrator from bo@contoso.example',
    [{ what: 'Role.DisplayName', from: 'Global Administrator' }],
  ],
  [
    directory('Remove eligible member from role.', bo, { 'Role.DisplayName': ['Reports Reader', ''] }),
    'roleRemoved',
    'routine',
    'adele@contoso.example removed the eligibility of bo@contoso.example for the role Reports Reader',
  ],
  [
    cmdlet('Add-RoleGroupMember', { Identity: 'Organization Management', Member: bo }),
    'roleGroupMemberAdded',
    'high',
    'adele@contoso.example added bo@contoso.example to the role group Organization Management',
  ],
  [
    cmdlet('Add-RoleGroupMember', { Identity: 'View-Only Recipients', Member: adele }),
    'roleGroupMemberAdded',
    'notable',
    'adele@contoso.example added themselves to the role group View-Only Recipients',
  ],
  [
    cmdlet('Remove-RoleGroupMember', { Identity: 'Organization Management', Member: bo }),
    'roleGroupMemberRemoved',
    'routine',
    'adele@contoso.example removed bo@contoso.example from the role group Organization Management',
  ],
  [
    cmdlet('Update-RoleGroupMember', { Identity: 'Organization Management', Members: bo }),
    'roleGroupMembersReplaced',
    'high',
    'adele@contoso.example replaced the members of the role group Organization Management',
  ],
  [
    cmdlet('New-ManagementRoleAssignment', { Role: 'ApplicationImpersonation', User: 'svc-sync' }),
    'managementRoleAssigned',
    'high',
    'adele@contoso.example gave svc-sync the management role ApplicationImpersonation',
  ],
  [
    cmdlet('New-ManagementRoleAssignment', { Role: 'View-Only Recipients', User: bo }),
    'managementRoleAssigned',
    'notable',
    'adele@contoso.example gave bo@contoso.example the management role View-Only Recipients',
  ],

  // Applications
  [
    consent('True', scopes('[]', 'User.Read Mail.Read offline_access Files.Read.All')),
    'applicationConsent',
    'high',
    'adele@contoso.example consented to the application “Mail Sorter” with the permissions Mail.Read, Files.Read.All, User.Read, and 1 more for all users',
    [{ what: 'Permissions', to: 'User.Read Mail.Read offline_access Files.Read.All' }],
  ],
  [
    consent('False', scopes('[[Id: z, Scope: Mail.Read]]', 'User.Read openid')),
    'applicationConsent',
    'notable',
    'adele@contoso.example consented to the application “Mail Sorter” with the permissions User.Read and openid for one user',
  ],
  [
    directory('Add delegated permission grant.', 'Microsoft Graph', {
      'DelegatedPermissionGrant.Scope': ' Mail.Send',
      'DelegatedPermissionGrant.ConsentType': 'AllPrincipals',
      'ServicePrincipal.DisplayName': 'Mail Sorter',
    }),
    'delegatedPermissionGranted',
    'high',
    'adele@contoso.example granted the application “Mail Sorter” the permissions Mail.Send on Microsoft Graph for all users',
  ],
  [
    directory('Add delegated permission grant.', 'Microsoft Graph', {
      'DelegatedPermissionGrant.Scope': 'User.Read',
      'ServicePrincipal.ObjectID': 'c0ffee',
    }),
    'delegatedPermissionGranted',
    'notable',
    'adele@contoso.example granted the application “c0ffee” the permissions User.Read on Microsoft Graph',
  ],
  [
    directory('Remove delegated permission grant.', 'Microsoft Graph', {
      'ServicePrincipal.DisplayName': 'Mail Sorter',
    }),
    'delegatedPermissionRemoved',
    'routine',
    'adele@contoso.example removed permissions of the application “Mail Sorter” on Microsoft Graph',
  ],
  [
    directory('Add app role assignment to service principal.', 'Microsoft Graph', {
      'AppRole.Value': 'Mail.ReadWrite',
      'ServicePrincipal.DisplayName': 'Mail Sorter',
    }),
    'applicationPermissionGranted',
    'high',
    'adele@contoso.example granted the application “Mail Sorter” the application permission Mail.ReadWrite on Microsoft Graph',
  ],
  [
    directory('Add app role assignment to service principal.', 'Office 365 Management APIs', {
      'AppRole.Value': 'ActivityFeed.Read',
      'ServicePrincipal.DisplayName': 'Collector',
    }),
    'applicationPermissionGranted',
    'notable',
    'adele@contoso.example granted the application “Collector” the application permission ActivityFeed.Read on Office 365 Management APIs',
  ],
  [
    directory('Remove app role assignment from service principal.', 'Microsoft Graph', {
      'ServicePrincipal.DisplayName': 'Mail Sorter',
    }),
    'applicationPermissionRemoved',
    'routine',
    'adele@contoso.example removed an application permission on Microsoft Graph from the application “Mail Sorter”',
  ],
  [
    directory('Add app role assignment grant to user.', 'Mail Sorter', { 'User.UPN': adele }),
    'applicationAssigned',
    'routine',
    'adele@contoso.example assigned the application “Mail Sorter” to themselves',
  ],
  [
    directory(secrets, 'Mail Sorter', { KeyDescription: [keys(key('old')), keys(key('old'), key('new'))] }),
    'applicationSecretAdded',
    'high',
    'adele@contoso.example added the secret “new” to the application “Mail Sorter”',
    [{ what: 'Credentials', to: 'secret new' }],
  ],
  [
    directory('Add service principal credentials.', 'Mail Sorter', {
      KeyDescription: ['[]', keys(key('CN=web', 'AsymmetricX509Cert'))],
    }),
    'applicationSecretAdded',
    'high',
    'adele@contoso.example added the certificate “CN=web” to the application “Mail Sorter”',
  ],
  [
    directory(secrets, 'Mail Sorter', { KeyDescription: [keys(key('old'), key('new')), keys(key('new'))] }),
    'applicationSecretRemoved',
    'notable',
    'adele@contoso.example removed the secret “old” from the application “Mail Sorter”',
  ],
  [
    directory(secrets, 'Mail Sorter'),
    'applicationSecretsChanged',
    'notable',
    'adele@contoso.example changed secrets or certificates of the application “Mail Sorter”',
  ],
  [
    directory('Add owner to application.', adele, { 'Application.DisplayName': 'Mail Sorter' }),
    'applicationOwnerAdded',
    'notable',
    'adele@contoso.example made themselves an owner of the application “Mail Sorter”',
  ],
  [
    directory('Update application.', 'Mail Sorter', {
      AppAddress: ['[]', '[{"Address":"https://adatum.example"}]'],
    }),
    'applicationRedirectChanged',
    'notable',
    'adele@contoso.example changed the redirect addresses of the application “Mail Sorter”',
  ],
  [
    directory('Update application.', 'Mail Sorter', { DisplayName: ['["A"]', '["B"]'] }),
    'applicationChanged',
    'routine',
    'adele@contoso.example changed the application “Mail Sorter”',
    [{ what: 'DisplayName', from: 'A', to: 'B' }],
  ],
  [
    directory('Add application.', 'Mail Sorter'),
    'applicationCreated',
    'notable',
    'adele@contoso.example registered the application “Mail Sorter”',
  ],
  [
    directory('Add service principal.', 'Mail Sorter', {}, certificate),
    'servicePrincipalCreated',
    'routine',
    'The application Provisioning added a service principal for the application “Mail Sorter”',
  ],
  [
    directory('Delete application.', 'Mail Sorter'),
    'applicationDeleted',
    'notable',
    'adele@contoso.example deleted the application “Mail Sorter”',
  ],
  [
    directory('Remove service principal.', 'Mail Sorter'),
    'servicePrincipalDeleted',
    'notable',
    'adele@contoso.example deleted the service principal of the application “Mail Sorter”',
  ],

  // Policies
  [
    changedPolicy(policy('enabled'), policy('disabled')),
    'conditionalAccessDisabled',
    'high',
    'adele@contoso.example turned off the conditional access policy “Require MFA”',
    [{ what: 'State', from: 'enabled', to: 'disabled' }],
  ],
  [
    changedPolicy(policy('enabled'), policy('enabled', ['a', 'b'])),
    'conditionalAccessExclusionAdded',
    'high',
    'adele@contoso.example excluded 2 more users, groups, or roles from the conditional access policy “Require MFA”',
    [{ what: 'Excluded users, groups, and roles', from: '0', to: '2' }],
  ],
  [
    changedPolicy(policy('disabled'), policy('enabled')),
    'conditionalAccessChanged',
    'notable',
    'adele@contoso.example changed the conditional access policy “Require MFA”',
  ],
  [
    directory('Delete conditional access policy.', 'Require MFA'),
    'conditionalAccessDeleted',
    'high',
    'adele@contoso.example deleted the conditional access policy “Require MFA”',
  ],
  [
    directory('Add conditional access policy.', 'Require MFA'),
    'conditionalAccessCreated',
    'notable',
    'adele@contoso.example created the conditional access policy “Require MFA”',
  ],
  [
    directory('Add policy.', 'Lifetimes'),
    'policyCreated',
    'notable',
    'adele@contoso.example created the policy “Lifetimes”',
  ],
  [
    directory('Update policy.', 'Lifetimes'),
    'policyChanged',
    'notable',
    'adele@contoso.example changed the policy “Lifetimes”',
  ],
  [
    directory('Delete policy.', 'Lifetimes'),
    'policyDeleted',
    'high',
    'adele@contoso.example deleted the policy “Lifetimes”',
  ],
  [
    directory('Update named location.', 'Office'),
    'namedLocationChanged',
    'notable',
    'adele@contoso.example changed the named location “Office”',
  ],
  [
    directory('Set domain authentication.', 'contoso.example'),
    'federationChanged',
    'high',
    'adele@contoso.example changed the sign-in settings of the domain “contoso.example”',
  ],
  [
    directory('Verify domain.', 'contoso.example'),
    'domainAdded',
    'notable',
    'adele@contoso.example added the domain “contoso.example”',
  ],
  [
    directory('Remove verified domain.', 'contoso.example'),
    'domainRemoved',
    'notable',
    'adele@contoso.example removed the domain “contoso.example”',
  ],
  [
    directory('Set Company Information.', 'Contoso', { StrongAuthenticationPolicy: ['[]', '[1]'] }),
    'mfaTrustedAddressesChanged',
    'high',
    'adele@contoso.example changed the organization’s policy for multifactor authentication',
  ],
  [
    directory('Set Company Information.', 'Contoso'),
    'organizationChanged',
    'notable',
    'adele@contoso.example changed the settings of the organization',
  ],
  [
    directory('Add a partner to cross-tenant access setting.', 'Adatum'),
    'crossTenantAccessChanged',
    'notable',
    'adele@contoso.example changed the settings for access from and to other organizations',
  ],
  [
    directory('Update authorization policy.', 'Policy'),
    'authorizationPolicyChanged',
    'notable',
    'adele@contoso.example changed what users of the directory may do by default',
  ],
  [
    directory('Authentication Methods Policy Update', 'Policy'),
    'authenticationMethodsChanged',
    'notable',
    'adele@contoso.example changed which authentication methods are allowed',
  ],

  // Accounts
  [
    directory('Disable Strong Authentication.', bo),
    'mfaDisabled',
    'high',
    'adele@contoso.example turned off multifactor authentication for bo@contoso.example',
  ],
  [
    directory('Update user.', bo, { StrongAuthenticationMethod: [methods(2), '[]'] }),
    'mfaDisabled',
    'high',
    'adele@contoso.example turned off multifactor authentication for bo@contoso.example',
  ],
  [
    directory('Enable Strong Authentication.', bo),
    'mfaEnabled',
    'routine',
    'adele@contoso.example turned on multifactor authentication for bo@contoso.example',
  ],
  [
    directory('Update user.', bo, { StrongAuthenticationMethod: [methods(1), methods(2)] }),
    'mfaMethodAdded',
    'notable',
    'adele@contoso.example added a method of multifactor authentication for bo@contoso.example',
  ],
  [
    directory('Admin registered security info', bo),
    'mfaMethodAdded',
    'notable',
    'adele@contoso.example added a method of multifactor authentication for bo@contoso.example',
  ],
  [
    directory('Update user.', bo, { StrongAuthenticationMethod: [methods(2), methods(1)] }),
    'mfaMethodRemoved',
    'notable',
    'adele@contoso.example removed a method of multifactor authentication from bo@contoso.example',
  ],
  [
    directory('Update user.', adele, {
      StrongAuthenticationUserDetails: ['[]', '[{"PhoneNumber":"+1 555 0100"}]'],
    }),
    'mfaDetailsChanged',
    'notable',
    'adele@contoso.example changed their own phone number or email address for multifactor authentication',
  ],
  [
    directory('Update user.', bo, { SecuredAccessPassData: ['[]', '[{}]'] }),
    'temporaryAccessPassCreated',
    'notable',
    'adele@contoso.example created a Temporary Access Pass for bo@contoso.example',
  ],
  [
    directory('Update user.', bo, { AccountEnabled: ['[true]', '[false]'] }),
    'userDisabled',
    'notable',
    'adele@contoso.example blocked sign-in for bo@contoso.example',
  ],
  [
    directory('Enable account.', bo),
    'userEnabled',
    'notable',
    'adele@contoso.example allowed sign-in for bo@contoso.example',
  ],
  [
    directory('Update user.', bo, { AccountEnabled: ['[false]', '[true]'] }),
    'userEnabled',
    'notable',
    'adele@contoso.example allowed sign-in for bo@contoso.example',
  ],
  [
    directory('Update user.', bo, {
      JobTitle: ['["A"]', '["B"]'],
      'Included Updated Properties': 'JobTitle',
    }),
    'userChanged',
    'routine',
    'adele@contoso.example changed the attribute JobTitle of bo@contoso.example',
    [{ what: 'JobTitle', from: 'A', to: 'B' }],
  ],
  [
    directory('Update user.', adele),
    'userChanged',
    'routine',
    'adele@contoso.example changed attributes of their own account',
  ],
  [
    directory('Add user.', bo),
    'userCreated',
    'notable',
    'adele@contoso.example created the user bo@contoso.example',
  ],
  [
    directory('Delete user.', bo),
    'userDeleted',
    'notable',
    'adele@contoso.example deleted the user bo@contoso.example',
  ],
  [
    directory('Restore user.', bo),
    'userRestored',
    'notable',
    'adele@contoso.example restored the user bo@contoso.example',
  ],
  [
    directory('Invite external user.', 'ada_fabrikam.example#EXT#@contoso.example'),
    'guestInvited',
    'notable',
    'adele@contoso.example invited ada@fabrikam.example as a guest',
  ],
  [
    directory('Redeem external user invite.', bo),
    'invitationRedeemed',
    'routine',
    'adele@contoso.example accepted the invitation of bo@contoso.example',
  ],
  [
    directory('Reset user password.', bo),
    'passwordReset',
    'notable',
    'adele@contoso.example reset the password of bo@contoso.example',
  ],
  [
    directory('Change user password.', adele),
    'passwordChanged',
    'routine',
    'adele@contoso.example changed their own password',
  ],
  [
    directory('Update StsRefreshTokenValidFrom Timestamp.', bo),
    'sessionsRevoked',
    'notable',
    'adele@contoso.example revoked the sessions of bo@contoso.example',
  ],
  [
    directory('Update StsRefreshTokenValidFrom Timestamp.', adele),
    'sessionsRevoked',
    'routine',
    'adele@contoso.example revoked their own sessions',
  ],
  [
    directory('Change user license.', bo),
    'licenseChanged',
    'routine',
    'adele@contoso.example changed the licenses of bo@contoso.example',
  ],
  [
    directory('Add group.', 'Sales'),
    'groupCreated',
    'routine',
    'adele@contoso.example created the group “Sales”',
  ],
  [
    directory('Update group.', 'Sales'),
    'groupChanged',
    'routine',
    'adele@contoso.example changed the group “Sales”',
  ],
  [
    directory('Delete group.', 'Sales'),
    'groupDeleted',
    'notable',
    'adele@contoso.example deleted the group “Sales”',
  ],
  [
    directory('Add member to group.', bo, { 'Group.DisplayName': 'Sales' }),
    'groupMemberAdded',
    'routine',
    'adele@contoso.example added bo@contoso.example to the group Sales',
  ],
  [
    directory('Remove member from group.', bo, { 'Group.DisplayName': ['Sales', ''] }),
    'groupMemberRemoved',
    'routine',
    'adele@contoso.example removed bo@contoso.example from the group Sales',
  ],
  [
    directory('Add owner to group.', adele, { 'Group.DisplayName': 'Sales' }),
    'groupOwnerAdded',
    'routine',
    'adele@contoso.example made themselves an owner of the group Sales',
  ],
  [
    directory('Remove owner from group.', bo, { 'Group.DisplayName': ['Sales', ''] }),
    'groupOwnerRemoved',
    'routine',
    'adele@contoso.example removed bo@contoso.example as an owner of the group Sales',
  ],
  [
    directory('Add registered owner to device.', bo, { 'Device.DisplayName': 'LAPTOP-7' }),
    'deviceRegistered',
    'routine',
    'adele@contoso.example registered the device LAPTOP-7 for bo@contoso.example',
  ],
  [
    directory('Add device.', 'LAPTOP-7'),
    'deviceAdded',
    'routine',
    'adele@contoso.example added the device “LAPTOP-7”',
  ],
  [
    directory('Update device.', 'LAPTOP-7'),
    'deviceChanged',
    'routine',
    'adele@contoso.example changed the device “LAPTOP-7”',
  ],
  [
    directory('Delete device.', 'LAPTOP-7'),
    'deviceDeleted',
    'routine',
    'adele@contoso.example deleted the device “LAPTOP-7”',
  ],

  // Sign-ins
  [signIn('UserLoggedIn'), 'signIn', 'routine', 'adele@contoso.example signed in from 192.0.2.1'],
  [
    signIn('UserLoggedIn', properties({ UserAgent: 'BAV2ROPC' })),
    'passwordOnlySignIn',
    'notable',
    'adele@contoso.example signed in from 192.0.2.1 with an old protocol that needs only a password',
  ],
  [
    signIn('UserLoggedIn', properties({ RequestType: 'Cmsi:Cmsi' })),
    'confirmedSignIn',
    'notable',
    'adele@contoso.example signed in from 192.0.2.1 after confirming an application, as with a device code',
  ],
  [
    signIn('UserLoginFailed', { ErrorNumber: '50126' }),
    'signInFailed',
    'routine',
    'adele@contoso.example could not sign in from 192.0.2.1: the user name or password is wrong',
  ],
  [
    signIn('UserLoginFailed', { ErrorNumber: '53003', ResultStatus: 'Failed' }),
    'signInFailed',
    'notable',
    'adele@contoso.example could not sign in from 192.0.2.1: conditional access blocked it',
  ],
  [
    signIn('UserLoggedIn', properties({ UserAgent: 'CBAInTAR' })),
    'passwordOnlySignIn',
    'notable',
    'adele@contoso.example signed in from 192.0.2.1 with an old protocol that needs only a password',
  ],
  [
    signIn('UserLoginFailed', { LogonError: 'BlockedByConditionalAccess' }),
    'signInFailed',
    'notable',
    'adele@contoso.example could not sign in from 192.0.2.1: conditional access blocked it',
  ],
  [
    signIn('UserLoginFailed', { ErrorNumber: '0', LogonError: 'InvalidUserNameOrPassword' }),
    'signInFailed',
    'routine',
    'adele@contoso.example could not sign in from 192.0.2.1: the user name or password is wrong',
  ],
  [
    signIn('UserLoginFailed', { ErrorNumber: '4711', LogonError: 'SomethingNew' }),
    'signInFailed',
    'routine',
    'adele@contoso.example could not sign in from 192.0.2.1: SomethingNew',
  ],
  [
    signIn('PasswordLogonInitialAuthUsingPassword', { LoginStatus: 0 }),
    'signIn',
    'routine',
    'adele@contoso.example signed in from 192.0.2.1',
  ],
  [
    signIn('PasswordLogonInitialAuthUsingPassword', { LoginStatus: -2 }),
    'signInFailed',
    'routine',
    'adele@contoso.example could not sign in from 192.0.2.1',
  ],
  [
    recordOf('Exchange', 'MailboxLogin', { MailboxOwnerUPN: bo }),
    'mailboxSignIn',
    'routine',
    'adele@contoso.example signed in to the mailbox of bo@contoso.example',
  ],
];

/** Roles, applications, and what protects accounts, in Entra ID and Exchange. */
import type { Condition } from '../conditions/condition.ts';
import type { Rule } from '../rule.ts';
import {
  all,
  any,
  byMicrosoft,
  contains,
  directoryOperation,
  exists,
  is,
  isQuoted,
  not,
  operation,
  packRule,
  succeeded,
} from './writing.ts';

const role = 'ModifiedProperties.Role.DisplayName.NewValue';
const highestRoles = [
  ...['Global Administrator', 'Company Administrator'],
  ...['Privileged Role Administrator', 'Privileged Authentication Administrator'],
];
const privilegedRoles = [
  ...highestRoles,
  ...['Exchange Administrator', 'Exchange Service Administrator'],
  ...['SharePoint Administrator', 'SharePoint Service Administrator'],
  ...['Security Administrator', 'Conditional Access Administrator', 'Hybrid Identity Administrator'],
  ...['Application Administrator', 'Cloud Application Administrator'],
  ...['User Administrator', 'User Account Administrator', 'Authentication Administrator'],
];

/** Guests have such names in every directory but their own. */
const guest: Condition = contains('objectId', '#EXT#');

const toApplications = any(
  is('Parameters.Role', 'ApplicationImpersonation'),
  contains('Parameters.Role', 'Mail.'),
);

export const roleRules: readonly Rule[] = [
  packRule({
    id: 'privilegedRoleGiven',
    title: 'Privileged role given',
    description:
      'Someone was made a member of a privileged role, or may become one. High for the highest roles, critical for guests.',
    nextSteps:
      'Check who requested the change, and that the account needs the role permanently. Remove it otherwise, and review what the account did since.',
    severity: 'medium',
    condition: all(
      any(
        all(
          directoryOperation('Add member to role', 'Add eligible member to role'),
          isQuoted(role, ...privilegedRoles),
        ),
        all(operation('Add-RoleGroupMember'), contains('Parameters.Identity', 'Organization Management')),
      ),
      succeeded,
    ),
    raiseTo: [
      { severity: 'high', condition: any(isQuoted(role, ...highestRoles), operation('Add-RoleGroupMember')) },
      { severity: 'critical', condition: guest },
    ],
  }),
  packRule({
    id: 'exchangeRoleGivenToApplication',
    title: 'Exchange role for reading all mailboxes given',
    description: 'An application got a management role that lets it impersonate users or read their email.',
    nextSteps:
      'Find out which application it is for. Remove the assignment if it is unknown, or limit its scope.',
    severity: 'high',
    condition: all(operation('New-ManagementRoleAssignment'), toApplications, succeeded),
  }),
  packRule({
    id: 'siteCollectionAdminAdded',
    title: 'Site collection administrator added',
    description: 'Someone was made an administrator of a SharePoint site or of a OneDrive.',
    nextSteps:
      'Check that the owner of the site knows. Administrators who only need to look should be removed afterward.',
    severity: 'medium',
    condition: all(operation('SiteCollectionAdminAdded'), not(byMicrosoft), succeeded),
  }),
  packRule({
    id: 'accountIntervention',
    title: 'Sessions revoked, password reset, or account disabled',
    description: 'An administrator revoked the sessions of a user, reset a password, or disabled an account.',
    nextSteps: 'Nothing, if it is the response to an incident or the day someone left.',
    severity: 'informational',
    condition: all(
      directoryOperation(
        'Update StsRefreshTokenValidFrom Timestamp',
        'Reset user password',
        'Disable account',
      ),
      not({ op: 'sameAs', member: 'userId', other: 'objectId' }),
      succeeded,
    ),
  }),
];

const permissions = 'ModifiedProperties.ConsentAction.Permissions.NewValue';
const graphAndExchange = ['00000003-0000-0000-c000-000000000000', '00000002-0000-0ff1-ce00-000000000000'];

export const applicationRules: readonly Rule[] = [
  packRule({
    id: 'consentGiven',
    title: 'Consent given to an application',
    description:
      'A user or an administrator consented to an application. High if it may act for everyone, or read email or files, or keep its access.',
    nextSteps:
      'Look at the publisher of the application and what it may do. Remove its permissions and revoke sessions if it is unknown.',
    severity: 'low',
    condition: all(directoryOperation('Consent to application'), succeeded),
    raiseTo: [
      {
        severity: 'high',
        condition: any(
          isQuoted('ModifiedProperties.ConsentContext.IsAdminConsent.NewValue', 'True'),
          contains(permissions, 'AllPrincipals', 'Mail.', 'Files.', 'full_access', 'offline_access'),
        ),
      },
    ],
  }),
  packRule({
    id: 'applicationPermissionGiven',
    title: 'Application may use Microsoft Graph or Exchange by itself',
    description:
      'An application got a permission of Microsoft Graph or Exchange that it uses without a user. High if it may read email or files, or change the directory.',
    nextSteps: 'Check who needs it and whether the permission is as small as possible.',
    severity: 'medium',
    condition: all(
      directoryOperation('Add app role assignment to service principal'),
      any(
        contains('objectId', ...graphAndExchange),
        contains('ModifiedProperties.TargetId.ServicePrincipalNames.NewValue', ...graphAndExchange),
      ),
      succeeded,
    ),
    raiseTo: [
      {
        severity: 'high',
        condition: contains(
          'ModifiedProperties.AppRole.Value.NewValue',
          ...[
            'Mail.',
            'Files.',
            'Sites.',
            'full_access',
            'ReadWrite',
            'RoleManagement.',
            'AppRoleAssignment.',
          ],
        ),
      },
    ],
  }),
  packRule({
    id: 'applicationSecretAdded',
    title: 'Secret or certificate added to an application',
    description:
      'An application got a new secret or certificate, with which anyone who has it can sign in as it.',
    nextSteps:
      'Ask the owner of the application. Remove the secret if it is not theirs, and review sign-ins of the application.',
    severity: 'medium',
    condition: all(
      directoryOperation(
        ...['–', '-', '—'].map((dash) => `Update application ${dash} Certificates and secrets management`),
        'Add service principal credentials',
      ),
      not(is('ModifiedProperties.KeyDescription.NewValue', '[]')),
      succeeded,
    ),
  }),
];

const methodsChanged = (change: string) =>
  all(directoryOperation('Update user'), is('signInMethods', change));

export const protectionRules: readonly Rule[] = [
  packRule({
    id: 'mfaWeakened',
    title: 'Multi-factor authentication weakened',
    description:
      'Multi-factor authentication was turned off for a user, all of their methods were removed, or its policy was changed, such as by networks that are exempt.',
    nextSteps: 'Ask who did it and why. Turn it on again, and review sign-ins since.',
    severity: 'high',
    condition: all(
      any(
        directoryOperation('Disable Strong Authentication'),
        methodsChanged('allRemoved'),
        all(
          directoryOperation('Set Company Information'),
          exists('ModifiedProperties.StrongAuthenticationPolicy'),
        ),
      ),
      succeeded,
    ),
  }),
  packRule({
    id: 'mfaMethodAdded',
    title: 'Method of multi-factor authentication added',
    description:
      'A user got another method of signing in, or a Temporary Access Pass. Medium if someone else added it.',
    nextSteps: 'Ask the user whether the method is theirs, over a channel other than email.',
    severity: 'low',
    condition: all(
      any(
        methodsChanged('added'),
        all(directoryOperation('Update user'), exists('ModifiedProperties.SecuredAccessPassData')),
        directoryOperation('Admin registered security info'),
      ),
      succeeded,
    ),
    raiseTo: [{ severity: 'medium', condition: not({ op: 'sameAs', member: 'userId', other: 'objectId' }) }],
  }),
  packRule({
    id: 'conditionalAccessChanged',
    title: 'Conditional access policy changed',
    description: 'A policy of Entra ID was added or changed. High if it was deleted.',
    nextSteps:
      'Compare the policy before and after. Policies that require multi-factor authentication should be back the same day.',
    severity: 'medium',
    condition: all(
      directoryOperation(
        ...['Add', 'Update', 'Delete'].flatMap((verb) => [
          `${verb} conditional access policy`,
          `${verb} policy`,
        ]),
      ),
      succeeded,
    ),
    raiseTo: [
      {
        severity: 'high',
        condition: directoryOperation('Delete conditional access policy', 'Delete policy'),
      },
    ],
  }),
  packRule({
    id: 'domainChanged',
    title: 'Domain or federation changed',
    description:
      'A domain was added or verified. High if how its users sign in was changed: a federated domain lets its owner sign in as anyone in it.',
    nextSteps:
      'Check that the change was planned. Set the domain back to managed if not, and rotate the keys of federation.',
    severity: 'medium',
    condition: all(
      any(
        directoryOperation(
          ...['Set federation settings on domain', 'Set domain authentication'],
          ...['Add unverified domain', 'Add verified domain', 'Verify domain'],
        ),
        operation('New-AcceptedDomain', 'Set-AcceptedDomain'),
      ),
      not(byMicrosoft),
      succeeded,
    ),
    raiseTo: [
      {
        severity: 'high',
        condition: directoryOperation('Set federation settings on domain', 'Set domain authentication'),
      },
    ],
  }),
];

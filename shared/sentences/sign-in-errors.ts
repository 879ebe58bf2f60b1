/**
 * Why sign-ins fail, by the number in ErrorNumber, or by the name in LogonError where the number is missing.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
import type { Severity } from './act.ts';

export interface SignInReason {
  /** As in ErrorNumber. */
  readonly number: string;
  /** After "could not sign in: ". */
  readonly text: string;
  readonly severity: Severity;
}

type Reason = Omit<SignInReason, 'number'>;

const routine = (text: string): Reason => ({ text, severity: 'routine' });
const notable = (text: string): Reason => ({ text, severity: 'notable' });

const reasons: ReadonlyMap<string, Reason> = new Map([
  ['16000', routine('the account does not exist in the organization')],
  ['50011', routine('the redirect address is not registered for the application')],
  ['50020', routine('the account belongs to another organization')],
  ['50034', routine('the account does not exist')],
  ['50053', notable('the account is locked after too many attempts, or the address is known for attacks')],
  ['50055', routine('the password has expired')],
  ['50056', routine('the account has no password')],
  ['50057', notable('the account is disabled')],
  ['50058', routine('there is no session to continue')],
  ['50072', routine('multifactor authentication must be set up first')],
  ['50074', routine('multifactor authentication is required')],
  ['50076', routine('multifactor authentication is required')],
  ['50079', routine('multifactor authentication must be set up first')],
  ['50089', routine('the session has expired')],
  ['50097', routine('the device must prove its identity')],
  ['50105', routine('the account is not assigned to the application')],
  ['50125', routine('a password reset or registration interrupted it')],
  ['50126', routine('the user name or password is wrong')],
  ['50129', routine('the device is not joined to the organization')],
  ['50132', routine('the session is no longer valid')],
  ['50133', routine('the session is no longer valid because the password changed')],
  ['50140', routine('the user had to choose whether to stay signed in')],
  ['50144', routine('the password in Active Directory has expired')],
  ['50155', notable('the device could not prove its identity')],
  ['50158', routine('another service must confirm the sign-in')],
  ['50173', routine('the session was revoked')],
  ['50199', notable('the user had to confirm the application')],
  ['51004', routine('the account does not exist in the organization')],
  ['53000', notable('the device is not compliant')],
  ['53001', notable('the device is not joined to the organization')],
  ['53002', notable('the application is not approved')],
  ['53003', notable('conditional access blocked it')],
  ['53004', notable('multifactor authentication cannot be set up because of suspicious activity')],
  ['65001', routine('no one has consented to the application')],
  ['65004', routine('the user declined to consent to the application')],
  ['70008', routine('the session has expired')],
  ['70043', routine('the session has expired')],
  ['70044', routine('the session has expired')],
  ['81010', routine('single sign-on failed')],
  ['90072', routine('the account belongs to another organization')],
  ['90094', routine('an administrator must consent to the application')],
  ['90095', routine('an administrator must consent to the application')],
  ['500121', notable('multifactor authentication was not passed')],
  ['500133', routine('the session has expired')],
  ['530002', notable('the device is not compliant')],
  ['530032', notable('security defaults blocked it')],
  ['530034', notable('an administrator blocked the account')],
  ['700016', routine('the application does not exist in the organization')],
  ['7000218', routine('the application did not prove its identity')],
  ['700082', routine('the session has expired')],
]);

/** Names that Microsoft gives to these numbers, in lower case; some records have no number. */
const numbers: ReadonlyMap<string, string> = new Map(
  Object.entries({
    InvalidReplyTo: '50011',
    UserUnauthorized: '50020',
    UserAccountNotFound: '50034',
    IdsLocked: '50053',
    InvalidPasswordExpiredPassword: '50055',
    InvalidOrNullPassword: '50056',
    UserDisabled: '50057',
    UserInformationNotProvided: '50058',
    UserStrongAuthEnrollmentRequiredInterrupt: '50072',
    UserStrongAuthClientAuthNRequiredInterrupt: '50074',
    UserStrongAuthClientAuthNRequired: '50076',
    UserStrongAuthEnrollmentRequired: '50079',
    FlowTokenExpired: '50089',
    DeviceAuthenticationRequired: '50097',
    EntitlementGrantsNotFound: '50105',
    PasswordResetRegistrationRequiredInterrupt: '50125',
    InvalidUserNameOrPassword: '50126',
    DeviceIsNotWorkplaceJoined: '50129',
    SsoArtifactInvalidOrExpired: '50132',
    SsoArtifactRevoked: '50133',
    KmsiInterrupt: '50140',
    InvalidPasswordExpiredOnPremPassword: '50144',
    DeviceAuthenticationFailed: '50155',
    ExternalSecurityChallenge: '50158',
    FreshTokenNeeded: '50173',
    CmsiInterrupt: '50199',
    UserAccountNotInDirectory: '51004',
    DeviceNotCompliant: '53000',
    DeviceNotDomainJoined: '53001',
    ApplicationUsedIsNotAnApprovedApp: '53002',
    BlockedByConditionalAccess: '53003',
    ProofUpBlockedDueToRisk: '53004',
    DelegationDoesNotExist: '65001',
    UserDeclinedConsent: '65004',
    ExpiredOrRevokedGrant: '70008',
  }).map(([name, number]) => [name.toLowerCase(), number]),
);

interface SignInErrorNames {
  /** ErrorNumber; empty or 0 if there is none. */
  readonly number: string;
  /** LogonError. */
  readonly name: string;
}

/** Undefined if neither is in the tables. */
export function signInErrorOf({ number: given, name }: SignInErrorNames): SignInReason | undefined {
  const number = reasons.has(given.trim()) ? given.trim() : numbers.get(name.trim().toLowerCase());
  const reason = number === undefined ? undefined : reasons.get(number);
  return number === undefined || reason === undefined ? undefined : { number, ...reason };
}

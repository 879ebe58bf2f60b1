/** What Microsoft Entra's errors mean, and what to do about them. */
import { UpstreamError, type UpstreamAction } from '../../errors.ts';

/** For errors of these AADSTS numbers. */
type Advice = readonly [numbers: readonly number[], message: string, cure: string, action?: UpstreamAction];

const consent =
  'Have an administrator of the tenant open the consent link; consent can take minutes to take effect.';
const credential = 'Configure a valid credential in the settings of the app and in its registration.';
const registration = 'Fix the app registration, then have an administrator of the tenant consent again.';
const defect = 'This cannot be fixed in the tenant: report it as a defect of Auditkeep.';

const tenantNotFound = 90002;

/** @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const advice: readonly Advice[] = [
  [[7000215], 'The client secret is wrong: use its value, not its id.', credential],
  [[7000222], 'The client secret has expired: create a new one.', credential],
  [
    [700027, 50012, 50013, 500133],
    'The certificate or assertion was refused: it was not uploaded, has the wrong key, has expired, or a clock is wrong.',
    credential,
  ],
  [[7000218, 700025], 'The app registration does not accept this kind of credential.', credential],
  [
    [70021, 700211, 700212, 700213],
    "No federated credential of the app registration matches the managed identity's token: issuer, subject, or audience differ.",
    'Run `npm run register-app` with --identity and the object id of the managed identity.',
  ],
  [
    [700016, 700011],
    'The application is unknown in the tenant: give admin consent there, or check the tenant ID and client ID.',
    consent,
  ],
  [[7000229], 'The application has no service principal in the tenant: give admin consent.', consent],
  [
    [7000112, 70001],
    'The application is disabled in the tenant.',
    'Have an administrator of the tenant enable the application again (Entra ID, Enterprise applications, Properties).',
  ],
  [[65001, 90094, 90095], 'No administrator has consented yet: send the admin consent link.', consent],
  [
    [65004],
    'The administrator declined the consent.',
    'Talk to the administrator, then send a new consent link.',
  ],
  [[650051], 'The application requests a permission that no longer exists.', registration],
  [
    [650052, 500011, 650057, 50001],
    'The tenant does not have the requested service: it has no license for it, or the service is not set up yet.',
    'Check the licenses of the tenant: the service must be bought and set up first.',
  ],
  [[650056], 'The permission is missing from the app registration.', registration],
  [
    [tenantNotFound, 900021, 900023],
    'Microsoft has no tenant with this ID: check it, and whether the tenant is in another cloud.',
    'Remove the tenant and register it with the correct ID or domain, and cloud.',
  ],
  [
    [90038, 900382, 900432],
    'The tenant is in a national cloud: register it with that cloud.',
    'Register the tenant again with its cloud (gcc, gccHigh, dod).',
  ],
  [
    [90099],
    'The partner application is not authorized for this customer: consent through Partner Center.',
    'Consent for the application through Partner Center, or send the consent link.',
  ],
  [[50194], 'The app registration is single-tenant: make it multi-tenant.', registration],
  [[9001023, 50059, 50128], 'This kind of sign-in requires a tenant.', defect],
  [[70011, 700022], 'The scope is wrong. This is a defect of Auditkeep: please report it.', defect],
  [
    [53003, 530034, 500212, 500213],
    'A Conditional Access or cross-tenant policy of the tenant blocks the application.',
    'Have an administrator of the tenant exempt the application from that policy.',
  ],
  [
    [700229],
    'The federated credential must be a managed identity in the same tenant as the app.',
    'Use a user-assigned identity in the tenant of the app registration.',
  ],
  [
    [90055, 90033, 90006],
    'Microsoft Entra is busy.',
    'No action is needed: Auditkeep retries automatically.',
    'retry',
  ],
];

/** The members of the token endpoint's error body that are used here. */
export interface SignInRefusal {
  readonly error: string;
  readonly errorCodes?: readonly number[] | undefined;
}

/** Classifies by AADSTS number, and by the OAuth error name where the number is not known. */
export function classifySignInError(refusal: SignInRefusal, cause: unknown): UpstreamError {
  const number = refusal.errorCodes?.[0];
  const known = advice.find(([numbers]) => number !== undefined && numbers.includes(number));
  const code = number === undefined ? refusal.error : `AADSTS${number}`;
  const busy = refusal.error === 'temporarily_unavailable' || refusal.error === 'server_error';
  const refused = `Microsoft Entra refused to sign in (${refusal.error}).`;
  const [, message = refused, cure, action = busy ? 'retry' : 'fail'] = known ?? [];
  return new UpstreamError(action, code, message, { cure, cause });
}

/** As sign-in says it when a token is requested for a tenant that does not exist. */
export function tenantMissing(cause: unknown): UpstreamError {
  return classifySignInError({ error: 'invalid_tenant', errorCodes: [tenantNotFound] }, cause);
}

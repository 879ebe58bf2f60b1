/** What Microsoft Entra's errors mean, and what to do about them. */
import { UpstreamError, type UpstreamAction } from '../../errors.ts';

interface Advice {
  readonly numbers: readonly number[];
  readonly message: string;
  readonly cure?: string;
  readonly action?: UpstreamAction;
}

const consent =
  'Have an administrator of the tenant open the consent link; consent can take minutes to take effect.';
const credential = 'Configure a valid credential in the settings of the app and in its registration.';
const registration = 'Fix the app registration, then have an administrator of the tenant consent again.';
const defect = 'This cannot be fixed in the tenant: report it as a defect of Auditkeep.';

/** @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const advice: readonly Advice[] = [
  { numbers: [7000215], message: 'The client secret is wrong: use its value, not its id.', cure: credential },
  { numbers: [7000222], message: 'The client secret has expired: create a new one.', cure: credential },
  {
    numbers: [700027, 50012, 50013, 500133],
    message:
      'The certificate or assertion was refused: it was not uploaded, has the wrong key, has expired, or a clock is wrong.',
    cure: credential,
  },
  {
    numbers: [7000218, 700025],
    message: 'The app registration does not accept this kind of credential.',
    cure: credential,
  },
  {
    numbers: [70021, 700211, 700212, 700213],
    message:
      "No federated credential of the app registration matches the managed identity's token: issuer, subject, or audience differ.",
    cure: 'Run `npm run register-app` with --identity and the object id of the managed identity.',
  },
  {
    numbers: [700016, 700011],
    message:
      'The application is unknown in the tenant: give admin consent there, or check the tenant ID and client ID.',
    cure: consent,
  },
  {
    numbers: [7000229],
    message: 'The application has no service principal in the tenant: give admin consent.',
    cure: consent,
  },
  {
    numbers: [7000112, 70001],
    message: 'The application is disabled in the tenant.',
    cure: 'Have an administrator of the tenant enable the application again (Entra ID, Enterprise applications, Properties).',
  },
  {
    numbers: [65001, 90094, 90095],
    message: 'No administrator has consented yet: send the admin consent link.',
    cure: consent,
  },
  {
    numbers: [65004],
    message: 'The administrator declined the consent.',
    cure: 'Talk to the administrator, then send a new consent link.',
  },
  {
    numbers: [650051],
    message: 'The application requests a permission that no longer exists.',
    cure: registration,
  },
  {
    numbers: [650052, 500011, 650057, 50001],
    message:
      'The tenant does not have the requested service: it has no license for it, or the service is not set up yet.',
    cure: 'Check the licenses of the tenant: the service must be bought and set up first.',
  },
  { numbers: [650056], message: 'The permission is missing from the app registration.', cure: registration },
  {
    numbers: [90002],
    message: 'The tenant does not exist: check its ID, and whether it is in another cloud.',
    cure: 'Remove the tenant and register it with the correct ID or domain, and cloud.',
  },
  {
    numbers: [90038, 900382, 900432],
    message: 'The tenant is in a national cloud: register it with that cloud.',
    cure: 'Register the tenant again with its cloud (gcc, gccHigh, dod).',
  },
  {
    numbers: [90099],
    message: 'The partner application is not authorized for this customer: consent through Partner Center.',
    cure: 'Consent for the application through Partner Center, or send the consent link.',
  },
  {
    numbers: [50194],
    message: 'The app registration is single-tenant: make it multi-tenant.',
    cure: registration,
  },
  {
    numbers: [9001023, 50059, 50128],
    message: 'This kind of sign-in requires a tenant.',
    cure: defect,
  },
  {
    numbers: [70011, 700022],
    message: 'The scope is wrong. This is a defect of Auditkeep: please report it.',
    cure: defect,
  },
  {
    numbers: [53003, 530034, 500212, 500213],
    message: 'A Conditional Access or cross-tenant policy of the tenant blocks the application.',
    cure: 'Have an administrator of the tenant exempt the application from that policy.',
  },
  {
    numbers: [700229],
    message: 'The federated credential must be a managed identity in the same tenant as the app.',
    cure: 'Use a user-assigned identity in the tenant of the app registration.',
  },
  {
    numbers: [90055, 90033, 90006],
    message: 'Microsoft Entra is busy.',
    cure: 'No action is needed: Auditkeep retries automatically.',
    action: 'retry',
  },
];

/** The members of the token endpoint's error body that are used here. */
export interface SignInRefusal {
  readonly error: string;
  readonly errorCodes?: readonly number[] | undefined;
}

/** Classifies by AADSTS number, and by the OAuth error name where the number is not known. */
export function classifySignInError(refusal: SignInRefusal, cause: unknown): UpstreamError {
  const number = refusal.errorCodes?.[0];
  const known = advice.find((entry) => number !== undefined && entry.numbers.includes(number));
  const code = number === undefined ? refusal.error : `AADSTS${number}`;
  const busy = refusal.error === 'temporarily_unavailable' || refusal.error === 'server_error';
  const action = known?.action ?? (busy ? 'retry' : 'fail');
  const message = known?.message ?? `Microsoft Entra refused to sign in (${refusal.error}).`;
  return new UpstreamError(action, code, message, { cure: known?.cure, cause });
}

/** What Microsoft Entra's refusals mean, in words a user can act on. */
import { UpstreamError, type UpstreamAction } from '../../errors.ts';

interface Advice {
  readonly numbers: readonly number[];
  readonly message: string;
  readonly cure?: string;
  readonly action?: UpstreamAction;
}

const consent =
  'Let an administrator of the tenant open the consent link; it can take minutes to take effect.';
const credential = 'Put a good credential into the settings of the app, and into its registration.';
const registration = 'Mend the app registration, then let an administrator of the tenant consent again.';
const defect = 'Nothing can be done in the tenant: report this as a defect of Auditkeep.';

/** @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const advice: readonly Advice[] = [
  { numbers: [7000215], message: 'The client secret is wrong: use its value, not its id.', cure: credential },
  { numbers: [7000222], message: 'The client secret has expired: make a new one.', cure: credential },
  {
    numbers: [700027, 50012, 50013, 500133],
    message:
      'The certificate or assertion was refused: not uploaded, the wrong key, expired, or a clock is off.',
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
      "No federated credential of the app registration fits the managed identity's token: issuer, subject or audience differ.",
    cure: 'Run `npm run register-app` with --identity and the object id of the managed identity.',
  },
  {
    numbers: [700016, 700011],
    message:
      'This application is not known in that tenant: give admin consent there, or check tenant and client id.',
    cure: consent,
  },
  {
    numbers: [7000229],
    message: 'The application has no service principal in that tenant: give admin consent.',
    cure: consent,
  },
  {
    numbers: [7000112, 70001],
    message: 'The application is disabled in that tenant.',
    cure: 'Let an administrator of the tenant switch the application on again (Entra ID, Enterprise applications, Properties).',
  },
  {
    numbers: [65001, 90094, 90095],
    message: 'Nobody with the right to do so has consented yet: send the admin-consent link.',
    cure: consent,
  },
  {
    numbers: [65004],
    message: 'The administrator declined to consent.',
    cure: 'Talk to the administrator, then send a new consent link.',
  },
  {
    numbers: [650051],
    message: 'The application asks for a permission that no longer exists.',
    cure: registration,
  },
  {
    numbers: [650052, 500011, 650057, 50001],
    message: 'The tenant does not have the service that is asked for: no licence for it, or not set up yet.',
    cure: 'Check the licences of the tenant: the service has to be bought and set up there first.',
  },
  { numbers: [650056], message: 'The permission is missing from the app registration.', cure: registration },
  {
    numbers: [90002],
    message: 'There is no such tenant: check the id, and whether it lives in another cloud.',
    cure: 'Remove the tenant and register it with the right id or domain and cloud.',
  },
  {
    numbers: [90038, 900382, 900432],
    message: 'The tenant lives in a national cloud: register it with that cloud.',
    cure: 'Register the tenant again with the cloud it lives in (gcc, gccHigh, dod).',
  },
  {
    numbers: [90099],
    message: 'The partner application is not authorised for this customer: consent through Partner Center.',
    cure: 'Consent for the application through Partner Center, or send the consent link.',
  },
  {
    numbers: [50194],
    message: 'The app registration is single-tenant: make it multi-tenant.',
    cure: registration,
  },
  {
    numbers: [9001023, 50059, 50128],
    message: 'A tenant must be named for this kind of sign-in.',
    cure: defect,
  },
  {
    numbers: [70011, 700022],
    message: 'The scope is wrong; this is a defect, please report it.',
    cure: defect,
  },
  {
    numbers: [53003, 530034, 500212, 500213],
    message: 'A Conditional Access or cross-tenant policy of the tenant blocks the application.',
    cure: 'Let an administrator of the tenant exempt the application from that policy.',
  },
  {
    numbers: [700229],
    message: 'The federated credential must be a managed identity of the same tenant as the app.',
    cure: 'Use the user-assigned identity of the tenant that the app registration is in.',
  },
  {
    numbers: [90055, 90033, 90006],
    message: 'Microsoft Entra is busy.',
    cure: 'Nothing has to be done: it is tried again by itself.',
    action: 'retry',
  },
];

/** What the token endpoint's error body carries, as far as it is used here. */
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

/** What Microsoft Entra's refusals mean, in words a user can act on. */
import { UpstreamError, type UpstreamAction } from '../../errors.ts';

interface Advice {
  readonly numbers: readonly number[];
  readonly message: string;
  readonly action?: UpstreamAction;
}

/** @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const advice: readonly Advice[] = [
  { numbers: [7000215], message: 'The client secret is wrong: use its value, not its id.' },
  { numbers: [7000222], message: 'The client secret has expired: make a new one.' },
  {
    numbers: [700027, 50012, 50013, 500133],
    message:
      'The certificate or assertion was refused: not uploaded, the wrong key, expired, or a clock is off.',
  },
  { numbers: [7000218, 700025], message: 'The app registration does not accept this kind of credential.' },
  {
    numbers: [700016, 700011],
    message:
      'This application is not known in that tenant: give admin consent there, or check tenant and client id.',
  },
  {
    numbers: [7000229],
    message: 'The application has no service principal in that tenant: give admin consent.',
  },
  { numbers: [7000112, 70001], message: 'The application is disabled in that tenant.' },
  {
    numbers: [65001, 90094, 90095],
    message: 'Nobody with the right to do so has consented yet: send the admin-consent link.',
  },
  { numbers: [65004], message: 'The administrator declined to consent.' },
  { numbers: [650051], message: 'The application asks for a permission that no longer exists.' },
  {
    numbers: [650052, 500011, 650057, 50001],
    message: 'The tenant does not have the service that is asked for: no licence for it, or not set up yet.',
  },
  { numbers: [650056], message: 'The permission is missing from the app registration.' },
  {
    numbers: [90002],
    message: 'There is no such tenant: check the id, and whether it lives in another cloud.',
  },
  {
    numbers: [90038, 900382, 900432],
    message: 'The tenant lives in a national cloud: register it with that cloud.',
  },
  {
    numbers: [90099],
    message: 'The partner application is not authorised for this customer: consent through Partner Center.',
  },
  { numbers: [50194], message: 'The app registration is single-tenant: make it multi-tenant.' },
  { numbers: [9001023, 50059, 50128], message: 'A tenant must be named for this kind of sign-in.' },
  { numbers: [70011, 700022], message: 'The scope is wrong; this is a defect, please report it.' },
  {
    numbers: [53003, 530034, 500212, 500213],
    message: 'A Conditional Access or cross-tenant policy of the tenant blocks the application.',
  },
  {
    numbers: [700229],
    message: 'The federated credential must be a managed identity of the same tenant as the app.',
  },
  { numbers: [90055, 90033, 90006], message: 'Microsoft Entra is busy.', action: 'retry' },
];

/** What the token endpoint's error body carries, as far as it is used here. */
export interface SignInRefusal {
  readonly error: string;
  readonly errorCodes?: readonly number[] | undefined;
}

/** Judges by AADSTS number, and by the OAuth error name where the number is not known. */
export function judgeSignIn(refusal: SignInRefusal, cause: unknown): UpstreamError {
  const number = refusal.errorCodes?.[0];
  const known = advice.find((entry) => number !== undefined && entry.numbers.includes(number));
  const code = number === undefined ? refusal.error : `AADSTS${number}`;
  const busy = refusal.error === 'temporarily_unavailable' || refusal.error === 'server_error';
  const action = known?.action ?? (busy ? 'retry' : 'fail');
  const message = known?.message ?? `Microsoft Entra refused to sign in (${refusal.error}).`;
  return new UpstreamError(action, code, message, { cause });
}

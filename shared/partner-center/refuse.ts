/** Turns refusals of Partner Center into answers to a request. */
import { RequestError, type UpstreamError } from '../errors.ts';
import { partnerRefusals, type PartnerCenter } from './partner-center.ts';

export interface PartnerCenterDeps {
  /** Undefined: the settings of the app have no refresh token. */
  readonly partnerCenter: PartnerCenter | undefined;
}

/** @throws RequestError 409 `PartnerCenterNotConfigured` */
export function configured({ partnerCenter }: PartnerCenterDeps): PartnerCenter {
  if (partnerCenter !== undefined) return partnerCenter;
  const message =
    'No connection to Partner Center is configured. Store a refresh token of a partner user in the vault and set ' +
    'AUDITKEEP_PARTNER_REFRESH_TOKEN (docs/partner-center.md), or send a consent link.';
  throw new RequestError(409, 'PartnerCenterNotConfigured', message);
}

const usualWaitMs = 30_000;
const known: ReadonlySet<string> = new Set(partnerRefusals);

/** @throws RequestError always: 503 for what may pass, otherwise 409 */
export function refuse(refusal: UpstreamError): never {
  const { code, message, cure, isTransient, retryAfterMs = usualWaitMs } = refusal;
  const advice = cure ?? (isTransient ? 'Try again in a minute.' : 'See docs/partner-center.md.');
  const text = `${message} ${advice}`;
  if (isTransient) {
    const headers = { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) };
    throw new RequestError(503, 'MicrosoftUnavailable', text, { headers, cause: refusal });
  }
  if (known.has(code)) throw new RequestError(409, code, text, { cause: refusal });
  throw new RequestError(409, 'PartnerCenterRefused', `${code}: ${text}`, { cause: refusal });
}

/** Parses the several shapes of Exchange errors, and says what to do about each. */
import * as z from 'zod';
import { commandRefused } from '../../enablement/exchange-admin.ts';
import { UpstreamError, type UpstreamAction } from '../../errors.ts';
import { parseRefusal, type Refusal } from '../microsoft/refusals.ts';

interface Kind {
  readonly code: string;
  readonly action: UpstreamAction;
  readonly message: string;
  readonly cure?: string;
}

const exchangeRole =
  'Give the service principal of the application the role Exchange Administrator in this tenant (Entra ID, Roles and ' +
  'administrators), or the role group of docs/permissions.md; it can take an hour to take effect.';

const unauthorized: Kind = {
  code: 'ExchangeUnauthorized',
  action: 'renewToken',
  message:
    'Exchange knows neither the permission Exchange.ManageAsApp nor a role of this application: give admin consent, ' +
    'and the role Exchange Administrator to its service principal.',
  cure: exchangeRole,
};

/** Directory roles are frozen into a token, as permissions are. */
const forbidden: Kind = {
  code: 'ExchangeForbidden',
  action: 'renewToken',
  message:
    'The application may sign in to Exchange but not do this: give its service principal the role Exchange ' +
    'Administrator in this tenant (Entra ID, Roles and administrators). It can take an hour to take effect.',
  cure: exchangeRole,
};

const busy: Kind = { code: 'ExchangeBusy', action: 'pause', message: 'Exchange is throttling requests.' };

/** Code of a refusal of the next page of a list. */
export const pageExpired = 'ExchangePageExpired';

/** Error texts of Exchange with a known cause. */
const known: readonly { readonly text: RegExp; readonly kind: Kind }[] = [
  {
    text: /Enable-OrganizationCustomization|InvalidOperationInDehydratedContext/i,
    kind: {
      code: 'ExchangeDehydrated',
      action: 'retry',
      message:
        'The organization does not allow changes yet; Enable-OrganizationCustomization can take an hour.',
    },
  },
  {
    text: /already enabled for customization/i,
    kind: { code: 'ExchangeCustomized', action: 'done', message: 'The organization allows changes already.' },
  },
  { text: /maximum number of concurrent requests/i, kind: busy },
  {
    text: /Expired or Invalid pagination request/i,
    kind: {
      code: pageExpired,
      // Requested again, the same page would still be expired.
      action: 'gone',
      message: 'The list of mailboxes expired while it was read.',
    },
  },
];

/** Never repeats NUL bytes or stack traces. */
export function classifyExchangeError({ status, body, retryAfterMs }: Refusal): UpstreamError {
  const text = reasonOf(body);
  const kind = kindOf(status, text);
  return new UpstreamError(kind.action, kind.code, kind.message, { retryAfterMs, cure: kind.cure });
}

function kindOf(status: number, text: string): Kind {
  if (status === 401) return unauthorized;
  const found = known.find((entry) => entry.text.test(text));
  if (found !== undefined) return found.kind;
  if (status === 403) return forbidden;
  if (status === 429) return busy;
  const message = text === '' ? `Exchange answered ${status}.` : `Exchange answered: ${text}`;
  const passing = status === 408 || status >= 500;
  return passing
    ? { code: `HTTP${status}`, action: 'retry', message }
    : { code: commandRefused, action: 'fail', message };
}

const messageHolder = z.object({ message: z.string() });

/** Unknown or null members must not hide the message. */
const refusal = z.object({
  error: z.object({
    message: z.string().catch(''),
    details: z.array(messageHolder).optional().catch(undefined),
    innererror: z
      .object({ internalexception: messageHolder.optional().catch(undefined) })
      .optional()
      .catch(undefined),
  }),
});

/** The innermost message: the most specific one. */
export function reasonOf(body: string): string {
  const text = body.replaceAll('\0', '').trim();
  const { error } = parseRefusal(refusal, text) ?? {};
  if (error === undefined) return /^["[{<]/.test(text) ? '' : shortened(text);
  const detail = error.details?.[0]?.message.split('|').at(-1);
  const messages = [error.innererror?.internalexception?.message, detail, error.message];
  return messages.map((message) => shortened(message ?? '')).find((message) => message !== '') ?? '';
}

const maxReasonLength = 500;

function shortened(text: string): string {
  const [message = ''] = text.replaceAll('\0', '').split(/\r?\n\s*at /);
  return message.trim().slice(0, maxReasonLength);
}

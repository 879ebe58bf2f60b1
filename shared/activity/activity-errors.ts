/** What each error of the Management Activity API means for the caller. */
import { actionOfStatus, type UpstreamAction } from '../errors.ts';

/**
 * Documented codes and three undocumented ones seen in the field (AF20024, AF50005, AF50006). Other codes are classified
 * by their HTTP status.
 * @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#errors
 */
export const activityErrorActions: Readonly<Record<string, UpstreamAction>> = {
  AF10001: 'renewToken',
  AF20001: 'fail',
  AF20002: 'fail',
  AF20003: 'fail',
  AF20010: 'fail',
  AF20011: 'waitForAuditing',
  AF20012: 'fail',
  AF20013: 'fail',
  AF20020: 'fail',
  AF20021: 'fail',
  AF20022: 'startSubscription',
  AF20023: 'startSubscription',
  AF20024: 'done',
  AF20030: 'fail',
  AF20031: 'retry',
  AF20050: 'gone',
  AF20051: 'gone',
  AF20052: 'fail',
  AF20053: 'fail',
  AF20054: 'fail',
  AF20055: 'fail',
  AF429: 'pause',
  AF50000: 'retry',
  AF50005: 'retry',
  AF50006: 'retry',
};

/** What an operator can do about an error; only for codes where there is something to do. */
export const activityErrorCures: Readonly<Record<string, string>> = {
  AF10001:
    'Give admin consent for the application permission ActivityFeed.Read (DLP.All: ActivityFeed.ReadDlp) in this tenant.',
  AF20010: 'The token belongs to another tenant. This is a defect of Auditkeep: please report it.',
  AF20011:
    'Switch the unified audit log on in this tenant; if it is on, check that the tenant is registered in the right cloud.',
  AF20012: 'Assign at least one Microsoft 365 license in this tenant.',
  AF20021:
    'Microsoft could not reach the address of the webhook: check that AUDITKEEP_PUBLIC_URL is reachable from the internet over https. Content is collected without notifications until then.',
  AF20022: 'The subscription was never started; the next poll starts it.',
  AF20023: 'The subscription was stopped or the audit log is off; the next poll starts it again.',
  AF20052: 'The content belongs to another tenant or cloud; check the cloud the tenant is registered with.',
  AF429: 'Nothing: Auditkeep waits as long as Microsoft asks.',
  TenantDoesNotExist:
    'Switch the unified audit log on in this tenant; it can take hours until the feed knows.',
};

const auditingOff = /Tenant [0-9a-f-]{36} does not exist/i;

export interface ActivityRefusal {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string;
}

/**
 * The code to show and to count, and what to do about it. A 404 or 410 without a code says nothing about the content: it
 * comes from a proxy, or from a server that has not heard of it yet.
 */
export function classifyRefusal(refusal: ActivityRefusal): { action: UpstreamAction; code: string } {
  if (auditingOff.test(refusal.message)) return { action: 'waitForAuditing', code: 'TenantDoesNotExist' };
  const action = refusal.code === undefined ? undefined : activityErrorActions[refusal.code];
  const code = refusal.code?.startsWith('AF') === true ? refusal.code : `HTTP${refusal.status}`;
  const isMissing = refusal.status === 404 || refusal.status === 410;
  return { action: action ?? (isMissing ? 'retry' : actionOfStatus(refusal.status)), code };
}

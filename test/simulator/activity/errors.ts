/** Replies of the Office 365 Management Activity API that are not content. */

import { randomUUID } from 'node:crypto';
import { jsonReply, type Reply } from '../http.ts';

const messages = {
  AF20001: 'Missing parameter: {0}.',
  AF20002: 'Invalid parameter type: {0}. Expected type: {1}',
  AF20010:
    'The tenant ID passed in the URL ({0}) does not match the tenant ID passed in the access token ({1}).',
  AF20013: 'The tenant ID passed in the URL ({0}) is not a valid GUID.',
  AF20020: 'The specified content type is not valid.',
  AF20021: 'The webhook endpoint ({0}) could not be validated. {1}',
  AF20022: 'No subscription found for the specified content type.',
  AF20023: 'The subscription was disabled.',
  AF20024: 'The subscription is already enabled. No property change.',
  AF20031: 'Invalid nextPage Input: {0}.',
  AF20050: 'The specified content ({0}) does not exist.',
  AF20051:
    'Content requested with the key {0} has already expired. Content older than 7 days cannot be retrieved.',
  AF20052: 'Blob key {0} in the url is invalid',
  AF20055:
    'Start time and end time must both be specified (or both omitted) and must be less than or equal to 24 hours apart, with the start time prior to end time and start time no more than 7 days in the past.',
} as const;

export type ActivityErrorCode = keyof typeof messages;

/** The headers of every reply of the real service. */
export const serviceHeaders = (): Readonly<Record<string, string>> => ({
  'Cache-Control': 'no-cache',
  Pragma: 'no-cache',
  Expires: '-1',
  Server: 'Microsoft-IIS/10.0',
  'X-AspNet-Version': '4.0.30319',
  'X-Powered-By': 'ASP.NET',
  'mise-correlation-id': randomUUID(),
});

export const activityReply = (status: number, value: unknown): Reply =>
  jsonReply(status, value, serviceHeaders());

/** An error in the API's envelope, with any status, code and message. */
export const activityError = (status: number, code: string, message: string): Reply =>
  activityReply(status, { error: { code, message } });

/** The refusal for a code; `details` fill the placeholders of its message. */
export const refuse = (code: ActivityErrorCode, ...details: readonly string[]): Reply =>
  activityError(
    code === 'AF20050' ? 404 : 400,
    code,
    details.reduce<string>((text, detail, index) => text.replace(`{${index}}`, () => detail), messages[code]),
  );

/** 401 for a request without a usable token: the gateway answers, so the envelope is different. */
export const unauthorized = (): Reply =>
  activityReply(401, { Message: 'Authorization has been denied for this request.' });

/** 401 for a token without the needed application role. */
export const missingRole = (roles: readonly string[]): Reply =>
  activityError(
    401,
    'AF10001',
    `The permission set (${roles.join(' ')}) sent in the request does not include the expected permission.`,
  );

/** 403, not 429, because that is how the API throttles. */
export const throttled = (method: string, publisherId: string | undefined): Reply =>
  activityError(
    403,
    'AF429',
    `Too many requests. Method=${method}, PublisherId=${publisherId ?? '00000000-0000-0000-0000-000000000000'}`,
  );

export const internalError = (): Reply =>
  activityError(500, 'AF50000', 'An internal server error occurred. Retry the request.');

export interface FailedStart {
  readonly tenantId: string;
  readonly contentType: string;
  readonly clientId: string;
  readonly publisherId: string | undefined;
}

/** The start of a subscription in a tenant where auditing was never switched on; the service garbles its own text. */
export const tenantDoesNotExist = ({ tenantId, contentType, clientId, publisherId }: FailedStart): Reply => {
  const publisher = publisherId ?? '00000000-0000-0000-0000-000000000000';
  const context = `TenantId=${tenantId},ContentType=${contentType},ApplicationId=${clientId},PublisherId=${publisher}`;
  return activityError(
    400,
    `StartSubscription [CorrId=${randomUUID()}][${context}][AppId`,
    `${clientId.slice(1)}] failed. Exception: Microsoft.Office.Compliance.Audit.DataServiceException: Tenant ${tenantId} does not exist.\r\n   at Microsoft.Office.Compliance.Audit.API.AzureManager.<GetSubscriptionTableClientForTenantAsync>d__52.MoveNext()`,
  );
};

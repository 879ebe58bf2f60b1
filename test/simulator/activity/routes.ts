/** The Office 365 Management Activity API: authorization and routing. */

import { answerContentBlob, answerContentListing } from './content-listing.ts';
import { activityError, activityReply, missingRole, refuse, throttled, unauthorized } from './errors.ts';
import type { RequestBudget } from './request-budget.ts';
import { answerList, answerStart, answerStop } from './subscription-operations.ts';
import type { Call, Operation } from '../calls.ts';
import type { Cell } from '../cell.ts';
import { queryOf, type HttpRequest, type Reply, type Route, type Router } from '../http.ts';
import { activityAudiences } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { TenantState, TenantStates } from '../tenant-states.ts';
import { feedContentTypes } from '../tenant-schema.ts';
import type { FeedContentType } from '../tenant.ts';
import { bearerOf, type AccessToken, type Tokens } from '../tokens.ts';

export interface ActivityOptions {
  /** Address of the simulator; known once it listens. */
  readonly baseUrl: () => string;
  readonly clientId: string;
  readonly tenants: TenantStates;
  readonly tokens: Tokens;
  readonly settings: Cell<Settings>;
  readonly budget: RequestBudget;
  readonly now: () => Date;
}

type ActivityOperation = keyof typeof methodNames;

/** An authorized request. */
interface AdmittedRequest {
  readonly options: ActivityOptions;
  readonly request: HttpRequest;
  readonly call: Call & { readonly operation: ActivityOperation };
  readonly query: ReadonlyMap<string, string>;
  readonly state: TenantState;
  readonly token: AccessToken;
}

const pathPattern =
  /^\/api\/v1(?:\.0)?\/(?<tenantId>[^/]+)\/activity\/feed\/(?:subscriptions\/(?<operation>start|stop|list|content|notifications)|audit\/(?<contentId>.+))$/i;
const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Method names as they appear in the message of AF429. */
const methodNames = {
  start: 'StartSubscription',
  stop: 'StopSubscription',
  list: 'ListSubscriptions',
  content: 'ListAvailableContent',
  blob: 'GetBlob',
  notifications: 'ListNotifications',
} as const satisfies Partial<Record<Operation, string>>;

export const createActivityRouter =
  (options: ActivityOptions): Router =>
  (request) => {
    const match = pathPattern.exec(request.url.pathname)?.groups;
    if (match === undefined) return undefined;
    const query = queryOf(request.url);
    const contentId = match['contentId'];
    const call = {
      operation: contentId === undefined ? operationOf(match['operation'] ?? '') : 'blob',
      tenantId: match['tenantId']?.toLowerCase() ?? '',
      contentType: query.get('contenttype'),
      contentId: contentId === undefined ? undefined : decodeURIComponent(contentId),
      publisherId: query.get('publisheridentifier'),
      isNextPage: query.has('nextpage'),
    } as const;
    return { call, answer: () => answer(options, request, call) } satisfies Route;
  };

/** The reply to a throttled call, also used when a test requests one. */
export const throttledReply = (call: Call): Reply =>
  throttled(
    isActivityOperation(call.operation) ? methodNames[call.operation] : call.operation,
    call.publisherId,
  );

const isActivityOperation = (operation: string): operation is ActivityOperation =>
  Object.hasOwn(methodNames, operation);

const operationOf = (text: string): ActivityOperation => {
  const operation = text.toLowerCase();
  return isActivityOperation(operation) ? operation : 'list';
};

const answer = (
  options: ActivityOptions,
  request: HttpRequest,
  call: AdmittedRequest['call'],
): Reply | Promise<Reply> => {
  const token = options.tokens.read(bearerOf(request.headers.authorization) ?? '');
  if (token === undefined || !activityAudiences.includes(token.audience)) return unauthorized();
  const refusal = refusalOfCaller(call, token);
  if (refusal !== undefined) return refusal;
  if (!options.budget.take(token.tenantId, options.settings.get().requestsPerMinute))
    return throttledReply(call);
  const state = options.tenants.get(token.tenantId);
  return dispatch({ options, request, call, query: queryOf(request.url), state, token });
};

const refusalOfCaller = (call: Call, token: AccessToken): Reply | undefined => {
  const tenantId = call.tenantId ?? '';
  if (!guidPattern.test(tenantId)) return refuse('AF20013', tenantId);
  if (tenantId !== token.tenantId.toLowerCase()) {
    return call.operation === 'blob'
      ? refuse('AF20052', call.contentId ?? '')
      : refuse('AF20010', tenantId, token.tenantId);
  }
  const role = call.contentType === 'DLP.All' ? 'ActivityFeed.ReadDlp' : 'ActivityFeed.Read';
  if (!token.roles.includes(role)) return missingRole(token.roles);
  if (call.publisherId === undefined || guidPattern.test(call.publisherId)) return undefined;
  return refuse('AF20002', 'PublisherIdentifier', 'guid');
};

const dispatch = (admitted: AdmittedRequest): Reply | Promise<Reply> => {
  const { call, state, options } = admitted;
  const method = call.operation === 'start' || call.operation === 'stop' ? 'POST' : 'GET';
  if (admitted.request.method !== method) {
    return activityError(
      405,
      '',
      `The requested resource does not support http method '${admitted.request.method}'.`,
    );
  }
  if (call.operation === 'list') return answerList(state, options.now());
  if (call.operation === 'blob') {
    const { settleMs } = options.settings.get();
    const isForeign = (contentId: string): boolean =>
      options.tenants.all().some(({ feed }) => feed.find(contentId) !== undefined);
    return answerContentBlob({
      state,
      contentId: call.contentId ?? '',
      settleMs,
      now: options.now(),
      isForeign,
    });
  }
  if (call.contentType === undefined) return refuse('AF20001', 'contentType');
  const contentType = feedContentTypes.find((known) => known === call.contentType);
  return contentType === undefined ? refuse('AF20020') : dispatchTyped(admitted, contentType);
};

const dispatchTyped = (admitted: AdmittedRequest, contentType: FeedContentType): Reply | Promise<Reply> => {
  const { options, request, call, query, state } = admitted;
  const now = options.now();
  const settings = options.settings.get();
  if (call.operation === 'stop') return answerStop(state, contentType, now);
  if (call.operation === 'start') {
    const { resubscribeLagMs } = settings;
    const { clientId } = options;
    const { publisherId } = call;
    return answerStart({
      state,
      contentType,
      clientId,
      publisherId,
      body: request.body,
      now,
      resubscribeLagMs,
    });
  }
  const subscription = state.subscriptions.stateOf(contentType, now);
  if (subscription === 'absent') return refuse('AF20022');
  if (subscription === 'disabled' || !state.policy.get().auditingEnabled) return refuse('AF20023');
  if (call.operation === 'notifications') return activityReply(200, []);
  return answerContentListing({ baseUrl: options.baseUrl(), state, contentType, query, settings, now });
};

/** The Exchange admin endpoint: authorization, and dispatch of single commands and batches. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Cell } from '../cell.ts';
import type { Counters } from '../counters.ts';
import type { Faults } from '../faults.ts';
import { queryOf, type HttpRequest, type Reply, type Router } from '../http.ts';
import { exchangeAudience } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { TenantStates } from '../tenant-states.ts';
import { bearerOf, type Tokens } from '../tokens.ts';
import { answerBatch } from './batch.ts';
import { createConcurrencyGate } from './concurrency-gate.ts';
import { invokeCommand, targetOf, type CommandContext } from './invoke-command.ts';
import { exchangeBadRequest, exchangeForbidden, exchangeThrottled, exchangeUnauthorized } from './replies.ts';
import { createResultPages, type ResultPages } from './result-pages.ts';

export interface ExchangeOptions {
  /** Address of the simulator; known once it listens. */
  readonly baseUrl: () => string;
  readonly tenants: TenantStates;
  readonly tokens: Tokens;
  readonly settings: Cell<Settings>;
  readonly counters: Counters;
  readonly faults: Faults;
  readonly now: () => Date;
}

const pathPattern = /^\/adminapi\/beta\/(?<tenantId>[^/]+)\/(?<operation>InvokeCommand|\$batch)$/i;
const appRole = 'Exchange.ManageAsApp';

export const createExchangeRouter = (options: ExchangeOptions): Router => {
  const gate = createConcurrencyGate();
  const pages = createResultPages();
  return (request) => {
    const match = pathPattern.exec(request.url.pathname)?.groups;
    if (match === undefined || request.method !== 'POST') return undefined;
    const tenantId = match['tenantId']?.toLowerCase() ?? '';
    const isBatch = match['operation'] === '$batch';
    const body = parseJson(request.body);
    options.counters.exchange.countRequest(isBatch);
    const leave = gate.enter(tenantId, options.settings.get().exchangeConcurrency);
    return {
      call: { operation: 'exchange', tenantId, ...(isBatch ? {} : targetOf(body)) },
      answer: () =>
        leave === undefined
          ? exchangeThrottled()
          : answer({ options, pages, request, tenantId, isBatch, body }),
      close: leave,
    };
  };
};

interface Asked {
  readonly options: ExchangeOptions;
  readonly pages: ResultPages;
  readonly request: HttpRequest;
  readonly tenantId: string;
  readonly isBatch: boolean;
  /** Undefined if it is not JSON. */
  readonly body: unknown;
}

const answer = (asked: Asked): Reply => {
  const { options, pages, request, body } = asked;
  const refusal = refusalOf(asked);
  if (refusal !== undefined) return refusal;
  const context: CommandContext = {
    baseUrl: options.baseUrl(),
    state: options.tenants.get(asked.tenantId),
    settings: options.settings.get(),
    counters: options.counters.exchange,
    pages,
    now: options.now(),
  };
  if (body === undefined) return exchangeBadRequest('The body is not JSON.');
  if (asked.isBatch) return answerBatch(context, options.faults, body);
  return invokeCommand(context, { headers: textsOf(request.headers), query: queryOf(request.url), body });
};

const refusalOf = ({ options, request, tenantId }: Asked): Reply | undefined => {
  const token = options.tokens.read(bearerOf(request.headers.authorization) ?? '');
  if (token === undefined) return exchangeUnauthorized('The token is missing, expired, or not signed here.');
  if (token.audience !== exchangeAudience)
    return exchangeUnauthorized('The token is meant for another resource.');
  if (!token.roles.includes(appRole)) return exchangeUnauthorized(`The token lacks the role ${appRole}.`);
  if (token.tenantId.toLowerCase() !== tenantId)
    return exchangeForbidden('The token is from another tenant.');
  const roles = options.tenants.get(tenantId).exchange.organization.get().effectiveRoles;
  return roles.length === 0 ? exchangeForbidden('The application has no directory role.') : undefined;
};

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
};

const textsOf = (headers: IncomingHttpHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => typeof header[1] === 'string'),
  );

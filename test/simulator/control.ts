/** The control port: plain HTTP with JSON, for tests in other processes. */

import { createServer, type Server } from 'node:http';
import * as z from 'zod';
import { addedContentSchema } from './activity/added-content.ts';
import type { Controls } from './controls.ts';
import {
  addedMailboxesSchema,
  mailboxesChangeSchema,
  organizationChangeSchema,
} from './exchange/exchange-schema.ts';
import { faultSchema } from './faults.ts';
import { jsonReply, readRequest, sendReply, type HttpRequest, type Reply } from './http.ts';
import { settingsChangeSchema } from './settings.ts';
import { simulatedTenantSchema } from './tenant-schema.ts';

interface ControlRoute {
  /** Method and path, for example `PATCH /tenants/{id}`. */
  readonly pattern: RegExp;
  answer(controls: Controls, id: string, body: () => unknown): unknown;
}

const policyChangeSchema = z.strictObject({
  auditingEnabled: z.boolean().optional(),
  consented: z.boolean().optional(),
  grantedRoles: z.array(z.string()).optional(),
  directoryRoles: z.array(z.string()).optional(),
  declinesConsent: z.boolean().optional(),
});

const tokenRequestSchema = z.strictObject({
  tenantId: z.string(),
  audience: z.string(),
  roles: z.array(z.string()).optional(),
  claims: z.record(z.string(), z.unknown()).optional(),
});

const clockSchema = z.strictObject({ offsetMs: z.number() });

const route = (pattern: RegExp, answer: ControlRoute['answer']): ControlRoute => ({ pattern, answer });

const routes: readonly ControlRoute[] = [
  route(/^GET \/counters$/, ({ counters }) => counters.snapshot()),
  route(/^DELETE \/counters$/, ({ counters }) => {
    counters.reset();
  }),
  route(/^GET \/faults$/, ({ faults }) => faults.list()),
  route(/^POST \/faults$/, ({ faults }, _id, body) => ({ id: faults.add(faultSchema.parse(body())) })),
  route(/^DELETE \/faults$/, ({ faults }) => {
    faults.clear();
  }),
  route(/^DELETE \/faults\/(?<id>[^/]+)$/, ({ faults }, id) => {
    faults.remove(id);
  }),
  route(/^GET \/settings$/, (controls) => controls.settings()),
  route(/^PATCH \/settings$/, (controls, _id, body) => {
    controls.changeSettings(settingsChangeSchema.parse(body()));
    return controls.settings();
  }),
  route(/^PUT \/clock$/, (controls, _id, body) => {
    controls.moveClock(clockSchema.parse(body()).offsetMs);
  }),
  route(/^POST \/tokens$/, async (controls, _id, body) => ({
    token: await controls.mintToken(tokenRequestSchema.parse(body())),
  })),
  route(/^POST \/tenants$/, (controls, _id, body) => {
    controls.addTenant(simulatedTenantSchema.parse(body()));
  }),
  route(/^PATCH \/tenants\/(?<id>[^/]+)$/, (controls, id, body) =>
    controls.changePolicy(id, policyChangeSchema.parse(body())),
  ),
  route(/^GET \/tenants\/(?<id>[^/]+)\/delivered$/, (controls, id) => controls.delivered(id)),
  route(/^GET \/tenants\/(?<id>[^/]+)\/content$/, (controls, id) => controls.published(id)),
  route(/^POST \/tenants\/(?<id>[^/]+)\/content$/, (controls, id, body) => ({
    contentIds: controls.publish(id, addedContentSchema.parse(body())),
  })),
  route(/^GET \/tenants\/(?<id>[^/]+)\/exchange$/, (controls, id) => controls.exchange(id).summary()),
  route(/^PATCH \/tenants\/(?<id>[^/]+)\/exchange$/, (controls, id, body) =>
    controls.exchange(id).changeOrganization(organizationChangeSchema.parse(body())),
  ),
  route(/^GET \/tenants\/(?<id>[^/]+)\/exchange\/mailboxes$/, (controls, id) =>
    controls.exchange(id).mailboxes(),
  ),
  route(/^POST \/tenants\/(?<id>[^/]+)\/exchange\/mailboxes$/, (controls, id, body) =>
    controls.exchange(id).addMailboxes(addedMailboxesSchema.parse(body())),
  ),
  route(/^PATCH \/tenants\/(?<id>[^/]+)\/exchange\/mailboxes$/, (controls, id, body) => ({
    changed: controls.exchange(id).changeMailboxes(mailboxesChangeSchema.parse(body())),
  })),
];

/** Unknown paths return 404 and exceptions return 400, both with `{ "error": "<reason>" }`. */
export const createControlServer = (controls: Controls, signal: AbortSignal): Server =>
  createServer((incoming, response) => {
    readRequest(incoming, 'http://127.0.0.1')
      .then((request) => answer(controls, request))
      .catch((error: unknown) =>
        jsonReply(400, { error: error instanceof Error ? error.message : String(error) }),
      )
      .then((reply) => sendReply(response, reply, { kind: 'whole' }, signal))
      .catch(() => response.destroy());
  });

const answer = async (controls: Controls, request: HttpRequest): Promise<Reply> => {
  const target = `${request.method} ${request.url.pathname}`;
  const known = routes.find(({ pattern }) => pattern.test(target));
  if (known === undefined) return jsonReply(404, { error: `The control port has no ${target}.` });
  const id = known.pattern.exec(target)?.groups?.['id'] ?? '';
  const result = await known.answer(controls, id, () => JSON.parse(request.body.toString()) as unknown);
  return jsonReply(200, result ?? {});
};

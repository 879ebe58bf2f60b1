/** How auditing stands in a tenant, and what became worse since the last look. */
import * as z from 'zod';
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { Budget } from '../budget.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { enablementRequestSchema, type EnablementRequest } from './enablement.ts';
import type { ExchangeAdmin, MailboxSelection } from './exchange-admin.ts';
import { listSelected } from './list-selected.ts';
import { planMailbox } from './mailbox-plan.ts';

export const postureSchema = z.object({
  takenAt: z.iso.datetime(),
  unifiedAuditLog: z.boolean(),
  /** True: the organisation has switched mailbox auditing off for everybody. */
  mailboxAuditingDisabled: z.boolean(),
  mailboxes: z.object({
    total: z.number(),
    asWanted: z.number(),
    /** The first of those that are not, by address. */
    wrong: z.array(z.string()),
  }),
  bypasses: z.array(z.string()),
  /** Wanted content types without a subscription. */
  subscriptionsMissing: z.array(z.string()),
});
export type Posture = z.infer<typeof postureSchema>;

export interface PostureStore {
  /** One a day is kept; a later one of the same day replaces it. */
  save(tenantId: string, posture: Posture): Promise<void>;
  /** Newest first, at most so many. */
  list(tenantId: string, top: number): Promise<readonly Posture[]>;
}

export interface PostureDeps {
  readonly exchange: ExchangeAdmin;
  readonly feed: ActivityFeed;
  readonly now: () => Date;
  /** Of the calls to Microsoft. */
  readonly budget?: Budget;
}

/** Named in a posture; more are only counted. */
const maxNamed = 200;

/** What a daily check holds mailboxes against when nobody has asked for anything special. */
export const defaultRequest: EnablementRequest = enablementRequestSchema.parse({});

/**
 * Looks at everything that an enablement can set.
 * @throws UpstreamError when Exchange or the feed refuses
 */
export async function readPosture(
  deps: PostureDeps,
  tenant: Tenant,
  request: EnablementRequest = defaultRequest,
): Promise<Posture> {
  const { exchange, feed, now, budget } = deps;
  const organization = await exchange.readOrganization(tenant, budget);
  const unifiedAuditLog = await exchange.readUnifiedAuditLog(tenant, budget);
  const mailboxes = await inspectMailboxes(deps, tenant, request);
  const bypasses = await exchange.listBypasses(tenant, budget);
  const running = await feed.listSubscriptions(tenant, budget);
  const enabled = new Set(running.filter((one) => one.enabled).map(({ contentType }) => contentType));
  return {
    takenAt: now().toISOString(),
    unifiedAuditLog,
    mailboxAuditingDisabled: organization.auditDisabled,
    mailboxes,
    bypasses: bypasses.slice(0, maxNamed).map(({ name }) => name),
    subscriptionsMissing: tenant.contentTypes.filter((contentType) => !enabled.has(contentType)),
  };
}

async function inspectMailboxes(
  deps: PostureDeps,
  tenant: Tenant,
  request: EnablementRequest,
): Promise<Posture['mailboxes']> {
  const unaudited = await findUnaudited(deps, tenant);
  const refused: string[] = [];
  const wrong: string[] = [];
  let total = 0;
  for await (const page of listSelected(deps, tenant, { selection: request.mailboxes, refused })) {
    total += page.length;
    const found = page.filter(
      (mailbox) => planMailbox(mailbox, request, unaudited.has(mailbox.id)).length > 0,
    );
    wrong.push(...found.map(({ userPrincipalName }) => userPrincipalName));
  }
  const all = [...refused, ...wrong];
  total += refused.length;
  return { total, asWanted: total - all.length, wrong: all.sort().slice(0, maxNamed) };
}

/** Ids of mailboxes that the server's own filter reports as not audited: a mailbox's own properties can be wrong. */
export async function findUnaudited(
  { exchange, budget }: Pick<PostureDeps, 'exchange' | 'budget'>,
  tenant: Tenant,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const page of exchange.listMailboxes(tenant, unaudited, budget)) {
    for (const mailbox of page) ids.add(mailbox.id);
  }
  return ids;
}

const unaudited: MailboxSelection = { filter: 'AuditEnabled -eq $false' };

/** What is wrong, in plain words; nothing when auditing is as it should be. */
export function problemsOf(posture: Posture): readonly string[] {
  const { mailboxes, bypasses, subscriptionsMissing } = posture;
  const wrong = wrongIn(mailboxes);
  return [
    ...(posture.unifiedAuditLog ? [] : ['The unified audit log is off.']),
    ...(posture.mailboxAuditingDisabled ? ['The organisation has switched mailbox auditing off.'] : []),
    ...(wrong === 0 ? [] : [`${wrong} of ${mailboxes.total} mailboxes are not audited as wanted.`]),
    ...bypasses.map((identity) => `What ${identity} does in mailboxes is not audited (bypass).`),
    ...subscriptionsMissing.map((contentType) => `There is no subscription to ${contentType}.`),
  ];
}

/** What became worse between two looks. */
export function driftOf(before: Posture, after: Posture): readonly string[] {
  const known = new Set(problemsOf(before));
  const others = problemsOf({ ...after, mailboxes: { total: 0, asWanted: 0, wrong: [] } });
  return [
    ...others.filter((problem) => !known.has(problem)),
    ...mailboxDrift(before.mailboxes, after.mailboxes),
  ];
}

function mailboxDrift(before: Posture['mailboxes'], after: Posture['mailboxes']): readonly string[] {
  // Where not all are named, one that is named only now may have been wrong before.
  if (isNamed(before) && isNamed(after)) {
    const newlyWrong = after.wrong.filter((name) => !before.wrong.includes(name));
    return newlyWrong.map((name) => `The mailbox ${name} is not audited as wanted.`);
  }
  const more = wrongIn(after) - wrongIn(before);
  return more > 0 ? [`${more} more mailboxes are not audited as wanted.`] : [];
}

function isNamed(mailboxes: Posture['mailboxes']): boolean {
  return mailboxes.wrong.length === wrongIn(mailboxes);
}

function wrongIn({ total, asWanted }: Posture['mailboxes']): number {
  return total - asWanted;
}

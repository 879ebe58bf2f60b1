/** The audit posture of a tenant, and what got worse since the last check. */
import * as z from 'zod';
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { Budget } from '../budget.ts';
import { onRefusal } from '../errors.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { enablementRequestSchema, type EnablementRequest } from './enablement.ts';
import type { ExchangeAdmin, Mailbox, MailboxSelection } from './exchange-admin.ts';
import { countLackingDefaults, describeLacking, lackingDefaultsSchema } from './lacking-defaults.ts';
import { listSelected } from './list-selected.ts';
import { leftOutKinds, leftOutKindSchema, type LeftOutKind } from './mailbox-kinds.ts';
import { planMailbox, undecidedSettings } from './mailbox-plan.ts';
import { countUnreadable, describeRows, describeUnreadable, unreadableSchema } from './unreadable.ts';

export const postureSchema = z.object({
  takenAt: z.iso.datetime(),
  unifiedAuditLog: z.boolean(),
  /** True: mailbox auditing is switched off for the whole organization. */
  mailboxAuditingDisabled: z.boolean(),
  mailboxes: z
    .object({
      total: z.number(),
      asWanted: z.number(),
      /** The first ones that are not, by address. */
      wrong: z.array(z.string()),
      unknown: z.number().optional().meta({
        description:
          'Number of mailboxes that are not known to be wrong or as wanted, because something of them cannot be read.',
      }),
      /** Absent in postures of earlier versions, which were not taken where something could not be read. */
      unreadable: z
        .array(unreadableSchema)
        .optional()
        .meta({ description: 'What Exchange returned of mailboxes in an unknown form.' }),
      /** Absent in postures of earlier versions, whose `wrong` did not depend on Microsoft's default set. */
      lackingDefaults: z
        .array(lackingDefaultsSchema)
        .optional()
        .meta({ description: "Mailboxes that lack actions of Microsoft's default set." }),
      /** Kinds that are not among the `total`. Absent in postures of earlier versions. */
      leftOut: z
        .array(leftOutKindSchema)
        .optional()
        .meta({ description: 'Kinds of mailboxes that are not checked, and why.' }),
    })
    .meta({ id: 'PostureMailboxes' }),
  bypasses: z.array(z.string()),
  unreadableBypasses: z.number().optional().meta({
    description: 'Number of rows that may hide a bypass, because Exchange returned them in an unknown form.',
  }),
  /** Wanted content types without a subscription. */
  subscriptionsMissing: z.array(z.string()),
});
export type Posture = z.infer<typeof postureSchema>;

export interface PostureStore {
  /** Keeps one per day; a later one on the same day replaces it. */
  save(tenantId: string, posture: Posture): Promise<void>;
  /** Newest first, at most `top`. @param through only those of days up to the day of this moment; absent: all */
  list(tenantId: string, top: number, through?: Date): Promise<readonly Posture[]>;
}

export interface PostureDeps {
  readonly exchange: ExchangeAdmin;
  readonly feed: ActivityFeed;
  readonly now: () => Date;
  /** Of the calls to Microsoft. */
  readonly budget?: Budget;
}

/** Mailboxes and bypasses named in a posture; more are only counted. */
const maxNamed = 200;

/** What the daily check compares mailboxes with when no enablement has requested anything else. */
export const defaultRequest: EnablementRequest = enablementRequestSchema.parse({});

/**
 * Reads everything that an enablement can set.
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
  const { bypasses, unreadable } = await exchange.listBypasses(tenant, budget);
  const running = await feed.listSubscriptions(tenant, budget);
  const enabled = new Set(running.filter((one) => one.enabled).map(({ contentType }) => contentType));
  return {
    takenAt: now().toISOString(),
    unifiedAuditLog,
    mailboxAuditingDisabled: organization.auditDisabled,
    mailboxes,
    bypasses: bypasses.slice(0, maxNamed).map(({ name }) => name),
    unreadableBypasses: unreadable,
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
  const lacking = countLackingDefaults();
  const unreadable = countUnreadable(unaudited);
  let [total, undecided] = [0, 0];
  const inspect = (mailbox: Mailbox): void => {
    const { userPrincipalName } = mailbox;
    const settings = undecidedSettings(mailbox, request);
    lacking.add(mailbox);
    unreadable.addSettings(userPrincipalName, settings);
    if (planMailbox(mailbox, request, unaudited.ids.has(mailbox.id)).length > 0)
      wrong.push(userPrincipalName);
    else if (settings.length > 0) undecided += 1;
  };
  for await (const page of listSelected(deps, tenant, request.mailboxes, refused)) {
    unreadable.addRows(page.unreadable);
    total += page.mailboxes.length + page.unreadable;
    page.mailboxes.forEach(inspect);
  }
  const all = [...refused, ...wrong];
  total += refused.length;
  const unknown = Math.min(unreadable.rows() + undecided, total - all.length);
  const asWanted = total - all.length - unknown;
  const counts = { total, asWanted, unknown, wrong: all.sort().slice(0, maxNamed) };
  const leftOut = 'all' in request.mailboxes ? await listLeftOut(deps, tenant) : [];
  const found = { unreadable: unreadable.groups(), lackingDefaults: lacking.groups() };
  return { ...counts, ...found, leftOut: [...leftOut] };
}

/** Without counts when Exchange refuses them. */
async function listLeftOut(
  { exchange, budget }: Pick<PostureDeps, 'exchange' | 'budget'>,
  tenant: Tenant,
): Promise<readonly LeftOutKind[]> {
  const others = exchange.countOtherMailboxes(tenant, budget);
  return leftOutKinds(await others.catch(onRefusal(() => new Map<string, number>())));
}

/** What the server's own filter finds not audited. */
export interface Unaudited {
  readonly ids: ReadonlySet<string>;
  /** Rows that may be any of the mailboxes. */
  readonly unreadable: number;
}

/** Mailboxes that the server's own filter reports as not audited: a mailbox's own properties can be wrong. */
export async function findUnaudited(
  { exchange, budget }: Pick<PostureDeps, 'exchange' | 'budget'>,
  tenant: Tenant,
): Promise<Unaudited> {
  const ids = new Set<string>();
  let unreadable = 0;
  for await (const page of exchange.listMailboxes(tenant, unaudited, budget)) {
    for (const mailbox of page.mailboxes) ids.add(mailbox.id);
    unreadable += page.unreadable;
  }
  return { ids, unreadable };
}

const unaudited: MailboxSelection = { filter: 'AuditEnabled -eq $false' };

export interface Problem {
  readonly about:
    | 'organization'
    | 'mailboxes'
    | 'actions'
    | 'unreadableMailboxes'
    | 'bypasses'
    | 'unreadableBypasses'
    | 'feed';
  readonly text: string;
}

/** Not so: actions, which may take a license, and what cannot be read. */
export function isCorrectable(about: Problem['about']): boolean {
  return about !== 'actions' && !about.startsWith('unreadable');
}

/** What is wrong, in plain words; empty when auditing is as wanted. */
export function problemsOf(posture: Posture): readonly string[] {
  return findProblems(posture).map(({ text }) => text);
}

/** @see problemsOf */
export function findProblems(posture: Posture): readonly Problem[] {
  const { mailboxes, bypasses, unreadableBypasses = 0, subscriptionsMissing } = posture;
  const wrong = wrongIn(mailboxes);
  const findings: readonly (readonly [Problem['about'], boolean, string])[] = [
    ['organization', !posture.unifiedAuditLog, 'The unified audit log is off.'],
    ['organization', posture.mailboxAuditingDisabled, 'Mailbox auditing is off for the whole organization.'],
    ['mailboxes', wrong > 0, `${wrong} of ${mailboxes.total} mailboxes are not audited as wanted.`],
    ...lackingIn(mailboxes).map((group) => ['actions', true, describeLacking(group)] as const),
    ...unreadableIn(mailboxes).map(
      (group) => ['unreadableMailboxes', true, describeUnreadable(group)] as const,
    ),
    ...bypasses.map((name) => ['bypasses', true, bypassText(name)] as const),
    ['unreadableBypasses', unreadableBypasses > 0, describeRows(unreadableBypasses, 'bypasses')],
    ...subscriptionsMissing.map((type) => ['feed', true, `There is no subscription to ${type}.`] as const),
  ];
  return findings.flatMap(([about, isWrong, text]) => (isWrong ? [{ about, text }] : []));
}

function bypassText(name: string): string {
  return `What ${name} does in mailboxes is not audited (bypass).`;
}

/** What got worse between two checks. */
export function driftOf(before: Posture, after: Posture): readonly string[] {
  const known = new Set(problemsOf(before));
  const others = findProblems(after).filter(({ about, text }) => !isCounted(about) && !known.has(text));
  const mailboxes = mailboxDrift(before.mailboxes, after.mailboxes);
  return [...others.map(({ text }) => text), ...mailboxes, ...unreadableDrift(before, after)];
}

/** The text of these changes with every mailbox or row, also for the better. */
function isCounted(about: Problem['about']): boolean {
  return about === 'mailboxes' || about === 'actions' || about.startsWith('unreadable');
}

function unreadableDrift(before: Posture, after: Posture): readonly string[] {
  const sum = ({ mailboxes }: Posture) => unreadableIn(mailboxes).reduce((all, { total }) => all + total, 0);
  const more = sum(after) - sum(before);
  const moreBypasses = (after.unreadableBypasses ?? 0) - (before.unreadableBypasses ?? 0);
  return [
    ...(more > 0 ? [`Exchange returned more about mailboxes in an unknown form (${more}).`] : []),
    ...(moreBypasses > 0 ? [`Exchange returned more bypasses in an unknown form (${moreBypasses}).`] : []),
  ];
}

type Mailboxes = Posture['mailboxes'];

function mailboxDrift(before: Mailboxes, after: Mailboxes): readonly string[] {
  // Earlier versions did not compare with Microsoft's default set: what lacks some of it may have lacked it then.
  const excused = before.lackingDefaults === undefined ? lackingIn(after) : [];
  return [
    ...wrongDrift(before, after, new Set(excused.flatMap(({ mailboxes }) => mailboxes))),
    ...licenseDrift(before, after),
  ];
}

function wrongDrift(before: Mailboxes, after: Mailboxes, excused: ReadonlySet<string>): readonly string[] {
  // Unless all are named, one that is named only now may have been wrong before.
  if (isNamed(before) && isNamed(after)) {
    const newlyWrong = after.wrong.filter((name) => !before.wrong.includes(name) && !excused.has(name));
    return newlyWrong.map((name) => `The mailbox ${name} is not audited as wanted.`);
  }
  const more = wrongIn(after) - wrongIn(before);
  return more > 0 && excused.size === 0 ? [`${more} more mailboxes are not audited as wanted.`] : [];
}

/** Where Microsoft manages the list, the mailbox is as wanted and still audits less than before. */
function licenseDrift(before: Mailboxes, after: Mailboxes): readonly string[] {
  if (before.lackingDefaults === undefined) return [];
  const lacking = (mailboxes: Mailboxes) =>
    lackingIn(mailboxes)
      .filter(({ managedByMicrosoft }) => managedByMicrosoft)
      .reduce((sum, { total, actions }) => sum + total * actions.length, 0);
  const more = lacking(after) - lacking(before);
  return more > 0
    ? [`Mailboxes audit ${more} fewer actions of Microsoft's default set. Check their licenses.`]
    : [];
}

function lackingIn({ lackingDefaults = [] }: Mailboxes) {
  return lackingDefaults;
}

function unreadableIn({ unreadable = [] }: Mailboxes) {
  return unreadable;
}

function isNamed(mailboxes: Mailboxes): boolean {
  return mailboxes.wrong.length === wrongIn(mailboxes);
}

function wrongIn({ total, asWanted, unknown = 0 }: Mailboxes): number {
  return total - asWanted - unknown;
}

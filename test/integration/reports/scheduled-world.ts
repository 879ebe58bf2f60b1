/** Schedules, reports, and channels of invented companies on Azurite, with a mail service that a test can read. */
import { randomUUID } from 'node:crypto';
import { createExportFiles } from '../../../shared/adapters/blobs/export-files.ts';
import { createDeliveryStore } from '../../../shared/adapters/tables/channel-delivery-store.ts';
import { createChannelStore } from '../../../shared/adapters/tables/channel-store.ts';
import { createOperationStore } from '../../../shared/adapters/tables/operation-store.ts';
import { createPostureStore } from '../../../shared/adapters/tables/posture-store.ts';
import { createRoleHolderStore } from '../../../shared/adapters/tables/role-holder-store.ts';
import { createScheduleStore } from '../../../shared/adapters/tables/schedule-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { childIdOf } from '../../../shared/batches/member.ts';
import type {
  ChannelMessage,
  MatterMessage,
  ScheduleMessage,
} from '../../../shared/channels/notifications.ts';
import { runNotification, type NotificationDeps } from '../../../shared/channels/run-notification.ts';
import type { StorageSettings } from '../../../shared/config.ts';
import type { RecordPages } from '../../../shared/exports/record-pages.ts';
import type { OperationMessage } from '../../../shared/operations/operation.ts';
import { runOperation } from '../../../shared/operations/run-operation.ts';
import { reportKinds } from '../../../shared/reports/kinds/kinds.ts';
import { documentOf, headOf, kindOf } from '../../../shared/reports/public-report.ts';
import { reportOperationKind } from '../../../shared/reports/report.ts';
import { reportWork } from '../../../shared/reports/report-work.ts';
import { createAttachedReports } from '../../../shared/reports/schedules/attached-report.ts';
import type { Schedule } from '../../../shared/reports/schedules/schedule.ts';
import { watchSchedules } from '../../../shared/reports/schedules/watch-schedules.ts';
import { reportSetKind } from '../../../shared/reports/sets/report-set.ts';
import { reportSetWork } from '../../../shared/reports/sets/report-set-work.ts';
import { demoTenants } from '../../simulator/demo/demo-tenants.ts';
import { createClock, hourMs } from '../../support/clock.ts';
import { exportedRecord } from '../../support/exports.ts';
import { createFakeFindingStore } from '../../support/fakes/detection.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeMailboxNameStore } from '../../support/fakes/mailbox-name-store.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';
import { createTimedQueue } from '../../support/fakes/timed-queue.ts';
import { filteredPages } from '../../support/reports.ts';
import { tenantNamed } from '../../support/tenants.ts';
import type { Receivers } from '../channels/receivers.ts';

type Work = ChannelMessage | MatterMessage | ScheduleMessage | OperationMessage;

/** A Monday: the range is the week before. */
export const sentAt = new Date('2026-03-30T06:05:00Z');
export const companies = demoTenants(sentAt);

const pages = new Map(
  companies.map(({ tenantId, records }) => [
    tenantId,
    filteredPages(
      [
        ...new Map(
          records.map(({ text }) => [exportedRecord(text).record.id, exportedRecord(text, tenantId)]),
        ).values(),
      ].sort((a, b) => b.record.createdDateTime.getTime() - a.record.createdDateTime.getTime()),
      500,
    ),
  ]),
);
/** The records of each company, in place of an index. */
const pagesOfAll: RecordPages = {
  page: async (question, position) =>
    (await pages.get(question.tenantId)?.page(question, position)) ?? { records: [] },
};

export type ScheduledWorld = Awaited<ReturnType<typeof createScheduledWorld>>;

export async function createScheduledWorld(storage: StorageSettings, receivers: Receivers) {
  const tables = createTables(storage);
  const clock = createClock(sentAt);
  const queue = createTimedQueue<Work>(clock.now);
  const reports = createOperationStore(tables, reportOperationKind);
  const exportFiles = createExportFiles(storage);
  const deps = {
    ...{ reports, exportFiles, pages: pagesOfAll, now: clock.now, random: () => 0.5 },
    reportSets: createOperationStore(tables, reportSetKind),
    schedules: createScheduleStore(tables),
    channels: createChannelStore(tables),
    deliveries: createDeliveryStore(tables, clock.now),
    tenants: createTenantStore(tables),
    roleHolders: createRoleHolderStore(tables),
    postures: createPostureStore(tables),
    names: createFakeNameDirectory(),
    mailboxNames: createFakeMailboxNameStore(),
    landings: createFakeLandingStore(),
    findings: createFakeFindingStore(),
    completeness: () =>
      Promise.resolve({
        ...{
          contentTypes: [],
          open: [],
          gaps: [],
          unindexedLandings: 0,
          recordsIndexing: 0,
          completeThrough: sentAt,
        },
      }),
    reportKinds,
    reportLimits: { rows: 1000, keys: 10_000 },
    capabilities: { mayStill: () => Promise.resolve(true) },
    queues: {
      ...{ requestMatter: queue.put, requestChannel: queue.put, requestSchedule: queue.put },
      requestOperationRun: queue.put,
    },
    attachedFiles: createAttachedReports({ reports, exportFiles }),
    telemetry: () => undefined,
    ...{ channelKinds: receivers.kinds, senderContext: { ...receivers.context, now: clock.now } },
    publicUrl: 'https://audit.example/api',
  } satisfies NotificationDeps & Parameters<typeof reportWork>[0] & Parameters<typeof reportSetWork>[0];
  await store(deps);
  const run = async (work: Work): Promise<void> => {
    const budget = clock.startBudget(60_000);
    if (!('kind' in work)) await runNotification(deps, work, budget);
    else if (work.kind === 'reports') await runOperation(deps, reportWork(deps), { message: work, budget });
    else await runOperation(deps, reportSetWork(deps), { message: work, budget });
  };
  return {
    ...{ deps, clock },
    /** A channel that gets the reports on a company, to an address of it. */
    async addChannel(tenantId: string, address: string): Promise<void> {
      const settings = { ...receivers.settings.azureMail, recipients: [address] };
      await deps.channels.create({
        ...{ channelId: randomUUID(), kind: 'azureMail', displayName: address, settings, tenants: tenantId },
        ...{ topics: ['reports'], minimumSeverity: 'low', floodLimit: 1000, paused: false, recent: [] },
        ...{ refusals: 0, createdBy: 'key-1', createdDateTime: sentAt },
      });
    },
    /** Runs the timer, and everything that follows within some hours. */
    async settle(): Promise<void> {
      await watchSchedules(deps);
      const end = clock.now().getTime() + 3 * hourMs;
      for (
        let next = queue.waiting[0];
        next !== undefined && next.at.getTime() <= end;
        next = queue.waiting[0]
      ) {
        if (next.at > clock.now()) clock.set(next.at);
        const work = queue.take();
        if (work !== undefined) await run(work);
      }
    },
    /** The document of the newest run on a company, as the console reads it. */
    async documentOf({ scheduleId }: Pick<Schedule, 'scheduleId'>, tenantId: string) {
      const setId = (await deps.schedules.get(scheduleId))?.lastRun?.reportSetId ?? '';
      const found = await reports.get({ tenantId, id: childIdOf(setId, tenantId) });
      if (found === undefined) throw new Error('There is no report.');
      const document = await documentOf(exportFiles, found);
      return { document, head: headOf(found), tables: kindOf(found.request).tables };
    },
  };
}

interface Stores {
  readonly tenants: ReturnType<typeof createTenantStore>;
  readonly roleHolders: ReturnType<typeof createRoleHolderStore>;
  readonly postures: ReturnType<typeof createPostureStore>;
}

/** The companies, with an administrator and an audit posture each. */
async function store({ tenants, roleHolders, postures }: Stores): Promise<void> {
  for (const { tenantId, displayName, directory } of companies) {
    await tenants.create(tenantNamed(displayName, { tenantId }));
    const [first] = directory.users;
    const holders = [{ id: first?.id ?? '', type: 'user', assignment: 'active' } as const];
    const named = holders.map((one) => ({ ...one, userPrincipalName: first?.userPrincipalName ?? '' }));
    for (const day of [20, 24, 29])
      await roleHolders.save(tenantId, { takenAt: new Date(Date.UTC(2026, 2, day, 4)), holders: named });
    await postures.save(tenantId, {
      ...{ takenAt: '2026-03-29T04:00:00.000Z', unifiedAuditLog: true, mailboxAuditingDisabled: false },
      mailboxes: {
        total: 20,
        asWanted: 19,
        wrong: [`anna@${displayName.toLowerCase().split(' ')[0]}.example`],
      },
      ...{ bypasses: [], subscriptionsMissing: ['Audit.General'] },
    });
  }
}

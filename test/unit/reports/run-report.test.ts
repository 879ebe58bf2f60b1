/** The document of a report is the same whatever happens on the way. */
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { StartBudget } from '../../../shared/budget.ts';
import { exportedRecord } from '../../support/exports.ts';
import { cancelOperation } from '../../../shared/operations/end-operation.ts';
import { messageFor, type OperationMessage } from '../../../shared/operations/operation.ts';
import { runOperation, type RunOperationDeps } from '../../../shared/operations/run-operation.ts';
import { tenantReportSchema, type TenantReport } from '../../../shared/reports/document.ts';
import { documentName, runFileName } from '../../../shared/reports/report-files.ts';
import { privilegedActivity } from '../../../shared/reports/kinds/privileged-activity/kind.ts';
import { maxStateBytes, type ReportKind } from '../../../shared/reports/report-kind.ts';
import { reportEffects, reportWork, type ReportWorkDeps } from '../../../shared/reports/report-work.ts';
import { reportOperationKind, type ReportOperation } from '../../../shared/reports/report.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { createFakeExportFiles } from '../../support/fakes/export-files.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeMailboxNameStore } from '../../support/fakes/mailbox-name-store.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createFakePostureStore } from '../../support/fakes/posture-store.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { Crash, createFaults, crashAt, type Faults } from '../../support/faults.ts';
import { createFakeOperationQueue } from '../../support/operations.ts';
import {
  filteredPages,
  inventedReport,
  inventedReportKind,
  listed,
  reportStart,
} from '../../support/reports.ts';
import { tenantNamed } from '../../support/tenants.ts';

const users = ['ada@contoso.example', 'bob@contoso.example', 'ada@contoso.example', 'eve@contoso.example'];
const records = Array.from({ length: 14 }, (_, at) =>
  exportedRecord(
    JSON.stringify({
      CreationTime: `2026-03-02T09:00:${59 - at}`,
      UserId: users[at % users.length],
      Operation: at % 3 === 0 ? 'Delete' : 'View',
      Note: `${at} ${'=1+1 <script>'.repeat(at)}`,
    }),
  ),
);

type ReportDeps = ReportWorkDeps &
  RunOperationDeps & { readonly startBudget: StartBudget; readonly budgetMs: number };

const runReport = (deps: ReportDeps, message: OperationMessage): Promise<void> =>
  runOperation(deps, reportWork(deps), { message, budget: deps.startBudget(deps.budgetMs) });

async function createWorld(one: ReportOperation, changes: Partial<ReportDeps> = {}) {
  const queues = createFakeOperationQueue();
  const { messages } = queues;
  const clock = createClock(reportStart);
  const landings = createFakeLandingStore();
  const reports = createFakeOperationStore(reportOperationKind);
  const names = createFakeNameDirectory();
  names.know([['ada@contoso.example', 'eve@contoso.example']]);
  await reports.create(one, reportStart);
  const deps: ReportDeps = {
    ...{ reports, landings, queues, names, telemetry: () => undefined, now: clock.now },
    exportFiles: createFakeExportFiles(),
    pages: filteredPages(records, 2),
    tenants: createFakeTenantStore([{ ...tenantNamed('Contoso'), tenantId: one.tenantId }]),
    roleHolders: createFakeRoleHolderStore(),
    postures: createFakePostureStore(),
    mailboxNames: createFakeMailboxNameStore(),
    completeness: () => Promise.reject(new Error('The kind does not need it.')),
    reportKinds: [listed(inventedReportKind)],
    reportLimits: { rows: 100, keys: 100 },
    // Every page ends a run, so that all of them save.
    ...{ budgetMs: 0, startBudget: clock.startBudget },
    ...changes,
  };
  const first = messageFor(reportOperationKind, one);
  const read = async (name: string) => {
    const body = await deps.exportFiles.read(name);
    return body === undefined ? undefined : (await buffer(body)).toString('utf8');
  };
  return {
    ...{ deps, clock, landings, reports, messages, first, names, read },
    found: () => reports.get(one),
    document: () => read(documentName(one)),
    /** Handles messages until none is left. */
    async settle(message = first, faults: Faults = createFaults()): Promise<void> {
      await runReport(living(deps, faults), message);
      for (let next = messages.shift(); next !== undefined; next = messages.shift()) {
        clock.advance(next.delayMs);
        await runReport(living(deps, faults), next.message);
      }
    },
  };
}

function living(deps: ReportDeps, faults: Faults): ReportDeps {
  return {
    ...deps,
    reports: faults.inject('reports', deps.reports),
    exportFiles: faults.inject('files', deps.exportFiles),
    pages: faults.inject('pages', deps.pages),
    queues: faults.inject('queues', deps.queues),
  };
}

const reportIn = (text: string | undefined): TenantReport =>
  tenantReportSchema.parse(JSON.parse(text ?? 'null'));

describe('a report', () => {
  it('fails, and says so, if its snapshots have more holders than there is memory for', async () => {
    const { from, to } = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-08T00:00:00Z') };
    const request = { kind: 'privilegedActivity', from, to, options: { roles: ['globalAdministrator'] } };
    const one = inventedReport({ request });
    const roleHolders = createFakeRoleHolderStore();
    const holders = Array.from({ length: 60_000 }, (_, index) => ({
      ...({ id: String(index), type: 'user', assignment: 'active' } as const),
    }));
    for (const day of [3, 4])
      await roleHolders.save(one.tenantId, { takenAt: new Date(Date.UTC(2026, 2, day)), holders });
    const world = await createWorld(one, { roleHolders, reportKinds: [listed(privilegedActivity)] });
    await world.settle();
    expect(await world.found()).toMatchObject({ status: 'Failed', errorCode: 'ReportTooLarge' });
  });

  it('is what its collector says, of all records that its questions find', async () => {
    const one = inventedReport();
    const world = await createWorld(one);
    await world.settle();
    const { tenantId, displayName, sections } = reportIn(await world.document());
    expect([tenantId, displayName]).toEqual([one.tenantId, 'Contoso']);
    const [section] = sections;
    const [people, deletions] = section?.tables ?? [];
    expect(section?.paragraphs).toEqual(['1 people are known; 0 gaps.']);
    expect(people?.rows).toEqual([
      ['ada@contoso.example', 7, '2026-03-02T09:00:59.000Z'],
      ['bob@contoso.example', 4, '2026-03-02T09:00:58.000Z'],
      ['eve@contoso.example', 3, '2026-03-02T09:00:56.000Z'],
    ]);
    // Of Ada, and by her other name.
    expect(deletions?.rows.map(([, note]) => Number.parseInt(String(note), 10))).toEqual([0, 3, 6, 12]);
    const bytes = Buffer.byteLength((await world.document()) ?? '');
    // All, and then those deletions.
    expect(await world.found()).toMatchObject({ status: 'Succeeded', state: { records: 18, bytes } });
  });

  it('is the same in one run and in many', async () => {
    const one = inventedReport();
    const [hurried, calm] = [await createWorld(one), await createWorld(one, { budgetMs: minuteMs })];
    await hurried.settle();
    await calm.settle();
    expect((await hurried.found())?.run).toBeGreaterThan(5);
    expect((await calm.found())?.run).toBe(1);
    expect(await hurried.document()).toBe(await calm.document());
  });

  it('is the same wherever it was killed, whatever changes meanwhile', async () => {
    const one = inventedReport();
    const [whole, calm] = [createFaults(), await createWorld(one)];
    await calm.settle(calm.first, whole);
    const expected = await calm.document();
    expect(expected).toBeDefined();
    expect(whole.steps.length).toBeGreaterThan(50);
    const afterInputs = whole.steps.indexOf('pages.page');
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (let step = 0; step < whole.steps.length; step++) {
        const world = await createWorld(one);
        await expect(world.settle(world.first, crashAt(step, fault))).rejects.toThrow(Crash);
        if (step >= afterInputs) world.names.know([['ada@contoso.example', 'eve@contoso.example'], ['bob']]);
        await world.settle();
        expect([step, fault, (await world.found())?.status]).toEqual([step, fault, 'Succeeded']);
        expect([step, fault, await world.document()]).toEqual([step, fault, expected]);
      }
    }
  }, 120_000);

  it('is the same when two messages run at once', async () => {
    const one = inventedReport();
    const [twice, calm] = [await createWorld(one), await createWorld(one)];
    await calm.settle();
    await Promise.all([runReport(twice.deps, twice.first), runReport(twice.deps, twice.first)]);
    for (let next = twice.messages.shift(); next !== undefined; next = twice.messages.shift())
      await Promise.all([runReport(twice.deps, next.message), runReport(twice.deps, next.message)]);
    expect(await twice.document()).toBe(await calm.document());
  });

  it('begins again when another version of the app wrote its checkpoint', async () => {
    const one = inventedReport();
    const [world, calm] = [await createWorld(one), await createWorld(one)];
    await calm.settle();
    await runReport(world.deps, world.first);
    const name = runFileName(one, 1, 'checkpoint');
    expect(await world.read(name)).toContain('position');
    for (const foreign of ['{}', '{"records":2,"collector":"{}","position":"4"}']) {
      await world.deps.exportFiles.stage(name, 'MA==', Buffer.from(foreign));
      await world.deps.exportFiles.commit(name, ['MA=='], 'application/json');
    }
    await world.settle(world.messages.shift()?.message);
    expect(await world.document()).toBe(await calm.document());
  });

  it('lists no more rows and texts than its limits allow, and counts the others', async () => {
    const world = await createWorld(inventedReport(), { reportLimits: { rows: 1, keys: 2 } });
    await world.settle();
    const [people, deletions] = reportIn(await world.document()).sections[0]?.tables ?? [];
    expect(people?.rows).toHaveLength(1);
    // Another one whose key was known, and the three records of the one beyond the limit of keys.
    expect(people?.omitted).toBe(1 + 3);
    expect([deletions?.rows.length, deletions?.omitted]).toEqual([1, 3]);
  });

  it('cuts texts of 64 KB, and lists rows until they have a megabyte', async () => {
    const long = Array.from({ length: 1200 }, (_, at) => {
      const CreationTime = new Date(Date.parse('2026-03-02T12:00:00Z') - at * 1000).toISOString();
      return exportedRecord(
        JSON.stringify({
          CreationTime,
          UserId: 'ada',
          Operation: 'Delete',
          Note: 'é'.repeat(at < 2 ? 65_536 : 1100),
          at,
        }),
      );
    });
    const limits = { rows: 10_000, keys: 10_000 };
    const world = await createWorld(inventedReport(), {
      pages: filteredPages(long, 100),
      budgetMs: 60 * minuteMs,
      reportLimits: limits,
    });
    // What the collector remembers is its own affair: only the document is bounded here.
    await world.settle();
    const text = (await world.document()) ?? '';
    const table = reportIn(text).sections[0]?.tables[1];
    expect(table?.rows[0]?.[1]).toMatch(/^é+ … \(cut; 65536 characters in all\)$/u);
    expect((table?.rows.length ?? 0) + (table?.omitted ?? 0)).toBe(1200);
    expect(table?.omitted).toBeGreaterThan(100);
  });
});

describe('a report that', () => {
  it('needs no records waits for nothing', async () => {
    const idle: ReportKind = {
      ...inventedReportKind,
      open: (inputs, state) => {
        const collector = inventedReportKind.open(inputs, state);
        return collector && { ...collector, next: () => undefined };
      },
    };
    const one = inventedReport();
    const world = await createWorld(one, { reportKinds: [listed(idle)] });
    await landSomething(world, one);
    await world.settle();
    expect(await world.found()).toMatchObject({ status: 'Succeeded', run: 1 });
  });

  it('began before everything was indexed waits, but not forever', async () => {
    const one = inventedReport();
    const world = await createWorld(one);
    await landSomething(world, one);
    await runReport(world.deps, world.first);
    expect(world.messages.map(({ delayMs }) => delayMs)).toEqual([10_000]);
    await world.settle(world.messages.shift()?.message);
    expect(await world.found()).toMatchObject({ status: 'Succeeded' });
    expect(world.clock.now().getTime() - reportStart.getTime()).toBeGreaterThan(5 * minuteMs - 1);
  });

  it('is canceled ends quietly and leaves no file', async () => {
    const one = inventedReport();
    const world = await createWorld(one);
    await runReport(world.deps, world.first);
    const found = await world.found();
    if (found !== undefined) await cancelOperation(world.deps, reportEffects(world.deps), found);
    await world.settle(world.messages.shift()?.message);
    expect(await world.found()).toMatchObject({ status: 'Canceled' });
    for (const what of ['inputs', 'checkpoint'] as const)
      expect(await world.read(runFileName(one, 1, what))).toBeUndefined();
    expect(await world.document()).toBeUndefined();
  });

  it('expires leaves no file, whichever runs it had', async () => {
    const one = inventedReport();
    const world = await createWorld(one);
    await world.settle();
    const found = await world.found();
    if (found === undefined) throw new Error('It does not exist.');
    expect(found.run).toBeGreaterThan(5);
    await reportEffects(world.deps).discard?.(found);
    for (let run = 1; run <= found.run; run++)
      for (const what of ['inputs', 'checkpoint'] as const)
        expect(await world.read(runFileName(one, run, what))).toBeUndefined();
    expect(await world.document()).toBeUndefined();
  });

  it('whose tenant is gone or being removed is canceled', async () => {
    const one = inventedReport();
    const going = tenantNamed('Contoso', { tenantId: one.tenantId, state: 'Removing' });
    for (const stored of [[], [going]]) {
      const world = await createWorld(one, { tenants: createFakeTenantStore(stored) });
      await runReport(world.deps, world.first);
      expect(await world.found()).toMatchObject({ status: 'Canceled', errorCode: 'TenantRemoved' });
    }
  });

  it.each([
    ['has a kind that this release does not know', { reportKinds: [] }, 'ReportKindUnknown'],
    ['needs too much memory', { reportKinds: [listed(remembering(maxStateBytes))] }, 'ReportTooLarge'],
    [
      'needs too much memory, and is computed by one run,',
      { reportKinds: [listed(remembering(maxStateBytes))], budgetMs: 60 * minuteMs },
      'ReportTooLarge',
    ],
  ])('%s fails, and says so', async (_what, changes, errorCode) => {
    const world = await createWorld(inventedReport(), changes);
    await world.settle();
    expect(await world.found()).toMatchObject({ status: 'Failed', errorCode });
  });

  it('fails in every run ends as Failed', async () => {
    const broken = { page: () => Promise.reject(new Error('Storage is down.')) };
    const world = await createWorld(inventedReport(), { pages: broken });
    // Each begins, and saves only that it did.
    let message: OperationMessage | undefined = world.first;
    for (let time = 0; time < 60 && (await world.found())?.status !== 'Failed'; time++) {
      await runReport(world.deps, message).catch(() => undefined);
      message = world.messages.shift()?.message ?? message;
    }
    expect(await world.found()).toMatchObject({ status: 'Failed', errorCode: 'ReportStalled' });
  });
});

function remembering(bytes: number): ReportKind {
  return {
    ...inventedReportKind,
    open: (inputs, state) => {
      const collector = inventedReportKind.open(inputs, state);
      return collector && { ...collector, state: () => 'x'.repeat(bytes + 1) };
    },
  };
}

async function landSomething(
  { landings }: Awaited<ReturnType<typeof createWorld>>,
  one: ReportOperation,
): Promise<void> {
  const counts = { contentBlobs: 1, records: 1, bytes: 1 };
  const landed = { landedAt: reportStart, oldestContent: reportStart, blobName: 'a', landingId: 'b' };
  await landings.open(one.tenantId, { ...landed, ...counts });
}

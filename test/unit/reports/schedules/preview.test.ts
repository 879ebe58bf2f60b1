/** The preview of a mail is the mail that would be sent, and sends nothing. */
import { describe, expect, it } from 'vitest';
import { mailOf } from '../../../../shared/channels/text/mail.ts';
import { documentName, writeJson } from '../../../../shared/reports/report-files.ts';
import { previewOf } from '../../../../shared/reports/schedules/preview.ts';
import type { StoredOperation } from '../../../../shared/operations/operation-store.ts';
import type { ReportRequest, ReportState } from '../../../../shared/reports/report.ts';
import { createFakeRoleHolderStore } from '../../../support/fakes/role-holder-store.ts';
import { createScheduleWorld, documentOf, scheduleOf } from '../../../support/report-schedules.ts';
import { fabrikamId } from '../../../support/tenants.ts';

async function createWorld() {
  const world = createScheduleWorld();
  const tenant = await world.tenants.get(fabrikamId);
  if (tenant === undefined) throw new Error('There is no tenant.');
  const nothing = { contentTypes: [], open: [], gaps: [], unindexedLandings: 0, recordsIndexing: 0 };
  const deps = {
    ...world.deps,
    roleHolders: createFakeRoleHolderStore(),
    completeness: () => Promise.resolve(nothing),
  };
  const schedule = scheduleOf();
  const preview = () => previewOf(deps, schedule, { tenant, createdBy: 'key-1' });
  const end = async (changes: Partial<StoredOperation<ReportRequest, ReportState>>) => {
    const [one] = world.deps.reports.all();
    if (one === undefined) throw new Error('There is no report.');
    await writeJson(world.exportFiles, documentName(one), JSON.stringify(documentOf(fabrikamId, 'Fabrikam')));
    // As complete as the reports that are sent.
    const state = { ...one.state, isPartial: false, isPending: false, hasGaps: false };
    await world.deps.reports.replace(one, { ...one, state, ...changes });
  };
  return { ...world, schedule, preview, end };
}

describe('a preview', () => {
  it('starts one report, however often it is requested, and is the mail that is sent then', async () => {
    const world = await createWorld();
    expect(await world.preview()).toMatchObject({ report: { status: 'NotStarted' } });
    expect(await world.preview()).toMatchObject({ report: { status: 'NotStarted' } });
    expect(world.deps.reports.all()).toHaveLength(1);
    await world.end({ status: 'Succeeded' });
    const preview = await world.preview();
    expect(world.received).toEqual([]);
    await world.addChannel('mail', { topics: ['reports'] });
    await world.deps.schedules.create({ ...world.schedule, nextDueDateTime: world.clock.now() });
    await world.pass(2);
    const sent = world.received.find(({ outgoing }) => outgoing.message.tenant?.tenantId === fabrikamId);
    if (sent === undefined) throw new Error('Nothing was sent.');
    const withoutLink = (html: string) => html.replace(/href="[^"]*"/, '');
    const { html } = mailOf(sent.outgoing.message, sent.outgoing);
    expect('html' in preview && withoutLink(preview.html)).toBe(withoutLink(html));
    expect(html).toContain('Only of Fabrikam');
  });

  it('of a report that failed is the mail that says why', async () => {
    const world = await createWorld();
    await world.preview();
    await world.end({ status: 'Failed', errorMessage: 'It would need more memory.' });
    const preview = await world.preview();
    expect('html' in preview && preview.html).toContain('It would need more memory.');
  });
});

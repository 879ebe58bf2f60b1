/** The two questions that `npm start` asks: about the days of a file of records, or else about the last 30 days. */
import { describe, expect, it } from 'vitest';
import type { RecordFilter } from '../../local/api.ts';
import { askQuestions } from '../../local/questions.ts';

const tenantId = '11111111-2222-4333-8444-555555555555';
const completeThrough = '2026-03-10T12:00:00.000Z';

/** An API that keeps the filters it gets; the first answer is a record of this person, if there is one. */
function createApi(found?: string) {
  const asked: RecordFilter[] = [];
  const record = { id: '1', createdDateTime: completeThrough, userId: found };
  const ingestion = {
    ...{ tenantId, completeThrough, idle: true, contentBlobs: 1, recordsLanded: 1, recordsIndexed: 1 },
    ...{ recordsIndexing: 0, rejected: 0, gaps: 0 },
  };
  return {
    asked,
    api: {
      baseUrl: 'http://127.0.0.1:7071',
      getIngestion: () => Promise.resolve(ingestion),
      listRoleHolders: () => Promise.resolve([{ id: 'holder-1', type: 'user' }]),
      listRecords: (_: string, filter: RecordFilter) => {
        asked.push(filter);
        return Promise.resolve({
          records: found === undefined ? [] : [record],
          isPending: false,
          hasGaps: false,
        });
      },
    },
  };
}

const from = new Date('2025-11-03T08:15:00Z');
/** Just after the last record, which is the last of its day. */
const to = new Date('2025-12-01T00:00:00Z');
const days = 'from 2025-11-03 to 2025-11-30';

describe('the questions of a local run', () => {
  it('are about the days that the file covers, and the person with most of its records', async () => {
    const { api, asked } = createApi();
    const file = { period: { from, to }, personOfInterest: 'ada@contoso.example' };
    const answers = await askQuestions(api, tenantId, file);
    expect(answers.map(({ question }) => question)).toEqual([
      `What did the holders of Global Administrator do ${days}?`,
      `What did ada@contoso.example do in SharePoint ${days}?`,
    ]);
    expect(asked).toEqual([
      { from, to, actor: ['holder-1'] },
      { from, to, actor: ['ada@contoso.example'], service: 'SharePoint,OneDrive' },
    ]);
    for (const { url } of answers)
      expect([url?.searchParams.get('from'), url?.searchParams.get('to')]).toEqual([
        from.toISOString(),
        to.toISOString(),
      ]);
  });

  it('are about the last 30 days that are complete, where no file says more', async () => {
    const { api, asked } = createApi('bo@contoso.example');
    await askQuestions(api, tenantId, { period: undefined, personOfInterest: undefined });
    const range = { from: new Date('2026-02-08T12:00:00Z'), to: new Date(completeThrough) };
    expect(asked).toEqual([
      { ...range, actor: ['holder-1'] },
      { ...range, actor: ['bo@contoso.example'], service: 'SharePoint,OneDrive' },
    ]);
  });

  it('are only one where there is no one to ask about', async () => {
    const { api } = createApi();
    expect(
      await askQuestions(api, tenantId, { period: undefined, personOfInterest: undefined }),
    ).toHaveLength(1);
  });
});

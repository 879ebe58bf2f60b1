/** What `npm start` prints about its answers. */
import { describe, expect, it } from 'vitest';
import { describePostures } from '../../local/enablement-report.ts';
import { describeAccess, describeAnswer } from '../../local/report.ts';

const answer = {
  question: 'What did ada do?',
  records: [],
  isPending: false,
  hasGaps: false,
  filter: { from: new Date(0), to: new Date(1), actor: ['ada'] },
  url: undefined,
};
const pending = 'not everything in this time range has been collected yet';
const gaps = 'this time range has gaps, or begins before collection did';

describe('an answer', () => {
  it.each([
    [{}, '0 records'],
    [{ isPending: true }, `0 records (${pending})`],
    [{ hasGaps: true }, `0 records (${gaps})`],
    [{ isPending: true, hasGaps: true }, `0 records (${pending}; ${gaps})`],
  ])('says why it is partial: %j', (changes, line) => {
    expect(describeAnswer({ ...answer, ...changes }).split('\n')).toEqual(['What did ada do?', line]);
  });
});

describe('the access', () => {
  const api = { baseUrl: 'http://127.0.0.1:7071', apiKey: 'ak_1' };
  const tenants = [{ tenantId: 'tenant-1', displayName: 'Contoso' }];
  const text = describeAccess({ api, tenants, connectionString: 'AccountName=a;AccountKey=b' }, undefined);

  it('begins with a link that opens the console and signs in, with the key where no server receives it', () => {
    expect(text.split('\n')[0]).toBe('Console  http://127.0.0.1:7071/console#key=ak_1');
  });

  it('names the page of the documentation', () => {
    expect(text).toContain('Docs     http://127.0.0.1:7071/api/docs\n');
  });

  it('has commands about all tenants where there are several', () => {
    const [one] = tenants;
    const several = describeAccess(
      { api, tenants: [...tenants, ...tenants], connectionString: '' },
      undefined,
    );
    expect(several).toContain(
      `export AUDITKEEP_URL='${api.baseUrl}' AUDITKEEP_KEY='${api.apiKey}'\nnpm run tenant -- posture\n`,
    );
    const single = one === undefined ? [] : [one];
    expect(describeAccess({ api, tenants: single, connectionString: '' }, undefined)).not.toContain(
      'posture',
    );
  });

  it('has a block that works in a shell for commands on storage', () => {
    const block = [
      "export AzureWebJobsStorage='AccountName=a;AccountKey=b'",
      'npm run reindex -- tenant-1 --dry-run',
    ];
    expect(text).toContain(`\n${block.join('\n')}`);
  });
});

describe('the table of all tenants', () => {
  it('has a row for each, in the order of the API, with its problems', () => {
    const text = describePostures([
      {
        tenantDisplayName: 'Contoso',
        unifiedAuditLog: false,
        problems: ['Off.', 'Late.'],
      },
      { tenantDisplayName: 'Fabrikam', unifiedAuditLog: true, problems: [] },
      { tenantDisplayName: 'Tailspin', problems: ['Never checked.'] },
    ]);
    const cells = text.split('\n').map((line) =>
      line
        .split('│')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
    expect(cells.filter((row) => row.length === 3)).toEqual([
      ['Tenant', 'Unified audit log', 'Problems'],
      ['Contoso', 'off', 'Off. Late.'],
      ['Fabrikam', 'on', 'none'],
      ['Tailspin', 'not checked', 'Never checked.'],
    ]);
  });
});

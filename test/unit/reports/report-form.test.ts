import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { reportForm, toReportRequest } from '../../../shared/api/report-form.ts';
import { describeIssue } from '../../../shared/describe-issue.ts';

const schema = z.strictObject(reportForm).transform(toReportRequest);
const range = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
const refusals = (body: object) =>
  schema
    .safeParse({ ...range, ...body }, { error: describeIssue })
    .error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);

describe('a request for a report', () => {
  it('is refused without an option that its kind requires', () => {
    expect(refusals({ kind: 'userActivity' })).toEqual(['user is required and must be a string']);
  });

  it('is refused with an option of another kind, which is named', () => {
    expect(refusals({ kind: 'posture', user: 'ada@fabrikam.example' })).toEqual([
      expect.stringMatching(/^user is unknown/),
    ]);
  });

  it('has the defaults of its kind', () => {
    const { options } = schema.parse({ ...range, kind: 'userActivity', user: 'ada@fabrikam.example' });
    expect(options).toEqual({ user: 'ada@fabrikam.example', services: ['SharePoint', 'OneDrive'] });
  });

  it('is refused for a range of more than ten years, and says the most', () => {
    const of = (to: string) => refusals({ kind: 'posture', from: '2016-03-01', to });
    expect(of('2026-03-08')).toBeUndefined();
    expect(of('9999-01-01')).toEqual(['to must be at most 3,660 days later than from']);
  });
});

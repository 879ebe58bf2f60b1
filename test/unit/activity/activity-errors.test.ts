import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  activityErrorActions,
  activityErrorCures,
  classifyRefusal,
} from '../../../shared/activity/activity-errors.ts';

/** The table of codes is next to the project where it is developed; elsewhere the pinned list replaces it. */
const table = new URL('../../../../shared/reference/activity-api-errors.csv', import.meta.url);
const hasTable = existsSync(table);
if (!hasTable)
  console.warn('The table of Activity API errors is not here: only the pinned codes are checked.');

const pinned = {
  AF10001: 'renewToken',
  AF20001: 'fail',
  AF20002: 'fail',
  AF20003: 'fail',
  AF20010: 'fail',
  AF20011: 'waitForAuditing',
  AF20012: 'fail',
  AF20013: 'fail',
  AF20020: 'fail',
  AF20021: 'fail',
  AF20022: 'startSubscription',
  AF20023: 'startSubscription',
  AF20024: 'done',
  AF20030: 'fail',
  AF20031: 'retry',
  AF20050: 'gone',
  AF20051: 'gone',
  AF20052: 'fail',
  AF20053: 'fail',
  AF20054: 'fail',
  AF20055: 'fail',
  AF429: 'pause',
  AF50000: 'retry',
  AF50005: 'retry',
  AF50006: 'retry',
} as const;

const tenantId = '7d9c2b44-5a1e-4f0b-8c3d-2e6f1a90b715';

describe('the codes of the Activity API', () => {
  it('are mapped as listed here, one by one', () => {
    expect(activityErrorActions).toEqual(pinned);
  });

  it.skipIf(!hasTable)('are all mapped', () => {
    const codes = [...readFileSync(table, 'utf8').matchAll(/^(AF\d+),/gm)].map((match) => match[1]);
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => code === undefined || !(code in activityErrorActions))).toEqual([]);
  });

  it.each(Object.entries(pinned))('%s means %s whatever the status', (code, action) => {
    for (const status of [200, 400, 401, 403, 404, 429, 500]) {
      expect(classifyRefusal({ status, code, message: '' })).toEqual({ action, code });
    }
  });

  it('have a remedy only if the code exists', () => {
    const known = [...Object.keys(activityErrorActions), 'TenantDoesNotExist'];
    expect(Object.keys(activityErrorCures).filter((code) => !known.includes(code))).toEqual([]);
  });
});

describe('a refusal without a known code', () => {
  it.each([
    [401, 'renewToken'],
    [403, 'fail'],
    [400, 'fail'],
    [404, 'retry'],
    [408, 'retry'],
    [410, 'retry'],
    [429, 'pause'],
    [500, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'retry'],
  ] as const)('is classified by its status: %i means %s', (status, action) => {
    expect(classifyRefusal({ status, code: undefined, message: '' })).toEqual({
      action,
      code: `HTTP${status}`,
    });
    expect(classifyRefusal({ status, code: 'SomethingElse', message: '' }).action).toBe(action);
  });

  it('of a later AF series keeps its code and is classified by its status', () => {
    expect(classifyRefusal({ status: 503, code: 'AF60001', message: '' })).toEqual({
      action: 'retry',
      code: 'AF60001',
    });
  });

  it.each([
    `Tenant ${tenantId} does not exist.`,
    `f0c1d3a-77b4-4c5e-9a26-1f9f6a0c7b11] failed. Exception: Some.DataServiceException: Tenant ${tenantId} does not exist.\r\n   at Some.Method()`,
  ])('that says the tenant does not exist waits for auditing, whatever its code', (message) => {
    const code = `StartSubscription [CorrId=1][TenantId=${tenantId}][AppId`;
    expect(classifyRefusal({ status: 400, code, message })).toEqual({
      action: 'waitForAuditing',
      code: 'TenantDoesNotExist',
    });
  });
});

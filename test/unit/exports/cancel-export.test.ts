/** Who may cancel an export. */
import { describe, expect, it } from 'vitest';
import { createExportApi, entraHeaders, type ExportAnswer } from '../../support/export-api.ts';

const cancelAddress = ({ headers }: ExportAnswer) => {
  const url = new URL(headers.get('operation-location') ?? '');
  return new URL(`${url.pathname}/cancel`, url).href;
};

describe('an export', () => {
  it('is canceled by its maker', async () => {
    const { call, start, credentials } = await createExportApi();
    const address = cancelAddress(await start());
    expect((await call(address, { method: 'POST', headers: credentials })).status).toBe(202);
  });

  it('is not canceled by another caller, and continues', async () => {
    const { call, start } = await createExportApi();
    const started = await start();
    const refused = await call(cancelAddress(started), { method: 'POST', headers: entraHeaders });
    expect(refused.status).toBe(403);
    expect((await call(started.headers.get('location') ?? '')).status).toBe(202);
  });

  it('is canceled by a caller that manages tenants', async () => {
    const { call, start, credentials, changeKey } = await createExportApi();
    const address = cancelAddress(await start(entraHeaders));
    expect((await call(address, { method: 'POST', headers: credentials })).status).toBe(403);
    changeKey({ scopes: ['records.read', 'tenants.manage'] });
    expect((await call(address, { method: 'POST', headers: credentials })).status).toBe(202);
  });
});

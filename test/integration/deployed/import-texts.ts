/** Imports records into the deployed app, as one file over HTTP. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, vi } from 'vitest';
import * as z from 'zod';
import { askJson } from './asking.ts';
import type { DeployedApp } from './deployed-app.ts';

const partBytes = 4 * 1024 * 1024;
const importSchema = z.looseObject({ id: z.string() });

/** Resolves when all of them are indexed. */
export async function importTexts(
  app: Pick<DeployedApp, 'ask'>,
  tenantId: string,
  texts: readonly string[],
  timeout: number,
): Promise<void> {
  const path = `tenants/${tenantId}/imports`;
  const { id } = await askJson(app, importSchema, [path, await upload(app, tenantId, texts)]);
  const result = await vi.waitFor(
    async () => {
      const answer = await app.ask(`${path}/${id}/result`);
      const text = await answer.text();
      expect([answer.status, answer.status === 202 ? text : '']).toEqual([200, '']);
      return importSchema.parse(JSON.parse(text));
    },
    { timeout, interval: 250 },
  );
  expect(result).toMatchObject({ status: 'Succeeded', importedCount: texts.length });
}

async function upload(
  { ask }: Pick<DeployedApp, 'ask'>,
  tenantId: string,
  texts: readonly string[],
): Promise<object> {
  const file = gzipSync(texts.join('\n'));
  const uploadId = randomUUID();
  const parts = Math.ceil(file.length / partBytes);
  for (let part = 1; part <= parts; part++) {
    const body = file.subarray((part - 1) * partBytes, part * partBytes);
    const path = `tenants/${tenantId}/uploads/${uploadId}/parts/${part}`;
    expect((await ask(path, { method: 'PUT', body })).status).toBe(200);
  }
  return { uploadId, parts };
}

/** Client keys. */
import * as api from '../../shared/api/access.ts';
import {
  createKey,
  publicKey,
  revokeKey,
  rotateKey,
  type ManageKeysDeps,
} from '../../shared/access/manage-keys.ts';
import { handler } from '../../shared/http/handler.ts';

export const listKeysHandler = handler(api.listKeys, async ({ keys, now }: ManageKeysDeps, { reply }) => {
  const all = await keys.list();
  return reply(200, { value: all.map((key) => publicKey(key, now())) });
});

export const createKeyHandler = handler(
  api.createKey,
  async (deps: ManageKeysDeps, { caller, body, reply }) => {
    const { key, text, tagsWithoutTenants: unused } = await createKey(deps, caller, body);
    const shown = publicKey(key, deps.now());
    const tagsWithoutTenants = unused.length === 0 ? undefined : unused;
    return reply(201, { ...shown, key: text, tagsWithoutTenants }, { ETag: shown.etag });
  },
);

export const rotateKeyHandler = handler(
  api.rotateKey,
  async (deps: ManageKeysDeps, { request, caller, path, body, reply }) => {
    const ifMatch = request.headers.get('if-match');
    const { overlapHours } = body;
    const { key, text } = await rotateKey(deps, caller, { overlapHours, id: path.keyId, ifMatch });
    const shown = publicKey(key, deps.now());
    return reply(200, { ...shown, key: text }, { ETag: shown.etag });
  },
);

export const revokeKeyHandler = handler(
  api.revokeKey,
  async (deps: ManageKeysDeps, { request, caller, path, reply }) => {
    await revokeKey(deps, caller, { id: path.keyId, ifMatch: request.headers.get('if-match') });
    return reply(204);
  },
);

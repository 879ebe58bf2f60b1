/** Lists of Microsoft Graph end, whatever they link to. */
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { createGraphClient } from '../../../scripts/register-app/graph-client.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';

const item = z.object({ id: z.string() });

/** Answers every request with one item and this link. */
async function listed(link: (root: string) => unknown): Promise<readonly z.infer<typeof item>[]> {
  const server = createServer(({ headers: { host = '' } }, response) => {
    const body = { value: [{ id: '1' }], '@odata.nextLink': link(`http://${host}/v1.0/`) };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  const graphUrl = `http://127.0.0.1:${await listenLocally(server)}`;
  try {
    const options = { graphUrl, token: 't', pause: () => Promise.resolve(), httpsAgent: undefined };
    return await createGraphClient(options).list('applications', item);
  } finally {
    await closeServer(server);
  }
}

it.each([[null], ['']])('a next link of %j ends a list', async (link) => {
  expect(await listed(() => link)).toEqual([{ id: '1' }]);
});

it('a list that links to a page that was read is refused', async () => {
  await expect(listed((root) => `${root}applications?$select=id`)).rejects.toThrow(/read before/);
});

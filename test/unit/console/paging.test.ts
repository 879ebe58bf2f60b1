/** Pages of the console's lists. */
import { expect, it } from 'vitest';
import { filledPage } from '../../../console/api/paging.ts';

const link = (token: string) => `https://app.example/api/list?skiptoken=${token}`;

it('continues through empty pages to the first one that is not', async () => {
  const asked: (string | undefined)[] = [];
  const page = await filledPage(({ skiptoken }) => {
    asked.push(skiptoken);
    return Promise.resolve(
      asked.length < 3 ? { value: [], nextLink: link(`t${asked.length}`) } : { value: ['one'] },
    );
  }, '');
  expect(page.value).toEqual(['one']);
  expect(asked).toEqual([undefined, 't1', 't2']);
});

it('stops at an end, and after 20 empty pages says that there may be more', async () => {
  let count = 0;
  expect(await filledPage(() => Promise.resolve({ value: [] }), 'token')).toEqual({ value: [] });
  const page = await filledPage(() => {
    count += 1;
    return Promise.resolve({ value: [], nextLink: link('more') });
  }, '');
  expect([count, page.nextLink]).toEqual([20, link('more')]);
});

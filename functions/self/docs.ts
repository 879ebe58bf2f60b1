/** The documentation as a page, and the files that it loads. */
import { allOperations } from '../../shared/api/all.ts';
import * as api from '../../shared/api/self.ts';
import type { DocsFiles, ReadDocsFiles } from '../../shared/description/docs-page/files.ts';
import { docsPage, docsPolicy } from '../../shared/description/docs-page/page.ts';
import { RequestError } from '../../shared/errors.ts';
import { handler } from '../../shared/http/handler.ts';
import { keptFile } from '../../shared/http/kept-file.ts';
import { serialized } from '../../shared/http/reply.ts';
import { baseUrlOf } from '../../shared/http/request.ts';

interface FileDeps {
  readonly docsFiles: ReadDocsFiles;
}

interface DocsDeps extends FileDeps {
  /** Public address of the app; by default the address that the request was sent to. */
  readonly publicUrl: string | undefined;
}

export const getDocsHandler = handler(
  api.getDocs,
  async ({ publicUrl, docsFiles }: DocsDeps, { request, reply }) => {
    const { version } = await docsFiles();
    const html = docsPage(allOperations(), publicUrl ?? baseUrlOf(request, api.getDocs.route), version);
    const headers = { 'Content-Security-Policy': docsPolicy, 'Referrer-Policy': 'no-referrer' };
    return reply(200, serialized(html, 'text/html; charset=utf-8'), headers);
  },
);

export const getDocsScriptHandler = handler(
  api.getDocsScript,
  async ({ docsFiles }: FileDeps, { request, path, reply }) => {
    const { script } = ofVersion(await docsFiles(), path.version);
    const { body, headers } = await keptFile(script, request);
    return reply(200, serialized(body, 'text/javascript; charset=utf-8'), headers);
  },
);

export const getDocsStyleHandler = handler(
  api.getDocsStyle,
  async ({ docsFiles }: FileDeps, { request, path, reply }) => {
    const { style } = ofVersion(await docsFiles(), path.version);
    const { body, headers } = await keptFile(style, request);
    return reply(200, serialized(body, 'text/css; charset=utf-8'), headers);
  },
);

/** @throws RequestError 404 for another version: its address would keep what does not belong there */
function ofVersion(files: DocsFiles, version: string): DocsFiles {
  if (version === files.version) return files;
  throw new RequestError(404, 'FileNotFound', 'There is no such file. Load /docs again: it has the address.');
}

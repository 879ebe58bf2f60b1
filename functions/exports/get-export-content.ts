/** The file of an export, whole or in part; never a redirect. */
import * as api from '../../shared/api/exports.ts';
import { downloadName, exportFileName, type ExportStore } from '../../shared/exports/export.ts';
import { answerFile, type AnswerFileDeps } from '../../shared/exports/file-answer.ts';
import { wholeExport } from '../../shared/exports/manifest.ts';
import { handler } from '../../shared/http/handler.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';

interface ContentDeps extends AnswerFileDeps {
  readonly exports: ExportStore;
}

export const getExportContentHandler = handler(
  api.getExportContent,
  async (deps: ContentDeps, { request, invocation, tenant, path, reply }) => {
    const whole = wholeExport(await findOperation(deps.exports, { ...tenant, id: path.exportId }));
    const { bytes } = whole.state.progress;
    const names = { name: exportFileName(whole), downloadName: downloadName(whole) };
    return answerFile(
      deps,
      { request, invocation },
      { ...names, bytes, sha256: whole.sha256 },
      {
        whole: (body, headers) => reply(200, body, headers),
        part: (body, headers) => reply(206, body, headers),
      },
    );
  },
);

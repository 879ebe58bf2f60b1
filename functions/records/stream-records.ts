/** All records of one tenant that pass filters, in one response. */
import { fileType } from '../../shared/api/answers.ts';
import * as api from '../../shared/api/records.ts';
import { extensions } from '../../shared/exports/export.ts';
import { handler } from '../../shared/http/handler.ts';
import { serialized } from '../../shared/http/reply.ts';
import { openStream, type StreamDeps } from '../../shared/exports/open-stream.ts';

export const streamRecordsHandler = handler(
  api.streamRecords,
  async (deps: StreamDeps, { invocation, caller, tenant, query, reply }) => {
    const { format, ...filters } = query;
    const { body, headers } = await openStream(deps, { invocation, caller, tenant, filters, format });
    const disposition = `attachment; filename="audit-${tenant.tenantId}.${extensions[format]}"`;
    return reply(200, serialized(body, fileType), { ...headers, 'Content-Disposition': disposition });
  },
);

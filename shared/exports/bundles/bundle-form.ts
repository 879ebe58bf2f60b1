/** The form of a file of several tenants: that of an export, in which each record says whose it is. */
import { loadPart } from '../../lazy.ts';
import { csvLine } from '../csv-cells.ts';
import type { ExportRequest } from '../export.ts';
import type { FileEncoder, FileForm } from '../file-form.ts';
import { fileForm } from '../file-forms.ts';
import type { ExportedRecord } from '../record-pages.ts';
import { tenantCells, tenantColumns, type NamedTenant } from './named-tenant.ts';

export interface BundleEncoder extends Omit<FileEncoder, 'add'> {
  add(record: ExportedRecord, tenant: NamedTenant): Promise<Buffer>;
}

export interface BundleForm extends Pick<FileForm, 'mediaType' | 'withTexts' | 'alterations'> {
  /** @see FileForm */
  readonly open: (state: string | undefined) => Promise<BundleEncoder | undefined>;
}

type FormRequest = Pick<ExportRequest, 'format' | 'bom' | 'select'>;

/** Two columns more; or each line is an object that has the record as it was delivered. */
export function bundleForm(request: FormRequest): BundleForm {
  const form = fileForm(request);
  if (request.format === 'xlsx') return { ...form, open: (state) => openWorkbook(state, request) };
  const open = async () => {
    const encoder = await form.open(undefined);
    return encoder && (request.format === 'ndjson' ? ofObjects(encoder) : ofColumns(encoder));
  };
  return { ...form, open };
}

async function openWorkbook(
  state: string | undefined,
  { select }: FormRequest,
): Promise<BundleEncoder | undefined> {
  const { createXlsxEncoder } = await loadPart(() => import('../xlsx/xlsx-encoder.ts'));
  const encoder = createXlsxEncoder(state, undefined, { leading: tenantColumns, select });
  return encoder && { ...encoder, add: (record, tenant) => encoder.add(record, tenantCells(tenant)) };
}

const lineEnd = Buffer.from('\n');

/** The bytes of the record are between members that begin and end the object. */
function ofObjects(encoder: FileEncoder): BundleEncoder {
  return {
    ...encoder,
    async add(record, { tenantId, displayName }) {
      const begin = `{"tenantId":${JSON.stringify(tenantId)},"tenantDisplayName":${JSON.stringify(displayName)},"record":`;
      return Buffer.concat([Buffer.from(begin), await record.text(), Buffer.from('}'), lineEnd]);
    },
  };
}

const byteOrderMark = Buffer.from('\uFEFF');

function ofColumns(encoder: FileEncoder): BundleEncoder {
  return {
    ...encoder,
    begin() {
      const head = encoder.begin();
      const hasMark = head.subarray(0, byteOrderMark.length).equals(byteOrderMark);
      const mark = hasMark ? byteOrderMark : Buffer.alloc(0);
      return Buffer.concat([mark, leading(tenantColumns), head.subarray(mark.length)]);
    },
    add: async (record, tenant) => Buffer.concat([leading(tenantCells(tenant)), await encoder.add(record)]),
  };
}

const crlf = '\r\n';

/** A line without its end, and the comma after it. */
function leading(cells: readonly string[]): Buffer {
  return Buffer.from(`${csvLine(cells).slice(0, -crlf.length)},`);
}

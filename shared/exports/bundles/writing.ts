/** What a run holds of the one file of several tenants between two saves. */
import type { Member } from '../../batches/member.ts';
import type { OperationRun } from '../../operations/operation-run.ts';
import { exportFileName, noProgress, type ExportFiles, type ExportProgress } from '../export.ts';
import { createFileWriter, type FileWriter } from '../file-writer.ts';
import { bundleForm, type BundleEncoder } from './bundle-form.ts';
import type { Bundle, BundleFile, BundlePart, BundleRequest, BundleState, BundleTurn } from './bundle.ts';

interface OpenWritingDeps {
  readonly exportFiles: ExportFiles;
  readonly now: () => Date;
}

export interface Writing {
  readonly one: Bundle;
  readonly writer: FileWriter;
  readonly encoder: BundleEncoder;
  readonly withTexts: boolean;
  readonly members: Member[];
  readonly parts: BundlePart[];
  readonly ingestedThrough: Date;
  turn: BundleTurn | undefined;
  position: string | undefined;
  isRead: boolean;
  records: number;
  newest: Date | undefined;
  oldest: Date | undefined;
  savedAt: Date;
}

/** Continues the file, or begins it. @throws when storage fails */
export async function openWriting(
  deps: OpenWritingDeps,
  run: OperationRun<BundleRequest, BundleState>,
): Promise<Writing> {
  const one = run.operation();
  const form = bundleForm(one.request);
  const found = fileOf(one);
  const isKnown = (await form.open(found.progress.encoderState)) !== undefined;
  const name = exportFileName(one);
  const progress = isKnown ? found.progress : noProgress;
  const writer = await createFileWriter({ files: deps.exportFiles, name, run: run.number, progress });
  // Another version of the app wrote what cannot be continued: the file begins again.
  const isContinued = isKnown && writer.begun === found.progress;
  const state = isContinued ? one.state : restarted(one, new Set());
  const { parts, turn, ingestedThrough } = fileOf({ ...one, state });
  const encoder = await form.open(writer.begun.encoderState);
  if (encoder === undefined) throw new Error('The state of the file was read before, and is not valid now.');
  if (writer.begun.bytes === 0) await writer.append(encoder.begin());
  return {
    one,
    writer,
    encoder,
    withTexts: form.withTexts,
    ingestedThrough,
    turn,
    members: [...state.members],
    parts: [...parts],
    savedAt: deps.now(),
    ...progressIn(writer.begun),
  };
}

type Progress = Pick<ExportProgress, 'position' | 'isRead' | 'records' | 'newest' | 'oldest'>;

function progressIn({ position, isRead, records, newest, oldest }: Progress) {
  return { position, isRead, records, newest, oldest };
}

/** Stages everything. */
export async function stateOf({ now }: OpenWritingDeps, writing: Writing): Promise<BundleState> {
  const { ingestedThrough, parts, turn, members, encoder } = writing;
  const written = await writing.writer.flush();
  writing.savedAt = now();
  const encoderState = writing.isRead ? undefined : encoder.state();
  const progress = { ...written, encoderState, ...progressIn(writing) };
  return { members: [...members], file: { ingestedThrough, parts: [...parts], turn, progress } };
}

/** At its beginning, without these tenants. */
export function restarted(one: Bundle, gone: ReadonlySet<string>): BundleState {
  const members = one.state.members.map(({ tenantId, status }): Member =>
    gone.has(tenantId) || status === 'Removed'
      ? { tenantId, status: 'Removed' }
      : { tenantId, status: 'NotStarted' },
  );
  const { ingestedThrough } = fileOf(one);
  return { members, file: { ingestedThrough, parts: [], progress: noProgress } };
}

/** @throws Error for a bundle with a file for each tenant */
export function fileOf({ id, state: { file } }: Pick<Bundle, 'id' | 'state'>): BundleFile {
  if (file === undefined) throw new Error(`The bundle ${id} has a file for each tenant.`);
  return file;
}

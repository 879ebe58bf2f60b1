/** Writes an export's file block by block, so that any run can continue where the last saved one ended. */
import { noProgress, type ExportFiles, type ExportProgress, type StagedBlocks } from './export.ts';
import { resumeHash, type ResumableHash } from './resumable-hash.ts';

export interface FileWriter {
  /** What this run began with: the given progress, or none if its hash cannot be resumed. */
  readonly begun: ExportProgress;
  append(bytes: Buffer): Promise<void>;
  /** Enough is held to make a block. */
  hasBlock(): boolean;
  /** Stages everything appended. @returns the file so far */
  flush(): Promise<Pick<ExportProgress, 'blocks' | 'bytes' | 'hashState'>>;
  /** SHA-256 of the whole file; ends the writer's use. */
  digest(): string;
}

export interface FileWriterOptions {
  readonly files: ExportFiles;
  readonly name: string;
  /** Number of this run; no two runs use the same block ids. */
  readonly run: number;
  readonly progress: ExportProgress;
}

/** Usual size of a block. A file has at most 50,000 of them. */
const blockBytes = 4 * 1024 * 1024;
/** More than this is not held, even in the middle of a page of records. */
const maxHeldBytes = 16 * 1024 * 1024;

export async function createFileWriter({
  files,
  name,
  run,
  progress,
}: FileWriterOptions): Promise<FileWriter> {
  const { begun, hash } = await resume(progress);
  let held: Buffer[] = [];
  let heldBytes = 0;
  let bytes = begun.bytes;
  let count = 0;

  async function stage(): Promise<void> {
    if (heldBytes === 0) return;
    const body = Buffer.concat(held);
    [held, heldBytes] = [[], 0];
    hash.update(body);
    bytes += body.length;
    await files.stage(name, blockId(run, count), body);
    count += 1;
  }

  return {
    begun,
    async append(appended) {
      held.push(appended);
      heldBytes += appended.length;
      if (heldBytes >= maxHeldBytes) await stage();
    },
    hasBlock: () => heldBytes >= blockBytes,
    async flush() {
      await stage();
      const own: readonly StagedBlocks[] = count === 0 ? [] : [{ run, count }];
      return { blocks: [...begun.blocks, ...own], bytes, hashState: hash.state() };
    },
    digest: () => hash.digest(),
  };
}

async function resume(
  progress: ExportProgress,
): Promise<{ readonly begun: ExportProgress; readonly hash: ResumableHash }> {
  const hash = await resumeHash(progress.hashState);
  if (hash !== undefined) return { begun: progress, hash };
  const fresh = await resumeHash(undefined);
  if (fresh === undefined) throw new Error('SHA-256 is unavailable.');
  return { begun: noProgress, hash: fresh };
}

/** Storage wants base64 of equal lengths. */
function blockId(run: number, at: number): string {
  return Buffer.from(`${String(run).padStart(6, '0')}-${String(at).padStart(6, '0')}`).toString('base64');
}

/** Ids of all blocks, in the order of the file. */
export function blockIdsOf(blocks: readonly StagedBlocks[]): string[] {
  return blocks.flatMap(({ run, count }) => Array.from({ length: count }, (_, at) => blockId(run, at)));
}

export function blockCount(blocks: readonly StagedBlocks[]): number {
  return blocks.reduce((sum, { count }) => sum + count, 0);
}

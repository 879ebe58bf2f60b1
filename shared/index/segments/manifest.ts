/** What a segment consists of: the rows of a month, dimension by dimension, cut into pieces of a bounded size. */
import * as z from 'zod';
import { dimensions } from '../keys.ts';
import type { SegmentFiles } from './segment-files.ts';

const whole = z.number().int().nonnegative();

const pieceSchema = z.object({
  dimension: z.enum(dimensions),
  /** Its rows have keys greater than this … */
  after: z.string(),
  /** … up to this one, which is the key of its last row. */
  last: z.string(),
  rows: whole,
  /** Name of its file: blocks, then their directory. */
  name: z.string(),
  bytes: whole,
  directoryBytes: whole,
  /** Bytes of its second file, which holds the texts of the rows. */
  textBytes: whole,
});
/** Neighboring rows of a dimension, in files of their own. */
export type Piece = z.infer<typeof pieceSchema>;

const manifestSchema = z.object({
  version: z.literal(1),
  /** In order of dimension and key. */
  pieces: z.array(pieceSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** No manifest has more: 50,000 pieces of 200 characters. */
const maxManifestBytes = 16 * 1024 * 1024;

export function textsName({ name }: Pick<Piece, 'name'>): string {
  return `${name}.texts`;
}

export async function writeManifest(files: SegmentFiles, name: string, manifest: Manifest): Promise<void> {
  const file = files.create(name);
  await file.append(Buffer.from(JSON.stringify(manifest)));
  await file.close();
}

/** Undefined if there is none of that name. @throws ZodError when it is not a manifest */
export async function readManifest(files: SegmentFiles, name: string): Promise<Manifest | undefined> {
  const bytes = await files.read(name, 0, maxManifestBytes);
  return bytes && manifestSchema.parse(JSON.parse(bytes.toString('utf8')));
}

/** Opens segments by name, as sources of rows. */
import { LRUCache } from 'lru-cache';
import { createCachedReads } from './cached-reads.ts';
import { createDirectories } from './directory.ts';
import { readManifest } from './manifest.ts';
import type { RowSource } from './merged-scan.ts';
import { openSegment, type Segment } from './segment.ts';
import { SegmentMissingError, type SegmentFiles } from './segment-files.ts';

const keptSegments = 100;

/** @param name of its manifest */
export function sourceOf(name: string, segment: Segment): RowSource {
  return {
    name,
    async scan(scan) {
      const { rows, through } = await segment.scan(scan);
      return through === undefined ? { rows } : { rows, through, token: through };
    },
  };
}

/** By name of the manifest; a segment never changes. */
export function segmentOpener(files: SegmentFiles): (manifest: string) => Promise<Segment> {
  const reads = createCachedReads(files);
  const directories = createDirectories(reads);
  const kept = new LRUCache<string, Segment>({ max: keptSegments });
  return async (name) => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const manifest = await readManifest(files, name);
    if (manifest === undefined) throw new SegmentMissingError(`The manifest ${name} does not exist.`);
    const segment = openSegment(reads, directories, manifest);
    kept.set(name, segment);
    return segment;
  };
}

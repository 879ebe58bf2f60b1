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

/** By name of the manifest; a segment never changes. Who asks for one while it is opened shares the request. */
export function segmentOpener(files: SegmentFiles): (manifest: string) => Promise<Segment> {
  const reads = createCachedReads(files);
  const directories = createDirectories(reads);
  const kept = new LRUCache<string, Segment>({
    max: keptSegments,
    // One that is evicted while it is read is still wanted.
    ignoreFetchAbort: true,
    async fetchMethod(name) {
      const manifest = await readManifest(files, name);
      if (manifest === undefined) throw new SegmentMissingError(`The manifest ${name} does not exist.`);
      return openSegment(reads, directories, manifest);
    },
  });
  return async (name) => await kept.forceFetch(name);
}

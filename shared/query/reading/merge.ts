/** Merges streams newest first. */
import pMap from 'p-map';
import { orderKey, type FoundRecord } from '../found-record.ts';
import type { Place, Places } from './place.ts';
import type { RecordStream, StreamState } from './record-stream.ts';

export interface NamedStream {
  readonly name: string;
  readonly stream: RecordStream;
}

/** All streams as one. */
export interface RecordReader {
  advance(): Promise<StreamState>;
  take(): FoundRecord | undefined;
  places(): Places;
}

/** Streams that are read at once: each of them may leave a token of storage's behind, and a next link holds so many. */
const streamsAtOnce = 40;

/** @param isDone whether a record was given before: streams go on at a moment, which several records may share */
export function mergeStreams(
  streams: readonly NamedStream[],
  isDone: (orderKey: string) => boolean,
): RecordReader {
  let settled = false;
  let newest: RecordStream | undefined;

  /** Makes sure that every stream shows its newest record, so that the newest of all is known. */
  async function settle(): Promise<boolean> {
    const unsettled = settled
      ? [newest].flatMap((stream) => stream ?? [])
      : streams.map(({ stream }) => stream);
    const states = await pMap(unsettled, (stream) => advancePast(stream, isDone), {
      concurrency: streamsAtOnce,
    });
    settled = !states.includes('blocked') && (settled || states.length === streams.length);
    return settled;
  }

  return {
    async advance() {
      if (!(await settle())) return 'blocked';
      newest = newestOf(streams);
      return newest === undefined ? 'end' : 'record';
    },
    take: () => newest?.take(),
    places: () => Object.fromEntries(streams.flatMap(({ name, stream }) => entryOf(name, stream.place()))),
  };
}

function entryOf(name: string, place: Place | undefined): readonly (readonly [string, Place])[] {
  return place === undefined ? [] : [[name, place]];
}

async function advancePast(
  stream: RecordStream,
  isDone: (orderKey: string) => boolean,
): Promise<StreamState> {
  for (;;) {
    const state = await stream.advance();
    const record = stream.peek();
    if (state !== 'record' || record === undefined || !isDone(orderKey(record))) return state;
    stream.take();
  }
}

function newestOf(streams: readonly NamedStream[]): RecordStream | undefined {
  let newest: { stream: RecordStream; key: string } | undefined;
  for (const { stream } of streams) {
    const record = stream.peek();
    if (record === undefined) continue;
    const key = orderKey(record);
    if (newest === undefined || key < newest.key) newest = { stream, key };
  }
  return newest?.stream;
}

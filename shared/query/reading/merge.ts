/** Merges streams newest first. */
import pMap from 'p-map';
import { orderKey, type FoundRecord } from '../found-record.ts';
import type { Cursor, Cursors } from './cursor.ts';
import type { RecordStream, StreamState } from './record-stream.ts';

export interface NamedStream {
  readonly name: string;
  readonly stream: RecordStream;
}

/** All streams as one. */
export interface RecordReader {
  advance(): Promise<StreamState>;
  /** The record that is ready, without taking it. */
  peek(): FoundRecord | undefined;
  take(): FoundRecord | undefined;
  cursors(): Cursors;
}

/** Streams read concurrently: each may leave a continuation token behind, and a next link can hold this many. */
const streamsAtOnce = 40;

/** @param isDone whether a record was on an earlier page: streams resume at a moment that several records may share */
export function mergeStreams(
  streams: readonly NamedStream[],
  isDone: (orderKey: string) => boolean,
): RecordReader {
  let settled = false;
  /** All that have the newest record: it is in the stream of each of its values. */
  let newest: readonly RecordStream[] = [];

  /** Advances until every stream has its newest record ready, so that the newest of all is known. */
  async function settle(): Promise<boolean> {
    const unsettled = settled ? newest : streams.map(({ stream }) => stream);
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
      return newest.length === 0 ? 'end' : 'record';
    },
    peek: () => newest[0]?.peek(),
    take: () => newest.map((stream) => stream.take())[0],
    cursors: () => Object.fromEntries(streams.flatMap(({ name, stream }) => entryOf(name, stream.cursor()))),
  };
}

function entryOf(name: string, cursor: Cursor | undefined): readonly (readonly [string, Cursor])[] {
  return cursor === undefined ? [] : [[name, cursor]];
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

function newestOf(streams: readonly NamedStream[]): readonly RecordStream[] {
  let newest: { streams: RecordStream[]; key: string } | undefined;
  for (const { stream } of streams) {
    const record = stream.peek();
    if (record === undefined) continue;
    const key = orderKey(record);
    if (newest?.key === key) newest.streams.push(stream);
    else if (newest === undefined || key < newest.key) newest = { streams: [stream], key };
  }
  return newest?.streams ?? [];
}

/** What a connection asks: a batch of statements, or one with parameters. @see MS-TDS 2.2.6.6, 2.2.6.7 */
import { messageType, type Message } from './packets.ts';

export interface SqlRequest {
  readonly text: string;
  /** By their names without the `@`; undefined for a batch. */
  readonly parameters: Readonly<Record<string, string | null>> | undefined;
}

export function parseRequest({ type, content }: Message): SqlRequest {
  const body = content.subarray(content.readUInt32LE(0));
  if (type === messageType.batch) return { text: body.toString('utf16le'), parameters: undefined };
  if (type !== messageType.rpc) throw new Error(`A message of the type ${type} is not expected.`);
  return parseProcedure(body);
}

/** `sp_executesql`: the statement, the declarations of its parameters, and their values. */
function parseProcedure(body: Buffer): SqlRequest {
  if (body.readUInt16LE(0) !== 0xffff || body.readUInt16LE(2) !== 10)
    throw new Error('Only sp_executesql is expected.');
  const values = [...parametersIn(body.subarray(6))];
  const [statement, , ...given] = values;
  return { text: statement?.value ?? '', parameters: Object.fromEntries(given.map(entryOf)) };
}

interface Parameter {
  readonly name: string;
  readonly value: string | null;
}

function entryOf({ name, value }: Parameter): readonly [string, string | null] {
  return [name.slice(1), value];
}

const nvarchar = 0xe7;
const noLimit = 0xffff;

function* parametersIn(bytes: Buffer): Generator<Parameter> {
  for (let at = 0; at < bytes.length;) {
    const nameEnd = at + 1 + 2 * bytes.readUInt8(at);
    const name = bytes.subarray(at + 1, nameEnd).toString('utf16le');
    // Its flags, its type, the limit of the type, and a collation.
    if (bytes[nameEnd + 1] !== nvarchar) throw new Error('Only parameters of type nvarchar are expected.');
    const isLong = bytes.readUInt16LE(nameEnd + 2) === noLimit;
    const read = (isLong ? longText : shortText)(bytes, nameEnd + 9);
    yield { name, value: read.value };
    at = read.end;
  }
}

interface Read {
  readonly value: string | null;
  readonly end: number;
}

function shortText(bytes: Buffer, at: number): Read {
  const length = bytes.readUInt16LE(at);
  if (length === noLimit) return { value: null, end: at + 2 };
  const end = at + 2 + length;
  return { value: bytes.subarray(at + 2, end).toString('utf16le'), end };
}

/** In chunks, each after its length; one of length 0 is the end. */
function longText(bytes: Buffer, at: number): Read {
  const chunks: Buffer[] = [];
  let next = at + 8;
  for (let length = bytes.readUInt32LE(next); length > 0; length = bytes.readUInt32LE(next)) {
    chunks.push(bytes.subarray(next + 4, next + 4 + length));
    next += 4 + length;
  }
  return { value: Buffer.concat(chunks).toString('utf16le'), end: next + 4 };
}

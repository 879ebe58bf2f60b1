/** What the stand-in answers: tokens of TDS. @see MS-TDS 2.2.7 */

/** A row of whole numbers by the names of their columns: no statement of ours asks for anything else. */
export type NumberRow = Readonly<Record<string, number>>;

/** An error that the server answers; from class 20 on it ends the connection. */
export class SqlError extends Error {
  readonly number: number;
  readonly class: number;

  constructor(number: number, errorClass = 16) {
    // Real texts have values of records in them.
    super(`Text of error ${number}, with the value 'ada@contoso.example'.`);
    this.number = number;
    this.class = errorClass;
  }
}

const uint16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
};
const text = (value: string) => Buffer.from(value, 'utf16le');
const shortText = (value: string) => Buffer.concat([Buffer.from([value.length]), text(value)]);
const longText = (value: string) => Buffer.concat([uint16(value.length), text(value)]);
const token = (type: number, ...parts: readonly Buffer[]) => Buffer.concat([Buffer.from([type]), ...parts]);
const sized = (type: number, ...parts: readonly Buffer[]) => {
  const content = Buffer.concat(parts);
  return token(type, uint16(content.length), content);
};

const done = (isError: boolean) => token(0xfd, uint16(isError ? 2 : 0), uint16(0), Buffer.alloc(8));
const version = Buffer.from([0x74, 0, 0, 4]);

/** @param isFederated the login came with a token */
export function loginAnswer(isFederated: boolean): Buffer {
  const acknowledged = sized(
    0xad,
    Buffer.from([1]),
    version,
    shortText('Stand-in'),
    Buffer.from([16, 0, 16, 0]),
  );
  const feature = Buffer.concat([Buffer.from([2]), uint32(0)]);
  const features = isFederated ? [token(0xae, feature, Buffer.from([0xff]))] : [];
  return Buffer.concat([acknowledged, ...features, done(false)]);
}

/** Tells the client to connect to another server. */
export function routingAnswer(host: string, port: number): Buffer {
  const value = Buffer.concat([Buffer.from([0]), uint16(port), longText(host)]);
  const routed = sized(0xe3, Buffer.from([20]), uint16(value.length), value, uint16(0));
  return Buffer.concat([routed, loginAnswer(false)]);
}

export function errorAnswer(errors: readonly SqlError[]): Buffer {
  const tokens = errors.map((error) =>
    sized(
      0xaa,
      ...[uint32(error.number), Buffer.from([1, error.class]), longText(error.message)],
      ...[shortText('stand-in'), shortText(''), uint32(1)],
    ),
  );
  return Buffer.concat([...tokens, done(true)]);
}

const int = 0x26;

export function rowsAnswer(rows: readonly NumberRow[]): Buffer {
  const [first] = rows;
  if (first === undefined) return done(false);
  const columns = Object.keys(first).map((name) =>
    Buffer.concat([uint32(0), uint16(0), Buffer.from([int, 4]), shortText(name)]),
  );
  const tokens = rows.map((row) =>
    token(0xd1, ...Object.values(row).map((value) => Buffer.concat([Buffer.from([4]), uint32(value)]))),
  );
  return Buffer.concat([token(0x81, uint16(columns.length), ...columns), ...tokens, done(false)]);
}

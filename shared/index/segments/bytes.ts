/** Numbers and bytes, one after another: numbers take as few bytes as they need. */

export interface ByteWriter {
  /** A whole number from 0 to 2⁵³ − 1. */
  number(value: number): void;
  /** A whole number of either sign. */
  signed(value: number): void;
  int64(value: bigint): void;
  /** Their number is not written. */
  bytes(value: Uint8Array): void;
  /** With its length. */
  text(value: string): void;
  finish(): Buffer;
}

export interface ByteReader {
  number(): number;
  signed(): number;
  int64(): bigint;
  bytes(length: number): Buffer;
  text(): string;
}

const firstBytes = 64 * 1024;
const maxNumberBytes = 8;

export function createByteWriter(): ByteWriter {
  let buffer = Buffer.allocUnsafe(firstBytes);
  let at = 0;
  const reserve = (length: number) => {
    if (at + length <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + length));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  };
  const number = (value: number) => {
    reserve(maxNumberBytes);
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) buffer[at++] = (left % 128) + 128;
    buffer[at++] = left;
  };
  const bytes = (value: Uint8Array) => {
    reserve(value.length);
    buffer.set(value, at);
    at += value.length;
  };
  return {
    number,
    bytes,
    signed: (value) => {
      number(value < 0 ? -2 * value - 1 : 2 * value);
    },
    int64: (value) => {
      reserve(8);
      at = buffer.writeBigInt64LE(value, at);
    },
    text: (value) => {
      const encoded = Buffer.from(value, 'utf8');
      number(encoded.length);
      bytes(encoded);
    },
    finish: () => Buffer.from(buffer.subarray(0, at)),
  };
}

/** @throws RangeError when there are fewer bytes than are read */
export function createByteReader(buffer: Buffer): ByteReader {
  let at = 0;
  const number = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = buffer.readUInt8(at++);
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  const bytes = (length: number) => {
    if (at + length > buffer.length) throw new RangeError('The bytes end too early.');
    return buffer.subarray(at, (at += length));
  };
  return {
    number,
    bytes,
    signed: () => {
      const value = number();
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    },
    int64: () => {
      const value = buffer.readBigInt64LE(at);
      at += 8;
      return value;
    },
    text: () => bytes(number()).toString('utf8'),
  };
}

/** How a connection to the stand-in begins. @see MS-TDS 2.2.6.4, 2.2.6.5 */

const option = { version: 0, encryption: 1, end: 0xff } as const;
const encryption = { on: 1, notSupported: 2 } as const;

/** The answer to the first message. */
export function preloginAnswer(hasTls: boolean): Buffer {
  const values = [
    { token: option.version, value: Buffer.from([16, 0, 0x10, 0, 0, 0]) },
    {
      token: option.encryption,
      value: Buffer.from([hasTls ? encryption.on : encryption.notSupported]),
    },
  ];
  let offset = values.length * 5 + 1;
  const heads = values.map(({ token, value }) => {
    const head = Buffer.alloc(5);
    head.writeUInt8(token, 0);
    head.writeUInt16BE(offset, 1);
    head.writeUInt16BE(value.length, 3);
    offset += value.length;
    return head;
  });
  return Buffer.concat([...heads, Buffer.from([option.end]), ...values.map(({ value }) => value)]);
}

export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Of Entra ID; undefined for a login with a password. */
  readonly token: string | undefined;
  readonly host: string;
  readonly app: string;
}

const place = { host: 36, user: 40, password: 44, app: 48, extension: 56, database: 68 } as const;

export function parseLogin(content: Buffer): Login {
  const bytesAt = (at: number) => {
    const offset = content.readUInt16LE(at);
    return content.subarray(offset, offset + 2 * content.readUInt16LE(at + 2));
  };
  const textAt = (at: number) => bytesAt(at).toString('utf16le');
  return {
    user: textAt(place.user),
    password: revealed(bytesAt(place.password)),
    database: textAt(place.database),
    token: tokenIn(content),
    host: textAt(place.host),
    app: textAt(place.app),
  };
}

/** Halves of each byte are swapped, and some bits: which hides it from eyes, and from no one else. */
function revealed(bytes: Buffer): string {
  const plain = bytes.map((byte) => {
    const changed = byte ^ 0xa5;
    return ((changed << 4) | (changed >> 4)) & 0xff;
  });
  return Buffer.from(plain).toString('utf16le');
}

const hasExtension = 0x10;
const federated = 0x02;

function tokenIn(content: Buffer): string | undefined {
  if ((content.readUInt8(27) & hasExtension) === 0) return undefined;
  let at = content.readUInt32LE(content.readUInt16LE(place.extension));
  while (content[at] !== 0xff) {
    const length = content.readUInt32LE(at + 1);
    const value = content.subarray(at + 5, at + 5 + length);
    if (content[at] === federated) return value.subarray(5, 5 + value.readUInt32LE(1)).toString('utf16le');
    at += 5 + length;
  }
  return undefined;
}

/** The row keys of a block, in ascending order, as few bytes as they need. */
import type { ByteReader, ByteWriter } from './bytes.ts';

/** `{h(value)}_{inv}_{id}` or `{inv}_{id}`, where the id is a GUID or derived from content. */
const usualKey =
  /^(?:([0-9a-f]{16})_)?(\d{13})_(?:(x-)?([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}))$/;
const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const idBytes = 16;
const hashBytes = 8;

/** How a key is written. */
const forms = { other: 0, guid: 1, derived: 2 } as const;
/** Added to the form of a key with a hash: that of the key before, or another one. */
const hashes = { none: 0, same: 4, other: 8 } as const;

interface UsualKey {
  readonly form: 1 | 2;
  readonly hash: string | undefined;
  readonly inverted: number;
  readonly id: string;
}

export function writeKeys(writer: ByteWriter, keys: readonly string[]): void {
  let before: UsualKey | undefined;
  for (const key of keys) {
    const usual = parse(key);
    if (usual === undefined) {
      writer.number(forms.other);
      writer.text(key);
    } else {
      writeUsual(writer, usual, before);
      before = usual;
    }
  }
}

export function readKeys(reader: ByteReader, count: number): string[] {
  let [hash, inverted] = [undefined as string | undefined, 0];
  return Array.from({ length: count }, () => {
    const head = reader.number();
    if (head === forms.other) return reader.text();
    const kind = head & ~3;
    if (kind === hashes.other) hash = reader.bytes(hashBytes).toString('hex');
    if (kind === hashes.none) hash = undefined;
    inverted += reader.signed();
    const digits = reader.bytes(idBytes).toString('hex');
    const id = (head & 3) === forms.guid ? toGuid(digits) : `x-${digits}`;
    return `${hash === undefined ? '' : `${hash}_`}${String(inverted).padStart(13, '0')}_${id}`;
  });
}

function writeUsual(writer: ByteWriter, key: UsualKey, before: UsualKey | undefined): void {
  const kind = key.hash === undefined ? 'none' : key.hash === before?.hash ? 'same' : 'other';
  writer.number(key.form + hashes[kind]);
  if (kind === 'other') writer.bytes(Buffer.from(key.hash ?? '', 'hex'));
  writer.signed(key.inverted - (before?.inverted ?? 0));
  writer.bytes(Buffer.from(key.id, 'hex'));
}

/** Undefined for a key in any other form: it is written as it is. */
function parse(key: string): UsualKey | undefined {
  const [, hash, inverted = '', derived, id = ''] = usualKey.exec(key) ?? [];
  if (id === '') return undefined;
  const digits = id.replaceAll('-', '');
  const isGuid = derived === undefined && guidForm.test(id);
  if (!isGuid && (derived === undefined || id !== digits)) return undefined;
  return { form: isGuid ? forms.guid : forms.derived, hash, inverted: Number(inverted), id: digits };
}

function toGuid(digits: string): string {
  const parts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20)];
  return [...parts, digits.slice(20)].join('-');
}

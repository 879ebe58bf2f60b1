/** The connector's icon: a keep, white on the brand colour, drawn rather than shipped as a file nobody can read. */
import { crc32 as checksum } from './crc32.ts';
import { deflateSync } from 'node:zlib';

/** As the properties of the connector say. */
export const brandColor = '#1f4e5f';

const size = 230;
/** Samples per pixel and direction: edges are smooth. */
const samples = 4;
const shades = samples * samples + 1;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const walls: readonly Box[] = [
  { left: 71, top: 83, right: 159, bottom: 185 },
  { left: 59, top: 63, right: 171, bottom: 91 },
  ...[59, 103, 147].map((left) => ({ left, top: 45, right: left + 24, bottom: 65 })),
];
const door: Box = { left: 100, top: 145, right: 130, bottom: 185 };

function isInside({ left, top, right, bottom }: Box, x: number, y: number): boolean {
  return x >= left && x < right && y >= top && y < bottom;
}

function isWhite(x: number, y: number): boolean {
  const arch = (x - 115) ** 2 + (y - 145) ** 2 < 15 ** 2;
  return walls.some((wall) => isInside(wall, x, y)) && !isInside(door, x, y) && !arch;
}

function shadeOf(column: number, row: number): number {
  let white = 0;
  for (let at = 0; at < samples * samples; at++) {
    const x = column + ((at % samples) + 0.5) / samples;
    const y = row + (Math.floor(at / samples) + 0.5) / samples;
    if (isWhite(x, y)) white += 1;
  }
  return white;
}

/**
 * A PNG of 230 by 230 pixels with a palette.
 * @see https://www.w3.org/TR/png-3/
 */
export function drawIcon(): Buffer {
  const rows = Buffer.alloc((size + 1) * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      rows[row * (size + 1) + 1 + column] = shadeOf(column, row);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // Eight bits a pixel, each the number of a colour.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('PLTE', palette()),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** From the brand colour to white. */
function palette(): Buffer {
  const brand = [...Buffer.from(brandColor.slice(1), 'hex')];
  const colors = Array.from({ length: shades }, (_, shade) =>
    brand.map((part) => Math.round(part + ((255 - part) * shade) / (shades - 1))),
  );
  return Buffer.from(colors.flat());
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(checksum(named));
  return Buffer.concat([length, named, check]);
}

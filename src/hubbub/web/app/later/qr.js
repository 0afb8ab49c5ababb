// QR codes of links, error correction M, versions 1 to 10 (213 bytes).
//
// A code is built in the order of the standard: bits, blocks with their check bytes, the fixed patterns, the zigzag,
// and of eight masks the one with the fewest penalties. ISO/IEC 18004:2015

/** Per version: check bytes in a block, and how many blocks of how many data bytes. @type {[number, [number, number][]][]} */
const BLOCKS = [
  [10, [[1, 16]]], [16, [[1, 28]]], [26, [[1, 44]]], [18, [[2, 32]]], [24, [[2, 43]]],
  [16, [[4, 27]]], [18, [[4, 31]]], [22, [[2, 38], [2, 39]]], [22, [[3, 36], [2, 37]]], [26, [[4, 43], [1, 44]]],
];
/** Centres of the small squares. */
const SQUARES = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/** @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0, (_, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Powers of 2 in the field of 256 elements, and their logarithms. */
const POWERS = new Uint8Array(512);
const LOGS = new Uint8Array(256);
for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  POWERS[exponent] = POWERS[exponent + 255] = value;
  LOGS[value] = exponent;
  value = (value << 1) ^ (value > 127 ? 0x11d : 0);
}

/**
 * @param {string} text
 * @returns {boolean[][]} rows of modules, true for dark ones; throws RangeError for what is too long
 */
export function matrix(text) {
  const version = BLOCKS.findIndex((_, index) => bitsOf(text, index + 1).length <= capacity(index + 1) * 8) + 1;
  if (!version) throw new RangeError(`expected at most 213 bytes, got ${text.length} characters`);
  const data = interleaved(padded(bitsOf(text, version), capacity(version)), version);
  const codes = MASKS.map((_, mask) => drawn(version, data, mask));
  const penalties = codes.map(penalty);
  return codes[penalties.indexOf(Math.min(...penalties))];
}

/** @param {number} version data bytes */
function capacity(version) {
  return BLOCKS[version - 1][1].reduce((sum, [count, size]) => sum + count * size, 0);
}

/** @param {string} text @param {number} version @returns {number[]} */
function bitsOf(text, version) {
  if ([...text].every((letter) => ALPHABET.includes(letter))) {
    const pairs = text.match(/..?/gs) ?? [];
    const body = pairs.flatMap((pair) => (pair.length === 2
      ? number(ALPHABET.indexOf(pair[0]) * 45 + ALPHABET.indexOf(pair[1]), 11) : number(ALPHABET.indexOf(pair), 6)));
    return [...number(2, 4), ...number(text.length, version < 10 ? 9 : 11), ...body];
  }
  const raw = [...new TextEncoder().encode(text)];
  return [...number(4, 4), ...number(raw.length, version < 10 ? 8 : 16), ...raw.flatMap((byte) => number(byte, 8))];
}

/** @param {number} value @param {number} width */
function number(value, width) {
  return Array.from({ length: width }, (_, index) => (value >> (width - 1 - index)) & 1);
}

/** @param {number[]} bits @param {number} size in bytes @returns {number[]} bytes */
function padded(bits, size) {
  const whole = [...bits, 0, 0, 0, 0].slice(0, size * 8);
  while (whole.length % 8) whole.push(0);
  const bytes = [];
  for (let at = 0; at < whole.length; at += 8) bytes.push(whole.slice(at, at + 8).reduce((sum, bit) => sum * 2 + bit, 0));
  for (let index = 0; bytes.length < size; index += 1) bytes.push(index % 2 ? 0x11 : 0xec);
  return bytes;
}

/** @param {number[]} data @param {number} version @returns {number[]} bits */
function interleaved(data, version) {
  const [checks, groups] = BLOCKS[version - 1];
  const sizes = groups.flatMap(([count, size]) => Array(count).fill(size));
  let at = 0;
  const blocks = sizes.map((size) => data.slice(at, (at += size)));
  const checked = blocks.map((block) => remainder(block, checks));
  return [...columns(blocks), ...columns(checked)].flatMap((byte) => number(byte, 8));
}

/** @param {number[][]} blocks */
function columns(blocks) {
  const longest = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: longest }, (_, index) => blocks.flatMap((block) => block[index] ?? [])).flat();
}

/** Check bytes by Reed and Solomon. @param {number[]} data @param {number} count */
function remainder(data, count) {
  let divisor = [1];
  for (let exponent = 0; exponent < count; exponent += 1) {
    const shifted = [...divisor, 0];
    divisor.forEach((factor, index) => {
      shifted[index + 1] ^= times(factor, POWERS[exponent]);
    });
    divisor = shifted;
  }
  const rest = [...data, ...Array(count).fill(0)];
  for (let at = 0; at < data.length; at += 1) {
    const lead = rest[at];
    if (lead) divisor.forEach((factor, index) => {
      rest[at + index] ^= times(factor, lead);
    });
  }
  return rest.slice(data.length);
}

/** @param {number} one @param {number} other */
function times(one, other) {
  return one && other ? POWERS[LOGS[one] + LOGS[other]] : 0;
}

/** @param {number} version @param {number[]} bits @param {number} mask @returns {boolean[][]} */
function drawn(version, bits, mask) {
  const size = version * 4 + 17;
  /** @type {(boolean | undefined)[][]} */
  const code = Array.from({ length: size }, () => Array(size).fill(undefined));
  const set = (/** @type {number} */ x, /** @type {number} */ y, /** @type {boolean} */ dark) => {
    if (code[y]?.[x] === undefined && x >= 0 && x < size && y >= 0 && y < size) code[y][x] = dark;
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(set, x, y, [0, 1, 3], 4);
  square3(set, SQUARES[version - 1], size);
  for (let at = 8; at < size - 8; at += 1) {
    set(at, 6, at % 2 === 0);
    set(6, at, at % 2 === 0);
  }
  set(8, size - 8, true);
  formats(set, mask, size);
  if (version >= 7) versions(set, version, size);
  zigzag(code, bits, MASKS[mask]);
  return /** @type {boolean[][]} */ (code);
}

/** Rings around a centre, dark at these distances. @param {(x: number, y: number, dark: boolean) => void} set @param {number} x @param {number} y @param {number[]} dark @param {number} reach */
function square(set, x, y, dark, reach) {
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) set(x + dx, y + dy, dark.includes(Math.max(Math.abs(dx), Math.abs(dy))));
  }
}

/** @param {(x: number, y: number, dark: boolean) => void} set @param {number[]} centres @param {number} size */
function square3(set, centres, size) {
  for (const y of centres) {
    for (const x of centres) {
      const inCorner = (x < 8 && (y < 8 || y > size - 9)) || (x > size - 9 && y < 8);
      if (!inCorner) square(set, x, y, [0, 2], 2);
    }
  }
}

/** The mask, and that the error correction is M (00). @param {(x: number, y: number, dark: boolean) => void} set @param {number} mask @param {number} size */
function formats(set, mask, size) {
  const word = ((mask << 10) | rest(mask << 10, 0x537, 10)) ^ 0x5412;
  for (let bit = 0; bit < 15; bit += 1) {
    const dark = ((word >> bit) & 1) === 1;
    set(8, bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, dark);
    set(bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit, 8, dark);
  }
}

/** @param {(x: number, y: number, dark: boolean) => void} set @param {number} version @param {number} size */
function versions(set, version, size) {
  const word = (version << 12) | rest(version << 12, 0x1f25, 12);
  for (let bit = 0; bit < 18; bit += 1) {
    const [far, near] = [size - 11 + (bit % 3), Math.floor(bit / 3)];
    set(far, near, ((word >> bit) & 1) === 1);
    set(near, far, ((word >> bit) & 1) === 1);
  }
}

/** What is left of a division of polynomials. @param {number} value @param {number} divisor @param {number} degree */
function rest(value, divisor, degree) {
  let left = value;
  for (let bit = 31 - Math.clz32(left); bit >= degree; bit = 31 - Math.clz32(left)) left ^= divisor << (bit - degree);
  return left;
}

/** Up and down in columns of two, from the right. @param {(boolean | undefined)[][]} code @param {number[]} bits @param {(x: number, y: number) => boolean} mask */
function zigzag(code, bits, mask) {
  const size = code.length;
  let [at, up] = [0, true];
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const y = up ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (code[y][x] !== undefined) continue;
        code[y][x] = (bits[at] === 1) !== mask(x, y);
        at += 1;
      }
    }
    up = !up;
  }
}

/** @param {boolean[][]} code */
function penalty(code) {
  const size = code.length;
  const lines = [...code, ...code.map((_, x) => code.map((row) => row[x]))].map((line) => line.map(Number).join(""));
  let sum = 0;
  for (const line of lines) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
    for (let at = 0; at <= size - 11; at += 1) {
      const part = line.slice(at, at + 11);
      if (part === "10111010000" || part === "00001011101") sum += 40;
    }
  }
  for (let y = 1; y < size; y += 1) {
    for (let x = 1; x < size; x += 1) {
      const dark = code[y][x];
      if (dark === code[y - 1][x] && dark === code[y][x - 1] && dark === code[y - 1][x - 1]) sum += 3;
    }
  }
  const share = code.flat().filter(Boolean).length / (size * size);
  return sum + Math.floor(Math.abs(share * 20 - 10)) * 10;
}

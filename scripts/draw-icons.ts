/**
 * Draws the product icon: `node --import tsx scripts/draw-icons.ts`. The PNGs are committed; run it after changing the mark.
 * Shapes are signed distance functions (negative inside, in pixels of a 1024 grid), which gives antialiasing for free.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodePng } from './lib/png';

type Shape = (x: number, y: number) => number;
type Rgba = readonly [number, number, number, number];
type Paint = (x: number, y: number) => Rgba;

const GRID = 1024;
const CLEAR: Rgba = [0, 0, 0, 0];

function roundedBox(left: number, top: number, right: number, bottom: number, radius: number): Shape {
  const [cx, cy] = [(left + right) / 2, (top + bottom) / 2];
  const [hx, hy] = [(right - left) / 2 - radius, (bottom - top) / 2 - radius];
  return (x, y) => {
    const dx = Math.abs(x - cx) - hx;
    const dy = Math.abs(y - cy) - hy;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
}

function disc(cx: number, cy: number, radius: number): Shape {
  return (x, y) => Math.hypot(x - cx, y - cy) - radius;
}

function roundedPolygon(points: readonly (readonly [number, number])[], radius: number): Shape {
  return (x, y) => {
    let distance = Infinity;
    let inside = false;
    points.forEach(([ax, ay], i) => {
      const [bx, by] = points[(i + 1) % points.length] ?? [ax, ay];
      const t = Math.min(
        1,
        Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)),
      );
      distance = Math.min(distance, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) {
        inside = !inside;
      }
    });
    return (inside ? -distance : distance) - radius;
  };
}

/** Union whose inner corner is rounded by about `blend` pixels, so that a tail grows out of its bubble. */
function union(a: Shape, b: Shape, blend: number): Shape {
  return (x, y) => {
    const [da, db] = [a(x, y), b(x, y)];
    const h = Math.max(blend - Math.abs(da - db), 0) / blend;
    return Math.min(da, db) - (h * h * blend) / 4;
  };
}

function without(a: Shape, b: Shape, gap: number): Shape {
  return (x, y) => Math.max(a(x, y), gap - b(x, y));
}

function mix(from: Rgba, to: Rgba, t: number): Rgba {
  const at = Math.min(1, Math.max(0, t));
  const channel = (i: 0 | 1 | 2 | 3): number => from[i] + (to[i] - from[i]) * at;
  return [channel(0), channel(1), channel(2), channel(3)];
}

/** `top` over `bottom`, both not premultiplied. */
function over(bottom: Rgba, top: Rgba): Rgba {
  const alpha = top[3] + bottom[3] * (1 - top[3]);
  if (alpha === 0) {
    return CLEAR;
  }
  const channel = (i: 0 | 1 | 2): number => (top[i] * top[3] + bottom[i] * bottom[3] * (1 - top[3])) / alpha;
  return [channel(0), channel(1), channel(2), alpha];
}

/** `softness` is the width of the edge in grid pixels: one output pixel for a crisp edge, more for a shadow. */
function fill(shape: Shape, colour: Paint, softness: number): Paint {
  return (x, y) => {
    const coverage = Math.min(1, Math.max(0, 0.5 - shape(x, y) / softness));
    const [r, g, b, a] = colour(x, y);
    return [r, g, b, a * coverage];
  };
}

function layers(...paints: readonly Paint[]): Paint {
  return (x, y) => paints.reduce<Rgba>((below, paint) => over(below, paint(x, y)), CLEAR);
}

function background(x: number, y: number): Rgba {
  const diagonal = (x + y) / (2 * GRID);
  const base =
    diagonal < 0.5
      ? mix([70, 140, 255, 1], [10, 89, 247, 1], diagonal * 2)
      : mix([10, 89, 247, 1], [5, 56, 190, 1], diagonal * 2 - 1);
  const glow = Math.max(0, 1 - Math.hypot(x - 260, y - 120) / 760);
  return over(base, [255, 255, 255, 0.16 * glow * glow]);
}

/** Two people: the bubble in front is being typed, the one behind has been said. */
function mark(edge: number): Paint {
  const front = union(
    roundedBox(188, 420, 652, 736, 128),
    roundedPolygon(
      [
        [262, 640],
        [400, 716],
        [250, 806],
      ],
      12,
    ),
    20,
  );
  const back = union(
    roundedBox(372, 250, 836, 566, 128),
    roundedPolygon(
      [
        [762, 470],
        [680, 546],
        [774, 636],
      ],
      12,
    ),
    20,
  );
  const shadow: Shape = (x, y) => front(x, y - 18);
  const blue: Paint = (_x, y) => mix([46, 120, 255, 1], [10, 89, 247, 1], (y - 510) / 130);
  return layers(
    fill(without(back, front, 26), (_x, y) => mix([255, 255, 255, 0.74], [255, 255, 255, 0.5], (y - 250) / 380), edge),
    fill(shadow, () => [3, 34, 120, 0.2], 70),
    fill(front, (_x, y) => mix([255, 255, 255, 1], [235, 242, 255, 1], (y - 420) / 390), edge),
    ...[304, 420, 536].map((cx) => fill(disc(cx, 578, 36), blue, edge)),
  );
}

function draw(size: number, paint: Paint): Buffer {
  const rgba = new Uint8Array(size * size * 4);
  const step = GRID / size;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [r, g, b, a] = paint((column + 0.5) * step, (row + 0.5) * step);
      const alpha = Math.round(a * 255);
      rgba.set(alpha === 0 ? CLEAR : [Math.round(r), Math.round(g), Math.round(b), alpha], (row * size + column) * 4);
    }
  }
  return encodePng(size, size, rgba);
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const START_SIZE = 432;
const startEdge = GRID / START_SIZE;
const foreground = mark(1);
const tile = roundedBox(0, 0, GRID, GRID, 232);
const startIcon = fill(tile, layers(background, mark(startEdge)), startEdge);

const files: Record<string, Buffer> = {
  'background.png': draw(GRID, background),
  'foreground.png': draw(GRID, foreground),
};
for (const media of ['AppScope/resources/base/media', 'entry/src/main/resources/base/media']) {
  mkdirSync(path.join(root, media), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(path.join(root, media, name), bytes);
  }
}
writeFileSync(path.join(root, 'entry/src/main/resources/base/media/startIcon.png'), draw(START_SIZE, startIcon));

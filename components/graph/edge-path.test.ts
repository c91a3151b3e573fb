import { expect, test } from 'vitest';
import { headPath, linePath, straightRoute } from './edge-path.ts';

const at = (x: number, y: number) => ({ x, y });
const box = (x: number, y: number) => ({ x, y, width: 100, height: 40 });

test('a straight line leads from border to border', () => {
  expect(straightRoute(box(0, 0), box(300, 0))).toEqual([at(100, 20), at(300, 20)]);
  expect(straightRoute(box(0, 0), box(0, 200))).toEqual([at(50, 40), at(50, 200)]);
});

test('boxes that touch have no line between them', () => {
  expect(straightRoute(box(0, 0), box(60, 10))).toBeNull();
  expect(straightRoute(box(0, 0), box(0, 0))).toBeNull();
});

test('bends are rounded, as far as there is room', () => {
  expect(linePath([at(0, 0), at(50, 0), at(50, 50)])).toBe('M0,0L42,0Q50,0 50,8L50,50');
  expect(linePath([at(0, 0), at(4, 0), at(4, 50)])).toBe('M0,0L2,0Q4,0 4,2L4,50');
  expect(linePath([at(0, 0), at(9, 0)])).toBe('M0,0L9,0');
});

test('an arrowhead points along the last stretch', () => {
  expect(headPath([at(0, 0), at(50, 0)], 1)).toBe('M50,0L43,3.2L43,-3.2Z');
  expect(headPath([at(0, 0), at(0, 50), at(0, 50)], 1)).toBe('M0,50L-3.2,43L3.2,43Z');
});

import { expect, test } from 'vitest';
import { neighbour, type Side } from './neighbour.ts';
import { frame, view, workload } from './test-view.ts';

const at = (x: number, y: number) => ({ x, y, width: 100, height: 50 });
const names = ['middle', 'right', 'far', 'up', 'aslant'] as const;
const nodes = names.map((name) => workload('shop', name));
const id = (name: string) => `shop/${name}[Deployment]`;
const picture = {
  view: view([frame('shop'), ...nodes]),
  geometry: {
    boxes: new Map([
      ['ns:shop', { x: -50, y: -250, width: 900, height: 600 }],
      [id('middle'), at(0, 0)],
      [id('right'), at(200, 10)],
      [id('far'), at(400, 0)],
      [id('up'), at(0, -100)],
      [id('aslant'), at(180, -200)],
    ]),
    routes: new Map(),
  },
};

test.each<[string, Side, string | null]>([
  ['middle', 'right', 'right'],
  ['right', 'right', 'far'],
  ['middle', 'up', 'up'],
  ['up', 'right', 'aslant'],
  ['middle', 'down', null],
  ['middle', 'left', null],
])('from %s to the %s is %s', (from, side, to) => {
  expect(neighbour(picture, id(from), side)).toBe(to === null ? null : id(to));
});

test('from what is not drawn there is no way', () => {
  expect(neighbour(picture, 'gone[Pod]', 'right')).toBeNull();
});

import { describe, expect, test } from 'vitest';
import { formatSelector, type Requirement, type Selector, selects } from './selector.ts';

const WEB = new Map([
  ['app', 'web'],
  ['empty', ''],
  ['constructor', 'x'],
]);

function one(key: string, operator: Requirement['operator'], ...values: string[]): Selector {
  return [{ key, operator, values }];
}

test.each<[string, Selector, boolean]>([
  ['SEL-2', one('app', 'In', 'web', 'api'), true],
  ['SEL-2', one('app', 'In', 'api'), false],
  ['SEL-2', one('tier', 'In', 'x'), false],
  ['SEL-2', one('empty', 'In', ''), true],
  ['SEL-2', one('tier', 'In', ''), false],
  ['SEL-3', one('app', 'NotIn', 'web'), false],
  ['SEL-3', one('app', 'NotIn', 'api'), true],
  ['SEL-3', one('tier', 'NotIn', 'x'), true],
  ['SEL-3', one('empty', 'NotIn', ''), false],
  ['SEL-4', one('app', 'Exists'), true],
  ['SEL-4', one('empty', 'Exists'), true],
  ['SEL-4', one('tier', 'Exists'), false],
  ['SEL-4', one('toString', 'Exists'), false],
  ['SEL-4', one('constructor', 'Exists'), true],
  ['SEL-5', one('app', 'DoesNotExist'), false],
  ['SEL-5', one('empty', 'DoesNotExist'), false],
  ['SEL-5', one('tier', 'DoesNotExist'), true],
  ['SEL-6', [...one('app', 'In', 'web'), ...one('tier', 'DoesNotExist')], true],
  ['SEL-6', [...one('app', 'In', 'web'), ...one('tier', 'Exists')], false],
  ['SEL-7', [], true],
  ['SEL-10', one('app', 'In', 'Web'), false],
  ['SEL-10', one('App', 'Exists'), false],
])('%s %j is %s', (_, selector, expected) => {
  expect(selects(selector, WEB)).toBe(expected);
});

describe('formatSelector', () => {
  test.each<[string, Selector]>([
    ['all', []],
    ['app=web', one('app', 'In', 'web')],
    ['app in (api,web)', one('app', 'In', 'api', 'web')],
    ['app!=web', one('app', 'NotIn', 'web')],
    ['app notin (api,web)', one('app', 'NotIn', 'api', 'web')],
    ['app', one('app', 'Exists')],
    ['!app', one('app', 'DoesNotExist')],
    ['app=', one('app', 'In', '')],
    ['app=web,!legacy', [...one('app', 'In', 'web'), ...one('legacy', 'DoesNotExist')]],
  ])('%s', (text, selector) => {
    expect(formatSelector(selector)).toBe(text);
  });
});

import { describe, expect, test } from 'vitest';
import type { RulePeerView } from '#lib/view/workload-view.ts';
import { peerWords, rulePortWords } from './rule-text.ts';
import { plainText } from './sentence.ts';

const NOBODY = { workloads: [], count: 0 } as const;

describe('peers in words', () => {
  test.each<[RulePeerView['match'], string]>([
    [{ kind: 'anyone' }, 'every pod, node and address'],
    [
      {
        kind: 'pods',
        pods: 'app=web',
        namespaces: { kind: 'named', name: 'shop' },
        ...NOBODY,
      },
      'pods app=web of namespace shop',
    ],
    [
      {
        kind: 'pods',
        pods: 'all',
        namespaces: { kind: 'named', name: 'shop' },
        ...NOBODY,
      },
      'all pods of namespace shop',
    ],
    [
      {
        kind: 'pods',
        pods: 'app=prom',
        namespaces: { kind: 'labelled', selector: 'team=b' },
        ...NOBODY,
      },
      'pods app=prom of namespaces team=b',
    ],
    [
      {
        kind: 'pods',
        pods: 'all',
        namespaces: { kind: 'labelled', selector: 'kubernetes.io/metadata.name=ops' },
        ...NOBODY,
      },
      'all pods of namespace ops',
    ],
    [
      {
        kind: 'pods',
        pods: 'all',
        namespaces: { kind: 'labelled', selector: 'kubernetes.io/metadata.name=ops,team=b' },
        ...NOBODY,
      },
      'all pods of namespaces kubernetes.io/metadata.name=ops,team=b',
    ],
    [
      {
        kind: 'pods',
        pods: 'all',
        namespaces: { kind: 'labelled', selector: 'all' },
        ...NOBODY,
      },
      'all pods of every namespace',
    ],
    [{ kind: 'addresses', block: '10.0.0.0/8', except: [] }, '10.0.0.0/8'],
    [
      {
        kind: 'addresses',
        block: '10.0.0.0/8',
        except: ['10.1.0.0/16', '10.2.0.0/16'],
      },
      '10.0.0.0/8 except 10.1.0.0/16, 10.2.0.0/16',
    ],
    [
      { kind: 'not-understood', message: 'unknown field "fqdn"' },
      'something that is not understood (unknown field "fqdn")',
    ],
  ])('%j', (match, expected) => {
    expect(plainText(peerWords(match))).toBe(expected);
  });
});

test('ports in words', () => {
  expect(rulePortWords('all')).toBe('every port');
  expect(rulePortWords(['TCP 8080', 'UDP 53'])).toBe('TCP 8080, UDP 53');
});

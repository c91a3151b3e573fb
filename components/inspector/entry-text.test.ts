import { expect, test } from 'vitest';
import { plainText } from '#components/explanation/sentence.ts';
import type { EntryLine } from '#lib/view/entry-view.ts';
import { entryName, entrySentence, entryTarget } from './entry-text.ts';

const LINE: EntryLine = {
  entry: { group: 'networking.k8s.io', kind: 'Ingress', namespace: 'shop', name: 'public' },
  requests: [],
  through: { kind: 'ingress-class', name: 'nginx' },
  service: { namespace: 'shop', name: 'api', port: '80' },
  target: 'TCP 8081',
  controller: {
    kind: 'workloads',
    refs: [{ kind: 'Deployment', namespace: 'ingress', name: 'nginx' }],
  },
  refused: null,
  verdict: 'allowed',
  causes: [],
};

test.each<[Partial<EntryLine>, string]>([
  [{}, 'Ingress public, class nginx'],
  [{ through: { kind: 'ingress-class', name: null } }, 'Ingress public'],
  [
    {
      entry: { ...LINE.entry, kind: 'HTTPRoute', namespace: 'edge' },
      through: { kind: 'gateway', namespace: 'infra', name: 'gw' },
    },
    'HTTPRoute edge/public, Gateway infra/gw',
  ],
  [{ through: { kind: 'openshift-router' } }, 'Ingress public'],
])('%j is called %s', (changes, name) => {
  expect(entryName({ ...LINE, ...changes })).toBe(name);
  expect(entryTarget(LINE)).toBe('Service api:80 → TCP\u00a08081');
});

test.each<[Partial<EntryLine>, string]>([
  [{}, 'Its controller ingress/nginx may connect.'],
  [{ verdict: 'blocked' }, 'Policies block its controller ingress/nginx: nothing comes through.'],
  [{ verdict: 'mixed' }, 'only'],
  [
    { verdict: 'unknown', causes: [{ kind: 'node-of-pod' }] },
    'Whether its controller ingress/nginx may connect is unknown: the node that a pod runs on',
  ],
  [{ refused: 'the class is gone' }, 'Not in effect: the class is gone.'],
  [
    { controller: { kind: 'not-known', letIn: 'everybody' } },
    'Everybody is let in on TCP 8081; which pods its controller runs in is not known.',
  ],
  [{ controller: { kind: 'not-known', letIn: 'any-pod' } }, 'Any pod is let in on TCP 8081'],
  [
    { controller: { kind: 'not-known', letIn: 'some' } },
    'On TCP 8081 only some are let in: it needs a rule that names its pods',
  ],
  [
    { controller: { kind: 'outside', letIn: 'nobody' } },
    'no rule lets anybody in: it needs a rule with an ipBlock of those addresses',
  ],
])('%j reads %s', (changes, words) => {
  expect(plainText(entrySentence({ ...LINE, ...changes }))).toContain(words);
});

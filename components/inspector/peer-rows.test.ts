import { describe, expect, test } from 'vitest';
import type { EndpointView, PeerLine } from '#lib/view/workload-view.ts';
import { arrangePeers, countPeers, peerKey } from './peer-rows.ts';

function workload(namespace: string, name: string): EndpointView {
  return { kind: 'workload', ref: { kind: 'Deployment', namespace, name }, pods: 1 };
}

function line(peer: EndpointView, part: Partial<PeerLine>): PeerLine {
  return {
    peer,
    verdict: 'allowed',
    allowed: 'none',
    unknown: 'none',
    causes: [],
    blockedByOtherSide: 'none',
    basis: 'rules',
    ...part,
  };
}

const WEB = line(workload('shop', 'web'), { allowed: 'TCP 8080' });
const API = line(workload('shop', 'api'), { allowed: 'TCP 80', blockedByOtherSide: 'TCP 443' });
const JOB = line(workload('ops', 'job'), { verdict: 'blocked', blockedByOtherSide: 'UDP 53' });
const NET = line(
  { kind: 'addresses', label: '10.0.0.0/8', first: '10.0.0.0' },
  { verdict: 'unknown', unknown: 'all' },
);
const ALL = [WEB, API, JOB, NET];
const EVERYTHING = { filter: 'all', words: '', order: null } as const;

function names(query: Partial<Parameters<typeof arrangePeers>[1]>): string[] {
  return arrangePeers(ALL, { ...EVERYTHING, ...query }).map(({ peer }) => peerKey(peer));
}

const [web, api, job, net] = ALL.map(({ peer }) => peerKey(peer));

describe('peers', () => {
  test('keep the order of the server until they are sorted', () => {
    expect(names({})).toEqual([web, api, job, net]);
    expect(names({ order: { column: 'peer', descending: false } })).toEqual([net, job, api, web]);
    expect(names({ order: { column: 'peer', descending: true } })).toEqual([web, api, job, net]);
    expect(names({ order: { column: 'ports', descending: false } })).toEqual([api, web, job, net]);
  });

  test('are filtered by what happens to them', () => {
    expect(names({ filter: 'allowed' })).toEqual([web, api]);
    expect(names({ filter: 'unknown' })).toEqual([net]);
    expect(names({ filter: 'lost' })).toEqual([api, job]);
    expect(countPeers(ALL)).toEqual({ all: 4, allowed: 2, unknown: 1, lost: 2 });
  });

  test('are found by every word, in names, kinds and ports', () => {
    expect(names({ words: 'SHOP 8080' })).toEqual([web]);
    expect(names({ words: 'deployment tcp' })).toEqual([web, api]);
    expect(names({ words: '10.0' })).toEqual([net]);
    expect(names({ words: 'shop', filter: 'lost' })).toEqual([api]);
    expect(names({ words: 'nobody' })).toEqual([]);
  });

  test('are told apart by kind', () => {
    const set: EndpointView = {
      kind: 'workload',
      ref: { kind: 'StatefulSet', namespace: 'shop', name: 'web' },
      pods: 1,
    };
    expect(peerKey(set)).not.toBe(web);
    expect(peerKey({ kind: 'node', name: 'n1', address: '192.168.0.1' })).toBe('node n1');
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { yamlTokens } from './yaml-tokens.ts';

/** `key:apiVersion mark:: plain:v1`, spaces left out. */
function described(line: string): string {
  return yamlTokens(line)
    .filter((token) => token.kind !== 'space')
    .map((token) => `${token.kind}:${token.text}`)
    .join(' ');
}

test.each([
  ['apiVersion: networking.k8s.io/v1', 'key:apiVersion mark:: plain:networking.k8s.io/v1'],
  ['  - port: 8080 # http', 'mark:- key:port mark:: literal:8080 comment:# http'],
  ['    protocol: TCP', 'key:protocol mark:: plain:TCP'],
  ['- "Ingress"', 'mark:- string:"Ingress"'],
  ['  kubernetes.io/metadata.name: shop', 'key:kubernetes.io/metadata.name mark:: plain:shop'],
  ['cidr: 10.0.0.0/8', 'key:cidr mark:: plain:10.0.0.0/8'],
  ['podSelector: {}', 'key:podSelector mark:: mark:{ mark:}'],
  [
    '- {port: 80, protocol: UDP}',
    'mark:- mark:{ key:port mark:: literal:80 mark:, key:protocol mark:: plain:UDP mark:}',
  ],
  ['"port": 80,', 'key:"port" mark:: literal:80 mark:,'],
  ['---', 'mark:---'],
  ['# a comment: with a colon', 'comment:# a comment: with a colon'],
  ['image: a#b', 'key:image mark:: plain:a#b'],
  ['enabled: true', 'key:enabled mark:: literal:true'],
  ['description: |-', 'key:description mark:: mark:|-'],
])('%s', (line, expected) => {
  expect(described(line)).toBe(expected);
});

// What means something to YAML, often; letters beyond ASCII, to be sure.
const CHARACTER = fc.constantFrom(...'ab0.: -"\'#{}[],|>~\\\té😀');

test('no character is lost, whatever the line', () => {
  fc.assert(
    fc.property(fc.string({ unit: CHARACTER }), (line) => {
      expect(
        yamlTokens(line)
          .map((token) => token.text)
          .join(''),
      ).toBe(line);
    }),
  );
});

import { openPortWords } from '#components/explanation/reason-text.ts';

/** Ports as they are typed, broken between entries only; `every port` and `3 sets of ports` in words. */
export function PortWords({ ports }: { readonly ports: string }) {
  if (!/^(TCP|UDP|SCTP)/.test(ports)) return openPortWords(ports);
  return (
    <span className="font-mono text-xs">
      {ports.split(' ').map((word, i, words) => {
        const previous = words[i - 1];
        // `TCP 53; UDP 53`: a space after a separator may break, the one inside an entry not.
        const space = previous === undefined ? '' : /[;,]$/.test(previous) ? ' ' : '\u00a0';
        return `${space}${word}`;
      })}
    </span>
  );
}

import { openPortWords } from '#components/explanation/reason-text.ts';

/** Ports as they are typed; `every port` and `3 sets of ports` in words. */
export function PortWords({ ports }: { readonly ports: string }) {
  return /^(TCP|UDP|SCTP)/.test(ports) ? (
    <span className="font-mono text-xs">{ports}</span>
  ) : (
    openPortWords(ports)
  );
}

'use client';

import { parseAsInteger, useQueryState } from 'nuqs';
import { formatPorts } from '#lib/model/port-set.ts';
import type { ExplanationPart, ExplanationView } from '#lib/view/explanation-view.ts';
import { AnswerParts } from './answer-parts.tsx';
import { ConnectionPath } from './connection-path.tsx';
import { ConnectionSide } from './connection-side.tsx';
import { openPortWords, portWords } from './reason-text.ts';

/** What stands over the way between the gates: the port asked for, or those that are open. */
function wayWords({ port, answer }: ExplanationPart): string {
  if (port !== null) return portWords(port);
  return answer.verdict === 'allowed' ? openPortWords(formatPorts(answer.ports.allowed)) : '';
}

/** The parts of an answer; one of them drawn, with both its sides. `?part=` counts from one. */
export function ExplanationBody({ view }: { readonly view: ExplanationView }) {
  const [asked, setPart] = useQueryState('part', parseAsInteger.withDefault(1));
  // Parts come and go with the cluster: a number that is gone shows the last.
  const chosen = Math.min(Math.max(asked, 1), view.parts.length) - 1;
  const part = view.parts[chosen];
  if (part === undefined) return null;
  const { from, to, port, answer } = part;
  return (
    <>
      {view.parts.length > 1 && (
        <AnswerParts
          parts={view.parts}
          chosen={chosen}
          onChoose={(index) => void setPart(index === 0 ? null : index + 1)}
        />
      )}
      <ConnectionPath from={from} to={to} port={wayWords(part)} answer={answer} />
      <div className="grid items-start gap-x-6 gap-y-8 lg:grid-cols-2">
        <ConnectionSide
          side={answer.egress}
          subject={from}
          peer={to}
          port={port}
          documents={view.documents}
        />
        <ConnectionSide
          side={answer.ingress}
          subject={to}
          peer={from}
          port={port}
          documents={view.documents}
        />
      </div>
    </>
  );
}

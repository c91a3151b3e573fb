import { Compass } from 'lucide-react';
import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

export default function NotFoundPage() {
  return (
    <main className="flex h-dvh items-center justify-center">
      <EmptyState
        icon={<Compass />}
        headingLevel="h1"
        title="There is nothing here"
        actions={
          <Button asChild>
            <Link href="/">To the clusters</Link>
          </Button>
        }
      >
        The cluster or page that this address names is not known to this server.
      </EmptyState>
    </main>
  );
}

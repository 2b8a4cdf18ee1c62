/** A namespace under `restricted` and what runs in it; all of it goes away with the stage, whatever failed. */
import type { ChildProcess } from 'node:child_process';
import { kubectl, makeNamespace } from '../cluster-under-test.ts';
import { Release } from '../operator/release.ts';

export class Stage implements Disposable {
  readonly #place: ReturnType<typeof makeNamespace>;
  readonly #releases: Release[] = [];
  readonly #children: ChildProcess[] = [];

  constructor(prefix: string) {
    this.#place = makeNamespace(prefix);
  }

  get namespace(): string {
    return this.#place.name;
  }

  /** `helm`: the program, by the name that the toolchain gives it. */
  release(name: string, helm: 'helm' | 'helm3' = 'helm'): Release {
    const release = helm === 'helm' ? new Release(this.namespace, name) : new Helm3Release(this.namespace, name);
    this.#releases.push(release);
    return release;
  }

  /** kubectl in the namespace. */
  kubectl(words: string[], input?: string): string {
    return kubectl(['-n', this.namespace, ...words], input);
  }

  /** Has a child killed at the end, whether or not its test comes that far. */
  keep<Child extends ChildProcess>(child: Child): Child {
    this.#children.push(child);
    return child;
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const release of this.#releases) release.dispose();
    this.#giveVolumesUp();
    this.#place[Symbol.dispose]();
  }

  /** A class may keep its volumes when their claims go; those of a test have no further use. */
  #giveVolumesUp(): void {
    const { items } = JSON.parse(kubectl(['get', 'pv', '-o', 'json'])) as {
      items: {
        metadata: { name: string };
        spec: { claimRef?: { namespace: string }; persistentVolumeReclaimPolicy: string };
      }[];
    };
    // The others go by themselves, perhaps at this moment.
    for (const { metadata, spec } of items)
      if (spec.claimRef?.namespace === this.namespace && spec.persistentVolumeReclaimPolicy === 'Retain')
        kubectl(['patch', 'pv', metadata.name, '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}']);
  }
}

class Helm3Release extends Release {
  override get helmProgram(): string {
    return 'helm3';
  }
}

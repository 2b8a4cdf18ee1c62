/** The `Releases` of the world: the user's own Helm, version 3.14 or newer, run as a child process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { failure, hasCode, interrupted } from '../../workspace/errors.ts';
import type { ApplyOptions, ReleaseState, Releases } from '../../workspace/releases.ts';
import {
  type HelmTarget,
  historyArguments,
  NEWEST_MAJOR,
  rollbackArguments,
  targetArguments,
  toHelmEnvironment,
  uninstallArguments,
  upgradeArguments,
  VERSION_ARGUMENTS,
  valuesArguments,
} from './helm-arguments.ts';
import { planRecovery, STALE_AFTER_MS } from './recovery.ts';
import { type LateInput, runHelm } from './run-helm.ts';
import { isFlagUnknown, isReleaseMissing } from './translate.ts';

export interface HelmOptions {
  environment: Readonly<Record<string, string | undefined>>;
  /** A file instead of KUBECONFIG and ~/.kube/config. */
  kubeconfig?: string | undefined;
  context?: string | undefined;
  namespace?: string | undefined;
  /** The chart's folder or archive. */
  chartPath: string;
  /** The program; `helm` on PATH by default. */
  helm?: string | undefined;
}

/** Cheap: runs nothing until it is used. */
export function openHelm(options: HelmOptions): Releases {
  return new HelmReleases(options);
}

/** How often the history is read while another operation is at work, and how long that may go on. */
const POLL_MS = 500;
const BUSY_LIMIT_MS = 3 * STALE_AFTER_MS;

class HelmReleases implements Releases {
  readonly #options: HelmOptions;
  readonly #target: HelmTarget;
  #version: Promise<string> | undefined;

  constructor(options: HelmOptions) {
    const { kubeconfig, context, namespace } = options;
    this.#options = options;
    this.#target = { kubeconfig, context, namespace };
  }

  getVersion(signal: AbortSignal): Promise<string> {
    this.#version ??= this.#readVersion(signal).catch((error: unknown) => {
      this.#version = undefined;
      throw error;
    });
    return this.#version;
  }

  async find(release: string, signal: AbortSignal): Promise<ReleaseState | undefined> {
    return (await this.#readHistory(release, signal)).at(-1);
  }

  async apply(release: string, values: object | Promise<object>, options: ApplyOptions, signal: AbortSignal) {
    // JSON is YAML, and half of a JSON document is neither: if `ws` is killed before it has written all, Helm refuses.
    const rest = Promise.resolve(values).then((known) => JSON.stringify(known).slice(1));
    // Helm may have failed by then.
    rest.catch(() => undefined);
    const startedAtMs = Date.now();
    let recovered = false;
    while (true) {
      const major = await this.#getMajor();
      const upgrade = upgradeArguments(release, this.#options.chartPath, { ...options, major });
      try {
        const output = await this.#run(upgrade, signal, { head: '{', rest });
        const { version: revision } = JSON.parse(output) as { version: number };
        const change = recovered ? 'recovered' : revision === 1 ? 'installed' : 'upgraded';
        return { revision, change } as const;
      } catch (error) {
        if (this.#version === undefined && isFlagUnknown(error)) {
          await this.getVersion(signal);
          continue;
        }
        if (!hasCode(error, 'WORKSPACE_BUSY') || Date.now() - startedAtMs > BUSY_LIMIT_MS) throw error;
        recovered = (await this.#recover(release, signal)) || recovered;
      }
    }
  }

  async uninstall(release: string, signal: AbortSignal): Promise<void> {
    await this.#run(uninstallArguments(release), signal);
  }

  async getValues(release: string, signal: AbortSignal): Promise<Record<string, unknown>> {
    try {
      // Helm prints `null` for a release without values.
      return (JSON.parse(await this.#run(valuesArguments(release), signal)) as Record<string, unknown> | null) ?? {};
    } catch (error) {
      if (!isReleaseMissing(error)) throw error;
      throw failure('WORKSPACE_MISSING', { message: `There is no release ${release}`, suggestions: ['ws ls'] });
    }
  }

  /** Waits until the other operation is over, or clears away what a killed one left. True when it had to. */
  async #recover(release: string, signal: AbortSignal): Promise<boolean> {
    while (true) {
      // Several that wait for one release must not come back in step.
      await this.#pause(POLL_MS + Math.random() * POLL_MS, signal);
      const recovery = planRecovery(await this.#readHistory(release, signal), Date.now());
      switch (recovery.kind) {
        case 'wait':
          continue;
        case 'retry':
          return false;
        case 'uninstall':
          await this.#run(uninstallArguments(release), signal);
          return true;
        case 'rollback':
          await this.#run(rollbackArguments(release, recovery.revision, await this.#getMajor()), signal);
          return true;
      }
    }
  }

  /** The newest until Helm says that it is not that: to ask each time takes as long as to render the chart. */
  async #getMajor(): Promise<number> {
    return this.#version === undefined ? NEWEST_MAJOR : Number.parseInt(await this.#version, 10);
  }

  async #readHistory(release: string, signal: AbortSignal): Promise<ReleaseState[]> {
    let output: string;
    try {
      output = await this.#run(historyArguments(release), signal);
    } catch (error) {
      if (isReleaseMissing(error)) return [];
      throw error;
    }
    const revisions = JSON.parse(output) as { revision: number; status: string; chart: string; updated: string }[];
    return revisions
      .map(({ revision, status, chart, updated }) => ({ revision, status, chart, updatedAt: updated }))
      .toSorted((a, b) => a.revision - b.revision);
  }

  async #readVersion(signal: AbortSignal): Promise<string> {
    const { helm = 'helm', environment } = this.#options;
    const command = { program: helm, arguments: VERSION_ARGUMENTS, environment: toHelmEnvironment(environment) };
    return parseVersion(await runHelm(command, signal));
  }

  #run(words: string[], signal: AbortSignal, input?: LateInput): Promise<string> {
    const { helm = 'helm', environment } = this.#options;
    const command = {
      program: helm,
      arguments: [...words, ...targetArguments(this.#target)],
      environment: toHelmEnvironment(environment),
      ...(input === undefined ? {} : { input }),
    };
    return runHelm(command, signal);
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => {
      throw interrupted();
    });
  }
}

/** Throws `HELM_TOO_OLD` below 3.14, the first version whose `-o json` and `--hide-notes` all work. */
export function parseVersion(output: string): string {
  const match = /v?(?<version>(?<major>\d+)\.(?<minor>\d+)(?:\.\d+)?[\w.+-]*)/.exec(output);
  const { version = output.trim(), major = '0', minor = '0' } = match?.groups ?? {};
  if (Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 14)) return version;
  throw failure('HELM_TOO_OLD', {
    message: `Helm ${version} is too old`,
    reason: 'ws needs Helm 3.14 or newer',
    suggestions: ['brew upgrade helm', 'https://helm.sh/docs/intro/install'],
  });
}

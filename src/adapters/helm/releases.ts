/** The `Releases` of the world: the user's own Helm, version 3.14 or newer, run as a child process. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { failure, hasCode, interrupted } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import type { Place } from '../../workspace/place.ts';
import type {
  ApplyOptions,
  PreviewOptions,
  ReleaseBase,
  ReleaseState,
  Releases,
} from '../../workspace/state/releases.ts';
import { findRevision, parseHistory, parseRendered, parseRevisions, parseValues } from './helm-answers.ts';
import {
  dryRunArguments,
  historyArguments,
  manifestArguments,
  markedArguments,
  NEWEST_MAJOR,
  placeArguments,
  type RevisionMark,
  rollbackArguments,
  toHelmEnvironment,
  uninstallArguments,
  upgradeArguments,
  VERSION_ARGUMENTS,
  valuesArguments,
} from './helm-arguments.ts';
import { findPodTemplate } from './manifest.ts';
import { findDeployed, findHold, type Hold, heldBy, STALE_AFTER_MS, StandingStill } from './recovery.ts';
import { type LateInput, runHelm } from './run-helm.ts';
import { findProgram, machineOf, suggestNewerHelm } from './suggest-helm.ts';
import { isFlagUnknown, isReleaseMissing } from './translate.ts';
import { dropGiven } from './values-files.ts';
import { parseVersion } from './version.ts';

export interface HelmOptions extends Partial<Place> {
  environment: Readonly<Record<string, string | undefined>>;
  /** The chart's folder or archive. */
  chartPath: string;
  /** The program; `helm` on PATH by default. */
  helm?: string | undefined;
  /** How long a held release must stand still; for tests. */
  staleAfterMs?: number | undefined;
}

/** Cheap: runs nothing until it is used. */
export function openHelm(options: HelmOptions): Releases {
  return new HelmReleases(options);
}

/** A write that is only rendered: `server` lets the chart ask the cluster what is there. */
interface DryRun {
  release: string;
  values: object;
  valuesFiles: string[];
  side: 'client' | 'server';
}

/** How often the history is read while another operation is at work, and how long that may go on. */
const POLL_MS = 500;
const BUSY_LIMIT_MS = 3 * STALE_AFTER_MS;

/** A clock of this process alone, which nobody can set. */
const nowMs = () => performance.now();

class HelmReleases implements Releases {
  readonly #options: HelmOptions;
  #version: Promise<string> | undefined;
  /** The mark of the last call for each release. */
  readonly #marks = new Map<string, RevisionMark>();

  constructor(options: HelmOptions) {
    this.#options = options;
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
    // Helm may have failed meanwhile.
    rest.catch(() => undefined);
    const deadlineMs = nowMs() + BUSY_LIMIT_MS;
    let recovered = false;
    let after = options.after;
    while (true) {
      const mark = { revision: after + 1, operation: randomUUID() };
      this.#marks.set(release, mark);
      const major = await this.#getMajor();
      const upgrade = upgradeArguments(release, this.#options.chartPath, { ...options, major, mark });
      try {
        const output = await this.#run(upgrade, signal, { head: '{', rest });
        const revision = findRevision(output) ?? mark.revision;
        const change = recovered ? 'recovered' : revision === 1 ? 'installed' : 'upgraded';
        return { revision, change } as const;
      } catch (error) {
        // Somebody may have asked for the version meanwhile: what counts is what this call went by.
        if (isFlagUnknown(error) && major !== (await this.#readMajor(signal))) continue;
        if (!hasCode(error, 'WORKSPACE_BUSY') || nowMs() > deadlineMs) throw error;
        recovered = (await this.#awaitFree(release, deadlineMs, signal)) || recovered;
        after = (await this.find(release, signal))?.revision ?? 0;
      }
    }
  }

  async verify(release: string, values: object, valuesFiles: string[], signal: AbortSignal) {
    const { manifest } = await this.#dryRun({ release, values, valuesFiles, side: 'client' }, signal);
    return findPodTemplate(manifest, release);
  }

  async preview(release: string, values: object, { valuesFiles, deployment }: PreviewOptions, signal: AbortSignal) {
    const [before, after] = await Promise.all([
      this.#run(manifestArguments(release), signal),
      this.#dryRun({ release, values, valuesFiles, side: 'server' }, signal),
    ]);
    const find = (manifest: string) => findPodTemplate(manifest, deployment);
    return { before: find(before), after: find(after.manifest), values: after.values };
  }

  async uninstall(release: string, signal: AbortSignal): Promise<void> {
    await this.#run(uninstallArguments(release), signal);
  }

  async getBase(release: string, valuesFiles: string[], signal: AbortSignal): Promise<ReleaseBase> {
    const history = await this.#readHistory(release, signal);
    const newest = history.at(-1);
    if (newest === undefined)
      throw failure('WORKSPACE_MISSING', { message: `There is no release ${release}`, suggestions: [ws`ls`] });
    // If none was ever deployed, its maker's answers stand nowhere else.
    const { revision } = findDeployed(history) ?? newest;
    const values = parseValues(await this.#run(valuesArguments(release, revision), signal));
    const deployed = newest.status === 'deployed' ? values : undefined;
    return { values: await dropGiven(values, valuesFiles), deployed, revision: newest.revision };
  }

  async undo(release: string, signal: AbortSignal): Promise<'removed' | 'restored' | 'nothing'> {
    const mark = this.#marks.get(release);
    if (mark === undefined) return 'nothing';
    const history = await this.#readHistory(release, signal);
    const last = history.at(-1);
    // It is deployed, so somebody has mended it meanwhile.
    if (last?.revision !== mark.revision || last.status === 'deployed') return 'nothing';
    if (!(await this.#isMarked(release, mark, signal))) return 'nothing';
    const deployed = findDeployed(history);
    if (deployed !== undefined) {
      await this.#rollBack(release, deployed.revision, signal);
      return 'restored';
    }
    if (history.length > 1) return 'nothing';
    await this.uninstall(release, signal);
    return 'removed';
  }

  /**
   * Waits until nobody holds the release, or ends what `ws` itself left of it. True when it had to. Throws
   * `WORKSPACE_BUSY`.
   */
  async #awaitFree(release: string, deadlineMs: number, signal: AbortSignal): Promise<boolean> {
    const { staleAfterMs = STALE_AFTER_MS } = this.#options;
    const standing = new StandingStill();
    while (true) {
      // Several callers that wait for one release must not return in step.
      await this.#pause(POLL_MS + Math.random() * POLL_MS, signal);
      const history = await this.#readHistory(release, signal);
      const last = history.at(-1);
      const hold = findHold(history);
      if (last === undefined || hold.kind === 'none') return false;
      const isStill = standing.look(last, nowMs()) >= staleAfterMs;
      if (!isStill && nowMs() < deadlineMs) continue;
      const { revision } = last;
      if (!isStill || hold.kind === 'foreign' || !(await this.#isMarked(release, { revision }, signal)))
        throw heldBy(release, last);
      await this.#end(release, hold, signal);
      return true;
    }
  }

  async #end(release: string, hold: Hold, signal: AbortSignal): Promise<void> {
    if (hold.kind === 'uninstall') await this.uninstall(release, signal);
    if (hold.kind === 'rollback') await this.#rollBack(release, hold.to, signal);
  }

  async #rollBack(release: string, revision: number, signal: AbortSignal): Promise<void> {
    await this.#run(rollbackArguments(release, revision, await this.#readMajor(signal)), signal);
  }

  /** Whether the newest revision is one that `ws` began: this very call, where the mark names it. */
  async #isMarked(release: string, mark: Partial<RevisionMark> & { revision: number }, signal: AbortSignal) {
    const found = parseRevisions(await this.#run(markedArguments(release, mark), signal));
    return found.includes(mark.revision);
  }

  async #dryRun({ release, values, valuesFiles, side }: DryRun, signal: AbortSignal) {
    // Also the first call that finds no helm, or one that is too old.
    const major = await this.#readMajor(signal);
    const mark = { revision: 0, operation: 'none' };
    const options = { valuesFiles, createNamespace: false, mark, major };
    const words = dryRunArguments(release, this.#options.chartPath, options, side);
    return parseRendered(await this.#run(words, signal, { head: JSON.stringify(values), rest: Promise.resolve('') }));
  }

  /** The newest until Helm says that it is not that: to ask each time takes as long as to render the chart. */
  async #getMajor(): Promise<number> {
    return this.#version === undefined ? NEWEST_MAJOR : Number.parseInt(await this.#version, 10);
  }

  async #readMajor(signal: AbortSignal): Promise<number> {
    return Number.parseInt(await this.getVersion(signal), 10);
  }

  async #readHistory(release: string, signal: AbortSignal): Promise<ReleaseState[]> {
    let output: string;
    try {
      output = await this.#run(historyArguments(release), signal);
    } catch (error) {
      if (isReleaseMissing(error)) return [];
      throw error;
    }
    return parseHistory(output);
  }

  async #readVersion(signal: AbortSignal): Promise<string> {
    const { helm = 'helm', environment } = this.#options;
    const command = { program: helm, arguments: VERSION_ARGUMENTS, environment: toHelmEnvironment(environment) };
    const output = await runHelm({ ...command, isQuestion: true }, signal);
    const { PATH } = environment;
    return parseVersion(output, () => suggestNewerHelm(findProgram(helm, PATH), machineOf(PATH)));
  }

  #run(words: string[], signal: AbortSignal, input?: LateInput): Promise<string> {
    const { helm = 'helm', environment } = this.#options;
    const command = {
      program: helm,
      arguments: [...words, ...placeArguments(this.#options)],
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

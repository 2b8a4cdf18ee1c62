/** The user's Helm, asked about one place: its version, and each run of it. */
import type { Place } from '../../workspace/place.ts';
import { NEWEST_MAJOR, placeArguments, toHelmEnvironment, VERSION_ARGUMENTS } from './helm-arguments.ts';
import { type RunOptions, runHelm } from './run-helm.ts';
import { findProgram, machineOf, suggestNewerHelm } from './suggest-helm.ts';
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

export class HelmProgram {
  readonly #options: HelmOptions;
  #version: Promise<string> | undefined;

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

  /** The newest until Helm says that it is not that: to ask each time takes as long as to render the chart. */
  async getMajor(): Promise<number> {
    return this.#version === undefined ? NEWEST_MAJOR : Number.parseInt(await this.#version, 10);
  }

  async readMajor(signal: AbortSignal): Promise<number> {
    return Number.parseInt(await this.getVersion(signal), 10);
  }

  async #readVersion(signal: AbortSignal): Promise<string> {
    const { helm = 'helm', environment } = this.#options;
    const command = { program: helm, arguments: VERSION_ARGUMENTS, environment: toHelmEnvironment(environment) };
    const output = await runHelm({ ...command, isQuestion: true }, signal);
    const { PATH } = environment;
    return parseVersion(output, () => suggestNewerHelm(findProgram(helm, PATH), machineOf(PATH)));
  }

  run(words: string[], signal: AbortSignal, options: RunOptions = {}): Promise<string> {
    const { helm = 'helm', environment } = this.#options;
    const command = {
      program: helm,
      arguments: [...words, ...placeArguments(this.#options)],
      environment: toHelmEnvironment(environment),
      ...options,
    };
    return runHelm(command, signal);
  }
}

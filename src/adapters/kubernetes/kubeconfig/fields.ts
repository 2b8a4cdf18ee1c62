/**
 * Fields of a YAML map, each read as the one type that client-go gives it: a number is no token, "true" is no flag.
 * Go's zero value is the same as an absent field, so an empty text is undefined. The methods throw plain errors that
 * name the field.
 */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #place: string;

  /** `place` says in errors where the map stands. */
  constructor(value: unknown, place: string) {
    if (!isMap(value)) throw new Error(`${place} is not a map of keys`);
    this.#values = value;
    this.#place = place;
  }

  text(key: string): string | undefined {
    const value = this.#find(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw this.#error(key, 'is not a text');
    return value === '' ? undefined : value;
  }

  flag(key: string): boolean {
    const value = this.#find(key);
    if (value === undefined) return false;
    if (typeof value !== 'boolean') throw this.#error(key, 'is neither true nor false');
    return value;
  }

  texts(key: string): string[] {
    const value = this.#find(key) ?? [];
    if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string'))
      throw this.#error(key, 'is not a list of texts');
    return value as string[];
  }

  /** Base64, as it stands; RFC 4648 with its padding, line ends left out, as Go's decoder takes it. */
  data(key: string): string | undefined {
    const text = this.text(key)?.replace(/[\r\n]/g, '');
    if (text === undefined || text === '') return undefined;
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
      throw this.#error(key, 'is not base64');
    return text;
  }

  /** Undefined when there is none. */
  map(key: string): Fields | undefined {
    const value = this.#find(key);
    return value === undefined ? undefined : new Fields(value, `${this.#place}.${key}`);
  }

  list(key: string): Fields[] {
    const value = this.#find(key) ?? [];
    if (!Array.isArray(value)) throw this.#error(key, 'is not a list');
    return value.map((entry, index) => new Fields(entry, `${this.#place}.${key}[${index}]`));
  }

  /** The keys of a map whose values are all lists of texts. */
  textLists(): Record<string, string[]> {
    return Object.fromEntries(Object.keys(this.#values).map((key) => [key, this.texts(key)]));
  }

  /** A value of whatever type, for those who hand it on. */
  raw(key: string): unknown {
    return this.#find(key);
  }

  #find(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? (this.#values[key] ?? undefined) : undefined;
  }

  #error(key: string, what: string): Error {
    return new Error(`${this.#place}.${key} ${what}`);
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

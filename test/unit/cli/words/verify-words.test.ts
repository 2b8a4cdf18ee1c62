import { Parser } from '@oclif/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Token, toTokens } from '../../../../src/cli/words/tokens.ts';
import { property } from '../../../fuzz/property.ts';
import { makeCommand } from '../command/make-command.ts';
import { catalogue, commandIds, findFault, listProposed, listProposedWords, typeLine } from '../front/type-line.ts';

afterEach(() => vi.unstubAllEnvs());

/** Words that look like those of a command: its flags and their values, mistyped ones, and what is no flag at all. */
function wordsOf(id: string): fc.Arbitrary<string[]> {
  const flags = catalogue.find(id.split(':'))?.flags ?? [];
  const names = flags.flatMap(({ name, char }) => [`--${name}`, ...(char === undefined ? [] : [`-${char}`])]);
  const values = flags.flatMap(({ options = [] }) => [...options]);
  const others = ['dev', 'x', '3000', '-1', '-', '', '--nothing', '-Z', '--no-shell', '--no-json', '--yes=no', '-nx'];
  const joined = names.map((name) => `${name}=x`);
  const word = fc.constantFrom(...names, ...values, ...joined, ...others, '--', '--constructor', '---', '-fA');
  return fc.array(word, { maxLength: 5 });
}

const lines = fc.constantFrom(...commandIds).chain((id) => wordsOf(id).map((words) => ({ id, words })));

describe('whatever is typed behind a command', () => {
  property(
    'is refused in our words or not at all: oclif finds nothing to add',
    lines,
    async ({ id, words }) => {
      const error = await makeCommand(id, words).then(
        () => undefined,
        (thrown: { code?: string; kind?: string }) => thrown,
      );
      expect(error === undefined || error.kind === 'usage', `${id} ${words}: ${error}`).toBe(true);
    },
    500,
  );

  property('has for oclif the flags and positions that we read', lines, async ({ id, words }) => {
    const grammar = catalogue.find(id.split(':'));
    if (grammar === undefined) return;
    const tokens = toTokens(words, grammar.flags);
    const command = await makeCommand(id, []).catch(() => undefined);
    if (command === undefined) return;
    const { flags, baseFlags } = command.constructor as unknown as { flags: object; baseFlags: object };
    const all = { ...baseFlags, ...flags } as never;
    const read = await Parser.parse(words, { flags: all, args: {}, strict: false }).catch(() => undefined);
    // It refuses what we call unknown, and takes for a value what looks like a flag.
    const isStricter = (one: Token) => one.kind === 'unknown' || (one.kind === 'option' && one.value === undefined);
    if (read === undefined || tokens.some(isStricter)) return;
    const named = tokens.flatMap((one) => ('flag' in one ? [one.flag.name] : []));
    expect(read.raw.flatMap((one) => (one.type === 'flag' ? [one.flag] : []))).toEqual(named);
  });

  property(
    'and that is refused leads, line by line, to one that is not, or to help',
    lines,
    async ({ id, words }) => {
      const seen = [[...id.split(':'), ...words]];
      for (let typed = seen[0]; typed !== undefined; ) {
        const isRight = await typeLine(typed).then(
          () => true,
          () => false,
        );
        if (isRight) return;
        [typed] = await listProposedWords(typed);
        // An answer without a line says itself what is right: a name that no workspace can have.
        if (typed === undefined || typed.includes('--help')) return;
        seen.push(typed);
        expect(seen.length, seen.map((line) => line.join(' ')).join(' → ')).toBeLessThan(12);
      }
    },
    500,
  );
});

describe('a line with one fault leads to the line that was meant, flags and all', () => {
  it.each<[string, string[]]>([
    ['ls --jsn -n x', ['ws ls --json -n x', 'ws ls --help']],
    ['up --storage-clas fast dev', ['ws up --storage-class fast dev', 'ws up --help']],
    ['up dev --wait', ['ws up dev', 'ws up --help']],
    ['up --wait dev --yes', ['ws up dev --yes', 'ws up --help']],
    ['forward dev 3000 --wait=true', ['ws forward dev 3000', 'ws forward --help']],
    ['up dev --wait 5m', ['ws up dev --wait-timeout 5m', 'ws up --help']],
    ['up --storage 20Gi dev', ['ws up --size 20Gi dev', 'ws up --help']],
    ['up --storage none dev', ['ws up --storage-class none dev', 'ws up --help']],
    ['up --storageClass=fast dev', ['ws up --storage-class=fast dev', 'ws up --help']],
    ['up dev --sizee 3', ['ws up dev --size 3Gi', 'ws up --help']],
    ['up dev --sizee=3 --yes', ['ws up dev --size=3Gi --yes', 'ws up --help']],
    ['up dev --memry 512', ['ws up dev --memory 512Mi', 'ws up --help']],
    ['up dev --ram 3', ['ws up dev --memory 3Gi', 'ws up --help']],
    ['up dev --disk=20GB', ['ws up dev --size=20Gi', 'ws up --help']],
    ['up dev --sizee 3Gi', ['ws up dev --size 3Gi', 'ws up --help']],
    ['up dev --sizee x', ['ws up dev --size x', 'ws up --help']],
    ['up dev --sizee --yes', ['ws up dev --size --yes', 'ws up --help']],
    ['ssh dev --wait-timout 5 true', ['ws ssh dev --wait-timeout 5m true', 'ws ssh --help']],
    ['forward 3000 --wait-timeot=300', ['ws forward 3000 --wait-timeout=300s', 'ws forward --help']],
    ['stop dev --until-logn --until-login', ['ws stop dev --until-login', 'ws stop --help']],
    ['stop dev --until-logn --until-lgin', ['ws stop dev --until-login', 'ws stop --help']],
    ['up dev --siz 5Gi --size 6Gi', ['ws up dev --size 6Gi', 'ws up --help']],
    ['up dev --tolerations a --toleration b', ['ws up dev --toleration a --toleration b', 'ws up --help']],
    ['forward dev 3000 --timeout 5s', ['ws forward dev 3000 --wait-timeout 5s', 'ws forward --help']],
    ['up dev --no-shel', ['ws up dev --no-shell', 'ws up --help']],
    ['ls -a', ['ws ls --all-namespaces', 'ws ls --help']],
    ['ls -o json', ['ws ls --json', 'ws ls --help']],
    ['ls --output=json -n x', ['ws ls --json -n x', 'ws ls --help']],
    ['ls -o wide', ['ws ls --help']],
    ['ls -json', ['ws ls --json', 'ws ls --help']],
    ['ls -namespace x', ['ws ls --namespace x', 'ws ls --help']],
    ['ls -context=x', ['ws ls --context=x', 'ws ls --help']],
    ['ls --ns=x', ['ws ls --namespace=x', 'ws ls --help']],
    ['ls --kube-context x -A', ['ws ls --context x -A', 'ws ls --help']],
    ['up --name dev --disk 20Gi', ['ws up --workspace dev --size 20Gi', 'ws up --help']],
    ['ssh dev --tyt make -j4', ['ws ssh dev --tty make -j4', 'ws ssh --help']],
    ['ssh --verbose dev', ['ws ssh --debug dev', 'ws ssh --help']],
    ['homes rm dev -f', ['ws homes rm dev --yes', 'ws homes rm --help']],
    ['up --hlep', ['ws up --help']],
    ['ls --jsn --usge', ['ws ls --json --usage', 'ws ls --help']],
    ['down dev --home kep', ['ws down dev --home keep']],
    ['down dev --home=kep', ['ws down dev --home=keep']],
    ['down dev --home zzz', ['ws down dev --home keep', 'ws down dev --home delete', 'ws down dev --home lose']],
    ['ls --progress jsn', ['ws ls --progress json']],
    ['completion bsh', ['ws completion bash']],
    ['ls foo --usage', ['ws ls --usage', 'ws ls --help']],
    ['status dev extra', ['ws status dev', 'ws status --help']],
    ['keys rm my old laptop', ["ws keys rm 'my old laptop'", 'ws keys rm my old', 'ws keys rm --help']],
    [
      'keys rm my old laptop --yes',
      ["ws keys rm 'my old laptop' --yes", 'ws keys rm my old --yes', 'ws keys rm --help'],
    ],
    ['down dev --home keep --yes --keep-home', ['ws down dev --home keep --yes', 'ws down dev --yes --keep-home']],
    ['ls -n', ['ws ls -n NAME', 'ws ls --help']],
    ['ls --context --json', ['ws ls --context NAME --json', 'ws ls --help']],
    ['ls --context a -n x --context b', ['ws ls --context a -n x', 'ws ls -n x --context b']],
    ['ls --json=true', ['ws ls --json', 'ws ls --help']],
    ['up --shell=false dev', ['ws up --no-shell dev', 'ws up --help']],
    ['down dev --keep-home --delete-home', ['ws down dev --keep-home', 'ws down dev --delete-home']],
    ['forward 3000 --ignore 9229', ['ws forward 3000 --ignore 9229 --auto']],
    ['config get', ['ws config ls', 'ws config get --help']],
    ['config set', ['ws config ls', 'ws config set --help']],
    ['ssh dev --tyt -- make "a b"', ["ws ssh dev --tty -- make '\"a' 'b\"'", 'ws ssh --help']],
    ['forward -L 3000:localhost:3000', ['ws forward 3000:localhost:3000', 'ws forward --help']],
    ['forward dev -L 3000 -L 8080:80', ['ws forward dev 3000 8080:80', 'ws forward --help']],
    ['forward -L3000', ['ws forward 3000', 'ws forward --help']],
    ['forward dev -L8080:db:80 -L 3000', ['ws forward dev 8080:db:80 3000', 'ws forward --help']],
    ['forward -L', ['ws forward --help']],
    ['logs -n 10 dev', ['ws logs --tail 10 dev', 'ws logs --namespace 10 dev']],
    ['logs -n10', ['ws logs --tail 10', 'ws logs --namespace 10']],
    ['up --timeout 5', ['ws up --wait-timeout 5m', 'ws up --help']],
    ['forward 3000 --timeout=90', ['ws forward 3000 --wait-timeout=90s', 'ws forward --help']],
    ['ssh --session work', ['ws ssh --tmux=work', 'ws ssh --help']],
    ['ssh --session=work dev', ['ws ssh --tmux=work dev', 'ws ssh --help']],
    ['stop --all', ['ws ls', 'ws stop NAME', 'ws stop --help']],
    ['down --all --yes', ['ws ls', 'ws down NAME --yes', 'ws down --help']],
    ['stop dev --all', ['ws stop dev', 'ws ls', 'ws stop --help']],
    ['down --all dev -n x', ['ws down dev -n x', 'ws ls', 'ws down --help']],
    ['stop -w dev --all', ['ws stop -w dev', 'ws ls', 'ws stop --help']],
    ['stop -w --all', ['ws ls', 'ws stop -w NAME', 'ws stop --help']],
    ['ssh -N -L 3000 dev', ['ws forward dev 3000', 'ws ssh --help']],
    ['ssh -NL 3000:db:80 -L 8080 dev', ['ws forward dev 3000:db:80 8080', 'ws ssh --help']],
    ['ssh -fNL3000 dev', ['ws forward dev 3000', 'ws ssh --help']],
    ['ssh -N -D 1080 -R 8080:localhost:80', ['ws forward -D 1080 -R 8080:localhost:80', 'ws ssh --help']],
    ['ssh -N', ['ws forward PORT', 'ws ssh --help']],
    ['ssh -N -L 3000 -w dev', ['ws forward 3000 --workspace dev', 'ws ssh --help']],
    ['ssh --workspace=dev -NL 3000', ['ws forward 3000 --workspace dev', 'ws ssh --help']],
    ['ssh -n team -N -L 3000 -i key dev', ['ws forward dev 3000 --namespace team --identity key', 'ws ssh --help']],
    ['ssh -N dev -i -D', ['ws forward dev -D PORT --identity FILE', 'ws ssh --help']],
    ['completion', ['ws completion bash', 'ws completion zsh', 'ws completion fish', 'ws completion --help']],
    ['up --version', ['ws version', 'ws up --help']],
    ['keep 2 hours', ['ws keep 2h', 'ws keep --help']],
    ['keep dev 90 Minutes', ['ws keep dev 90m', 'ws keep --help']],
    ['keep 2 h -w dev', ['ws keep 2h -w dev', 'ws keep --help']],
    ['up --ttl 8 hours --yes', ['ws up --ttl 8h --yes', 'ws up --help']],
    ['up --ttl=7 days', ['ws up --ttl=7d', 'ws up --help']],
    ['forward 3000 --wait-timeout 5 min', ['ws forward 3000 --wait-timeout 5m', 'ws forward --help']],
  ])('ws %s', async (line, proposed) => {
    expect(await listProposed(line.split(' '))).toEqual(proposed);
  });

  it.each(
    (catalogue.find(['ssh'])?.flags ?? [])
      .filter(({ multiple }) => multiple !== true)
      .map(({ name, type, options = [] }) => ({
        flag: type === 'option' ? `--${name}=${options[0] ?? 'x'}` : `--${name}`,
        isTaken: catalogue.find(['forward'])?.flags.some((flag) => flag.name === name) === true,
      })),
  )('ws ssh -N -L 3000 $flag leads to ws forward, with that flag where it has one', async ({ flag, isTaken }) => {
    const [proposed = []] = await listProposedWords(['ssh', '-N', '-L', '3000', flag]);
    expect(proposed).toEqual(['forward', '3000', ...(isTaken ? flag.split('=') : [])]);
    await typeLine(proposed);
  });

  it('names the variable where one is wrong, and what says something else than a flag', async () => {
    vi.stubEnv('WS_PROGRESS', 'jsn');
    expect(await findFault(['ls'])).toMatchObject({ message: 'WS_PROGRESS cannot be "jsn"' });
    expect(await listProposed(['ls'])).toEqual(['export WS_PROGRESS=json', 'unset WS_PROGRESS']);
    vi.stubEnv('WS_PROGRESS', '');
    vi.stubEnv('WS_STORAGE_CLASS', 'fast');
    vi.stubEnv('WS_HOME_CLAIM', 'data');
    expect(await findFault(['up'])).toMatchObject({
      code: 'CONFLICTING_FLAGS',
      message: 'WS_HOME_CLAIM and WS_STORAGE_CLASS exclude each other',
    });
    expect(await listProposed(['up'])).toEqual(['unset WS_STORAGE_CLASS', 'unset WS_HOME_CLAIM']);
  });

  it('says what a missing word may be', async () => {
    expect(await findFault(['completion'])).toMatchObject({ reason: 'SHELL: your shell, bash, zsh or fish' });
  });

  it('says where a flag is that this command has not', async () => {
    expect(await findFault(['down', '--storage-class', 'x'])).toMatchObject({ reason: 'ws up has it' });
  });
});

describe('a variable that stands for a switch', () => {
  const switches = commandIds.flatMap((id) =>
    (catalogue.find(id.split(':'))?.flags ?? []).flatMap(({ name, type, env }) =>
      type === 'boolean' && env !== undefined ? [{ id, name, env }] : [],
    ),
  );
  const read = async (id: string, name: string): Promise<unknown> => {
    const required = catalogue.find(id.split(':'))?.args.filter((arg) => arg.required === true) ?? [];
    const command = await makeCommand(
      id,
      required.map(({ options: [one = '1h'] = [] }) => one),
    );
    return (command as unknown as { flags: Record<string, unknown> }).flags[name];
  };

  it.each(switches)('$env says yes or no to ws $id, and nothing else', async ({ id, name, env }) => {
    for (const [said, meant] of Object.entries({
      yes: true,
      On: true,
      '1': true,
      n: false,
      off: false,
      FALSE: false,
    })) {
      vi.stubEnv(env, said);
      expect(await read(id, name), said).toBe(meant);
    }
    for (const said of ['maybe', '2', 'yes please', ' ']) {
      vi.stubEnv(env, said);
      await expect(read(id, name), said).rejects.toMatchObject({
        message: `${env} cannot be ${JSON.stringify(said)}`,
        reason: 'it is yes or no',
      });
    }
  });

  it('is all that is needed to mend it, and counts for nothing beside the flag', async () => {
    vi.stubEnv('WS_YES', 'maybe');
    expect(await listProposed(['homes', 'rm', 'x'])).toEqual(['unset WS_YES']);
    expect(await typeLine(['homes', 'rm', 'x', '--yes'])).toMatchObject({ kind: 'command' });
    vi.stubEnv('WS_YES', 'flase');
    expect(await listProposed(['homes', 'rm', 'x'])).toEqual(['export WS_YES=false', 'unset WS_YES']);
  });
});

describe('kubectl and docker ask for a terminal with -it', () => {
  it.each([
    ['ssh -it dev -- id', 'ws ssh -t dev -- id'],
    ['ssh -ti dev -- id', 'ws ssh -t dev -- id'],
    ['ssh -it dev id -la', 'ws ssh -t dev id -la'],
    ['ssh -it dev', 'ws ssh -t dev'],
    ['ssh dev -it', 'ws ssh dev -t'],
    ['ssh -it -- id', 'ws ssh -t -- id'],
    ['ssh -n team -it -w dev', 'ws ssh -n team -t -w dev'],
    ['forward -it dev 80', 'ws forward dev 80'],
    ['up -it dev', 'ws up dev'],
  ])('ws %s leads to %s', async (line, meant) => {
    const words = line.split(' ');
    expect((await findFault(words)).message).toBe('-i takes a key file');
    expect((await listProposed(words))[0]).toBe(meant);
  });

  it.each(['ssh -i it dev', 'ssh -i./it dev', 'ssh dev -- -it', 'ssh dev ls -it'])(
    'ws %s says nothing of that',
    async (line) => {
      await expect(typeLine(line.split(' '))).resolves.toMatchObject({ kind: 'command' });
    },
  );
});

import { spawnSync } from 'node:child_process';
import { describe, expect, it, type TestContext } from 'vitest';
import type { UnpackedImage } from './unpacked.ts';

interface Install {
  name: string;
  /** The first lines of its instructions, and a use of what they brought. */
  script: string;
  says: RegExp;
}

/** Each asks a registry by its own client first: where that is out of reach, its rows are skipped and say so. */
const ECOSYSTEMS: { registry: string; probe: string; installs: Install[] }[] = [
  {
    registry: "Python's index",
    probe: 'pip download -q --no-deps --retries 0 -d /tmp/probe toolz',
    installs: [
      {
        name: 'pip',
        script:
          'pip install -q toolz; python -m pip install -q six; python -c "import toolz, six; print(toolz.__file__)"',
        says: /\.local\/lib/,
      },
      {
        name: 'pip --user',
        script: 'pip install -q --user toolz; python3 -c "import toolz; print(toolz.__file__)"',
        says: /\.local\/lib/,
      },
      {
        name: 'pip in a virtual environment',
        script: 'python3 -m venv v && v/bin/pip install -q rich && v/bin/python -c "import rich; print(rich.__file__)"',
        says: /developer\/v\/lib/,
      },
      {
        name: 'pip in an activated one',
        script:
          'python -m venv v && . v/bin/activate && pip install -q toolz && python -c "import toolz; print(toolz.__file__)"',
        says: /developer\/v\/lib/,
      },
      { name: 'pip --target', script: 'pip install -q --target lib toolz && ls lib', says: /^toolz$/m },
      {
        name: 'pip --editable',
        script:
          'mkdir p && printf "[project]\\nname=\'mine\'\\nversion=\'1\'\\n" > p/pyproject.toml && touch p/mine.py && pip install -q -e p && python -c "import mine; print(mine.__file__)"',
        says: /p\/mine\.py/,
      },
      {
        name: 'pipx',
        script: 'pip install -q pipx && pipx install pycowsay >/dev/null 2>&1; pycowsay moo',
        says: /moo/,
      },
      {
        name: 'uv venv',
        script: 'uv venv -q && uv pip install -q toolz && .venv/bin/python -c "import toolz; print(toolz.__file__)"',
        says: /\.venv\/lib/,
      },
      {
        name: 'uv tool and uvx',
        script: 'uv tool install -q pycowsay && pycowsay moo && uvx -q pycowsay again',
        says: /moo[^]*again/,
      },
      {
        name: 'uv project',
        script: 'uv init -q p && cd p && uv add -q toolz && uv run -q python -c "import toolz; print(toolz.__file__)"',
        says: /p\/\.venv\/lib/,
      },
      {
        name: 'poetry',
        script:
          'uv tool install -q poetry && poetry new -q p && cd p && poetry install -q && poetry run python -c "import p; print(p.__file__)"',
        says: /p\/src\/p/,
      },
    ],
  },
  {
    registry: "npm's registry",
    probe: 'npm view --fetch-retries=0 is-odd version',
    installs: [
      {
        name: 'npm',
        script: 'npm init -y >/dev/null && npm install is-odd >/dev/null && node -p "require(\'is-odd\')(3)"',
        says: /^true$/m,
      },
      {
        name: 'npm --global',
        script: 'npm install -g cowsay >/dev/null && cowsay moo && command -v cowsay',
        says: /moo[^]*\.local\/bin\/cowsay/,
      },
      {
        name: 'npm --global npm',
        script:
          'npm install -g npm@11 >/dev/null && hash -r && command -v npm && npm prefix -g && npm install -g is-odd && ls .local/lib/node_modules',
        says: /\.local\/bin\/npm\n\/home\/developer\/\.local\n[^]*is-odd/,
      },
      { name: 'npx', script: 'npx --yes cowsay moo', says: /moo/ },
      {
        name: 'pnpm',
        // Not `pnpm init`: it pins pnpm itself, for systems whose package a registry may lack.
        script:
          'npm install -g pnpm >/dev/null && mkdir p && cd p && npm init -y >/dev/null && pnpm add --silent is-odd && node -p "require(\'is-odd\')(3)"',
        says: /^true$/m,
      },
      {
        name: 'yarn',
        script: 'npm install -g yarn >/dev/null && yarn global add -s cowsay && cowsay moo && command -v cowsay',
        says: /moo[^]*\.local\/bin\/cowsay/,
      },
    ],
  },
];

export function describeInstalls(image: () => UnpackedImage): void {
  describe.each(ECOSYSTEMS)('the first line of a README, with $registry', ({ registry, probe, installs }) => {
    let refusal: string | undefined;
    const askOnce = () => {
      if (refusal === undefined) {
        const { status, text } = image().ssh(probe);
        refusal = status === 0 ? '' : `${registry} does not answer: ${text.split('\n').at(-1)}`;
      }
      return refusal;
    };

    it.for(installs)('Q2N5-TOOLS: $name', ({ script, says }, context) => {
      skipWhere(context, askOnce());
      const { status, text } = image().ssh(script);
      expect(text).toMatch(says);
      expect(status).toBe(0);
    });
  });

  describe('programs that are not in the image', () => {
    // Their own installers put them into the home; the machine's stand for what those would fetch.
    it('Q2N5-TOOLS: go install, and what it brought is found', (context) => {
      const root = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).stdout?.trim();
      skipWhere(context, root ? '' : 'Go is not on this machine');
      const hello =
        'mkdir hello && cd hello && go mod init example.org/hello 2>/dev/null && printf "package main\\nfunc main() { println(\\"built\\") }\\n" > main.go';
      const { text } = image().ssh(`export PATH=$PATH:/mnt/bin; ${hello} && go install . && cd && hello`, {
        tools: root,
      });
      expect(text).toBe('built');
    });

    it.each(['.local/bin', '.cargo/bin', 'go/bin'])('Q2N5-TOOLS: are found in ~/%s', (folder) => {
      const put = `mkdir -p ${folder} && printf '#!/bin/sh\\necho mine\\n' > ${folder}/mine && chmod +x ${folder}/mine`;
      const { text } = image().ssh(`${put} && mine && bash -lc mine && env -u SSH_CLIENT bash -ic mine`);
      // An interactive shell without a terminal says that it has none.
      expect(text.split('\n').filter((line) => line === 'mine')).toHaveLength(3);
    });

    it('Q2N5-TOOLS: find nothing set that they refuse to run with', () => {
      // nvm ends where one of these is set; so do others that manage Node.
      expect(image().ssh('env | grep -iE "^(npm_config_prefix|prefix|pip_user|pythonhome)="; true').text).toBe('');
    });
  });
}

function skipWhere(context: TestContext, reason: string): void {
  if (reason === '') return;
  process.stdout.write(`skipped: ${reason}\n`);
  context.skip(reason);
}

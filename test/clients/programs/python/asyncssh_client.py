"""Does with asyncssh what ../../programs.ts asks of a client."""

import asyncio
import base64
import os
import sys

import asyncssh

HOST, PORT = os.environ["HOST"], int(os.environ["PORT"])


def connect():
    proxy = os.environ.get("PROXY")
    name = HOST if PORT == 22 else f"[{HOST}]:{PORT}"
    return asyncssh.connect(
        HOST,
        PORT,
        username=os.environ["LOGIN"],
        client_keys=[os.environ["KEY"]],
        agent_path=None,
        config=None,
        known_hosts=asyncssh.import_known_hosts(f"{name} {os.environ['HOST_KEY']}\n"),
        proxy_command=["sh", "-c", proxy] if proxy else None,
        connect_timeout=120,
        login_timeout=120,
    )


async def run(connection, command, **terminal):
    done = await connection.run(command, encoding=None, **terminal)
    return done.exit_status, done.stdout


def say(number, answer):
    status, output = answer
    print(number, status, base64.b64encode(output).decode() or "-", flush=True)


async def main(deed, *words):
    async with connect() as connection:
        commands = sys.stdin.read().splitlines()
        if deed == "each":
            for number, command in enumerate(commands):
                say(number, await run(connection, command))
        elif deed == "together":
            answers = await asyncio.gather(*(run(connection, command) for command in commands))
            for number, answer in enumerate(answers):
                say(number, answer)
        elif deed == "terminal":
            size = (int(words[0]), int(words[1]))
            say(0, await run(connection, commands[0], term_type="xterm", term_size=size))
        elif deed == "copy":
            local, remote, back = words
            async with connection.start_sftp_client() as sftp:
                await sftp.put(local, remote)
                await sftp.get(remote, back)


try:
    asyncio.run(main(*sys.argv[1:]))
except asyncssh.HostKeyNotVerifiable:
    sys.exit(11)
except asyncssh.PermissionDenied:
    sys.exit(10)

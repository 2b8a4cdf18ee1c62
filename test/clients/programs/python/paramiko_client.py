"""Does with paramiko what ../../programs.ts asks of a client."""

import base64
import os
import shlex
import socket
import sys
import threading

import paramiko

HOST, PORT = os.environ["HOST"], int(os.environ["PORT"])


def connect():
    kind, blob = os.environ["HOST_KEY"].split()[:2]
    client = paramiko.SSHClient()
    name = HOST if PORT == 22 else f"[{HOST}]:{PORT}"
    client.get_host_keys().add(name, kind, paramiko.PKey.from_type_string(kind, base64.b64decode(blob)))
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    proxy = os.environ.get("PROXY")
    client.connect(
        HOST,
        PORT,
        os.environ["LOGIN"],
        key_filename=os.environ["KEY"],
        allow_agent=False,
        look_for_keys=False,
        sock=paramiko.ProxyCommand(shlex.join(["sh", "-c", proxy])) if proxy else socket.create_connection((HOST, PORT)),
        banner_timeout=120,
        auth_timeout=120,
    )
    return client


def run(client, command, size=None):
    channel = client.get_transport().open_session(timeout=120)
    if size:
        channel.get_pty("xterm", *size)
    channel.exec_command(command)
    output = channel.makefile("rb").read()
    status = channel.recv_exit_status()
    channel.close()
    return status, output


def say(number, answer):
    status, output = answer
    print(number, status, base64.b64encode(output).decode() or "-", flush=True)


def together(client, commands):
    answers = [None] * len(commands)

    def work(number):
        answers[number] = run(client, commands[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(commands))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def main(deed, *words):
    client = connect()
    commands = sys.stdin.read().splitlines()
    if deed == "each":
        for number, command in enumerate(commands):
            say(number, run(client, command))
    elif deed == "together":
        for number, answer in enumerate(together(client, commands)):
            say(number, answer or (-1, b"no answer"))
    elif deed == "terminal":
        say(0, run(client, commands[0], (int(words[0]), int(words[1]))))
    elif deed == "copy":
        local, remote, back = words
        sftp = client.open_sftp()
        sftp.put(local, remote)
        sftp.get(remote, back)
    client.close()


try:
    main(*sys.argv[1:])
except paramiko.BadHostKeyException:
    sys.exit(11)
except paramiko.AuthenticationException:
    sys.exit(10)

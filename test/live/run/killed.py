#!/usr/bin/python3
"""Kills the engine of `tsip run`, or its clients, at varying moments; killed.py engine|clients TIMES SEED.

For each moment it prints: a line of JSON with how many calls were known to have been made, how many devices there are,
how many there may be, what the script said, and what was left in the folders of sockets.
"""
import glob
import json
import os
import random
import signal
import subprocess
import sys

CALLS = 12
# Without a name, a call that is made twice leaves two devices. Each engine has a network namespace, which goes with it.
SCRIPT = f'''trap 'echo made $(grep -c ifb /proc/net/dev)' EXIT
n=0; while [ $n -lt {CALLS} ]; do ip link add type ifb || exit 3; n=$((n + 1)); echo $n; done'''
ENGINE = ['/usr/bin/unshare', '-n', 'tsip', 'run', 'sh', '-c', SCRIPT]


def devices():
    return [name for name in os.listdir('/sys/class/net') if name.startswith('ifb')]


def left():
    return glob.glob('/tmp/tsip-run-*') + glob.glob('/run/tsip-run-*')


def spin(moments, most):
    for _ in range(int(moments.random() ** 2 * most)):
        pass


def kill_engine(moments):
    before = left()
    engine = subprocess.Popen(ENGINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    known = 0
    stop = moments.randrange(CALLS)
    while known < stop:
        known = int(engine.stdout.readline())
    spin(moments, 30_000)
    engine.send_signal(signal.SIGKILL)
    # Ends with the script, which has the pipe open. An engine that is killed at its start has none.
    *later, made = engine.stdout.read().splitlines() or ['made 0']
    said = engine.stderr.read()
    engine.wait()
    return {'known': known + len(later), 'made': int(made.removeprefix('made ')), 'said': said,
            'left': [path for path in left() if path not in before]}


def kill_clients(moments):
    """Inside tsip run: each client is killed some time after its start."""
    known = 0
    for _ in range(CALLS):
        client = subprocess.Popen(['ip', 'link', 'add', 'type', 'ifb'], stderr=subprocess.DEVNULL)
        spin(moments, 300_000)
        client.kill()
        if client.wait() == 0:
            known += 1
    # What the engine has begun for a client that is gone has ended when it makes the next call.
    end = subprocess.run(['ip', '-br', 'link', 'show', 'lo'], capture_output=True, text=True)
    made = devices()
    for name in made:
        subprocess.run(['ip', 'link', 'del', name], check=True)
    return {'known': known, 'made': len(made), 'said': end.stderr, 'left': []}


def main():
    what, times, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    moments = random.Random(seed)
    for _ in range(times):
        print(json.dumps({'engine': kill_engine, 'clients': kill_clients}[what](moments)), flush=True)


main()

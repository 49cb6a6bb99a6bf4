#!/usr/bin/python3
"""Runs a program on a terminal of its own, as a job of an interactive shell, and shows what the shell sees.

terminal.py PROGRAM ARGUMENT... runs the program in the foreground, stops it with the terminal's suspend
character when it has printed "ready", continues it, and interrupts it. It must print "continued" on SIGCONT.
"""
import os
import pty
import re
import select
import signal
import sys
import termios
import time

LIMIT = 60


def read_until(descriptor, word, text):
    end = time.monotonic() + LIMIT
    while word not in text:
        if time.monotonic() > end or not select.select([descriptor], [], [], 1)[0]:
            if time.monotonic() > end:
                raise SystemExit(f'no {word} in {text}')
            continue
        try:
            data = os.read(descriptor, 4096)
        except OSError:  # all ends of the terminal are closed
            break
        if not data:
            break
        text += data
    return text


def describe(status):
    if os.WIFSTOPPED(status):
        return f'stopped by {signal.Signals(os.WSTOPSIG(status)).name}'
    if os.WIFCONTINUED(status):
        return 'continued'
    if os.WIFSIGNALED(status):
        return f'killed by {signal.Signals(os.WTERMSIG(status)).name}'
    return f'exited with {os.WEXITSTATUS(status)}'


def wait(pid, flags):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        found, status = os.waitpid(pid, flags | os.WNOHANG)
        if found:
            return describe(status)
        time.sleep(0.01)
    raise SystemExit('the job does not change')


shell, descriptor = pty.fork()
if shell == 0:
    # The session leader plays the shell: its job is a process group in the foreground.
    results = []
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(sys.argv[1], sys.argv[1:])
    os.write(1, f'shell: {wait(job, os.WUNTRACED)}\n'.encode())
    os.tcsetpgrp(0, os.getpgrp())
    os.write(1, b'shell: at the prompt\n')
    os.tcsetpgrp(0, os.getpgid(job))
    os.kill(-os.getpgid(job), signal.SIGCONT)
    os.write(1, f'shell: {wait(job, os.WUNTRACED)}\n'.encode())
    os._exit(0)

attributes = termios.tcgetattr(descriptor)
attributes[3] &= ~termios.ECHO
termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
text = read_until(descriptor, b'ready', b'')
os.write(descriptor, b'\x1a')
text = read_until(descriptor, b'at the prompt', text)
text = read_until(descriptor, b'continued', text)
os.write(descriptor, b'\x03')
text = read_until(descriptor, b'no more of it', text)
os.waitpid(shell, 0)
# The terminal's group and a parent that goes on both continue the job: whether its trap runs once or twice for two
# signals that are pending together is chance.
shown = text.decode().replace('\r\n', '\n').replace('^Z', '').replace('^C', '')
sys.stdout.write(re.sub(r'(continued\n)+', r'\1', shown))

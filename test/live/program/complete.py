#!/usr/bin/python3
"""Types into an interactive shell on a terminal and shows what its completion makes of the line.

complete.py SHELL < KEYS: each line of KEYS is typed as it is, but `\\t` is TAB; the line as it then stands is
written, one a line. What else appears on the terminal after the first key is written to standard error.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

LIMIT = 20
shell = sys.argv[1]
keys = sys.stdin.read().split('\n')[:-1]

# Ctrl-X p tells the line to us, Ctrl-X k empties it.
SET_UP = {
    'bash': '''PS1= PS2=; bind "set bell-style none"; bind "set show-all-if-ambiguous off"
bind "set enable-bracketed-paste off"; bind '"\\C-xk": kill-whole-line'
tell() { printf '%s\\n' "$READLINE_LINE" >&9; }
bind -x '"\\C-xp": tell'
source <(tsip completion bash)
''',
    'zsh': '''PS1= PS2= PROMPT_EOL_MARK=; unsetopt beep list_beep auto_list; unset zle_bracketed_paste
autoload -Uz compinit; compinit -D -u
tell() { print -r -- "$BUFFER" >&9; }
zle -N tell; bindkey '^Xp' tell; bindkey '^Xk' kill-whole-line
source <(tsip completion zsh)
''',
    'fish': '''function fish_prompt; end; set fish_greeting
function tell; commandline >&9; end
bind \\cxp tell; bind \\cxk 'commandline ""'
tsip completion fish | source
''',
}
START = {'bash': ['--norc', '--noprofile', '-i'], 'zsh': ['-f', '-i'], 'fish': ['--no-config', '-i']}

told, tell = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    os.dup2(tell, 9)
    os.execvp(shell, [shell, *START[shell]])
os.close(tell)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 50, 200, 0, 0))
screen = b''


def line():
    """The next line that the shell tells; what appears on the screen meanwhile is gathered."""
    global screen
    text = b''
    end = time.monotonic() + LIMIT
    while not text.endswith(b'\n'):
        ready = select.select([terminal, told], [], [], max(0, end - time.monotonic()))[0]
        if not ready:
            raise SystemExit(f'{shell} says nothing after {text}; screen: {screen}')
        if terminal in ready:
            screen += os.read(terminal, 65536)
        if told in ready:
            text += os.read(told, 65536)
    return text[:-1].decode()


def send(text):
    os.write(terminal, text.encode())


for command in SET_UP[shell].split('\n'):
    send(command + '\n')
send('\x18p')
line()
screen = b''
for typed in keys:
    # A shell that is busy completing takes no keys: each TAB is waited for.
    for index, part in enumerate(typed.split('\\t')):
        if index > 0:
            send('\t\x18p')
            now = line()
        send(part)
    if typed.split('\\t')[-1] != '':
        send('\x18p')
        now = line()
    print(now)
    send('\x18k\x18p')
    line()
sys.stderr.write(screen.decode('utf8', 'replace'))
os.close(terminal)

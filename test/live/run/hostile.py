#!/usr/bin/python3
"""Talks to the engine of `tsip run` as no client of ours does. hostile.py WHAT prints one line for each thing tried."""
import array
import os
import socket
import struct
import sys
import time

MAGIC = 0x31525354
START = 4
EXIT = 3
KEPT = []


def connect():
    process, descriptor = os.environ['TSIP_RUN'].split(':')[:2]
    engine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    engine.settimeout(20)
    engine.connect(f'/proc/{process}/fd/{descriptor}')
    return engine


def request(given, environment=(), **header):
    texts = b''.join(text + b'\0' for text in (b'tsip', *given, *environment))
    fields = {'magic': MAGIC, 'length': 16 + len(texts), 'words': len(given), 'variables': len(environment)}
    fields.update(header)
    return struct.pack('=6I', *fields.values(), 0, 0) + texts


def own_variables():
    return [os.fsencode(f'{name}={value}') for name, value in os.environ.items()]


def read_all(engine, length):
    data = b''
    while len(data) < length:
        piece = engine.recv(length - len(data))
        if not piece:
            return None
        data += piece
    return data


def answer(engine):
    """The last frame: its kind and its number; 'nothing' if the connection ends before."""
    try:
        while True:
            head = read_all(engine, 8)
            if head is None:
                return 'nothing'
            kind, length = struct.unpack('=2I', head)
            payload = read_all(engine, length)
            if kind == EXIT:
                return f'exit {struct.unpack("=I", payload)[0]}'
            if kind == START:
                return 'start'
    except ConnectionError:
        return 'nothing'


def send(data):
    engine = connect()
    try:
        engine.sendall(data)
        engine.shutdown(socket.SHUT_WR)
    except ConnectionError:
        pass
    return answer(engine)


def nonsense():
    good = request([b'ip', b'link'], own_variables())
    samples = {
        'nothing': b'',
        'seven bytes': good[:7],
        'another magic': b'XXXX' + good[4:],
        'only a header': good[:24],
        'cut short': good[:-1],
        'no length': request([b'ip', b'link'], length=0),
        'a short length': request([b'ip', b'link'], length=15),
        'a length that wraps': request([b'ip', b'link'], length=0xffffffff),
        'too long': request([b'ip', b'link'], length=64 << 20),
        'too many words': request([b'ip', b'link'], words=1000),
        'most words': request([b'ip', b'link'], words=0xffffffff),
        'no words': request([], words=0),
        'too many variables': request([b'ip', b'link'], variables=0xffffffff),
        'no final NUL': request([b'ip', b'link'])[:-1] + b'x',
        'zeros': bytes(100000),
        'ones': b'\xff' * 100000,
    }
    for name, data in samples.items():
        print(name, '->', send(data))
    for end in range(0, len(good) - 1, 13):
        if send(good[:end]) != 'nothing':
            print('a request that is cut at', end, 'is answered')


def pieces():
    engine = connect()
    for byte in request([b'ip', b'link', b'add', b'type', b'ifb'], own_variables()):
        engine.sendall(bytes([byte]))
    print('byte by byte ->', answer(engine))


def idle():
    for _ in range(600):
        KEPT.append(connect())
    print('600 connections that say nothing')


def deaf():
    """Calls whose answers nobody reads: each is larger than the socket holds."""
    for _ in range(20):
        engine = connect()
        engine.sendall(request([b'ip', b'-d', b'-j', b'route', b'show'], own_variables()))
        KEPT.append(engine)
    print('20 calls that nobody reads')


def descriptors():
    engine = connect()
    passed = array.array('i', [os.open('/dev/null', os.O_RDONLY) for _ in range(200)])
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, passed)]
    engine.sendmsg([request([b'ip', b'link'], own_variables())], ancillary)
    print('200 descriptors ->', answer(engine))


def credentials():
    """The kernel says who has connected; what the client says of itself is not looked at."""
    engine = connect()
    forged = struct.pack('=3i', os.getppid(), 0, 0)
    try:
        engine.sendmsg([request([b'ip', b'link', b'add', b'type', b'ifb'], own_variables())],
                       [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS, forged)])
    except PermissionError:
        engine.sendall(request([b'ip', b'link', b'add', b'type', b'ifb'], own_variables()))
    print('forged credentials ->', answer(engine))


def orphan():
    """The process that has connected is gone; another one sends the request."""
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        engine = connect()
        socket.send_fds(theirs, [b'x'], [engine.fileno()])
        os._exit(0)
    _, (descriptor,), _, _ = socket.recv_fds(ours, 1, 1)
    os.wait()
    engine = socket.socket(fileno=descriptor)
    engine.settimeout(20)
    engine.sendall(request([b'ip', b'link', b'add', b'type', b'ifb'], own_variables()))
    print('a socket of a process that has ended ->', answer(engine))


globals()[sys.argv[1]]()
sys.stdout.flush()
if KEPT:
    sys.stdout.close()
    os.close(1)
    time.sleep(600)

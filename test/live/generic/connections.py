"""Connections over loopback, so that TCP has something to remember; `mptcp` as argument makes them multipath."""
import socket
import sys

MPTCP = 262
protocol = MPTCP if 'mptcp' in sys.argv else 0
PLACES = (
    (socket.AF_INET, '127.0.0.1', ('127.0.0.2', '127.0.0.3')),
    (socket.AF_INET6, '::1', ('::1',)),
)

for family, server, clients in PLACES:
    listener = socket.socket(family, socket.SOCK_STREAM, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((server, 5000))
    listener.listen()
    for client in clients:
        one = socket.socket(family, socket.SOCK_STREAM, protocol)
        one.bind((client, 0))
        one.connect((server, 5000))
        other = listener.accept()[0]
        for _ in range(10):
            one.sendall(b'x' * 1000)
            other.recv(1000, socket.MSG_WAITALL)
            other.sendall(b'x')
            one.recv(1)
        one.close()
        while other.recv(1000):
            pass
        other.close()
    listener.close()

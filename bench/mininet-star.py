"""A star of hosts by Mininet: `mininet-star.py COUNT` prints when it is up, and ends when it is down again."""
import sys
import time

from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from mininet.topo import Topo


class Star(Topo):
    def build(self, count):
        switch = self.addSwitch('s1')
        for number in range(1, count + 1):
            host = self.addHost(f'h{number}', ip=f'10.0.{number // 256}.{number % 256}/16')
            self.addLink(host, switch)


net = Mininet(topo=Star(int(sys.argv[1])), switch=LinuxBridge, controller=None, waitConnected=False)
net.start()
print(f'{time.time():.6f}', flush=True)
net.stop()

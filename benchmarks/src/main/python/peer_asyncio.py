"""Peer "libvirt-python-asyncio": libvirtaio, libvirt-python's event implementation on asyncio's loop.

The same C callbacks are registered through virEventAddHandle as in every other row. libvirtaio may be used on the
loop's own thread only, so registering, removing and the hook workloads run there; sampling runs on another thread.
Speaks the line protocol of bench.h, or, given arguments, runs one setup, measure, teardown and verify.
"""

import asyncio
import ctypes
import os
import sys
import threading
import time

import libvirt
import libvirtaio

ANSWER = 65536
ON_LOOP = ("setup", "teardown")
# Their measurement is a series of calls of the hooks, so it belongs on the loop's thread too.
HOOK_WORKLOADS = ("hook", "timer-hook")
BOUND_S = 120
ARRIVAL_BOUND_S = 60


class Peer:
    def __init__(self, loop):
        self.loop = loop
        directory = os.environ.get("OSEVENT_BENCH_NATIVE", os.path.dirname(os.path.abspath(__file__)))
        self.native = ctypes.CDLL(os.path.join(directory, "libbenchcb.so"))
        if self.native.bench_bind_libvirt() != 0:
            sys.exit(1)
        self.native.bench_identity(b"libvirt-python-asyncio", b"asyncio", b"none")
        self.workload = ""

    def call(self, line):
        answer = ctypes.create_string_buffer(ANSWER)
        self.native.bench_request(line.encode(), answer, ANSWER)
        return answer.value.decode()

    def request(self, line):
        words = line.split()
        if words[0] == "setup":
            self.workload = words[1]
            if "foreign=1" in words or "awake=1" in words:
                return '{"unsupported":"libvirtaio may not be called from a foreign thread"}\n'
            if self.workload == "remote":
                self.remote = Remote(self, words)
                return ""
        if self.workload == "remote":
            return self.request_remote(words[0])
        on_loop = words[0] in ON_LOOP or words[0] == "measure" and self.workload in HOOK_WORKLOADS
        return self.on_loop(lambda: self.call(line)) if on_loop else self.call(line)

    def request_remote(self, word):
        if word == "teardown":
            self.on_loop(self.remote.close)
        return self.remote.measure() if word == "measure" else ""

    def on_loop(self, function):
        async def run():
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(BOUND_S)


class Remote:
    """The workload of remote.h with a handler in Python: N connections, each with a lifecycle callback."""

    def __init__(self, peer, words):
        arguments = dict(word.split("=", 1) for word in words if "=" in word)
        self.n = int(arguments["n"])
        self.expected = self.n * int(arguments["ops"])
        self.events = 0
        self.done = threading.Event()
        self.connections = peer.on_loop(lambda: [self.open(arguments["uri"]) for _ in range(self.n)])
        self.cpu_at_setup = time.process_time()

    def open(self, uri):
        connection = libvirt.open(uri)
        callback = connection.domainEventRegisterAny(
            None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self.on_lifecycle, None)
        return connection, callback

    def on_lifecycle(self, connection, domain, event, detail, opaque):
        self.events += 1
        if self.events == 1:
            self.first = time.monotonic()
        if self.events == self.expected:
            self.last = time.monotonic()
            self.cpu_at_end = time.process_time()
            self.done.set()

    def measure(self):
        if not self.done.wait(ARRIVAL_BOUND_S):
            return '{"error":"%d of %d events arrived within %d s"}\n' % (self.events, self.expected, ARRIVAL_BOUND_S)
        cpu = (self.cpu_at_end - self.cpu_at_setup) * 1e6 / self.expected
        return self.row("remote-events", self.expected / (self.last - self.first), "events/s") + self.row(
            "remote-cpu", cpu, "us/event")

    def row(self, workload, value, unit):
        return (
            '{"workload":"%s","system":"libvirt-python-asyncio","transport":"asyncio","seam":"none","n":%d,"k":%d,'
            '"value":%g,"unit":"%s"}\n' % (workload, self.n, self.n, value, unit))

    def close(self):
        for connection, callback in self.connections:
            connection.domainEventDeregisterAny(callback)
            connection.close()


def serve(peer):
    if len(sys.argv) > 1:
        for line in ("setup " + " ".join(sys.argv[1:]), "measure", "teardown", "verify"):
            sys.stdout.write(peer.request(line))
    else:
        for line in sys.stdin:
            sys.stdout.write(peer.request(line) + ".\n")
            sys.stdout.flush()
    sys.stdout.flush()
    os._exit(0)


def main():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    libvirtaio.virEventRegisterAsyncIOImpl(loop)
    peer = Peer(loop)
    threading.Thread(target=serve, args=(peer,), daemon=True).start()
    loop.run_forever()


main()

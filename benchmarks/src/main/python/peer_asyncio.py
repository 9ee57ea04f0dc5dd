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

import libvirt
import libvirtaio

ANSWER = 65536
ON_LOOP = ("setup", "teardown")
# Their measurement is a series of calls of the hooks, so it belongs on the loop's thread too.
HOOK_WORKLOADS = ("hook", "timer-hook")
BOUND_S = 120


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
                return self.setup_remote(words)
        if self.workload == "remote":
            return self.remote(words[0])
        on_loop = words[0] in ON_LOOP or words[0] == "measure" and self.workload in HOOK_WORKLOADS
        return self.on_loop(lambda: self.call(line)) if on_loop else self.call(line)

    def on_loop(self, function):
        async def run():
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(BOUND_S)

    def setup_remote(self, words):
        self.workload = ""
        return '{"unsupported":"connections of libvirt-python are not driven by this peer"}\n'

    def remote(self, word):
        return ""


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

"""Several ways to move the same rows, each in a server of its own, run in turns of 50 ms: what the machine's neighbours do,
or its clock, falls on all of them alike, so that the ratio of their CPU holds where two runs one after the other differ by
a quarter. A way whose turn it is not is stopped: its processes and the backends of its server (SIGSTOP)."""
import os
import signal
import subprocess
import time

from sync_server import Cost

SLICE = 0.05  # seconds


class Way:
    """Commands joined by pipes, and the server they work on."""

    def __init__(self, name, server, *commands, environment=None):
        self.name, self.server, self.text, self.cost = name, server, "", None
        server.sql("postgres", "CHECKPOINT")
        self.before, self.client, self.rss = server.cpu(), 0.0, 0
        self.left, feed = [], None
        for i, command in enumerate(commands):
            process = subprocess.Popen(command, stdin=feed, stdout=subprocess.PIPE, stderr=server.log,
                                       env={**os.environ, **(environment or {})})
            if feed is not None:
                feed.close()
            feed = process.stdout
            self.left.append(process)
        self.output = feed
        self.used = 0.0  # seconds it had the machine
        self.signal(signal.SIGSTOP)

    def signal(self, number):
        """To the clients first: no new backend comes from a client that is stopped."""
        for process in self.left:
            os.kill(process.pid, number)  # send_signal() would reap it
        with open(f"/proc/{self.server.pid}/task/{self.server.pid}/children") as file:
            for pid in file.read().split():
                try:
                    os.kill(int(pid), number)
                except ProcessLookupError:
                    pass

    def take(self):
        """One turn; true when that was the last."""
        self.signal(signal.SIGCONT)
        began = time.monotonic()
        while self.left and time.monotonic() - began < SLICE:
            time.sleep(SLICE / 10)
            self.reap()
        self.used += time.monotonic() - began
        if self.left:
            self.signal(signal.SIGSTOP)
            return False
        self.text = self.output.read().decode()
        self.cost = Cost(self.client, self.server.cpu() - self.before, self.used, self.rss / 1024)
        return True

    def abandon(self):
        for process in self.left:
            os.kill(process.pid, signal.SIGKILL)

    def reap(self):
        for process in list(self.left):
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid == 0:
                continue
            self.left.remove(process)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.client += used.ru_utime + used.ru_stime
            self.rss = max(self.rss, used.ru_maxrss)
            if process.returncode:
                raise SystemExit(f"{self.name}: {process.args[0]} ended with {process.returncode}: "
                                 f"see {self.server.folder}/log.txt\n{self.output.read().decode()}")


def in_turns(ways):
    """Runs them to their ends; `cost` and `text` of each are set."""
    running = list(ways)
    try:
        while running:
            running = [way for way in running if not way.take()]
    finally:
        for way in running:  # one of them failed
            way.signal(signal.SIGCONT)
            way.abandon()
    return ways

"""A PostgreSQL of its own for the benchmarks of the sync engine, and what a command cost it.

CPU of a command = user and system time of its processes (wait4, so children they waited for are in it) + what the server
used meanwhile. The server's part is read from /proc when no backend is left: utime, stime, cutime and cstime of the
postmaster (every backend that ended is in cutime and cstime) and the schedstat of the processes that stay (checkpointer,
background writer, WAL writer). Exact to 20 ms: two counters of ticks of 10 ms. Autovacuum is off, because when it comes is
chance; a checkpoint before each command gives all of them the same beginning, and WAL files are kept and used again, as in
a server that has been at work for a while.
"""
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import time

BINARIES = "/usr/lib/postgresql/15/bin"
SETTINGS = ("-c listen_addresses= -c max_connections=60 -c shared_buffers=512MB -c max_wal_size=16GB -c min_wal_size=4GB "
            "-c autovacuum=off -c checkpoint_timeout=60min -c jit=off")
TICK = os.sysconf("SC_CLK_TCK")


class Cost:
    def __init__(self, client, server, wall, rss):
        self.client, self.server, self.wall, self.rss = client, server, wall, rss

    @property
    def total(self):
        return self.client + self.server


class Server:
    def __init__(self, more=""):
        self.folder = tempfile.mkdtemp(prefix="yimen-bench-")
        self.log = open(os.path.join(self.folder, "log.txt"), "ab")
        self.prefix = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            self.prefix = ["runuser", "-u", "postgres", "--"]
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.control(f"{BINARIES}/initdb", "--no-sync", "-U", "yimen", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8",
                     "-D", f"{self.folder}/data")
        self.control(f"{BINARIES}/pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/server.txt", "-o",
                     f"{SETTINGS} {more} -k {self.folder}", "start")
        with open(f"{self.folder}/data/postmaster.pid") as file:
            self.pid = int(file.readline())

    def control(self, *command):
        subprocess.run([*self.prefix, *command], check=True, stdout=self.log, stderr=self.log, cwd="/")

    def stop(self):
        self.control(f"{BINARIES}/pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, database, statement):
        return [f"{BINARIES}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "yimen", "-d", database,
                "-At", "-c", statement]

    def sql(self, database, statement):
        done = subprocess.run(self.psql(database, statement), capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{statement}\n{done.stderr}")
        return done.stdout.strip()

    def url(self, database):
        return f"postgresql://yimen@/{database}?host={self.folder}"

    def lasting(self):
        """Processes of the server that stay; nothing while a backend of somebody's is there."""
        with open(f"/proc/{self.pid}/task/{self.pid}/children") as file:
            pids = file.read().split()
        for pid in pids:
            try:
                with open(f"/proc/{pid}/cmdline") as file:
                    title = file.read()
            except FileNotFoundError:
                return None
            if not any(name in title for name in ("checkpointer", "background writer", "walwriter", "logical replication")):
                return None
        return pids

    def cpu(self):
        end = time.monotonic() + 30
        while True:
            pids = self.lasting()
            if pids is not None:
                break
            if time.monotonic() > end:
                raise SystemExit("a backend of the server does not end")
            time.sleep(0.01)
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        seconds = sum(int(ticks) for ticks in fields[11:15]) / TICK
        for pid in pids:
            with open(f"/proc/{pid}/schedstat") as file:
                seconds += int(file.read().split()[0]) / 1e9
        return seconds

    def measure(self, *commands, environment=None):
        """Runs the commands, joined by pipes when there are several; gives their cost and the last one's output."""
        self.sql("postgres", "CHECKPOINT")
        before, began = self.cpu(), time.monotonic()
        running, feed = [], None
        for i, command in enumerate(commands):
            last = i + 1 == len(commands)
            process = subprocess.Popen(command, stdin=feed, stdout=subprocess.PIPE, stderr=self.log,
                                       env={**os.environ, **(environment or {})})
            if feed is not None:
                feed.close()
            feed = None if last else process.stdout
            running.append(process)
        text = running[-1].stdout.read().decode()
        client, rss = 0.0, 0
        for process in running:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            client += used.ru_utime + used.ru_stime
            rss = max(rss, used.ru_maxrss)
        wall = time.monotonic() - began
        cost = Cost(client, self.cpu() - before, wall, rss / 1024)
        for process in running:
            if process.returncode:
                self.log.flush()
                with open(os.path.join(self.folder, "log.txt"), errors="replace") as log:
                    raise SystemExit(f"{process.args[0]} ended with {process.returncode}:\n{log.read()[-3000:]}\n{text}")
        return cost, text


def missing(programs):
    return [name for name in programs if shutil.which(name) is None and not glob.glob(f"{BINARIES}/{name}")]

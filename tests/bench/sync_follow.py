"""M8: a table followed by its log (pgoutput). CPU of the client per change, and how long after its commit a change stands
in the shared database while others write 2,000 transactions a second. A server of its own: the log must be logical."""
import json
import statistics
import subprocess
import tempfile

import sync_data
from sync_server import BINARIES, Server

RATE = 2000
COMMITTED = "extract(epoch FROM pg_xact_commit_timestamp(xmin))"
SCRIPT = """WITH made AS (INSERT INTO people SELECT nextval('follow'), xm, sfzh, xb, mz, csrq, dz, dh, jd, sq, zt, bz, gx
              FROM people WHERE id = 1 RETURNING id) INSERT INTO stamps SELECT id FROM made;
"""


class Follow:
    def __init__(self, item, smoke):
        self.item, self.seconds = item, 3 if smoke else 10
        self.changes = 20_000 if smoke else 200_000
        self.server = Server("-c wal_level=logical -c track_commit_timestamp=on")
        self.conninfo = f"host={self.server.folder} user=yimen dbname=dst"

    def prepare(self):
        for database in ("src", "dst"):
            self.server.sql("postgres", f"CREATE DATABASE {database}")
        self.server.sql("src", f"CREATE TABLE people {sync_data.TABLE}; CREATE SEQUENCE follow START 10000000; "
                               "CREATE TABLE stamps (id bigint); CREATE PUBLICATION bench FOR TABLE people")
        self.server.sql("src", sync_data.fill("people", 1, 1000))
        root = f"{self.server.folder}/adapters"
        read = "{{table: public.people, log: {{slot: bench, publication: bench{more}}}}}"
        self.once = sync_data.adapter(root, "once", self.server, "src", read.format(more=""), "{how: feed}")
        self.stay = sync_data.adapter(root, "stay", self.server, "src",
                                      read.format(more=f", follow: {self.seconds + 4}s"), "{how: feed}")
        self.server.measure([self.item, "run", self.once, self.conninfo, "0"])

    def per_change(self):
        """One tenth of them deletions; transactions of 1,000 changes."""
        step, at = 1000, 1001
        deleted = self.changes // 10
        text = "".join(sync_data.fill("people", at + i, step) + ";\n" for i in range(0, self.changes - deleted, step))
        text += "".join(f"DELETE FROM people WHERE id >= {at + i} AND id < {at + i + step};\n" for i in range(0, deleted, step))
        subprocess.run(self.server.psql("src", "SELECT 1") + ["-f", "-"], input=text.encode(), check=True,
                       stdout=subprocess.DEVNULL)
        cost, said = self.server.measure([self.item, "run", self.once, self.conninfo, "0", "changes"])
        done = json.loads(said)
        if done["read"] != self.changes:
            raise SystemExit(f"M8: {done['read']} changes read, not {self.changes}: {said}")
        return cost.client / self.changes * 1e6

    def lag(self):
        """Seconds from the commit at the source to the commit in the target, of every transaction; and their rate."""
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(SCRIPT)
            script.flush()
            follower = subprocess.Popen([self.item, "run", self.stay, self.conninfo, "0", "changes"],
                                        stdout=subprocess.PIPE)
            subprocess.run([f"{BINARIES}/pgbench", "-n", "-h", self.server.folder, "-U", "yimen", "-f", script.name, "-R",
                            str(RATE), "-T", str(self.seconds), "-c", "16", "src"], check=True, capture_output=True)
        follower.communicate()
        if follower.returncode:
            raise SystemExit("M8: the run that follows the log failed")
        read = lambda database, what: {int(i): float(at) for i, at in (
            line.split("|") for line in self.server.sql(database, what).splitlines())}
        left = read("src", f"SELECT id, {COMMITTED} FROM stamps")
        arrived = read("dst", f"SELECT id, {COMMITTED} FROM people WHERE id >= 10000000")
        missing = len(left) - len(arrived)
        lags = sorted(arrived[i] - left[i] for i in arrived)
        span = max(left.values()) - min(left.values())
        return {"rate": len(left) / span, "missing": missing, "p50": statistics.median(lags),
                "p99": lags[int(len(lags) * 0.99)], "max": lags[-1]}


def measure(item, smoke):
    follow = Follow(item, smoke)
    try:
        follow.prepare()
        return {"us": [follow.per_change() for _ in range(1)], "lag": follow.lag()}
    finally:
        follow.server.stop()

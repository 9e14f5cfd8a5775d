"""A real PostgreSQL for the integration tests."""
import os
import shutil
import subprocess
import tempfile

PG = "/usr/lib/postgresql/15/bin"


class Postgres:
    """A server of the test's own, reached by a Unix socket in its folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="yimen-pg-")
        self.user = []
        if os.geteuid() == 0:  # the server refuses to run as root
            os.chmod(self.folder, 0o777)
            self.user = ["runuser", "-u", "postgres", "--"]
        self._run("initdb", "-D", f"{self.folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-o",
                  f"-k {self.folder} -c listen_addresses='' -c fsync=off -c wal_level=logical -c unix_socket_permissions=0777",
                  "start")

    def _run(self, program, *words):
        subprocess.run([*self.user, f"{PG}/{program}", *words], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    def sql(self, text):
        done = subprocess.run([f"{PG}/psql", "-h", self.folder, "-U", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", text],
                              check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    def stop(self):
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

"""A real MariaDB with a binlog for the integration tests."""
import os
import shutil
import signal
import subprocess
import tempfile
import time

SERVER = "/usr/sbin/mariadbd"
LOG = ["--log-bin=bin", "--server-id=7", "--binlog-format=ROW", "--binlog-row-metadata=FULL", "--sync-binlog=1"]


class Mariadb:
    """A server of the test's own, reached by a Unix socket in its folder. Root has no password."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="yimen-maria-")
        self.socket = f"{self.folder}/s"
        self.user = f"--user={'root' if os.geteuid() == 0 else os.environ.get('USER', 'nobody')}"
        subprocess.run(["mariadb-install-db", "--no-defaults", self.user, f"--datadir={self.folder}/data",
                        "--auth-root-authentication-method=normal", "--skip-test-db"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.server = None
        self.start()

    def start(self):
        with open(f"{self.folder}/log", "ab") as log:
            self.server = subprocess.Popen([SERVER, "--no-defaults", f"--datadir={self.folder}/data", f"--socket={self.socket}",
                                            self.user, "--skip-networking", *LOG], stdout=log, stderr=log)
        for _ in range(600):
            if subprocess.run(self.client("SELECT 1"), capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise AssertionError("mariadbd did not start")

    def client(self, text):
        return ["mariadb", "--no-defaults", "-uroot", "-S", self.socket, "--default-character-set=utf8mb4", "-N", "-B", "-e", text]

    def sql(self, text):
        done = subprocess.run(self.client(text), check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    def kill(self):
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def stop(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

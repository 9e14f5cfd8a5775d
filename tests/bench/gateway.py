#!/usr/bin/env python3
"""CPU per request of the gateway and of nginx and HAProxy, in one interleaved run.

The proxy under test runs on core 0; load generator, upstream and auth endpoint share core 1. The figure is the CPU
time of the proxy's processes (user and kernel, /proc/PID/task/*/schedstat) divided by the requests answered, because
requests per second on one machine measure the load generator. In a round every proxy has a load generator of its own,
and they take turns of 50 ms, so that what the machine's neighbours do falls on all alike; the ratios are taken per
round. nginx plain does no authentication at all; nginx auth asks an endpoint that does no work, which is auth_request's
best case.
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = os.path.join(ROOT, "build", "release", "tests", "bench")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    for _ in range(200):
        if process.poll() is not None:
            raise SystemExit(f"{process.args[0]} ended with {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def tree(pid):
    """The process and all its descendants."""
    pids = [pid]
    for path in (f"/proc/{pid}/task/{task}/children" for task in os.listdir(f"/proc/{pid}/task")):
        with open(path) as children:
            for child in children.read().split():
                pids += tree(int(child))
    return pids


def cpu_ns(pid):
    total = 0
    for one in tree(pid):
        for task in os.listdir(f"/proc/{one}/task"):
            with open(f"/proc/{one}/task/{task}/schedstat") as stat:
                total += int(stat.read().split()[0])
    return total


def pss_kib(pid):
    total = 0
    for one in tree(pid):
        with open(f"/proc/{one}/smaps_rollup") as rollup:
            total += int(re.search(r"^Pss:\s+(\d+)", rollup.read(), re.M).group(1))
    return total


def accepts(port):
    """Connections an upstream of ours has accepted so far."""
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(b"GET /__accepts HTTP/1.1\r\nHost: a\r\n\r\n")
        text = b""
        while more := one.recv(4096):
            text += more
    return int(text.split(b"\r\n\r\n")[1])


class Target:
    def __init__(self, name, port, process, headers, pid=None):
        self.name, self.port, self.process, self.headers = name, port, process, headers
        self.pid = pid or process.pid


SLICES = 100
SLICE = 0.05  # seconds of a turn


class SlowClients:
    """Connections that send a head one byte per second; what the server closes is opened again."""

    def __init__(self, port, count):
        self.port, self.sockets, self.running = port, [], True
        self.sockets = [self.open() for _ in range(count)]
        self.thread = threading.Thread(target=self.drip, daemon=True)
        self.thread.start()

    def open(self):
        one = socket.create_connection(("127.0.0.1", self.port))
        one.setblocking(False)
        one.send(b"GET / HTTP/1.1\r\nX-Slow: ")
        return one

    def drip(self):
        """Spread over the second, as strangers would be: a thousand bytes at one moment measure this script."""
        os.sched_setaffinity(threading.get_native_id(), {1})  # where the other clients are
        turn = 0
        while self.running:
            started = time.monotonic()
            for i in range(turn % SLICES, len(self.sockets), SLICES):
                try:
                    self.sockets[i].send(b"x")
                except OSError:
                    self.sockets[i].close()
                    self.sockets[i] = self.open()
            turn += 1
            time.sleep(max(0.0, 1 / SLICES - (time.monotonic() - started)))

    def stop(self):
        self.running = False
        self.thread.join()
        for one in self.sockets:
            one.close()


def milliseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def figures_of(target, text, used):
    """What wrk printed, with the CPU time the proxy used, ns."""
    counted = re.search(r"(\d+) requests in", text)
    if not counted or counted.group(1) == "0" or "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(f"{target.name} answered wrongly:\n{text}")
    return {"us": used / int(counted.group(1)) / 1000, "requests": int(counted.group(1))}


class Bench:
    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="yimen-bench-")
        self.started = []
        self.upstreams = []
        self.scheme = "https" if options.https else "http"

    def start(self, core, *command):
        log = open(os.path.join(self.folder, "log.txt"), "ab")
        process = subprocess.Popen(["taskset", "-c", str(core), *command], stdout=log, stderr=log)
        self.started.append(process)
        return process

    def upstream(self, status, size):
        port = free_port()
        process = self.start(1, os.path.join(PROGRAMS, "bench_upstream"), str(port), status, str(size))
        wait_for(port, process)
        self.upstreams.append(port)
        return port

    def certificate(self):
        key, cert = os.path.join(self.folder, "key.pem"), os.path.join(self.folder, "cert.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=bench",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
        with open(os.path.join(self.folder, "both.pem"), "w") as both:
            both.write(open(cert).read() + open(key).read())
        return cert, key

    def nginx(self, name, upstream, auth):
        port = free_port()
        ssl = ""
        if self.options.https:
            ssl = f"ssl_certificate {self.folder}/cert.pem; ssl_certificate_key {self.folder}/key.pem;"
        # Each location sets its own fields: a proxy_set_header in a location drops all inherited ones, and without
        # 'Connection ""' nginx makes a new upstream connection per request.
        check = f"""location = /auth {{ internal; proxy_pass http://auth; proxy_pass_request_body off;
            proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Content-Length ""; }}"""
        config = f"""
worker_processes 1; pid {self.folder}/{name}.pid; error_log {self.folder}/{name}.err; daemon off;
worker_rlimit_nofile 18000;
events {{ worker_connections 9000; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 75s;
  client_body_temp_path {self.folder}/b; proxy_temp_path {self.folder}/p; fastcgi_temp_path {self.folder}/f;
  uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
  upstream up {{ server 127.0.0.1:{upstream}; keepalive 4096; keepalive_requests 1000000000; }}
  upstream auth {{ server 127.0.0.1:{auth or 1}; keepalive 4096; keepalive_requests 1000000000; }}
  server {{ listen 127.0.0.1:{port} {"ssl" if ssl else ""}; {ssl}
    {check if auth else ""}
    location / {{ {"auth_request /auth;" if auth else ""} proxy_pass http://up; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Host $host; }} }}
}}"""
        path = os.path.join(self.folder, name + ".conf")
        with open(path, "w") as out:
            out.write(config)
        process = self.start(0, "nginx", "-c", path, "-p", self.folder)
        wait_for(port, process)
        return Target(name, port, process, [])

    def haproxy(self, upstream):
        port = free_port()
        ssl = f"ssl crt {self.folder}/both.pem" if self.options.https else ""
        path = os.path.join(self.folder, "haproxy.cfg")
        with open(path, "w") as out:
            out.write(f"""
global
  nbthread 1
  maxconn 8000
  tune.pool-high-fd-ratio 90
  tune.pool-low-fd-ratio 80
defaults
  mode http
  timeout connect 5s
  timeout client 75s
  timeout server 75s
  http-reuse always
frontend f
  bind 127.0.0.1:{port} {ssl}
  default_backend b
backend b
  server s 127.0.0.1:{upstream} pool-max-conn 4096
""")
        process = self.start(0, "haproxy", "-db", "-f", path)
        wait_for(port, process)
        return Target("haproxy", port, process, [])

    def ours(self, upstream):
        """The command under test; {port}, {upstream}, {cookie_file}, {dir} are filled in. Its Cookie is what it writes
        into {cookie_file}, or --cookie-file of the caller."""
        port = self.options.port or free_port()
        cookie_file = self.options.cookie_file or os.path.join(self.folder, "cookie.txt")
        if self.options.pid:
            process, pid = None, self.options.pid
        else:
            command = self.options.command
            if command is None:
                command = os.path.join(PROGRAMS, "bench_forwarder") + " {port} {upstream} {cookie_file}"
                command += " {dir}/cert.pem {dir}/key.pem" if self.options.https else ""
            words = command.format(port=port, upstream=upstream, cookie_file=cookie_file, dir=self.folder).split()
            process = self.start(0, *words)
            wait_for(port, process)
            pid = process.pid
        for _ in range(100):
            if os.path.exists(cookie_file) and os.path.getsize(cookie_file):
                break
            time.sleep(0.1)
        headers = ["Cookie: " + open(cookie_file).read().strip()]
        if self.options.host:
            headers.append("Host: " + self.options.host)
        return Target("yimen", port, process, headers, pid)

    def check_owner(self, target):
        """A left-over process on the same port takes half of the connections."""
        ours = set(tree(target.pid))
        listing = subprocess.run(["ss", "-ltnpH", f"sport = :{target.port}"], capture_output=True, text=True).stdout
        owners = {int(pid) for pid in re.findall(r"pid=(\d+)", listing)}
        if not owners or not owners <= ours:
            raise SystemExit(f"port {target.port} of {target.name} belongs to {owners}, we started {ours}")

    def generator(self, target, connections, seconds):
        command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
        for header in target.headers:
            command += ["-H", header]
        command.append(f"{self.scheme}://127.0.0.1:{target.port}{self.options.path}")
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def load(self, target, connections, seconds):
        """One proxy alone, for its answer times."""
        before = cpu_ns(target.pid)
        text = self.generator(target, connections, seconds).communicate()[0]
        figures = figures_of(target, text, cpu_ns(target.pid) - before)
        return figures | {"p99": re.search(r"^\s+99%\s+(\S+)", text, re.M).group(1)}

    def load_in_turns(self, targets, connections, seconds):
        """All proxies, SECONDS for each: one load generator at a time runs, the others are stopped."""
        opens = sum(map(accepts, self.upstreams))
        before = {t.name: cpu_ns(t.pid) for t in targets}
        generators = [self.generator(t, connections, seconds * len(targets)) for t in targets]
        for one in generators:
            one.send_signal(signal.SIGSTOP)
        turn = 0
        while all(one.poll() is None for one in generators):
            one = generators[turn % len(generators)]
            one.send_signal(signal.SIGCONT)
            time.sleep(SLICE)
            one.send_signal(signal.SIGSTOP)
            turn += 1
        texts = []
        for one in generators:
            one.send_signal(signal.SIGCONT)
            texts.append(one.communicate()[0])
        figures = {t.name: figures_of(t, text, cpu_ns(t.pid) - before[t.name]) for t, text in zip(targets, texts)}
        opened, requests = sum(map(accepts, self.upstreams)) - opens, sum(f["requests"] for f in figures.values())
        if opened > connections * 3 * (len(targets) + 1) + requests // 20:
            raise SystemExit(f"{opened} upstream connections for {requests} requests: no keep-alive")
        return figures

    def idle_memory(self, target, count):
        """KiB of PSS per idle keep-alive connection, after one request on each."""
        request = f"GET {self.options.path} HTTP/1.1\r\nHost: {self.options.host or '127.0.0.1'}\r\n"
        request += "".join(h + "\r\n" for h in target.headers if not h.startswith("Host:")) + "\r\n"
        # One warm-up, so that what every proxy allocates once is not counted.
        sockets = []
        before = None
        for i in range(count + 50):
            one = socket.create_connection(("127.0.0.1", target.port))
            if self.options.https:
                import ssl
                context = ssl._create_unverified_context()
                one = context.wrap_socket(one)
            one.sendall(request.encode())
            if not one.recv(65536).startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"{target.name}: no 200 in the memory test")
            sockets.append(one)
            if i == 49:
                before = pss_kib(target.pid)
        time.sleep(0.5)
        used = (pss_kib(target.pid) - before) / count
        for one in sockets:
            one.close()
        return used

    def slow_clients(self, target):
        """p99 and CPU of honest requests with slow clients beside them, over the same without; pairs in turn."""
        p99, cpu = [], []
        for pair in range(self.options.pairs):
            figures = {}
            for beside in (pair % 2 == 0, pair % 2 == 1):
                slow = SlowClients(target.port, self.options.slow) if beside else None
                figures[beside] = self.load(target, 32, self.options.seconds)
                if slow:
                    slow.stop()
            p99.append(milliseconds(figures[True]["p99"]) / milliseconds(figures[False]["p99"]))
            cpu.append(figures[True]["us"] / figures[False]["us"])
        spread = statistics.quantiles(p99, n=4)
        return {"p99": round(spread[1], 2), "quarters": [round(spread[0], 2), round(spread[2], 2)],
                "cpu": round(statistics.median(cpu), 2)}

    def stop(self):
        for process in reversed(self.started):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.started:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self):
        options = self.options
        if options.https:
            self.certificate()
        upstream = options.upstream_port or self.upstream("200", options.body)
        peer_upstream = upstream if not options.upstream_port else self.upstream("200", options.body)
        auth = self.upstream("204", 0)
        ours = self.ours(upstream)
        targets = [self.nginx("ng-plain", peer_upstream, None), self.nginx("ng-auth", peer_upstream, auth)]
        targets += [self.haproxy(peer_upstream), ours]
        for target in targets:
            self.check_owner(target)
        result = {"connections": {}}
        if options.idle:  # before any load, whose freed memory would hide what a connection needs
            result["idle_kib"] = {t.name: round(self.idle_memory(t, options.idle), 2) for t in targets}
            print(f"KiB per idle connection: {result['idle_kib']}")
        noisy = False
        for connections in options.connections:
            rounds = []
            for number in range(options.rounds + 1):
                measured = self.load_in_turns(targets, connections, options.seconds)
                if number == 0:
                    continue  # warm-up: connections, caches
                rounds.append(measured)
                plain, with_auth = measured["ng-plain"]["us"], measured["ng-auth"]["us"]
                print(f"c={connections} round {number}: " + "  ".join(
                    f"{name} {m['us']:.1f}us/{m['requests']}" for name, m in measured.items())
                    + f"  plain/yimen {plain / measured['yimen']['us']:.2f}"
                    + f"  auth/yimen {with_auth / measured['yimen']['us']:.2f}", flush=True)
            summary = {}
            for target in targets:
                of_plain = [r[target.name]["us"] / r["ng-plain"]["us"] for r in rounds]
                summary[target.name] = {
                    "us": round(statistics.median(r[target.name]["us"] for r in rounds), 2),
                    "of_plain": [round(statistics.median(of_plain), 3), round(min(of_plain), 3), round(max(of_plain), 3)]}
            for base in ("ng-plain", "ng-auth", "haproxy"):
                better = [r[base]["us"] / r["yimen"]["us"] for r in rounds]
                summary[f"{base}/yimen"] = [round(statistics.median(better), 2), round(min(better), 2),
                                            round(max(better), 2)]
            result["connections"][connections] = summary
            middle, low, high = summary["ng-auth"]["of_plain"]
            noisy = noisy or low < middle * 0.8 or high > middle * 1.2
            print(f"c={connections} median: better than nginx plain {summary['ng-plain/yimen']}, "
                  f"nginx auth_request {summary['ng-auth/yimen']}, haproxy {summary['haproxy/yimen']} "
                  f"(CPU per request, [median, min, max])", flush=True)
        if options.slow:
            result["slow"] = {t.name: self.slow_clients(t) for t in targets if t.name in ("ng-plain", "yimen")}
            print(f"with {options.slow} slow clients, over without: {result['slow']}")
        if options.json:
            with open(options.json, "w") as out:
                json.dump(result, out, indent=1)
        if noisy:
            print("NOISY: ng-auth/ng-plain moved by more than 20 %: repeat on a quiet machine", file=sys.stderr)
            return 0 if options.allow_noise else 3
        return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=lambda v: [int(x) for x in v.split(",")], default=[256])
    parser.add_argument("--body", type=int, default=1024)
    parser.add_argument("--path", default="/x")
    parser.add_argument("--https", action="store_true")
    parser.add_argument("--idle", type=int, default=1000, help="idle connections for the memory figure; 0: skip")
    parser.add_argument("--pairs", type=int, default=15, help="pairs of runs, with and without slow clients")
    parser.add_argument("--slow", type=int, default=0, help="slow clients for the slow-client figure; 0: skip")
    parser.add_argument("--command", help="command under test with {port} {upstream} {cookie_file} {dir}; "
                                          "default: the bare forwarder")
    parser.add_argument("--cookie-file", help="holds the Cookie value to send")
    parser.add_argument("--host", help="Host field to send to the command under test")
    parser.add_argument("--port", type=int, help="port of the command under test (default: a free one)")
    parser.add_argument("--upstream-port", type=int, help="the command under test forwards here already")
    parser.add_argument("--pid", type=int, help="measure this running process instead of starting a command")
    parser.add_argument("--allow-noise", action="store_true", help="do not fail when the machine is busy")
    parser.add_argument("--json", help="write all figures here")
    options = parser.parse_args()
    bench = Bench(options)
    try:
        return bench.run()
    finally:
        bench.stop()


if __name__ == "__main__":
    sys.exit(main())

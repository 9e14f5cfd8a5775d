"""A thousand clients that send one byte of a head at a time do not keep others waiting."""
import socket
import ssl
import statistics
import threading
import time

from browser import tls_context
from support import HubTest, show

CLIENTS = 1000


class SlowClientsTest(HubTest):
    config = "limits: {max_connections_per_client: 4000, head_timeout: 60s}\n"

    def honest(self, seconds):
        """Times of requests through the gateway, one after the other, each 2 ms apart."""
        times = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.monotonic()
            self.assertEqual(self.person.get(self.page).status, 200)
            times.append(time.monotonic() - begun)
            time.sleep(0.002)
        return sorted(times)

    def drip(self, links, halt):
        text = b"GET / HTTP/1.1\r\nHost: yimen.localhost\r\nX-Slow: " + b"a" * 4000
        at = 0
        while not halt.is_set():
            begun = time.monotonic()
            for link in links:
                try:
                    link.send(text[at:at + 1])
                except OSError:
                    self.dropped += 1
            at += 1
            halt.wait(max(0.0, 1.0 - (time.monotonic() - begun)))

    def test_honest_requests_are_served_beside_a_thousand_slow_ones(self):
        self.person = self.browser("wangmin")
        self.person.enter("qu-oa")
        self.page = self.site.app("qu-oa", "/oa/main.nsf/top?OpenPage")
        self.honest(1)
        before = self.honest(4)
        links = []
        context = tls_context(self.site.ca_file)
        for _ in range(CLIENTS):
            plain = socket.create_connection(("127.0.0.1", self.site.port), timeout=20)
            links.append(context.wrap_socket(plain, server_hostname="yimen.localhost"))
        self.dropped, halt = 0, threading.Event()
        dripping = threading.Thread(target=self.drip, args=(links, halt))
        dripping.start()
        try:
            time.sleep(1.5)
            during = self.honest(4)
            another = self.browser("linyan")
            self.assertEqual(another.me().status, 200)
        finally:
            halt.set()
            dripping.join()
            for link in links:
                link.close()
        after = self.honest(4)

        def p99(times):
            return times[int(len(times) * 0.99)] * 1000

        show(f"{CLIENTS} slow clients: median {statistics.median(before) * 1000:.2f} / {statistics.median(during) * 1000:.2f} / "
             f"{statistics.median(after) * 1000:.2f} ms, p99 {p99(before):.2f} / {p99(during):.2f} / {p99(after):.2f} ms "
             f"before / during / after ({len(before)} / {len(during)} / {len(after)} requests)")
        self.assertEqual(self.dropped, 0)
        self.assertLess(p99(during), max(1000.0, 20 * p99(before)))


class ConnectionLimitTest(HubTest):
    config = "limits: {max_connections_per_client: 60, head_timeout: 2s}\n"

    def test_one_address_cannot_take_all_connections_and_slow_heads_end(self):
        context = tls_context(self.site.ca_file)
        links, refused = [], 0
        for _ in range(120):
            try:
                plain = socket.create_connection(("127.0.0.1", self.site.port), timeout=5)
                links.append(context.wrap_socket(plain, server_hostname="yimen.localhost"))
            except (OSError, ssl.SSLError):
                refused += 1
        self.assertGreaterEqual(refused, 50)
        for link in links:
            link.settimeout(8)
            try:
                link.send(b"GET / HT")
            except OSError:
                pass
        begun = time.monotonic()
        answers = []
        for link in links[:5]:
            try:
                answers.append(link.recv(100))
            except (OSError, ssl.SSLError):
                answers.append(b"")
        self.assertLess(time.monotonic() - begun, 8)
        self.assertTrue(all(a == b"" or a.startswith(b"HTTP/1.1 408") for a in answers), answers)
        for link in links:
            link.close()
        time.sleep(0.5)
        self.assertEqual(self.browser("wangmin").me().status, 200)

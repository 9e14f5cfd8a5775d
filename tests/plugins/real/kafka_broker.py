#!/usr/bin/env python3
"""A simulated Kafka broker for the tests of the kafka plugins: as much of the protocol as librdkafka 2.0.2 needs, and
what its mock broker lacks: marks of transactions, last stable offset, lists of what was aborted, offsets that belong
to a transaction, fencing by epoch, duplicates known by sequence, SASL PLAIN. In memory, one node. It is no Kafka.

    kafka_broker.py [--topic NAME:PARTITIONS]... [--user NAME:PASSWORD] [--drop SHARE --seed N] [--delay SECONDS]

Prints its port. --drop hangs up on that share of the writing calls, before or after they took effect; --delay makes each
of them take up to so long, so that a writer is killed between them."""
import argparse
import random
import socketserver
import struct
import threading
import time

NONE, UNKNOWN_TOPIC, ILLEGAL_SASL, UNSUPPORTED, OUT_OF_ORDER, EPOCH, TXN_STATE, PID_MAPPING, SASL_FAILED = (
    0, 3, 34, 35, 45, 47, 48, 49, 58)
OFFSET_OUT_OF_RANGE = 1
# key: (lowest, highest version); none of them is of the flexible kind.
VERSIONS = {0: (3, 3), 1: (4, 4), 2: (2, 2), 3: (1, 2), 8: (2, 2), 9: (1, 1), 10: (0, 1), 17: (0, 1), 18: (0, 2),
            22: (0, 1), 24: (0, 0), 25: (0, 0), 26: (0, 0), 28: (0, 0), 36: (0, 0)}
WRITING = (0, 8, 22, 24, 25, 26, 28)


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        size = struct.calcsize(">" + form)
        value = struct.unpack_from(">" + form, self.data, self.at)[0]
        self.at += size
        return value

    def text(self):
        length = self.take("h")
        return None if length < 0 else self.raw(length).decode()

    def raw(self, length):
        self.at += length
        return self.data[self.at - length:self.at]

    def block(self):
        length = self.take("i")
        return None if length < 0 else self.raw(length)

    def many(self, each):
        return [each() for _ in range(max(self.take("i"), 0))]

    def topics(self, each):
        return self.many(lambda: (self.text(), self.many(each)))


def text(value):
    return struct.pack(">h", -1) if value is None else struct.pack(">h", len(value.encode())) + value.encode()


def block(value):
    return struct.pack(">i", len(value)) + value


def many(values, each):
    return struct.pack(">i", len(values)) + b"".join(each(one) for one in values)


def topics(values, each):
    return many(values, lambda one: text(one[0]) + many(one[1], each))


class Partition:
    def __init__(self):
        self.batches, self.next, self.open, self.aborted, self.sequences = [], 0, {}, [], {}

    def stable(self):
        return min(self.open.values(), default=self.next)

    def append(self, batch, count):
        base = self.next
        self.batches.append((base, base + count - 1, struct.pack(">q", base) + batch[8:]))
        self.next += count
        return base

    def mark(self, pid, epoch, committed):
        """The control batch that ends a transaction in this partition."""
        key, value = struct.pack(">hh", 0, 1 if committed else 0), struct.pack(">hi", 0, 0)
        record = bytes([0, 0, 0, len(key) * 2]) + key + bytes([len(value) * 2]) + value + bytes([0])
        body = struct.pack(">hiqqqhii", 0x30, 0, 0, 0, pid, epoch, -1, 1) + bytes([len(record) * 2]) + record
        first = self.open.pop(pid, None)
        at = self.append(struct.pack(">qiibI", 0, len(body) + 9, 0, 2, 0) + body, 1)
        if not committed and first is not None:
            self.aborted.append((pid, first, at))


class Cluster:
    def __init__(self, arguments):
        self.lock, self.changed = threading.RLock(), threading.Condition()
        self.parts = {}
        for one in arguments.topic:
            name, count = one.rsplit(":", 1)
            self.parts.update({(name, number): Partition() for number in range(int(count))})
        self.users = dict(one.split(":", 1) for one in arguments.user)
        self.random, self.drop, self.delay = random.Random(arguments.seed), arguments.drop, arguments.delay
        self.writers, self.groups, self.last_pid = {}, {}, 1000

    def drops(self, api):
        return api in WRITING and self.random.random() < self.drop

    def fence(self, name, pid, epoch):
        writer = self.writers.get(name)
        if writer is None or writer["pid"] != pid:
            return PID_MAPPING
        return NONE if writer["epoch"] == epoch else EPOCH

    def end(self, writer, committed):
        for place in sorted(writer["parts"]):
            self.parts[place].mark(writer["pid"], writer["epoch"], committed)
        if committed:
            self.groups.update(writer["offsets"])
        writer["parts"], writer["offsets"], writer["open"] = set(), {}, False

    def init_writer(self, name):
        self.last_pid += 1
        if name is None:
            return self.last_pid, 0
        writer = self.writers.get(name)
        if writer is None:
            writer = {"pid": self.last_pid, "epoch": -1, "parts": set(), "offsets": {}, "open": False}
            self.writers[name] = writer
        writer["epoch"] += 1
        self.end(writer, False)
        return writer["pid"], writer["epoch"]

    def produce(self, name, place, batch):
        part = self.parts.get(place)
        if part is None:
            return UNKNOWN_TOPIC, -1
        attributes, last = struct.unpack_from(">hi", batch, 21)
        pid, epoch, sequence = struct.unpack_from(">qhi", batch, 43)
        if name is not None:
            error = self.fence(name, pid, epoch)
            if error == NONE and place not in self.writers[name]["parts"]:
                error = TXN_STATE
            if error != NONE:
                return error, -1
        known = part.sequences.get((pid, epoch), [])
        for first, offset in known:
            if first == sequence and pid >= 0:
                return NONE, offset
        expected = part.sequences.get((pid, epoch, "next"), 0)
        if pid >= 0 and sequence != expected:
            return OUT_OF_ORDER, -1
        if attributes & 0x10:
            part.open.setdefault(pid, part.next)
        offset = part.append(batch, last + 1)
        part.sequences.setdefault((pid, epoch), []).append((sequence, offset))
        part.sequences[(pid, epoch, "next")] = sequence + last + 1
        return NONE, offset


class Connection(socketserver.BaseRequestHandler):
    def handle(self):
        self.user = not CLUSTER.users
        try:
            while True:
                size = struct.unpack(">i", self.receive(4))[0]
                request = Reader(self.receive(size))
                api, version, number = request.take("h"), request.take("h"), request.take("i")
                request.text()
                answer = self.answer(api, version, request)
                if answer is None:
                    return
                self.request.sendall(struct.pack(">ii", len(answer) + 4, number) + answer)
        except (ConnectionError, struct.error):
            return

    def receive(self, size):
        data = b""
        while len(data) < size:
            more = self.request.recv(size - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data

    def answer(self, api, version, request):
        lowest, highest = VERSIONS.get(api, (0, -1))
        if api == 18:
            error = NONE if version <= highest else UNSUPPORTED
            out = struct.pack(">h", error) + many(sorted(VERSIONS.items()),
                                                  lambda one: struct.pack(">hhh", one[0], *one[1]))
            return out + (struct.pack(">i", 0) if 1 <= version <= highest else b"")
        if not lowest <= version <= highest or (not self.user and api not in (17, 36)):
            return None
        if api == 1:
            return self.fetch(request)
        if api in WRITING and CLUSTER.delay > 0:
            time.sleep(CLUSTER.random.random() * CLUSTER.delay)
        with CLUSTER.lock:
            if CLUSTER.drops(api) and CLUSTER.random.random() < 0.5:
                return None
            out = getattr(self, f"api_{api}")(request, version)
            dropped = CLUSTER.drops(api)
        with CLUSTER.changed:
            CLUSTER.changed.notify_all()
        return None if dropped else out

    def api_0(self, request, _version):
        name, _, _ = request.text(), request.take("h"), request.take("i")
        given = request.topics(lambda: (request.take("i"), request.block()))

        def one(topic, part):
            error, offset = CLUSTER.produce(name, (topic, part[0]), part[1])
            return struct.pack(">ihqq", part[0], error, offset, -1)
        out = [(topic, [one(topic, part) for part in parts]) for topic, parts in given]
        return topics(out, lambda part: part) + struct.pack(">i", 0)

    def fetch(self, request):
        request.take("i")
        wait, _, most, committed = request.take("i"), request.take("i"), request.take("i"), request.take("b")
        wanted = request.topics(lambda: (request.take("i"), request.take("q"), request.take("i")))
        for tries in range(2):
            with CLUSTER.lock:
                out = [(topic, [self.one_fetch(topic, part, committed, most) for part in parts])
                       for topic, parts in wanted]
            if tries or any(part[1] for _, parts in out for part in parts):
                break
            with CLUSTER.changed:
                CLUSTER.changed.wait(min(wait, 1000) / 1000)
        return struct.pack(">i", 0) + topics(out, lambda part: part[0] + block(part[1]))

    def one_fetch(self, topic, wanted, committed, most):
        number, offset, _ = wanted
        part = CLUSTER.parts.get((topic, number))
        if part is None or not 0 <= offset <= part.next:
            error = UNKNOWN_TOPIC if part is None else OFFSET_OUT_OF_RANGE
            return struct.pack(">ihqqi", number, error, -1, -1, -1), b""
        end = part.stable() if committed else part.next
        found, aborted = b"", []
        for first, last, data in part.batches:
            if last < offset or first >= end:
                continue
            if found and len(found) + len(data) > most:
                break
            found += data
        if committed:
            aborted = sorted(one[:2] for one in part.aborted if one[2] >= offset)
        head = struct.pack(">ihqq", number, NONE, part.next, part.stable())
        return head + many(aborted, lambda one: struct.pack(">qq", *one)), found

    def api_2(self, request, _version):
        _, committed = request.take("i"), request.take("b")

        def one(topic, number, at):
            part = CLUSTER.parts.get((topic, number))
            if part is None:
                return struct.pack(">ihqq", number, UNKNOWN_TOPIC, -1, -1)
            end = part.stable() if committed else part.next
            return struct.pack(">ihqq", number, NONE, -1, end if at == -1 else 0)
        wanted = request.topics(lambda: (request.take("i"), request.take("q")))
        out = [(topic, [one(topic, *part) for part in parts]) for topic, parts in wanted]
        return struct.pack(">i", 0) + topics(out, lambda part: part)

    def api_3(self, request, version):
        count = request.take("i")
        names = [request.text() for _ in range(max(count, 0))]
        if count < 0:
            names = sorted({name for name, _ in CLUSTER.parts})

        def topic(name):
            found = sorted(number for one, number in CLUSTER.parts if one == name)
            parts = many(found, lambda n: struct.pack(">hiiiiii", NONE, n, 1, 1, 1, 1, 1))
            return struct.pack(">h", NONE if found else UNKNOWN_TOPIC) + text(name) + b"\0" + parts
        node = struct.pack(">ii", 1, 1) + text("127.0.0.1") + struct.pack(">i", PORT) + text(None)
        return node + (text("simulated") if version >= 2 else b"") + struct.pack(">i", 1) + many(names, topic)

    def api_8(self, request, _version):
        group, _, _, _ = request.text(), request.take("i"), request.text(), request.take("q")
        given = request.topics(lambda: (request.take("i"), request.take("q"), request.text()))
        for topic, parts in given:
            CLUSTER.groups.update({(group, topic, number): (offset, note) for number, offset, note in parts})
        return topics(given, lambda part: struct.pack(">ih", part[0], NONE))

    def api_9(self, request, _version):
        group = request.text()

        def one(topic, number):
            offset, note = CLUSTER.groups.get((group, topic, number), (-1, ""))
            return struct.pack(">iq", number, offset) + text(note) + struct.pack(">h", NONE)
        wanted = request.topics(lambda: request.take("i"))
        return topics([(topic, [one(topic, n) for n in parts]) for topic, parts in wanted], lambda part: part)

    def api_10(self, _request, version):
        head = struct.pack(">ih", 0, NONE) + text(None) if version else struct.pack(">h", NONE)
        return head + struct.pack(">i", 1) + text("127.0.0.1") + struct.pack(">i", PORT)

    def api_17(self, request, _version):
        error = NONE if request.text() == "PLAIN" else ILLEGAL_SASL
        return struct.pack(">h", error) + many(["PLAIN"], text)

    def api_36(self, request, _version):
        _, user, password = request.block().decode().split("\0")
        self.user = CLUSTER.users.get(user) == password
        error, words = (NONE, None) if self.user else (SASL_FAILED, "Authentication failed")
        return struct.pack(">h", error) + text(words) + block(b"")

    def api_22(self, request, _version):
        return struct.pack(">ihqh", 0, NONE, *CLUSTER.init_writer(request.text()))

    def transaction(self, request, error_of):
        name, pid, epoch = request.text(), request.take("q"), request.take("h")
        error = CLUSTER.fence(name, pid, epoch)
        return error_of(CLUSTER.writers.get(name), error)

    def api_24(self, request, _version):
        def add(writer, error):
            given = request.topics(lambda: request.take("i"))
            if error == NONE:
                writer["open"] = True
                writer["parts"] |= {(topic, number) for topic, parts in given for number in parts}
            return struct.pack(">i", 0) + topics(given, lambda number: struct.pack(">ih", number, error))
        return self.transaction(request, add)

    def api_25(self, request, _version):
        def add(writer, error):
            if error == NONE:
                writer["open"] = True
            return struct.pack(">ih", 0, error)
        return self.transaction(request, add)

    def api_26(self, request, _version):
        def end(writer, error):
            if error == NONE:
                CLUSTER.end(writer, request.take("b") != 0)
            return struct.pack(">ih", 0, error)
        return self.transaction(request, end)

    def api_28(self, request, _version):
        name, group, pid, epoch = request.text(), request.text(), request.take("q"), request.take("h")
        error = CLUSTER.fence(name, pid, epoch)
        given = request.topics(lambda: (request.take("i"), request.take("q"), request.text()))
        for topic, parts in given if error == NONE else []:
            CLUSTER.writers[name]["offsets"].update({(group, topic, n): (offset, note) for n, offset, note in parts})
        return struct.pack(">i", 0) + topics(given, lambda part: struct.pack(">ih", part[0], error))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True


parser = argparse.ArgumentParser()
parser.add_argument("--topic", action="append", default=[])
parser.add_argument("--user", action="append", default=[])
parser.add_argument("--drop", type=float, default=0)
parser.add_argument("--delay", type=float, default=0)
parser.add_argument("--seed", type=int, default=1)
CLUSTER = Cluster(parser.parse_args())
with Server(("127.0.0.1", 0), Connection) as server:
    PORT = server.server_address[1]
    print(PORT, flush=True)
    server.serve_forever()

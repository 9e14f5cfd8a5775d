"""Ratios of CPU: two ways in two servers at the same time, in turns of 50 ms (sync_turns.py)."""
import sys

from sync_side import Side
from sync_turns import Way, in_turns


class Pairs:
    def __init__(self, side, rows, peers, verbose):
        self.sides, self.peers, self.verbose = [side, Side(rows)], peers, verbose
        self.ratios = {}  # name -> ratio of each round

    def stop(self):
        self.sides[1].server.stop()

    def pair(self, name, over, under):
        in_turns([over, under])
        self.ratios.setdefault(name, []).append(over.cost.total / under.cost.total)
        if self.verbose:
            parts = "  ".join(f"{way.name} {way.cost.client:.2f} + {way.cost.server:.2f}" for way in (over, under))
            print(f"  {name}: {parts}  {self.ratios[name][-1]:.3f}", file=sys.stderr, flush=True)

    def engine(self, name, side, adapter, schema):
        return Way(name, side.server, side.item(side.adapters[adapter], schema))

    def round(self, number):
        """What is compared changes sides from round to round."""
        one, other = self.sides if number % 2 == 0 else reversed(self.sides)
        piped, filled, again, piped_again = one.schema(), other.schema(), one.schema(), one.schema()
        self.pair("pipe/first", Way("pipe", one.server, *one.pipe(piped)), self.engine("first", other, "load", filled))
        self.pair("same/first", self.engine("same", other, "load", filled), self.engine("first", one, "load", again))
        self.pair("pipe/more", Way("pipe", one.server, *one.pipe(piped_again)), self.engine("more", other, "more", filled))
        one.drop(piped, again, piped_again)
        other.drop(filled)
        for peer in self.peers:
            schema = other.schema()
            peer.fresh(one.server)
            self.pair(f"{peer.name}/first", Way(peer.name, one.server, *peer.commands(one.server),
                                                environment=peer.environment),
                      self.engine("first", other, "load", schema))
            one.server.sql("postgres", "DROP DATABASE peer")
            other.drop(schema)

"""Numbers about a server, as Prometheus reads them.

Each is looked up when somebody asks: what is counted on the way is counted once a group or a connection, never once a
reader. https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hubbub.net.crowd import Crowd
from hubbub.server import Server
from hubbub.stores.sqlite import SqliteStore


class Numbers(Collector):
    """`data` is the directory of the store; of one in memory there is less to tell."""

    def __init__(self, server: Server, crowd: Crowd, store: SqliteStore | None, data: Path) -> None:
        self._server, self._crowd, self._store, self._data = server, crowd, store, data
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    def text(self) -> bytes:
        """To be called on the server's own thread, whose numbers these are."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Called by `generate_latest`."""
        yield from self._people()
        yield from self._doors()
        if self._store is not None:
            yield from self._writing(self._store)

    def _people(self) -> Iterator[Metric]:
        server = self._server
        uptime = (server.clock.now() - server.started) / 1000
        yield GaugeMetricFamily("hubbub_uptime_seconds", "Since the start.", uptime)
        yield GaugeMetricFamily("hubbub_users", "Nicks that are present.", len(server.hub.users))
        yield GaugeMetricFamily("hubbub_operators", "Operators that are present.", len(server.hub.operators))
        yield GaugeMetricFamily("hubbub_rooms", "Rooms that are open.", len(server.hub.channels))
        yield GaugeMetricFamily("hubbub_sessions", "Connections with somebody behind them.", len(server.sessions))

    def _doors(self) -> Iterator[Metric]:
        connections = GaugeMetricFamily("hubbub_connections", "Open connections.", labels=["door"])
        for door, count in Counter(self._crowd.doors()).items():
            connections.add_metric([door], count)
        yield connections
        refused = self._crowd.gate.refused
        yield CounterMetricFamily("hubbub_refused_connections", "Turned away at the door by a limit.", refused)
        lagging = self._crowd.lagging
        yield CounterMetricFamily("hubbub_dropped_readers", "Closed since they did not read what waited.", lagging)

    def _writing(self, store: SqliteStore) -> Iterator[Metric]:
        stats = store.stats
        yield CounterMetricFamily("hubbub_stored_rows", "Rows stored: messages and all else in logs.", stats.rows)
        yield CounterMetricFamily("hubbub_commits", "Groups that rows were stored in.", stats.groups)
        yield CounterMetricFamily("hubbub_commit_seconds", "Spent in making them durable.", stats.seconds)
        yield GaugeMetricFamily("hubbub_unsearchable_rows", "Rows that search has yet to read.", store.unread)
        size = GaugeMetricFamily("hubbub_store_bytes", "On the disk.", labels=["file"])
        for path in self._data.glob("hubbub.db*"):
            with suppress(FileNotFoundError):
                size.add_metric([path.name], path.stat().st_size)
        yield size

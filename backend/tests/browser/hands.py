"""What a person does with the page."""

from __future__ import annotations

import base64
from pathlib import Path

from playwright.sync_api import Page, expect


def drop(page: Page, file: Path) -> None:
    """Drop a file on the page."""
    data = base64.b64encode(file.read_bytes()).decode()
    transfer = page.evaluate_handle(
        """([data, name]) => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name, { type: "video/mp4" }));
            return transfer;
        }""",
        [data, file.name],
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("main", event, {"dataTransfer": transfer})


def ask(page: Page, prompt: str, *models: str) -> None:
    """Write a prompt and choose exactly these models."""
    page.get_by_role("textbox", name="Prompt", exact=True).fill(prompt)
    for box in page.get_by_role("list", name="Models").get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("aria-label") in models)


def run(page: Page) -> str:
    """Press Run; returns the id of the job that starts."""
    page.get_by_role("button", name="Run").click()
    page.wait_for_url("**/jobs/*")
    return page.url.rsplit("/", 1)[1]


def is_live(page: Page) -> None:
    """Wait until the page says that it hears of changes at once."""
    expect(page.get_by_role("status", name="Updates")).to_contain_text("Live")

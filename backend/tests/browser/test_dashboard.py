"""The library's dashboard in a browser: an app that knows no videos, below a prefix, behind a proxy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.accessibility import violations
from browser.shop import Shop, running_shop
from playwright.sync_api import Page, expect
from waiting import eventually

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The example app."""
    with running_shop(tmp_path_factory.mktemp("shop") / "jobs") as shop:
        yield shop


def test_a_job_is_followed_from_the_list_to_its_end_and_its_address_leads_back(page: Page, shop: Shop) -> None:
    page.goto(shop.dashboard)
    expect(page.get_by_text("A job appears here as soon as")).to_be_visible()
    job_id = shop.submit("/customers", file="spring.csv", pages=6)
    page.get_by_role("link", name="Import spring.csv").click()
    expect(page).to_have_url(f"{shop.dashboard}/{job_id}")
    expect(page.get_by_text("Completed").first).to_be_visible()
    expect(page.get_by_role("status", name="Updates")).to_contain_text("Live")
    expect(page.locator("pre").last).to_contain_text('"rows"')

    page.get_by_text("Timeline").click()
    expect(page.get_by_text("Attempt 1: completed")).to_be_attached()
    page.reload()
    expect(page.get_by_role("heading", name="Import spring.csv")).to_be_visible()
    page.get_by_role("link", name="All jobs").click()
    expect(page).to_have_url(f"{shop.dashboard}/")
    assert violations(page) == []


def test_many_are_chosen_retried_deleted_and_cleaned_up(page: Page, shop: Shop) -> None:
    jobs = [shop.submit("/invoices") for _ in range(3)]
    eventually(lambda: {shop.status(job_id) for job_id in jobs} == {"failed"})
    page.goto(f"{shop.dashboard}?status=failed&kind=send_invoice")
    rows = page.get_by_role("list", name="Jobs").get_by_role("listitem")
    expect(rows).to_have_count(3)
    rows.first.get_by_role("link").first.click()
    expect(page.get_by_text("There is no address: add one to the customer")).to_be_visible()
    assert violations(page) == []
    page.go_back()

    page.get_by_role("checkbox", name="Select all rows").check()
    with page.expect_response(lambda answer: answer.url.endswith("/retry")):
        page.get_by_role("region", name="Chosen jobs").get_by_role("button", name="Retry").click()
    expect(rows).to_have_count(3)  # they fail again, at once

    page.get_by_role("button", name="Clean up").click()
    page.get_by_role("spinbutton", name="Days").fill("0")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("freed")).to_be_visible()
    expect(rows).to_have_count(0)


def test_jobs_about_the_same_are_found_from_a_row_and_by_the_filter(page: Page, shop: Shop) -> None:
    wanted = [shop.submit("/invoices", customer="Ada") for _ in range(2)]
    shop.submit("/invoices", customer="Grace")
    page.goto(shop.dashboard)
    page.get_by_role("button", name="Only jobs about Ada").first.click()
    rows = page.get_by_role("list", name="Jobs").get_by_role("listitem")
    expect(rows).to_have_count(len(wanted))
    expect(page).to_have_url(f"{shop.dashboard}/?about=Ada")
    page.get_by_role("combobox", name="About").select_option("About: any")
    expect(page.get_by_role("button", name="Only jobs about Grace")).to_be_visible()


def test_it_fits_a_phone_in_the_dark(page: Page, shop: Shop) -> None:
    shop.submit("/invoices", customer="a customer with a rather long name, on a phone of no great width")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(shop.dashboard)
    expect(page.get_by_role("list", name="Jobs").get_by_role("link").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []

"""An app with its own kinds of job, and a page at /admin/jobs that shows them.

In a clone: `pip install ".[fastapi]" uvicorn`, then `python -m uvicorn --app-dir examples dashboard_app:app`.
The page cancels and deletes: in an app that others reach, put your own login before it, as `dependencies=[...]`.
"""

from __future__ import annotations

import asyncio
import os

from fastapi import FastAPI

from longtake import JobContext, JobQueue, PermanentError
from longtake.fastapi import job_dashboard

job_queue = JobQueue(os.environ.get("SHOP_JOBS", "./jobs"))


async def read_rows(file: str, page: int) -> int:
    """Stands for the part that takes long: how many rows the page of a file had."""
    await asyncio.sleep(0.2)
    return len(file) * 10 + page


@job_queue.job("import_customers", about="file")
async def import_customers(job: JobContext, file: str, pages: int) -> dict[str, int]:
    """Read a file page by page; a page that was read is not read again."""
    rows = 0
    for page in range(pages):
        await job.report(100 * page / pages, f"Page {page + 1} of {pages}")
        rows += await job.step(f"page {page + 1}", read_rows, file, page)
    return {"rows": rows}


@job_queue.job("send_invoice", about="customer")
async def send_invoice(job: JobContext, customer: str) -> str:
    """Send an invoice, where there is an address."""
    if not customer:
        raise PermanentError("There is no address: add one to the customer, then retry.")
    return f"Sent to {customer}"


app = FastAPI(title="A shop")
app.include_router(job_dashboard(job_queue, prefix="/admin/jobs"))


@app.post("/customers", status_code=202)
async def upload_customers(file: str, pages: int = 5) -> dict[str, str]:
    """Import a file of customers as a job."""
    job = await import_customers.using(title=f"Import {file}", tags=("import",)).submit(file=file, pages=pages)
    return {"job_id": job.id}


@app.post("/invoices", status_code=202)
async def invoice(customer: str = "") -> dict[str, str]:
    """Send an invoice as a job."""
    job = await send_invoice.submit(customer=customer)
    return {"job_id": job.id}

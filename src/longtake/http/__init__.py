"""The job API over HTTP; use it through `longtake.fastapi.job_router`."""
